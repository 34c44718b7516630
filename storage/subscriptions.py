"""Who hears what: subscriptions of channels and people, who changed them, and what they heard of."""

from collections.abc import Collection, Sequence
from datetime import datetime, time
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from sqlalchemy import Index, delete, func, text, update
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from storage import columns
from storage.store import insert_missing


class NewsKind(StrEnum):
    """What there is news of."""

    POST = "post"
    VIDEO = "video"
    JOB = "job"
    EVENT = "event"
    COMMENT = "comment"
    RADAR = "radar"


class Part(StrEnum):
    """How terms decide: one of ANY and each of ALL has to fit, and none of EXCEPT."""

    ANY = "any"
    ALL = "all"
    EXCEPT = "except"


class Facet(StrEnum):
    """What a term looks at."""

    TOPIC = "topic"
    SERIES = "series"
    DEPARTMENT = "department"
    SOURCE = "source"


class Rhythm(StrEnum):
    """When news is told: as it comes, or once a day or week in one overview."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class Layout(StrEnum):
    """How news looks: a card, one line, or cards in one thread a day."""

    CARD = "card"
    LINE = "line"
    THREAD = "thread"


class Deed(StrEnum):
    """What someone did to a subscription, or to all of a channel."""

    MADE = "made"
    CHANGED = "changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


class Term(NamedTuple):
    """One condition: `value` is a topic or series as it is compared, or the id of a department or source."""

    facet: Facet
    value: str


class Subscription(SQLModel, table=True):
    """One channel or person that hears of some kinds of news, when its terms fit.

    Attributes:
        target: id of the channel or person in the chat.
        kinds: values of NewsKind, separated by spaces.
        weekday: of a weekly overview; Monday is 0.
        at: local time of an overview.
        next_at: when the next overview is due.
        quiet_from: local time from which on news waits, until `quiet_to`.
        person_id: who made it; None when it was made on the command line.
        paused_reason: Slack's word for what went wrong; None when a person paused it.
    """

    # Buttons of a stopped one stand in the chat: its number is never given to another.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    target: str = Field(index=True)
    kinds: str
    rhythm: Rhythm = Field(default=Rhythm.AT_ONCE, sa_type=columns.choice(Rhythm))
    weekday: int | None = None
    at: time | None = None
    next_at: datetime | None = Field(default=None, index=True)
    layout: Layout = Field(default=Layout.CARD, sa_type=columns.choice(Layout))
    quiet_from: time | None = None
    quiet_to: time | None = None
    person_id: int | None = Field(default=None, foreign_key="person.id")
    paused_at: datetime | None = None
    paused_reason: str | None = None
    created_at: datetime
    origin: str


class SubscriptionTerm(SQLModel, table=True):
    """One term of a subscription."""

    __tablename__ = "subscription_term"

    subscription_id: int = Field(foreign_key="subscription.id", primary_key=True, ondelete="CASCADE")
    part: Part = Field(primary_key=True, sa_type=columns.choice(Part))
    facet: Facet = Field(primary_key=True, sa_type=columns.choice(Facet))
    value: str = Field(primary_key=True)


class SubscriptionChange(SQLModel, table=True):
    """Who changed what, kept when the subscription is gone; None: on the command line."""

    __tablename__ = "subscription_change"

    id: int | None = Field(default=None, primary_key=True)
    subscription_id: int | None = Field(default=None, index=True)
    target: str = Field(index=True)
    deed: Deed = Field(sa_type=columns.choice(Deed))
    person_id: int | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime


class SubscriptionLock(SQLModel, table=True):
    """A channel whose subscriptions only administrators may change."""

    __tablename__ = "subscription_lock"

    target: str = Field(primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    locked_at: datetime


class Match(SQLModel, table=True):
    """Something that a subscription is to hear of; `waits_since` until it is told or needs no telling.

    `kind` is that of its message. It outlives its subscription, since what was said stays said.
    """

    __tablename__ = "subscription_match"
    __table_args__ = (
        UniqueConstraint("subscription_id", "kind", "subject_id"),
        Index("ix_subscription_match_subject", "kind", "subject_id", "target"),
        Index("ix_subscription_match_target", "target", "id"),
        Index(
            "ix_subscription_match_waiting",
            *("subscription_id", "id"),
            postgresql_where=text("waits_since IS NOT NULL"),
            sqlite_where=text("waits_since IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    subscription_id: int | None = Field(default=None, foreign_key="subscription.id", ondelete="SET NULL")
    target: str
    kind: str
    subject_id: int
    matched_at: datetime = Field(index=True)
    waits_since: datetime | None = None


def all_active(session: Session) -> list[tuple[Subscription, list[SubscriptionTerm]]]:
    """Return all subscriptions that are not paused with their terms, oldest first."""
    query = (
        select(Subscription, SubscriptionTerm)
        .join(SubscriptionTerm, isouter=True)
        .where(col(Subscription.paused_at).is_(None))
        .order_by(col(Subscription.id))
    )
    found: dict[int | None, tuple[Subscription, list[SubscriptionTerm]]] = {}
    for subscription, term in session.exec(query):
        terms = found.setdefault(subscription.id, (subscription, []))[1]
        if term is not None:
            terms.append(term)
    return list(found.values())


def of_target(session: Session, target: str) -> list[Subscription]:
    """Return the subscriptions of a channel or person, oldest first."""
    query = select(Subscription).where(Subscription.target == target).order_by(col(Subscription.id))
    return list(session.exec(query))


def count_of(session: Session, target: str) -> int:
    """Return how many subscriptions a channel or person has."""
    query = select(func.count(col(Subscription.id))).where(Subscription.target == target)
    return session.exec(query).one()


def terms_of(session: Session, ids: Collection[int]) -> dict[int, list[SubscriptionTerm]]:
    """Return the terms of these subscriptions, by subscription, in a full order."""
    query = select(SubscriptionTerm).where(col(SubscriptionTerm.subscription_id).in_(ids))
    by_id: dict[int, list[SubscriptionTerm]] = {}
    for term in session.exec(
        query.order_by(
            col(SubscriptionTerm.subscription_id),
            col(SubscriptionTerm.part),
            col(SubscriptionTerm.facet),
            col(SubscriptionTerm.value),
        )
    ):
        by_id.setdefault(term.subscription_id, []).append(term)
    return by_id


def set_terms(session: Session, subscription_id: int, terms: Collection[tuple[Part, Term]]) -> None:
    """Let these be the terms of a subscription."""
    session.execute(delete(SubscriptionTerm).where(col(SubscriptionTerm.subscription_id) == subscription_id))
    session.add_all(
        SubscriptionTerm(subscription_id=subscription_id, part=part, facet=facet, value=value)
        for part, (facet, value) in sorted(terms)
    )
    session.flush()


def forget_term(session: Session, term: Term) -> None:
    """Take a term out of all subscriptions: what it names is no more.

    A subscription that needs it, or heard of nothing else, can never hear of anything: it goes.
    """
    named = (col(SubscriptionTerm.facet) == term.facet) & (col(SubscriptionTerm.value) == term.value)
    wanted = select(SubscriptionTerm.subscription_id, SubscriptionTerm.part).where(named)
    affected = {(one, part) for one, part in session.exec(wanted).all() if part is not Part.EXCEPT}
    session.execute(delete(SubscriptionTerm).where(named))
    ids = {one for one, _ in affected}
    left = select(SubscriptionTerm.subscription_id).where(
        col(SubscriptionTerm.subscription_id).in_(ids), SubscriptionTerm.part == Part.ANY
    )
    needed = {one for one, part in affected if part is Part.ALL}
    lost = needed | (ids - set(session.exec(left).all()))
    session.execute(
        delete(Match).where(col(Match.subscription_id).in_(lost), col(Match.waits_since).is_not(None))
    )
    session.execute(delete(Subscription).where(col(Subscription.id).in_(lost)))


def changes_of(session: Session, target: str, *, limit: int) -> list[SubscriptionChange]:
    """Return at most `limit` changes to what a channel or person hears of, newest first."""
    query = select(SubscriptionChange).where(SubscriptionChange.target == target)
    return list(session.exec(query.order_by(col(SubscriptionChange.id).desc()).limit(limit)))


def keep_matches(session: Session, matches: Sequence[Match]) -> list[Match]:
    """Keep what subscriptions are to hear of; return those that were not kept before."""
    if not matches:
        return []
    rows = [match.model_dump(exclude={"id"}) for match in matches]
    new = set(session.execute(_keep(session.get_bind().dialect.name), rows).all())
    return [one for one in matches if (one.subscription_id, one.kind, one.subject_id) in new]


@cache
def _keep(dialect: str) -> ReturningInsert[int | None, str, int]:
    return insert_missing(Match, dialect).returning(
        col(Match.subscription_id), col(Match.kind), col(Match.subject_id)
    )


def waiting(session: Session, subscription_id: int, *, limit: int) -> list[Match]:
    """Return at most `limit` things that a subscription has still to hear of, in their order."""
    query = select(Match).where(Match.subscription_id == subscription_id, col(Match.waits_since).is_not(None))
    return list(session.exec(query.order_by(col(Match.id)).limit(limit)))


def awaited_in(session: Session, kind: str, subject_id: int) -> set[str]:
    """Return the channels and people that will hear of something, but have not yet."""
    query = (
        select(Match.target)
        .join(Subscription)
        .where(
            Match.kind == kind,
            Match.subject_id == subject_id,
            col(Match.waits_since).is_not(None),
            col(Subscription.paused_at).is_(None),
        )
    )
    return set(session.exec(query).all())


def last_changes(session: Session, ids: Collection[int]) -> dict[int, SubscriptionChange]:
    """Return who changed these subscriptions last, and how, by subscription."""
    newest = (
        select(func.max(SubscriptionChange.id))
        .where(col(SubscriptionChange.subscription_id).in_(ids))
        .group_by(col(SubscriptionChange.subscription_id))
    )
    found = session.exec(select(SubscriptionChange).where(col(SubscriptionChange.id).in_(newest)))
    return {one.subscription_id or 0: one for one in found}


def with_waiting(session: Session, rhythm: Rhythm) -> list[Subscription]:
    """Return the active subscriptions of a rhythm that have still something to hear of, oldest first."""
    waits = select(Match.subscription_id).where(col(Match.waits_since).is_not(None))
    query = select(Subscription).where(
        Subscription.rhythm == rhythm,
        col(Subscription.paused_at).is_(None),
        col(Subscription.id).in_(waits),
    )
    return list(session.exec(query.order_by(col(Subscription.id))))


def overviews_due(session: Session, *, now: datetime) -> list[Subscription]:
    """Return the active subscriptions whose overview is due, longest due first."""
    query = select(Subscription).where(
        col(Subscription.next_at) <= now, col(Subscription.paused_at).is_(None)
    )
    return list(session.exec(query.order_by(col(Subscription.next_at), col(Subscription.id))))


def settle(session: Session, ids: Collection[int]) -> None:
    """Note that these matches wait no more."""
    if ids:
        session.execute(update(Match).where(col(Match.id).in_(ids)).values(waits_since=None))


def forget_waiting(session: Session, subscription_id: int) -> None:
    """Let a subscription not hear any more of what waits for it."""
    session.execute(
        delete(Match).where(
            col(Match.subscription_id) == subscription_id, col(Match.waits_since).is_not(None)
        )
    )


def matches_of(session: Session, kind: str, subject_id: int, *, targets: Collection[str]) -> list[Match]:
    """Return by what these channels and people heard of something, in order."""
    query = select(Match).where(
        Match.kind == kind, Match.subject_id == subject_id, col(Match.target).in_(targets)
    )
    return list(session.exec(query.order_by(col(Match.id))))


def newest_for(session: Session, target: str, *, limit: int) -> list[Match]:
    """Return at most `limit` matches of a channel or person, newest first, each thing once."""
    newest = (
        select(func.max(Match.id))
        .where(Match.target == target)
        .group_by(col(Match.kind), col(Match.subject_id))
    )
    query = select(Match).where(col(Match.id).in_(newest)).order_by(col(Match.id).desc()).limit(limit)
    return list(session.exec(query))


def forget_matches(session: Session, *, before: datetime) -> int:
    """Forget what was matched before a moment and waits no more; return how much that was."""
    old = delete(Match).where(col(Match.matched_at) < before, col(Match.waits_since).is_(None))
    return session.execute(old).rowcount  # type: ignore[attr-defined,no-any-return]
