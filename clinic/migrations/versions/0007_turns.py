"""whose turn it is in a conversation, and its messages found by key and in order."""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


IN_ORDER = 'ix_messages_in_order', ['conversation_id', 'id']
BY_KEY = 'ix_messages_by_key', ['conversation_id', 'key']
OF_A_CONVERSATION = 'ix_messages_conversation_id', ['conversation_id']


def upgrade() -> None:
    # The indexes come first: should this stop half way, it can simply begin again.
    create_indexes(IN_ORDER, BY_KEY)
    op.add_column('conversations', sa.Column('turn_key', sa.String(64)))
    op.add_column('conversations', sa.Column('turn_until', sa.DateTime(timezone=True)))
    op.drop_index(OF_A_CONVERSATION[0], 'messages')


def downgrade() -> None:
    create_indexes(OF_A_CONVERSATION)
    op.drop_index(BY_KEY[0], 'messages')
    op.drop_index(IN_ORDER[0], 'messages')
    for column in ('turn_until', 'turn_key'):
        op.execute(sa.text(f'ALTER TABLE conversations DROP COLUMN {column}'))


def create_indexes(*indexes: tuple[str, list[str]]) -> None:
    """While it lasts, visitors write on: in PostgreSQL nothing is locked for it."""
    if op.get_bind().dialect.name != 'postgresql':
        for name, columns in indexes:
            op.create_index(name, 'messages', columns)
        return
    with op.get_context().autocommit_block():
        for name, columns in indexes:
            # What was stopped in the middle leaves an index that nothing is found by.
            op.execute(sa.text(f'DROP INDEX CONCURRENTLY IF EXISTS {name}'))
            op.create_index(name, 'messages', columns, postgresql_concurrently=True)
