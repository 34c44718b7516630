"""What subscriptions have brought to someone, and what one would have brought before anyone makes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import events, matching, posts
from bot.events import CalendarEvent
from bot.matching import Rule
from bot.people import Person
from bot.posts import Post
from bot.subscriptions import Choice, NewsKind, Part
from storage import subscriptions as heard
from storage import terms as stored

__all__ = ["Preview", "brought", "of"]

SPAN: Final = timedelta(days=30)
SHOWN: Final = 5


@dataclass(frozen=True)
class Preview:
    """How many posts and events of the last 30 days a choice fits, and the newest of them."""

    count: int
    newest: Sequence[Post | CalendarEvent]


def brought(session: Session, person: Person, *, limit: int) -> list[Post | CalendarEvent]:
    """Return the newest posts and events that someone's own subscriptions brought, at most `limit`."""
    found: list[Post | CalendarEvent] = []
    # Some may have been withdrawn since, and some are no posts or events.
    for match in heard.newest_for(session, person.chat_id, limit=3 * limit):
        one: Post | CalendarEvent | None = None
        if match.kind == posts.CARD:
            one = posts.get(session, match.subject_id)
        elif match.kind == events.CARD:
            one = events.get(session, match.subject_id)
        if one and not (isinstance(one, Post) and one.withdrawn_at):
            found.append(one)
    return found[:limit]


def of(session: Session, choice: Choice, *, now: datetime) -> Preview:
    """Return what a choice would have brought; comments and the radar are not counted."""
    rule = Rule(choice.kinds, *(choice.of_part(part) for part in (Part.ANY, Part.ALL, Part.EXCEPT)))
    hits: list[tuple[datetime, Post | CalendarEvent]] = []
    if choice.kinds & {NewsKind.POST, NewsKind.VIDEO, NewsKind.JOB}:
        hits += [
            (post.published_at or post.first_seen_at, post)
            for post in stored.posts_since(session, now - SPAN)
            if rule.fits(matching.of_post(post))
        ]
    if NewsKind.EVENT in choice.kinds:
        hits += [
            (found.first_seen_at, found)
            for found in stored.events_since(session, now - SPAN)
            if rule.fits(matching.of_event(found))
        ]
    hits.sort(key=lambda hit: hit[0], reverse=True)
    return Preview(len(hits), [one for _, one in hits[:SHOWN]])
