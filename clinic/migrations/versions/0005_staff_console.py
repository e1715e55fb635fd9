"""the staff console: search, hand-offs, roles, a chained audit log, deliveries, counts, erasures."""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

SHOWN = 'merged_into IS NULL AND erased_at IS NULL'
WAITING = f"status IN ('new', 'contacted') AND {SHOWN}"
UNSEEN_ALARM = "seen_at IS NULL AND outcome = 'hard'"
UNCALLED = f"status = 'new' AND {SHOWN}"
MOMENT = sa.DateTime(timezone=True)

# No table is copied here, as SQLite's batches would: others point to some of them.
COLUMNS = {
    'conversations': [
        sa.Column('source', sa.String(64)),
        sa.Column('under_age', sa.Boolean(), server_default=sa.false(), nullable=False),
    ],
    'leads': [
        sa.Column('status_reason', sa.String(32)),
        sa.Column('state', sa.String(2)),
        sa.Column('source', sa.String(64)),
        sa.Column('assignee_id', sa.Integer()),
        sa.Column('due_at', MOMENT),
        sa.Column('opened_at', MOMENT),
        sa.Column('contacted_at', MOMENT),
        sa.Column('merged_into', sa.String(32)),
        sa.Column('erased_at', MOMENT),
        sa.Column('warned_at', MOMENT),
        sa.Column('triage_verdict', sa.String(16)),
    ],
    'unanswered_messages': [
        sa.Column('decision', sa.String(64)),
        sa.Column('decided_by', sa.Integer()),
        sa.Column('decided_at', MOMENT),
    ],
    'notices': [
        sa.Column('urgency', sa.Integer(), server_default='2', nullable=False),
        sa.Column('rounds', sa.Integer(), server_default='0', nullable=False),
        sa.Column('settled_at', MOMENT),
    ],
    'audit': [
        sa.Column('address', sa.String(45)),
        sa.Column('detail', sa.String(80)),
        sa.Column('place', sa.Integer()),
        sa.Column('hash', sa.String(64)),
    ],
    'staff': [
        sa.Column('role', sa.String(16), server_default='staff', nullable=False),
        sa.Column('deactivated_at', MOMENT),
        sa.Column('totp_secret', sa.LargeBinary()),
        sa.Column('totp_confirmed_at', MOMENT),
        sa.Column('totp_last_step', sa.Integer(), server_default='0', nullable=False),
        sa.Column('recovery_codes', sa.LargeBinary()),
        sa.Column('is_here', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column('last_seen_at', MOMENT),
    ],
    'staff_sessions': [
        # Every session is deleted above, so the default is never seen.
        sa.Column('id', sa.String(32), server_default='', nullable=False),
        sa.Column('address', sa.String(45)),
        sa.Column('browser', sa.String(120)),
        sa.Column('needs_second_factor', sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column('second_factor_begun_at', MOMENT),
    ],
}
APPEND_ONLY = {
    'sqlite': (
        """CREATE TRIGGER audit_keeps_every_entry BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        """CREATE TRIGGER audit_keeps_every_word
        BEFORE UPDATE OF id, at, actor, action, subject, address, detail ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        """CREATE TRIGGER audit_keeps_every_seal BEFORE UPDATE ON audit WHEN OLD.hash IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        # INSERT OR REPLACE would delete without asking the first trigger.
        """CREATE TRIGGER audit_replaces_no_entry BEFORE INSERT ON audit
        WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id OR place = NEW.place)
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    ),
    'postgresql': (
        """CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
        END $$""",
        """CREATE TRIGGER audit_keeps_every_entry BEFORE DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
        """CREATE TRIGGER audit_keeps_every_seal BEFORE UPDATE ON audit FOR EACH ROW
        WHEN (OLD.hash IS NOT NULL
              OR (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.subject, OLD.address, OLD.detail)
              IS DISTINCT FROM
              (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.subject, NEW.address, NEW.detail))
        EXECUTE FUNCTION audit_is_append_only()""",
    ),
}
TRIGGERS = {
    'sqlite': (
        'audit_keeps_every_entry', 'audit_keeps_every_word', 'audit_keeps_every_seal',
        'audit_replaces_no_entry',
    ),
    'postgresql': ('audit_keeps_every_entry', 'audit_keeps_every_seal'),
}
INDEXES = [
    ('conversations', 'created_at', False),
    ('leads', 'assignee_id', False),
    ('leads', 'merged_into', False),
    ('notices', 'settled_at', False),
    ('notices', 'subject', False),
    ('audit', 'actor', False),
    ('audit', 'at', False),
    ('audit', 'place', True),
    ('staff_sessions', 'id', True),
]
# Only what the audit log knows: where it is silent, the time stays empty. A look counts only
# for what had come in by then.
TIMES_OF_LEADS = (
    """UPDATE leads SET contacted_at = (
        SELECT min(at) FROM audit WHERE subject = 'lead:' || leads.id
        AND action IN ('lead.contacted', 'lead.booked', 'lead.closed'))""",
    """UPDATE leads SET opened_at = (
        SELECT min(look.at) FROM audit look
        WHERE look.subject = 'lead:' || leads.id AND look.action = 'lead.viewed'
        AND NOT EXISTS (
            SELECT 1 FROM audit later WHERE later.subject = look.subject
            AND later.action IN ('lead.created', 'lead.updated') AND later.id > look.id))""",
)
# SQLite gives the number of an erased row to the next one, and so the audit log, a link in a notice
# and an open chat would take one for the other.
NUMBERED_ONCE = ('messages', 'notices', 'unanswered_messages')
GONE = [('leads', 'status'), ('leads', 'urgency'), ('notices', 'sent_at')]


def upgrade() -> None:
    op.execute(sa.text('DELETE FROM staff_sessions'))
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    for table, column, unique in INDEXES:
        op.create_index(f'ix_{table}_{column}', table, [column], unique=unique)
    for table, column in GONE:
        op.drop_index(f'ix_{table}_{column}', table_name=table)
    _carry_over()
    op.execute(sa.text('ALTER TABLE notices DROP COLUMN sent_at'))
    op.execute(sa.text('ALTER TABLE notices DROP COLUMN attempts'))
    if op.get_bind().dialect.name == 'sqlite':
        for table in NUMBERED_ONCE:  # nothing points at these, so they may be copied
            options = {'sqlite_autoincrement': True}
            with op.batch_alter_table(table, recreate='always', table_kwargs=options):
                pass
    op.execute(sa.text('ALTER TABLE staff DROP COLUMN failed_sign_ins'))
    op.execute(sa.text('ALTER TABLE staff DROP COLUMN locked_until'))
    op.execute(
        sa.text(f'CREATE INDEX ix_leads_inbox ON leads (urgency DESC, created_at, id) WHERE {WAITING}')
    )
    op.execute(
        sa.text(
            'CREATE INDEX ix_leads_by_status ON leads (status, urgency DESC, created_at, id)'
            f' WHERE {SHOWN}'
        )
    )
    op.execute(
        sa.text(f'CREATE INDEX ix_leads_all ON leads (urgency DESC, created_at, id) WHERE {SHOWN}')
    )
    op.execute(sa.text(f'CREATE INDEX ix_leads_due ON leads (due_at, id) WHERE {UNCALLED}'))
    op.execute(
        sa.text('CREATE INDEX ix_leads_warned ON leads (warned_at, id) WHERE warned_at IS NOT NULL')
    )
    op.execute(
        sa.text(
            'CREATE INDEX ix_crisis_events_unseen ON crisis_events (conversation_id, id)'
            f' WHERE {UNSEEN_ALARM}'
        )
    )
    op.execute(
        sa.text(
            'CREATE INDEX ix_leads_numbers ON leads (created_at, outcome, source, status, '
            'triage_verdict, due_at, opened_at, contacted_at) WHERE merged_into IS NULL'
        )
    )
    _make_tables()
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def _carry_over() -> None:
    # The first account could do everything, and somebody has to invite the others.
    op.execute(sa.text("UPDATE staff SET role = 'clinician'"))
    op.execute(sa.text("UPDATE staff SET role = 'admin' WHERE id = (SELECT min(id) FROM staff)"))
    op.execute(sa.text('UPDATE notices SET settled_at = sent_at'))
    for statement in TIMES_OF_LEADS:
        op.execute(sa.text(statement))


def _make_tables() -> None:
    op.create_table('daily_counts',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('detail', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'kind', 'detail', name=op.f('pk_daily_counts'))
    )
    op.create_table('erasures',
    sa.Column('conversation_id', sa.String(length=64), nullable=False),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('due_at', MOMENT, nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('done_at', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('conversation_id', name=op.f('pk_erasures'))
    )
    op.create_index('ix_erasures_done_at', 'erasures', ['done_at'])
    op.create_table('feedback',
    sa.Column('conversation_id', sa.String(length=64), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('helpful', sa.Boolean(), nullable=True),
    sa.PrimaryKeyConstraint('conversation_id', name=op.f('pk_feedback'))
    )
    op.create_index('ix_feedback_at', 'feedback', ['at'])
    op.create_table('handoffs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=64), nullable=False),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=True),
    sa.Column('taken_at', MOMENT, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('ended_by', sa.String(length=16), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('visitor_typing_at', MOMENT, nullable=True),
    sa.Column('staff_typing_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_handoffs_conversation_id_conversations')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_handoffs_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handoffs')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_handoffs_asked_at', 'handoffs', ['asked_at'])
    op.create_index('ix_handoffs_conversation_id', 'handoffs', ['conversation_id'])
    op.create_index(
        'uq_handoffs_open', 'handoffs', ['conversation_id'], unique=True,
        postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'),
    )
    op.create_table('invitations',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('username', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('invited_by', sa.Integer(), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('used_at', MOMENT, nullable=True),
    sa.Column('withdrawn_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['invited_by'], ['staff.id'], name=op.f('fk_invitations_invited_by_staff')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_invitations'))
    )
    op.create_table('lead_terms',
    sa.Column('term', sa.LargeBinary(length=16), nullable=False),
    sa.Column('lead_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['lead_id'], ['leads.id'], name=op.f('fk_lead_terms_lead_id_leads')),
    sa.PrimaryKeyConstraint('term', 'lead_id', name=op.f('pk_lead_terms'))
    )
    op.create_index('ix_lead_terms_lead_id', 'lead_terms', ['lead_id'])
    op.create_table('notice_channels',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('url', sa.LargeBinary(), nullable=False),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('least_urgency', sa.Integer(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_notice_channels_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_channels')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_notice_channels_staff_id', 'notice_channels', ['staff_id'])
    op.create_table('notice_deliveries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('channel_id', sa.Integer(), nullable=True),
    sa.Column('target', sa.String(length=64), nullable=True),
    sa.Column('due_at', MOMENT, nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_at', MOMENT, nullable=True),
    sa.Column('error', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['channel_id'], ['notice_channels.id'], name=op.f('fk_notice_deliveries_channel_id_notice_channels')),
    sa.ForeignKeyConstraint(['notice_id'], ['notices.id'], name=op.f('fk_notice_deliveries_notice_id_notices')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_deliveries')),
    sqlite_autoincrement=True
    )
    for column in ('channel_id', 'due_at', 'notice_id', 'sent_at'):
        op.create_index(f'ix_notice_deliveries_{column}', 'notice_deliveries', [column])
    op.create_table('saved_views',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('filters', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_saved_views_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views')),
    sa.UniqueConstraint('staff_id', 'name', name=op.f('uq_saved_views_staff_id_name')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_saved_views_staff_id', 'saved_views', ['staff_id'])
    op.create_table('sign_in_tries',
    sa.Column('counter', sa.String(length=120), nullable=False),
    sa.Column('since', MOMENT, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('counter', name=op.f('pk_sign_in_tries'))
    )
    op.create_index('ix_sign_in_tries_since', 'sign_in_tries', ['since'])


def downgrade() -> None:
    # The version before knows neither who has left nor a sign-in that still owes its code.
    op.execute(sa.text('DELETE FROM staff_sessions'))
    op.execute(sa.text("UPDATE staff SET password_hash = '!' WHERE deactivated_at IS NOT NULL"))
    dialect = op.get_bind().dialect.name
    for trigger in TRIGGERS[dialect]:
        op.execute(f"DROP TRIGGER {trigger}{' ON audit' if dialect == 'postgresql' else ''}")
    if dialect == 'postgresql':
        op.execute('DROP FUNCTION audit_is_append_only()')
    for table in (
        'sign_in_tries', 'saved_views', 'notice_deliveries', 'notice_channels', 'lead_terms', 'invitations',
        'handoffs', 'feedback', 'erasures', 'daily_counts',
    ):
        op.drop_table(table)
    op.drop_index('ix_crisis_events_unseen', table_name='crisis_events')
    op.drop_index('ix_leads_numbers', table_name='leads')
    op.drop_index('ix_leads_warned', table_name='leads')
    op.drop_index('ix_leads_due', table_name='leads')
    op.drop_index('ix_leads_all', table_name='leads')
    op.drop_index('ix_leads_by_status', table_name='leads')
    op.drop_index('ix_leads_inbox', table_name='leads')
    op.add_column('staff', sa.Column('locked_until', MOMENT))
    op.add_column(
        'staff', sa.Column('failed_sign_ins', sa.Integer(), server_default='0', nullable=False)
    )
    op.add_column('notices', sa.Column('attempts', sa.Integer(), server_default='0', nullable=False))
    op.add_column('notices', sa.Column('sent_at', MOMENT))
    op.execute(sa.text('UPDATE notices SET sent_at = settled_at'))
    for table, column in GONE:
        op.create_index(f'ix_{table}_{column}', table, [column])
    for table, column, _ in INDEXES:
        op.drop_index(f'ix_{table}_{column}', table_name=table)
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(sa.text(f'ALTER TABLE {table} DROP COLUMN {column.name}'))
