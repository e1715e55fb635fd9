"""whose turn it is in a conversation, and its messages found by key and in order."""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('conversations', sa.Column('turn_key', sa.String(64)))
    op.add_column('conversations', sa.Column('turn_until', sa.DateTime(timezone=True)))
    op.create_index('ix_messages_in_order', 'messages', ['conversation_id', 'id'])
    op.create_index('ix_messages_by_key', 'messages', ['conversation_id', 'key'])
    op.drop_index('ix_messages_conversation_id', 'messages')


def downgrade() -> None:
    op.create_index('ix_messages_conversation_id', 'messages', ['conversation_id'])
    op.drop_index('ix_messages_by_key', 'messages')
    op.drop_index('ix_messages_in_order', 'messages')
    for column in ('turn_until', 'turn_key'):
        op.execute(sa.text(f'ALTER TABLE conversations DROP COLUMN {column}'))
