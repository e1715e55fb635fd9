"""unanswered messages."""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('unanswered_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=64), nullable=False),
    sa.Column('message_key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.Column('nearest', sa.JSON(), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unanswered_messages')),
    sa.UniqueConstraint('conversation_id', 'message_key', name=op.f('uq_unanswered_messages_conversation_id_message_key'))
    )
    with op.batch_alter_table('unanswered_messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unanswered_messages_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_unanswered_messages_conversation_id'), ['conversation_id'], unique=False)


def downgrade() -> None:
    op.drop_table('unanswered_messages')
