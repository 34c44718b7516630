"""What one can subscribe to: the topics, series, departments and sources there are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import people, subscriptions
from bot.matching import word
from bot.subscription_words import Said
from bot.subscriptions import Choice, Facet, NewsKind, Term
from storage import curation as sources
from storage import terms as stored

__all__ = ["Known", "Reading", "found", "known", "labels", "understood"]

RECENT: Final = timedelta(days=365)
MOST_SOURCES: Final = 500


@dataclass(frozen=True)
class Known:
    """A term and what it is called; `is_new` when nothing was about it so far."""

    term: Term
    label: str
    is_new: bool = False


@dataclass(frozen=True)
class Reading:
    """What was typed, as a choice, what its terms are called, and those that nothing was about so far."""

    choice: Choice
    labels: Mapping[Term, str]
    unknown: Sequence[str]


def known(session: Session, *, now: datetime) -> list[Known]:
    """Return all terms there are: of each facet the most frequent first, then by name."""
    topics: Counter[str] = Counter()
    series: Counter[str] = Counter()
    called: dict[tuple[Facet, str], str] = {}
    for tags, name in stored.tags_since(session, now - RECENT):
        # A hashtag is a series.
        for tag in {tag for tag in tags.split() if word(tag) and not tag.startswith("#")}:
            topics[word(tag)] += 1
            called.setdefault((Facet.TOPIC, word(tag)), tag.replace("-", " "))
        if name:
            series[word(name)] += 1
            called.setdefault((Facet.SERIES, word(name)), name)
    counted = [(Facet.TOPIC, topics), (Facet.SERIES, series)]
    found = [
        Known(Term(facet, value), called[facet, value])
        for facet, counter in counted
        for value, _ in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    found += [
        Known(Term(Facet.DEPARTMENT, str(one.id)), one.short or one.name)
        for one in people.departments(session)
    ]
    found += [
        Known(Term(Facet.SOURCE, str(one.id)), one.name)
        for one in sources.ordered(session, limit=MOST_SOURCES, offset=0)
    ]
    return found


def found(session: Session, query: str, *, now: datetime, limit: int) -> list[Known]:
    """Return at most `limit` terms whose name holds what someone typed, those that begin so first.

    What nothing is called so far can be chosen as a topic all the same.
    """
    asked = word(query)
    full_names = {str(one.id): one.name for one in people.departments(session)}
    hits = []
    for one in known(session, now=now):
        names = [one.label, full_names.get(one.term.value, "") if one.term.facet is Facet.DEPARTMENT else ""]
        places = [word(name).find(asked) for name in names if asked in word(name)]
        if places:
            hits.append((min(places) > 0, one))
    hits.sort(key=lambda hit: hit[0])
    terms = [one for _, one in hits]
    if asked and not any(one.term == Term(Facet.TOPIC, asked) for one in terms):
        terms = [*terms[: limit - 1], Known(Term(Facet.TOPIC, asked), query.strip().lstrip("#"), is_new=True)]
    return terms[:limit]


def labels(session: Session, choice: Choice, *, now: datetime) -> dict[Term, str]:
    """Return what the terms of a choice are called: topics and series as posts write them."""
    called = {one.term: one.label for one in known(session, now=now)}
    chosen = {term for _, term in choice.terms}
    return {term: called.get(term, name) for term, name in subscriptions.labels(session, chosen).items()}


def understood(session: Session, said: Said, *, now: datetime) -> Reading:
    """Return what someone typed as a choice; without kinds it is posts, videos and events."""
    names: dict[tuple[Facet, str], Term] = {}
    called: dict[Term, str] = {}
    for one in known(session, now=now):
        names[one.term.facet, word(one.label)] = one.term
        called[one.term] = one.label
    for department in people.departments(session):
        names[Facet.DEPARTMENT, word(department.name)] = Term(Facet.DEPARTMENT, str(department.id))
    terms = set()
    unknown = []
    for typed in said.terms:
        facets = [typed.facet] if typed.facet else [Facet.DEPARTMENT, Facet.SOURCE, Facet.TOPIC, Facet.SERIES]
        hit = next(
            (names[facet, word(typed.words)] for facet in facets if (facet, word(typed.words)) in names), None
        )
        if hit is None:
            facet = typed.facet if typed.facet is Facet.SERIES else Facet.TOPIC
            hit = Term(facet, word(typed.words))
            unknown.append(typed.words)
        terms.add((typed.part, hit))
    kinds = frozenset(said.kinds) or (subscriptions.POSTS | subscriptions.EVENTS) - {NewsKind.JOB}
    choice = Choice(
        kinds,
        frozenset(terms),
        rhythm=said.rhythm,
        weekday=said.weekday,
        at=said.time,
        layout=said.layout,
    )
    return Reading(choice, {term: called.get(term, term.value) for _, term in terms}, unknown)
