"""consents are kept with their words, and leads carry what a clinician reads first."""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('consents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=64), nullable=False),
    sa.Column('questionnaire', sa.String(length=32), nullable=False),
    sa.Column('version', sa.String(length=32), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consents_conversation_id'), ['conversation_id'], unique=False)

    with op.batch_alter_table('leads', schema=None) as batch_op:
        batch_op.add_column(sa.Column('clinical', sa.LargeBinary(), nullable=True))

    with op.batch_alter_table('questionnaire_progress', schema=None) as batch_op:
        batch_op.add_column(sa.Column('last_key', sa.String(length=64), nullable=True))


def downgrade() -> None:
    # Not as a batch: that would make the tables anew, and notes point to leads.
    op.execute(sa.text('ALTER TABLE questionnaire_progress DROP COLUMN last_key'))
    op.execute(sa.text('ALTER TABLE leads DROP COLUMN clinical'))
    op.drop_table('consents')
