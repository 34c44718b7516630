"""Which news fits which subscription: values in, a verdict out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from storage.comments import Comment
from storage.events import CalendarEvent
from storage.posts import Post
from storage.radar import FieldOfAction, Measure
from storage.subscriptions import Facet, NewsKind, Part, Subscription, SubscriptionTerm, Term

__all__ = [
    "Miss",
    "News",
    "Rule",
    "of_comment",
    "of_event",
    "of_measure",
    "of_post",
    "series_in",
    "word",
]

HASHTAG: Final = re.compile(r"(?:^|(?<=[\s(„“\"]))#(\w[\w-]*)")


class News(NamedTuple):
    """What there is to be told, as far as subscriptions look at it."""

    kind: NewsKind
    terms: frozenset[Term]


class Miss(NamedTuple):
    """Why something does not fit: the part that decided, or None for its kind; and the terms it was about."""

    part: Part | None
    terms: frozenset[Term] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A subscription as it is compared: kinds, and terms by part."""

    kinds: frozenset[NewsKind]
    any_of: frozenset[Term] = frozenset()
    all_of: frozenset[Term] = frozenset()
    none_of: frozenset[Term] = frozenset()

    @classmethod
    def of(cls, subscription: Subscription, terms: Iterable[SubscriptionTerm]) -> Self:
        """Return the rule that a subscription and its terms make."""
        by_part: dict[Part, set[Term]] = {part: set() for part in Part}
        for term in terms:
            by_part[Part(term.part)].add(Term(Facet(term.facet), term.value))
        kinds = frozenset(map(NewsKind, subscription.kinds.split()))
        return cls(kinds, *(frozenset(by_part[part]) for part in (Part.ANY, Part.ALL, Part.EXCEPT)))

    def fits(self, news: News) -> bool:
        """Say whether this is to be heard of."""
        return (
            news.kind in self.kinds
            and (not self.any_of or not self.any_of.isdisjoint(news.terms))
            and self.all_of <= news.terms
            and self.none_of.isdisjoint(news.terms)
        )

    def miss(self, news: News) -> Miss | None:
        """Return the first reason why this is not to be heard of, or None when it is."""
        if news.kind not in self.kinds:
            return Miss(None)
        if unwanted := self.none_of & news.terms:
            return Miss(Part.EXCEPT, unwanted)
        if missing := self.all_of - news.terms:
            return Miss(Part.ALL, missing)
        if self.any_of and self.any_of.isdisjoint(news.terms):
            return Miss(Part.ANY, self.any_of)
        return None


def of_post(post: Post, *, source_id: int | None = None) -> News:
    """Return what subscriptions look at in a post that a source shows, its own one or another."""
    terms = _terms(post)
    if source_id is not None:
        terms |= {Term(Facet.SOURCE, str(source_id))}
    return News(NewsKind(post.kind), terms)


def of_event(calendar_event: CalendarEvent) -> News:
    """Return what subscriptions look at in an event."""
    return News(NewsKind.EVENT, _terms(calendar_event))


def of_comment(_comment: Comment, post: Post) -> News:
    """Return what subscriptions look at in a comment: all that its post is about."""
    return News(NewsKind.COMMENT, _terms(post))


def of_measure(measure: Measure, field: FieldOfAction | None) -> News:
    """Return what subscriptions look at in a measure; its field of action is its topic."""
    terms = set()
    if field is not None:
        terms.add(Term(Facet.TOPIC, word(field.name)))
    if measure.lead_department_id is not None:
        terms.add(Term(Facet.DEPARTMENT, str(measure.lead_department_id)))
    return News(NewsKind.RADAR, frozenset(terms))


def series_in(title: str, tags: Iterable[str]) -> str:
    """Return the hashtag that a post's tags or title name, with its mark; empty when there is none."""
    named = [tag for tag in tags if tag.startswith("#") and tag.strip("#")]
    found = HASHTAG.search(title)
    return next(iter(named), f"#{found[1]}" if found else "")


def word(said: str) -> str:
    """Return a topic or series as it is compared: `#Künstliche Intelligenz` is `künstliche-intelligenz`."""
    return "-".join(said.casefold().replace("#", " ").replace("_", " ").replace("-", " ").split())


def _terms(subject: Post | CalendarEvent) -> frozenset[Term]:
    terms = {Term(Facet.TOPIC, word(tag)) for tag in subject.tags.split() if word(tag)}
    if isinstance(subject, Post) and subject.series:
        terms.add(Term(Facet.SERIES, word(subject.series)))
    if subject.department_id is not None:
        terms.add(Term(Facet.DEPARTMENT, str(subject.department_id)))
    if subject.source_id is not None:
        terms.add(Term(Facet.SOURCE, str(subject.source_id)))
    return frozenset(terms)
