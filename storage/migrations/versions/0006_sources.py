"""More kinds of sources, their hosts, the pages that are visited for them, and what was withdrawn."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = "kind IN ('feed', 'calendar', 'comments', 'sitemap', 'event_page', 'ckan')"
WANTED = sa.text("wanted_at IS NOT NULL")
MISSING = sa.text("missing_since IS NOT NULL")
# The interval that nobody had chosen: from now on such a source follows its own rhythm.
DEFAULT_S = 900


def upgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_source_sourcekind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_source_sourcekind"), KINDS)
        batch_op.add_column(sa.Column("host", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("path_prefix", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("every_s", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ttl_s", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("changed_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("told_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("paused_reason", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("has_pages_waiting", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _fill_sources()
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.alter_column("host", server_default=None)
        batch_op.alter_column("path_prefix", server_default=None)
        batch_op.alter_column("has_pages_waiting", server_default=None)
        batch_op.create_index("ix_source_host_next_poll_at", ["host", "next_poll_at"], unique=False)
    op.create_table(
        "source_host",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("held_until", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_source_host")),
    )
    op.execute("INSERT INTO source_host (host) SELECT DISTINCT host FROM source")
    op.create_table(
        "source_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("is_quiet", sa.Boolean(), nullable=False),
        sa.Column("wanted_at", UTCDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_page_source_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_source_page_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_page")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_source_page_source_id_key")),
    )
    with op.batch_alter_table("source_page", schema=None) as batch_op:
        batch_op.create_index("ix_source_page_post_id", ["post_id"], unique=False)
        batch_op.create_index(
            "ix_source_page_wanted",
            ["source_id", "wanted_at"],
            unique=False,
            postgresql_where=WANTED,
            sqlite_where=WANTED,
        )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", UTCDateTime(), nullable=True))
        batch_op.create_index("ix_post_source_id_published_at", ["source_id", "published_at"], unique=False)
    with op.batch_alter_table("calendar_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("missing_since", UTCDateTime(), nullable=True))
        batch_op.create_index(
            "ix_calendar_event_missing_since",
            ["missing_since"],
            unique=False,
            postgresql_where=MISSING,
            sqlite_where=MISSING,
        )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        # A comment outlives the source it was read in.
        batch_op.alter_column("source_id", existing_type=sa.Integer(), nullable=True)


def _fill_sources() -> None:
    source = sa.table(
        "source",
        sa.column("id"),
        sa.column("url"),
        sa.column("host"),
        sa.column("interval_s"),
        sa.column("every_s"),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(source.c.id, source.c.url)).all():
        host = urlsplit(row.url).hostname or ""
        connection.execute(source.update().where(source.c.id == row.id).values(host=host))
    chosen = source.update().where(source.c.interval_s != DEFAULT_S)
    connection.execute(chosen.values(every_s=source.c.interval_s))
