"""Reader comments, and feeds of them as a kind of source."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WAITING = sa.text("waits_since IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_source_sourcekind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_source_sourcekind"), "kind IN ('feed', 'calendar', 'comments')"
        )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("first_seen_at", UTCDateTime(), nullable=False),
        sa.Column("waits_since", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_comment_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_comment_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("key", name=op.f("uq_comment_key")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("ix_comment_link", ["link"], unique=False)
        batch_op.create_index("ix_comment_post_id", ["post_id"], unique=False)
        batch_op.create_index("ix_comment_source_id", ["source_id"], unique=False)
        batch_op.create_index(
            "ix_comment_waits_since",
            ["waits_since"],
            unique=False,
            postgresql_where=WAITING,
            sqlite_where=WAITING,
        )
