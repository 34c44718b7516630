"""Why something was told or not: what became of a link, and which subscription brought a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from bot import announcing, comments, curation, delivery, events, links, matching, posts, radar, subscriptions
from bot.curation import SourceState
from bot.delivery import Delivery, DeliveryState
from bot.events import CalendarEvent
from bot.links import Page
from bot.matching import Miss, News, Rule
from bot.people import Person
from bot.posts import Post
from bot.radar import FieldOfAction, Measure
from bot.sending import OVERVIEW as BURST
from bot.sources import host_of
from bot.subscriptions import Deed, Layout, Rhythm, Shown, Subscription
from storage import curation as source_rows
from storage import delivery as delivery_rows
from storage import subscriptions as stored
from storage import why as asked
from storage.posts import Unsaid
from storage.sources import Source
from storage.subscriptions import Match

__all__ = [
    "NEWS",
    "Answer",
    "Cause",
    "Heard",
    "Miss",
    "NotOneError",
    "Seen",
    "Standing",
    "Stands",
    "Unknown",
    "Unsaid",
    "Verdict",
    "Why",
    "ask",
    "of_message",
]

# Messages that come by subscriptions, each about one thing.
NEWS: Final = (posts.CARD, events.CARD, radar.NEWS, comments.NEWS)
CHANNEL: Final = ("C", "G")


class NotOneError(Exception):
    """The link leads to a page of our site that shows many things."""


class Cause(StrEnum):
    """Why a subscription heard of something, or did not.

    Attributes:
        TOLD: it fitted when it came.
        FITS: it fits, and nothing was announced to anyone.
        MISSES: a rule does not fit.
        PAUSED: it is paused.
        RESUMED: it was paused when this came.
        NEWER: it was made only afterwards.
        CHANGED: it was changed afterwards; it would fit now.
    """

    TOLD = "told"
    FITS = "fits"
    MISSES = "misses"
    PAUSED = "paused"
    RESUMED = "resumed"
    NEWER = "newer"
    CHANGED = "changed"


class Stands(StrEnum):
    """Where something stands in a channel or with a person."""

    POSTED = "posted"
    IN_OVERVIEW = "in_overview"
    ON_ITS_WAY = "on_its_way"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    FOR_OVERVIEW = "for_overview"
    FOR_QUIET = "for_quiet"
    FOR_THREAD = "for_thread"


@dataclass(frozen=True)
class Seen:
    """What a link leads to, and what was seen of it; `unsaid`: why nobody was told."""

    kind: str
    title: str
    seen_at: datetime | None
    source: str | None
    unsaid: Unsaid | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """Where it stands: since when or from when on, in which message, or for which reason not.

    `until` is the local time at which the quiet hours end that it waits for.
    """

    stands: Stands
    at: datetime | None = None
    channel_id: str | None = None
    ts: str | None = None
    reason: str | None = None
    until: time | None = None


@dataclass(frozen=True)
class Verdict:
    """What one subscription says to it; `miss` is the first rule that does not fit."""

    shown: Shown
    cause: Cause
    miss: Miss | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Heard:
    """What a channel or person has to do with it; `standing` is None where nothing was noted."""

    target: str
    standing: Standing | None
    verdicts: Sequence[Verdict]


@dataclass(frozen=True)
class Answer:
    """What became of something: here (None in a direct message), for the one who asks, and elsewhere."""

    seen: Seen
    here: Heard | None
    mine: Heard
    elsewhere: Sequence[str]


@dataclass(frozen=True)
class Unknown:
    """A link that leads to nothing known, and the sources that are read from its server."""

    host: str
    sources: Sequence[SourceState]


@dataclass(frozen=True)
class Why:
    """By which subscriptions a message came to a channel or person; `has_gone`: one of them is no more."""

    kind: str
    target: str
    is_own: bool
    shown: Sequence[Shown]
    has_gone: bool


@dataclass(frozen=True)
class _Thing:
    """Something that could be told: its id as its message names it, and all that subscriptions look at."""

    seen: Seen
    subject_id: int
    looks: Sequence[News]


def ask(
    session: Session, url: str, *, site_url: str, channel_id: str, by: Person, now: datetime
) -> Answer | Unknown:
    """Say what became of what is at an address.

    Direct messages of others are neither listed nor counted: nobody is watched.

    Args:
        session: the transaction.
        url: an address.
        site_url: of the public site.
        channel_id: where it is asked.
        by: who asks.
        now: this moment.

    Raises:
        NotOneError: the address is that of a list.
    """
    subject = links.find(session, url, site_url=site_url, now=now)
    if isinstance(subject, Page):
        raise NotOneError
    if subject is None:
        return _unknown(session, url, now=now)
    thing = _thing(session, subject)
    rows = delivery_rows.about(session, thing.seen.kind, thing.subject_id)
    by_target = {row.target: row for row in rows}
    is_channel = channel_id.startswith(CHANNEL)
    here = _heard(session, thing, channel_id, by_target.get(channel_id)) if is_channel else None
    channels = {target: row for target, row in by_target.items() if target.startswith(CHANNEL)}
    told = {target for target, row in channels.items() if _is_out(session, row)}
    return Answer(
        seen=thing.seen,
        here=here,
        mine=_heard(session, thing, by.chat_id, by_target.get(by.chat_id)),
        elsewhere=sorted(told - {channel_id}),
    )


def of_message(session: Session, channel_id: str, ts: str) -> Why | None:
    """Return why a message stands where it does; None when it is none of ours."""
    row = delivery.at(session, channel_id, ts)
    if row is None:
        return None
    ids = _subscriptions_of(session, row)
    shown = [one for one in subscriptions.of_target(session, row.target) if one.subscription.id in ids]
    has_gone = len(shown) < len(ids) or (row.kind in NEWS and not ids)
    return Why(row.kind, row.target, row.person_id is not None, shown, has_gone)


def _subscriptions_of(session: Session, row: Delivery) -> set[int | None]:
    """Return the ids of the subscriptions that a message comes by; None stands for those that are gone."""
    if row.kind == announcing.OVERVIEW:
        return {row.subject_id}
    if row.kind == announcing.THREAD:
        others = stored.of_target(session, row.target)
        return {row.subject_id, *(one.id for one in others if one.layout is Layout.THREAD)}
    told = delivery.folded(session, row.id or 0) if row.kind == BURST else [row]
    found: set[int | None] = set()
    for kind, subject_id in dict.fromkeys((one.kind, one.subject_id) for one in told):
        matches = stored.matches_of(session, kind, subject_id, targets={row.target})
        found |= {match.subscription_id for match in matches}
    return found


def _unknown(session: Session, url: str, *, now: datetime) -> Unknown:
    host = host_of(url).removeprefix("www.")
    found = source_rows.of_hosts(session, {host, f"www.{host}"})
    states = [curation.one(session, source.id or 0, now=now) for source in found]
    return Unknown(host, [state for state in states if state])


def _thing(session: Session, subject: Post | CalendarEvent | Measure) -> _Thing:
    if isinstance(subject, Measure):
        return _measure(session, subject)
    source = session.get(Source, subject.source_id) if subject.source_id else None
    is_post = isinstance(subject, Post)
    seen = Seen(
        kind=posts.CARD if is_post else events.CARD,
        title=subject.title,
        seen_at=subject.first_seen_at,
        source=source.name if source else None,
        unsaid=Unsaid(subject.unsaid) if subject.unsaid else None,
        withdrawn_at=subject.withdrawn_at if isinstance(subject, Post) else subject.cancelled_at,
    )
    if not isinstance(subject, Post):
        return _Thing(seen, subject.id or 0, [matching.of_event(subject)])
    marks = asked.shown_by(session, subject.id or 0, "in:")
    others = [matching.of_post(subject, source_id=int(mark.split(":")[1])) for mark in marks]
    return _Thing(seen, subject.id or 0, [matching.of_post(subject), *others])


def _measure(session: Session, measure: Measure) -> _Thing:
    """Return the newest news of a measure."""
    answer = asked.newest_update(session, measure.id or 0)
    field = session.get(FieldOfAction, measure.field_of_action_id) if measure.field_of_action_id else None
    seen = Seen(radar.NEWS, measure.title, answer.decided_at if answer else None, None, None, None)
    subject_id = (answer.id or 0) if answer else 0
    return _Thing(seen, subject_id, [matching.of_measure(measure, field)])


def _heard(session: Session, thing: _Thing, target: str, row: Delivery | None) -> Heard:
    matches = stored.matches_of(session, thing.seen.kind, thing.subject_id, targets={target})
    by_id = {match.subscription_id: match for match in matches}
    shown = subscriptions.of_target(session, target)
    terms = stored.terms_of(session, [one.subscription.id or 0 for one in shown])
    verdicts = [
        _verdict(one, Rule.of(one.subscription, terms.get(one.subscription.id or 0, ())), thing, by_id)
        for one in shown
    ]
    if row is not None:
        return Heard(target, _standing(session, row), verdicts)
    waiting = [one.subscription for one in shown if _waits(by_id.get(one.subscription.id))]
    return Heard(target, _waiting_for(waiting[0]) if waiting else None, verdicts)


def _waits(match: Match | None) -> bool:
    return match is not None and match.waits_since is not None


def _verdict(shown: Shown, rule: Rule, thing: _Thing, by_id: dict[int | None, Match]) -> Verdict:
    subscription, seen_at = shown.subscription, thing.seen.seen_at
    if subscription.id in by_id:
        return Verdict(shown, Cause.TOLD)
    if subscription.paused_at is not None:
        return Verdict(shown, Cause.PAUSED, at=subscription.paused_at)
    misses = [rule.miss(news) for news in thing.looks]
    if all(misses):
        return Verdict(shown, Cause.MISSES, misses[0])
    if thing.seen.unsaid is not None or seen_at is None:
        return Verdict(shown, Cause.FITS)
    if subscription.created_at > seen_at:
        return Verdict(shown, Cause.NEWER, at=subscription.created_at)
    changed = shown.changed
    if changed is not None and changed.changed_at > seen_at and changed.deed is not Deed.MADE:
        cause = Cause.RESUMED if changed.deed is Deed.RESUMED else Cause.CHANGED
        return Verdict(shown, cause, at=changed.changed_at)
    return Verdict(shown, Cause.FITS)


def _standing(session: Session, row: Delivery) -> Standing:
    if row.overview_id is not None and (overview := session.get(Delivery, row.overview_id)):
        found = _standing(session, overview)
        if found.stands is Stands.POSTED:
            return Standing(Stands.IN_OVERVIEW, found.at, found.channel_id, found.ts)
        return found
    if row.state is DeliveryState.SENT:
        return Standing(Stands.POSTED, row.sent_at, row.channel_id, row.ts)
    if row.state is DeliveryState.FAILED:
        return Standing(Stands.FAILED, reason=row.reason)
    if row.state is DeliveryState.CANCELLED:
        return Standing(Stands.WITHDRAWN)
    return Standing(Stands.ON_ITS_WAY)


def _waiting_for(subscription: Subscription) -> Standing:
    if subscription.rhythm is not Rhythm.AT_ONCE:
        return Standing(Stands.FOR_OVERVIEW, subscription.next_at)
    if subscription.layout is Layout.THREAD:
        return Standing(Stands.FOR_THREAD)
    return Standing(Stands.FOR_QUIET, until=subscription.quiet_to)


def _is_out(session: Session, row: Delivery) -> bool:
    return _standing(session, row).stands in {Stands.POSTED, Stands.IN_OVERVIEW}
