"""Subscriptions with terms, rhythms and layouts, what they heard of, and what comments wait for."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEWS = ("post", "video", "job", "event", "comment", "radar")
UNSAID = ("backlog", "old", "imported", "series")
DEEDS = ("made", "changed", "paused", "resumed", "stopped", "locked", "unlocked")
WAITING = sa.text("waits_since IS NOT NULL")
# What a subscription to one of the two former topics hears of.
KINDS = {"posts": "job post video", "events": "event"}


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    _subscriptions()
    _heard()
    _news()
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("layout", sa.String(), nullable=True))
        batch_op.create_index("ix_delivery_channel_id_ts", ["channel_id", "ts"], unique=False)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("timezone", sa.String(), nullable=True))
    _comments()


def _subscriptions() -> None:
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kinds", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column(
                "rhythm",
                choice("rhythm", "at_once", "daily", "weekly"),
                nullable=False,
                server_default="at_once",
            )
        )
        batch_op.add_column(sa.Column("weekday", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("at", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("next_at", UTCDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "layout", choice("layout", "card", "line", "thread"), nullable=False, server_default="card"
            )
        )
        batch_op.add_column(sa.Column("quiet_from", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("quiet_to", sa.Time(), nullable=True))
    op.create_table(
        "subscription_term",
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("part", choice("part", "any", "all", "except"), nullable=False),
        sa.Column("facet", choice("facet", "topic", "series", "department", "source"), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_subscription_term_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "subscription_id", "part", "facet", "value", name=op.f("pk_subscription_term")
        ),
    )
    for topic, kinds in KINDS.items():
        op.execute(
            sa.text("UPDATE subscription SET kinds = :kinds WHERE topic = :topic").bindparams(
                kinds=kinds, topic=topic
            )
        )
    op.execute(
        "INSERT INTO subscription_term (subscription_id, part, facet, value) "
        "SELECT id, 'any', 'source', CAST(source_id AS VARCHAR) FROM subscription WHERE source_id IS NOT NULL"
    )
    # A stopped one's number is never given to another.
    with op.batch_alter_table(
        "subscription", schema=None, table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.drop_constraint(op.f("uq_subscription_topic_target_source_id"), type_="unique")
        batch_op.drop_constraint(op.f("ck_subscription_topic"), type_="check")
        batch_op.drop_constraint(op.f("fk_subscription_source_id"), type_="foreignkey")
        batch_op.drop_column("topic")
        batch_op.drop_column("source_id")
        for name in ("kinds", "rhythm", "layout"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_index("ix_subscription_target", ["target"], unique=False)
        batch_op.create_index("ix_subscription_next_at", ["next_at"], unique=False)


def _heard() -> None:
    op.create_table(
        "subscription_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("deed", choice("deed", *DEEDS), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_subscription_change_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_change")),
    )
    for name in ("subscription_id", "target"):
        op.create_index(f"ix_subscription_change_{name}", "subscription_change", [name], unique=False)
    op.create_table(
        "subscription_lock",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("locked_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_subscription_lock_person_id")),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_subscription_lock")),
    )
    op.create_table(
        "subscription_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("matched_at", UTCDateTime(), nullable=False),
        sa.Column("waits_since", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_subscription_match_subscription_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_match")),
        sa.UniqueConstraint(
            "subscription_id",
            "kind",
            "subject_id",
            name=op.f("uq_subscription_match_subscription_id_kind_subject_id"),
        ),
    )
    with op.batch_alter_table("subscription_match", schema=None) as batch_op:
        batch_op.create_index("ix_subscription_match_subject", ["kind", "subject_id", "target"], unique=False)
        batch_op.create_index("ix_subscription_match_target", ["target", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subscription_match_matched_at"), ["matched_at"], unique=False)
        batch_op.create_index(
            "ix_subscription_match_waiting",
            ["subscription_id", "id"],
            unique=False,
            postgresql_where=WAITING,
            sqlite_where=WAITING,
        )


def _news() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("brings", choice("newskind", *NEWS), nullable=True))
        batch_op.add_column(sa.Column("department_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_source_department_id"), "department", ["department_id"], ["id"]
        )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("series", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("kind", choice("newskind", *NEWS), nullable=False, server_default="post")
        )
        batch_op.add_column(sa.Column("department_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reading_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unsaid", choice("unsaid", *UNSAID), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_post_department_id"), "department", ["department_id"], ["id"]
        )
        batch_op.create_index("ix_post_department_id", ["department_id"], unique=False)
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.alter_column("series", server_default=None)
        batch_op.alter_column("kind", server_default=None)
    with op.batch_alter_table("calendar_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tags", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("department_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unsaid", choice("unsaid", *UNSAID), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_calendar_event_department_id"), "department", ["department_id"], ["id"]
        )
        batch_op.create_index("ix_calendar_event_department_id", ["department_id"], unique=False)
    with op.batch_alter_table("calendar_event", schema=None) as batch_op:
        batch_op.alter_column("tags", server_default=None)
    # What was imported never was news; what else was not said nobody can tell any more.
    op.execute("UPDATE post SET unsaid = 'imported' WHERE origin <> 'source'")
    op.execute("UPDATE calendar_event SET unsaid = 'imported' WHERE origin <> 'source'")


def _comments() -> None:
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("is_spam", sa.Boolean(), nullable=False, server_default=sa.false()))
        for name in ("decided", "answered"):
            batch_op.add_column(sa.Column(f"{name}_at", UTCDateTime(), nullable=True))
            batch_op.add_column(sa.Column(f"{name}_by_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_comment_{name}_by_id"), "person", [f"{name}_by_id"], ["id"]
            )
        batch_op.add_column(sa.Column("told_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.alter_column("is_spam", server_default=None)
    op.create_table(
        "comment_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_draft_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_draft")),
    )
    op.create_index("ix_comment_draft_comment_id", "comment_draft", ["comment_id"], unique=False)
