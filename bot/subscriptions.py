"""Who hears what: subscriptions are made, changed, paused and stopped by those who hear, or for a channel."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Final

from sqlmodel import Session

from bot import appointments, people
from bot.people import Department, Person, Role
from bot.workdays import Workdays
from storage import subscriptions as stored
from storage.sources import Source, SourceKind
from storage.subscriptions import (
    Deed,
    Facet,
    Layout,
    NewsKind,
    Part,
    Rhythm,
    Subscription,
    SubscriptionChange,
    SubscriptionLock,
    Term,
)

__all__ = [
    "EVENTS",
    "MAX_PER_TARGET",
    "MAX_TERMS",
    "POSTS",
    "Choice",
    "ChoiceError",
    "Deed",
    "Facet",
    "GoneError",
    "Layout",
    "LockedError",
    "NewsKind",
    "OthersError",
    "Part",
    "Rhythm",
    "Shown",
    "Subscription",
    "SubscriptionChange",
    "Term",
    "TooManyError",
    "brought_by",
    "choice_of",
    "is_locked",
    "labels",
    "lock",
    "of_target",
    "pause",
    "resume",
    "save",
    "shown",
    "stop",
    "subscribe",
    "unlock",
]

# What is read in feeds, and what in calendars.
POSTS: Final = frozenset({NewsKind.POST, NewsKind.VIDEO, NewsKind.JOB})
EVENTS: Final = frozenset({NewsKind.EVENT})
MAX_PER_TARGET: Final = 100
MAX_TERMS: Final = 50
# One thing is of one department and, as it is told, hardly ever of two sources.
SINGLE: Final = frozenset({Facet.DEPARTMENT})


class ChoiceError(Exception):
    """A choice can't be kept; `fields` names each field that is wrong and why.

    Fields and reasons: `kinds` `blank`; `terms` `long`, `contradiction` (wanted and unwanted) or `never`
    (two departments at once); `at` `blank`; `weekday` `blank`; `quiet` `half` or `empty`.
    """

    def __init__(self, fields: dict[str, str], terms: Collection[Term] = ()) -> None:
        super().__init__(fields)
        self.fields, self.terms = fields, terms


class GoneError(Exception):
    """Someone stopped the subscription meanwhile."""


class LockedError(Exception):
    """Administrators have locked the channel's subscriptions."""


class OthersError(Exception):
    """It is another person's own subscription."""


class TooManyError(Exception):
    """The channel or person has as many subscriptions as anyone can keep in view."""


@dataclass(frozen=True)
class Choice:
    """What someone chose to hear of, when, and how it is to look.

    Attributes:
        kinds: at least one.
        terms: pairs of part and term; none means everything of these kinds.
        weekday: of a weekly overview; Monday is 0.
        at: local time of an overview.
        quiet: local times from and to which nothing is said; they may span midnight.
    """

    kinds: frozenset[NewsKind]
    terms: frozenset[tuple[Part, Term]] = frozenset()
    rhythm: Rhythm = Rhythm.AT_ONCE
    weekday: int | None = None
    at: time | None = None
    layout: Layout = Layout.CARD
    quiet: tuple[time, time] | None = None

    def of_part(self, part: Part) -> frozenset[Term]:
        """Return the terms of one part."""
        return frozenset(term for one, term in self.terms if one is part)


@dataclass(frozen=True)
class Shown:
    """A subscription with all that a list shows of it."""

    subscription: Subscription
    choice: Choice
    labels: dict[Term, str]
    maker: Person | None
    changed: SubscriptionChange | None
    changed_by: Person | None


def save(
    session: Session,
    choice: Choice,
    *,
    target: str,
    by: Person,
    workdays: Workdays,
    now: datetime,
    subscription_id: int | None = None,
) -> Subscription:
    """Keep a new subscription or a changed one; what it would have heard of before is not told.

    The same choice for the same target twice is one subscription.

    Args:
        session: the transaction.
        choice: what to hear of, when and how.
        target: id of a channel, or of `by` in the chat.
        by: who wants it.
        workdays: the city's; a person's overviews go by the clocks where they are.
        now: this moment.
        subscription_id: the one to change; None for a new one.

    Raises:
        ChoiceError: the choice contradicts itself or something is missing.
        GoneError: the one to change is gone.
        LockedError: only administrators may change what this channel hears.
        OthersError: another person's.
        TooManyError: there are MAX_PER_TARGET already.
    """
    choice = _without_idle(choice)
    _check(choice)
    _allow(session, target, by)
    changed = _mine(session, subscription_id, by) if subscription_id is not None else None
    known = next((one for one, chosen in _choices(session, target) if chosen == choice), None)
    if known and known is not changed:
        if changed:
            stop(session, changed.id or 0, by=by, now=now)
        return resume(session, known.id or 0, by=by, workdays=workdays, now=now)
    is_new_there = changed is None or changed.target != target
    if is_new_there and stored.count_of(session, target) >= MAX_PER_TARGET:
        raise TooManyError
    subscription, deed = changed, Deed.CHANGED
    if subscription is None:
        subscription = Subscription(target=target, kinds="", person_id=by.id, created_at=now, origin="chat")
        deed = Deed.MADE
    elif is_new_there or _rule(choice) != _rule(choice_of(session, subscription)):
        # What waits was meant for another place or another choice.
        stored.forget_waiting(session, subscription.id or 0)
    if is_new_there:
        # Moved, it is theirs who moved it: nobody else is told of it.
        subscription.target, subscription.person_id = target, by.id
    _fill(session, subscription, choice)
    subscription.next_at = appointments.next_overview(session, subscription, workdays=workdays, now=now)
    _note(session, subscription, deed, by=by, now=now)
    return subscription


def subscribe(
    session: Session,
    kinds: Collection[NewsKind],
    target: str,
    *,
    now: datetime,
    source_id: int | None = None,
    by: Person | None = None,
    origin: str = "chat",
) -> Subscription:
    """Let a channel or person hear of all news of some kinds (from one source); twice changes nothing more.

    One that was paused goes on again.

    Raises:
        TooManyError: there are MAX_PER_TARGET already.
    """
    terms = [(Part.ANY, Term(Facet.SOURCE, str(source_id)))] if source_id is not None else []
    choice = Choice(frozenset(kinds), frozenset(terms))
    found = next((one for one, chosen in _choices(session, target) if chosen == choice), None)
    if found is None:
        if stored.count_of(session, target) >= MAX_PER_TARGET:
            raise TooManyError
        found = Subscription(target=target, kinds="", created_at=now, origin=origin)
        _fill(session, found, choice)
        _note(session, found, Deed.MADE, by=by, now=now)
    elif found.paused_at is not None:
        stored.forget_waiting(session, found.id or 0)
        _note(session, found, Deed.RESUMED, by=by, now=now)
    if by is not None:
        found.person_id = by.id
    found.paused_at = found.paused_reason = None
    session.flush()
    return found


def pause(session: Session, subscription_id: int, *, by: Person, now: datetime) -> Subscription:
    """Let a subscription hear of nothing until it is resumed; what waits for it is not told.

    Raises:
        GoneError, LockedError, OthersError: as in `save`.
    """
    subscription = _mine(session, subscription_id, by)
    if subscription.paused_at is None:
        subscription.paused_at, subscription.paused_reason = now, None
        stored.forget_waiting(session, subscription_id)
        _note(session, subscription, Deed.PAUSED, by=by, now=now)
    return subscription


def resume(
    session: Session, subscription_id: int, *, by: Person, workdays: Workdays, now: datetime
) -> Subscription:
    """Let a paused subscription go on; what came meanwhile is not told.

    Raises:
        GoneError, LockedError, OthersError: as in `save`.
    """
    subscription = _mine(session, subscription_id, by)
    if subscription.paused_at is not None:
        subscription.paused_at = subscription.paused_reason = None
        # What waited when its channel was gone is no news any more.
        stored.forget_waiting(session, subscription_id)
        subscription.next_at = appointments.next_overview(session, subscription, workdays=workdays, now=now)
        _note(session, subscription, Deed.RESUMED, by=by, now=now)
    return subscription


def stop(session: Session, subscription_id: int, *, by: Person, now: datetime) -> Subscription:
    """End a subscription; what was said stays where it stands. Return it as it was.

    Raises:
        GoneError, LockedError, OthersError: as in `save`.
    """
    subscription = _mine(session, subscription_id, by)
    stored.forget_waiting(session, subscription_id)
    _note(session, subscription, Deed.STOPPED, by=by, now=now)
    session.delete(subscription)
    session.flush()
    return subscription


def lock(session: Session, target: str, *, by: Person, now: datetime) -> None:
    """Let only administrators change what a channel hears.

    Raises:
        NotAllowedError: not an administrator.
    """
    people.require(session, by, Role.ADMIN)
    if not is_locked(session, target):
        session.add(SubscriptionLock(target=target, person_id=by.id, locked_at=now))
        session.add(SubscriptionChange(target=target, deed=Deed.LOCKED, person_id=by.id, changed_at=now))
        session.flush()


def unlock(session: Session, target: str, *, by: Person, now: datetime) -> None:
    """Let everyone in a channel change again what it hears.

    Raises:
        NotAllowedError: not an administrator.
    """
    people.require(session, by, Role.ADMIN)
    if row := session.get(SubscriptionLock, target):
        session.delete(row)
        session.add(SubscriptionChange(target=target, deed=Deed.UNLOCKED, person_id=by.id, changed_at=now))
        session.flush()


def is_locked(session: Session, target: str) -> bool:
    """Say whether only administrators may change what a channel hears."""
    return session.get(SubscriptionLock, target) is not None


def of_target(session: Session, target: str) -> list[Shown]:
    """Return what a channel or person hears, oldest first."""
    chosen = _choices(session, target)
    called = labels(session, {term for _, choice in chosen for _, term in choice.terms})
    changes = stored.last_changes(session, [one.id or 0 for one, _ in chosen])
    return [_shown(session, one, choice, called, changes.get(one.id or 0)) for one, choice in chosen]


def shown(session: Session, subscription_id: int, *, by: Person) -> Shown:
    """Return a subscription that someone is about to change.

    Raises:
        GoneError, LockedError, OthersError: as in `save`.
    """
    subscription = _mine(session, subscription_id, by)
    choice = choice_of(session, subscription)
    called = labels(session, {term for _, term in choice.terms})
    return _shown(session, subscription, choice, called, None)


def choice_of(session: Session, subscription: Subscription) -> Choice:
    """Return what a subscription stands for."""
    terms = stored.terms_of(session, [subscription.id or 0])
    return _choice(subscription, terms.get(subscription.id or 0, ()))


def labels(session: Session, terms: Collection[Term]) -> dict[Term, str]:
    """Return what terms are called where people read them; one that names nothing any more says its value."""
    return {term: _label(session, term) for term in terms}


def brought_by(kind: SourceKind, brings: NewsKind | None = None) -> frozenset[NewsKind]:
    """Return what a source of this kind brings; comments go where their post was announced."""
    if kind is SourceKind.COMMENTS:
        return frozenset()
    if kind in {SourceKind.CALENDAR, SourceKind.EVENT_PAGE}:
        return EVENTS
    return frozenset({brings}) if brings else POSTS


def _label(session: Session, term: Term) -> str:
    if term.facet is Facet.DEPARTMENT and (department := session.get(Department, int(term.value))):
        return department.short or department.name
    if term.facet is Facet.SOURCE and (source := session.get(Source, int(term.value))):
        return source.name
    return f"#{term.value}" if term.facet is Facet.SERIES else term.value


def _without_idle(choice: Choice) -> Choice:
    """Return a choice without what has no effect at its rhythm, so that equal ones are equal."""
    weekday = choice.weekday if choice.rhythm is Rhythm.WEEKLY else None
    if choice.rhythm is Rhythm.AT_ONCE:
        return replace(choice, at=None, weekday=weekday)
    return replace(choice, weekday=weekday, layout=Layout.CARD, quiet=None)


def _check(choice: Choice) -> None:
    wrong: dict[str, str] = {}
    any_of, all_of, none_of = (choice.of_part(part) for part in (Part.ANY, Part.ALL, Part.EXCEPT))
    clash: frozenset[Term] = frozenset()
    if not choice.kinds:
        wrong["kinds"] = "blank"
    if len(choice.terms) > MAX_TERMS:
        wrong["terms"] = "long"
    elif clash := (any_of | all_of) & none_of:
        wrong["terms"] = "contradiction"
    elif any(sum(term.facet is facet for term in all_of) > 1 for facet in SINGLE):
        wrong["terms"] = "never"
        clash = frozenset(term for term in all_of if term.facet in SINGLE)
    if choice.rhythm is not Rhythm.AT_ONCE and choice.at is None:
        wrong["at"] = "blank"
    if choice.rhythm is Rhythm.WEEKLY and choice.weekday is None:
        wrong["weekday"] = "blank"
    if choice.quiet and choice.quiet[0] == choice.quiet[1]:
        wrong["quiet"] = "empty"
    if wrong:
        raise ChoiceError(wrong, clash)


def _allow(session: Session, target: str, by: Person) -> None:
    """Go on only for whom this target is to be changed by: one's own, and channels that are not locked."""
    if is_locked(session, target) and not people.is_allowed(session, by, Role.ADMIN):
        raise LockedError
    other = people.by_chat_id(session, target)
    if other is not None and other.id != by.id:
        raise OthersError


def _mine(session: Session, subscription_id: int, by: Person) -> Subscription:
    subscription = session.get(Subscription, subscription_id)
    if subscription is None:
        raise GoneError
    _allow(session, subscription.target, by)
    return subscription


def _fill(session: Session, subscription: Subscription, choice: Choice) -> None:
    subscription.kinds = " ".join(sorted(choice.kinds))
    subscription.rhythm, subscription.weekday, subscription.at = choice.rhythm, choice.weekday, choice.at
    subscription.layout = choice.layout
    subscription.quiet_from, subscription.quiet_to = choice.quiet or (None, None)
    session.add(subscription)
    session.flush()
    stored.set_terms(session, subscription.id or 0, choice.terms)


def _note(
    session: Session, subscription: Subscription, deed: Deed, *, by: Person | None, now: datetime
) -> None:
    session.add(
        SubscriptionChange(
            subscription_id=subscription.id,
            target=subscription.target,
            deed=deed,
            person_id=by.id if by else None,
            changed_at=now,
        )
    )
    session.flush()


def _choice(subscription: Subscription, terms: Collection[stored.SubscriptionTerm]) -> Choice:
    quiet = (subscription.quiet_from, subscription.quiet_to)
    return Choice(
        kinds=frozenset(map(NewsKind, subscription.kinds.split())),
        terms=frozenset((Part(one.part), Term(Facet(one.facet), one.value)) for one in terms),
        rhythm=Rhythm(subscription.rhythm),
        weekday=subscription.weekday,
        at=subscription.at,
        layout=Layout(subscription.layout),
        quiet=(quiet[0], quiet[1]) if quiet[0] is not None and quiet[1] is not None else None,
    )


def _rule(choice: Choice) -> tuple[object, ...]:
    return choice.kinds, choice.terms


def _choices(session: Session, target: str) -> list[tuple[Subscription, Choice]]:
    found = stored.of_target(session, target)
    terms = stored.terms_of(session, [one.id or 0 for one in found])
    return [(one, _choice(one, terms.get(one.id or 0, ()))) for one in found]


def _shown(
    session: Session,
    subscription: Subscription,
    choice: Choice,
    called: dict[Term, str],
    changed: SubscriptionChange | None,
) -> Shown:
    return Shown(
        subscription,
        choice,
        labels={term: called[term] for _, term in choice.terms},
        maker=session.get(Person, subscription.person_id) if subscription.person_id else None,
        changed=changed,
        changed_by=session.get(Person, changed.person_id) if changed and changed.person_id else None,
    )
