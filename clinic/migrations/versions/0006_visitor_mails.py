"""a visitor can have a copy of the conversation mailed to them."""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('visitor_mails',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=64), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('nonce', sa.LargeBinary(length=16), nullable=False),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', MOMENT, nullable=True),
    sa.Column('due_at', MOMENT, nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visitor_mails')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_visitor_mails_conversation_id', 'visitor_mails', ['conversation_id'])
    op.create_index('ix_visitor_mails_due_at', 'visitor_mails', ['due_at'])


def downgrade() -> None:
    op.drop_table('visitor_mails')
