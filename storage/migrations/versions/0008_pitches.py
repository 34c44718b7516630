"""The life of a pitch: its steps, what was said, decided, planned and published, and departments asked."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATES = (
    "draft",
    "new",
    "question",
    "shelf",
    "accepted",
    "declined",
    "merged",
    "asked",
    "in_work",
    "ready",
    "planned",
    "published",
    "withdrawn",
)
ROLES = ("pitcher", "author", "comms", "clock")
# Columns with an index of their own.
INDEXES = (
    ("pitch_step", "pitch_id"),
    ("pitch_remark", "pitch_id"),
    ("pitch_verdict", "meeting_id"),
    ("pitch_outlet", "planned_on"),
    ("pitch_task", "pitch_id"),
    ("pitch_task", "due_on"),
    ("department_ask", "department_id"),
    ("department_ask", "person_id"),
    ("department_ask", "asked_at"),
    ("department_ask", "again_at"),
    ("pitch_match", "post_id"),
)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    _pitches()
    _said()
    _decided()
    _planned()
    _asked()
    _published()
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    _steps_so_far()


def _pitches() -> None:
    with op.batch_alter_table("pitch", schema=None) as batch_op:
        batch_op.drop_index("ix_pitch_author_id")
        batch_op.drop_constraint(op.f("fk_pitch_author_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_pitch_pitchstate"), type_="check")
        batch_op.alter_column("author_id", new_column_name="pitcher_id")
    states = ", ".join(f"'{state}'" for state in STATES)
    with op.batch_alter_table("pitch", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_pitch_pitchstate"), f"state IN ({states})")
        batch_op.create_foreign_key(op.f("fk_pitch_pitcher_id"), "person", ["pitcher_id"], ["id"])
        batch_op.add_column(
            sa.Column(
                "kind",
                choice("pitchkind", "story", "portrait", "guest_post", "series"),
                nullable=False,
                server_default="story",
            )
        )
        for name in ("series", "guest", "topics"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("has_picture", sa.Boolean(), nullable=False, server_default=sa.false()))
        for name in ("timely_on", "planned_on"):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("told_at", UTCDateTime(), nullable=True))
        for name, table in (
            ("contact_id", "person"),
            ("author_id", "person"),
            ("measure_id", "measure"),
            ("event_id", "calendar_event"),
            ("post_id", "post"),
            ("merged_into_id", "pitch"),
        ):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_pitch_{name}"), table, [name], ["id"])
    # A number, once thrown away, is never given to another.
    with op.batch_alter_table("pitch", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        for name in ("kind", "series", "guest", "topics", "has_picture"):
            batch_op.alter_column(name, server_default=None)
        for name in ("pitcher_id", "author_id", "measure_id", "post_id", "merged_into_id"):
            batch_op.create_index(f"ix_pitch_{name}", [name], unique=False)
        batch_op.create_index("ix_pitch_planned_on", ["planned_on", "id"], unique=False)
        batch_op.create_index("ix_pitch_department_id", ["department_id", "created_at"], unique=False)
        batch_op.create_index("ix_pitch_state_created_at", ["state", "created_at"], unique=False)


def _to(table: str, column: str, other: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _said() -> None:
    op.create_table(
        "pitch_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("state", choice("pitchstate", *STATES), nullable=False),
        sa.Column("role", choice("pitchrole", *ROLES), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        _to("pitch_step", "pitch_id", "pitch", ondelete="CASCADE"),
        _to("pitch_step", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_step")),
    )
    op.create_index("ix_pitch_step_state_at", "pitch_step", ["state", "at"], unique=False)
    op.create_table(
        "pitch_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", choice("pitchrole", *ROLES), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        _to("pitch_remark", "pitch_id", "pitch", ondelete="CASCADE"),
        _to("pitch_remark", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_remark")),
        sa.UniqueConstraint("channel_id", "ts", name=op.f("uq_pitch_remark_channel_id_ts")),
    )


def _decided() -> None:
    op.create_table(
        "pitch_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("began_by_id", sa.Integer(), nullable=True),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        _to("pitch_meeting", "began_by_id", "person"),
        _to("pitch_meeting", "ended_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_meeting")),
    )
    op.create_table(
        "pitch_verdict",
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("state", choice("pitchstate", *STATES), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        _to("pitch_verdict", "pitch_id", "pitch", ondelete="CASCADE"),
        _to("pitch_verdict", "meeting_id", "pitch_meeting"),
        _to("pitch_verdict", "by_id", "person"),
        sa.PrimaryKeyConstraint("pitch_id", name=op.f("pk_pitch_verdict")),
    )


def _planned() -> None:
    op.create_table(
        "pitch_outlet",
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("outlet", choice("outlet", "blog", "newsletter", "intranet", "social"), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        _to("pitch_outlet", "pitch_id", "pitch", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("pitch_id", "outlet", name=op.f("pk_pitch_outlet")),
    )
    op.create_table(
        "pitch_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            choice("taskkind", "text", "picture", "translation", "approval", "other"),
            nullable=False,
        ),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        _to("pitch_task", "pitch_id", "pitch", ondelete="CASCADE"),
        _to("pitch_task", "person_id", "person"),
        _to("pitch_task", "done_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_task")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "editorial_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        _to("editorial_feed", "made_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editorial_feed")),
        sa.UniqueConstraint("token", name=op.f("uq_editorial_feed_token")),
    )


def _asked() -> None:
    op.create_table(
        "department_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("occasion", choice("occasion", "rhythm", "milestone", "event", "comments"), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answer", choice("askanswer", "idea", "nothing", "later"), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("again_at", UTCDateTime(), nullable=True),
        sa.Column("pitch_id", sa.Integer(), nullable=True),
        _to("department_ask", "department_id", "department"),
        _to("department_ask", "person_id", "person"),
        _to("department_ask", "pitch_id", "pitch"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_ask")),
    )


def _published() -> None:
    op.create_table(
        "pitch_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("state", choice("matchstate", "proposed", "confirmed", "rejected"), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        _to("pitch_match", "pitch_id", "pitch", ondelete="CASCADE"),
        _to("pitch_match", "post_id", "post"),
        _to("pitch_match", "decided_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_match")),
        sa.UniqueConstraint("pitch_id", "post_id", name=op.f("uq_pitch_match_pitch_id_post_id")),
    )
    op.create_table(
        "post_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("is_true", sa.Boolean(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        _to("post_check", "pitch_id", "pitch", ondelete="CASCADE"),
        _to("post_check", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_check")),
        sa.UniqueConstraint("pitch_id", "months", name=op.f("uq_post_check_pitch_id_months")),
    )


def _steps_so_far() -> None:
    op.execute(
        "INSERT INTO pitch_step (pitch_id, state, role, person_id, reason, at) "
        "SELECT id, 'new', 'pitcher', pitcher_id, '', created_at FROM pitch ORDER BY id"
    )
    op.execute(
        "INSERT INTO pitch_step (pitch_id, state, role, person_id, reason, at) "
        "SELECT pitch_id, 'question', 'comms', asked_by_id, question, asked_at "
        "FROM pitch_question ORDER BY id"
    )
    op.execute(
        "INSERT INTO pitch_step (pitch_id, state, role, person_id, reason, at) "
        "SELECT id, state, 'comms', decided_by_id, decision_words, decided_at "
        "FROM pitch WHERE decided_at IS NOT NULL ORDER BY id"
    )
