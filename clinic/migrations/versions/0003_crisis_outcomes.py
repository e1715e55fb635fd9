"""crisis events are hard or soft, and violence has clearer names."""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

crisis_events = sa.table(
    'crisis_events',
    sa.column('category', sa.String),
    sa.column('outcome', sa.String),
    sa.column('at', sa.DateTime(timezone=True)),
    sa.column('seen_at', sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    # The default stays: a process of the version before may still write while others are updated.
    with op.batch_alter_table('crisis_events', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('outcome', sa.String(length=8), server_default='hard', nullable=False)
        )

    rename('abuse', 'domestic_violence')
    rename('threat', 'harm_to_others')


def downgrade() -> None:
    for category in ('domestic_violence', 'sexual_assault', 'child_at_risk'):
        rename(category, 'abuse')
    rename('harm_to_others', 'threat')
    # The version before knows only alarms, and a hint must not become one.
    op.execute(
        crisis_events.update()
        .where(crisis_events.c.outcome == 'soft', crisis_events.c.seen_at.is_(None))
        .values(seen_at=crisis_events.c.at)
    )

    with op.batch_alter_table('crisis_events', schema=None) as batch_op:
        batch_op.drop_column('outcome')


def rename(old: str, new: str) -> None:
    op.execute(
        crisis_events.update().where(crisis_events.c.category == old).values(category=new)
    )
