"""Lanes to channels and people, and the pace of Slack's methods."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAITING = sa.text("wanted_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "lane",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column(
            "work",
            sa.Enum("post", "edit", name="work", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("ready_at", UTCDateTime(), nullable=True),
        sa.Column("free_at", UTCDateTime(), nullable=True),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("target", "work", name=op.f("pk_lane")),
    )
    with op.batch_alter_table("lane", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lane_work_rank_ready_at_target", ["work", "rank", "ready_at", "target"], unique=False
        )
    op.create_table(
        "pace",
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("per_minute", sa.Float(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("counted_at", UTCDateTime(), nullable=False),
        sa.Column("free_at", UTCDateTime(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("method", name=op.f("pk_pace")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rank", sa.SmallInteger(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("wanted_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("overview_id", sa.Integer(), nullable=True))
        batch_op.drop_index("ix_delivery_edit_due_at")
        batch_op.drop_index("ix_delivery_target")
        batch_op.create_foreign_key(
            batch_op.f("fk_delivery_overview_id"), "delivery", ["overview_id"], ["id"]
        )
        batch_op.drop_column("lease_until")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.alter_column("rank", server_default=None)
        batch_op.create_index("ix_delivery_overview_id", ["overview_id"], unique=False)
        batch_op.create_index(
            "ix_delivery_waiting",
            ["target", "rank", "wanted_at", "id"],
            unique=False,
            postgresql_where=WAITING,
            sqlite_where=WAITING,
        )
    _queue_what_waits()


def _queue_what_waits() -> None:
    """Give each message that is still to be sent or edited its place in a lane."""
    op.execute("UPDATE delivery SET wanted_at = due_at WHERE state IN ('due', 'sending')")
    op.execute("UPDATE delivery SET wanted_at = edit_due_at WHERE state = 'sent'")
    for work, is_sent in (("post", "<>"), ("edit", "=")):
        op.execute(
            "INSERT INTO lane (target, work, rank, ready_at, is_held) "  # noqa: S608 - words of our own
            f"SELECT target, '{work}', 1, min(CASE WHEN state {is_sent} 'sent' THEN wanted_at END), false "
            "FROM delivery WHERE target <> '' GROUP BY target"
        )
