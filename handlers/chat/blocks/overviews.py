"""How much news at once looks in the chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from slack_sdk.models.blocks import Block, RichTextBlock, RichTextListElement, RichTextSectionElement

from bot.events import CalendarEvent
from bot.posts import Post
from bot.texts import Texts
from bot.words import event_time, page
from handlers.chat.blocks.kit import (
    Link,
    Message,
    Text,
    bold,
    context,
    cut,
    escape,
    header,
    link,
    plain,
    struck,
    words,
)

MOST_LINES: Final = 15
# The sentence for notifications and screen readers names the first ones.
MOST_NAMED: Final = 3
MAX_TITLE: Final = 150
# Fifteen lines have to fit into one message.
MAX_URL: Final = 500


@dataclass(frozen=True)
class News:
    """Posts and events that one message tells of, and where the public site lists all of them."""

    items: Sequence[Post | CalendarEvent]
    site_url: str


def overview(news: News, _: Texts) -> Message:
    """Tell of many posts and events in one message; say so when all of them were withdrawn since."""
    if not news.items:
        sentence = _("These posts were withdrawn.")
        return Message(sentence, [words(plain(sentence))])
    shown, hidden = news.items[:MOST_LINES], news.items[MOST_LINES:]
    posts = [one for one in shown if isinstance(one, Post)]
    events = [one for one in shown if isinstance(one, CalendarEvent)]
    heading = _heading(news.items, _)
    blocks: list[Block] = [header(heading)]
    for lines, name in ((posts, _("Posts")), (events, _("Events"))):
        if lines:
            if posts and events:
                blocks.append(words(bold(name)))
            blocks.append(_list([_line(one, _) for one in lines]))
    if hidden:
        blocks.append(context(_rest(hidden, news.site_url, _)))
    return Message(_sentence(heading, news.items, _), blocks)


def thread(day: date, _: Texts) -> Message:
    """Begin the thread that holds the news of one day."""
    heading = _("News of {day}", day=_.day(day))
    return Message(heading, [words(bold(heading)), context(_("What comes today you find in this thread."))])


def _heading(items: Sequence[Post | CalendarEvent], _: Texts) -> str:
    events = sum(isinstance(one, CalendarEvent) for one in items)
    posts = len(items) - events
    new_posts = _.plural("{n} new post", "{n} new posts", posts)
    new_events = _.plural("{n} new event", "{n} new events", events)
    if posts and events:
        return _("{posts} and {events}", posts=new_posts, events=new_events)
    return new_posts if posts else new_events


def _sentence(heading: str, items: Sequence[Post | CalendarEvent], _: Texts) -> str:
    titles = "; ".join(escape(_title(one)) for one in items[:MOST_NAMED])
    more = len(items) - MOST_NAMED
    if more <= 0:
        return _("{heading}: {titles}", heading=heading, titles=titles)
    return _("{heading}: {titles} and {count} more", heading=heading, titles=titles, count=more)


def _rest(hidden: Sequence[Post | CalendarEvent], site_url: str, _: Texts) -> str:
    pages = []
    if any(isinstance(one, Post) for one in hidden):
        pages.append((page(site_url, "/beitraege", _), _("all posts")))
    if any(isinstance(one, CalendarEvent) for one in hidden):
        pages.append((page(site_url, "/termine", _), _("all events")))
    links = " · ".join(f"<{url}|{label}>" for url, label in pages)
    return _("and {count} more: {pages}", count=len(hidden), pages=links)


def _list(lines: Sequence[Sequence[Text | Link]]) -> Block:
    sections = [RichTextSectionElement(elements=list(parts)) for parts in lines]
    return RichTextBlock(elements=[RichTextListElement(style="bullet", elements=sections)])


def _line(one: Post | CalendarEvent, _: Texts) -> list[Text | Link]:
    title = _title(one)
    name = link(title, one.url) if one.url and len(one.url) <= MAX_URL else bold(title)
    if isinstance(one, Post):
        return [name]
    when = event_time(one, _)
    if one.cancelled_at:
        return [name, plain(", "), struck(when), plain(" – "), bold(_("cancelled"))]
    if one.moved_from_at:
        return [name, plain(", "), plain(_("now {when}", when=when))]
    return [name, plain(f", {when}")]


def _title(one: Post | CalendarEvent) -> str:
    return cut(one.title, MAX_TITLE)
