"""How one thing looks in a line among others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.comments import CommentCard
from bot.people import Department
from bot.radar import News as RadarNews
from bot.subscriptions import NewsKind
from bot.texts import Texts
from bot.words import event_time, page
from handlers.chat.blocks.events import EventCard
from handlers.chat.blocks.kit import Link, Text, bold, cut, link, plain, struck
from handlers.chat.blocks.posts import PostCard
from handlers.chat.blocks.radar_news import change

MAX_TITLE: Final = 150
MAX_WORDS: Final = 80
MAX_DEPARTMENT: Final = 40
# Fifteen lines have to fit into one message.
MAX_URL: Final = 500


@dataclass(frozen=True)
class Line:
    """A line: what kind of news it is, what it is called, what is shown, and when an event begins."""

    kind: NewsKind
    title: str
    parts: Sequence[Text | Link]
    starts_at: datetime | None = None


def post_line(card: PostCard, _site_url: str, _: Texts) -> Line:
    """Name a post and whose it is."""
    title = cut(card.post.title, MAX_TITLE)
    return Line(NewsKind(card.post.kind), title, [_name(title, card.post.url), *_whose(card.department)])


def event_line(card: EventCard, _site_url: str, _: Texts) -> Line:
    """Name an event, when it is, and that it was moved or cancelled."""
    calendar_event = card.event
    title, when = cut(calendar_event.title, MAX_TITLE), event_time(calendar_event, _)
    if calendar_event.cancelled_at:
        said = [plain(", "), struck(when), plain(" – "), bold(_("cancelled"))]
    elif calendar_event.moved_from_at:
        said = [plain(", "), plain(_("now {when}", when=when))]
    else:
        said = [plain(f", {when}")]
    parts = [_name(title, calendar_event.url), *said, *_whose(card.department)]
    return Line(NewsKind.EVENT, title, parts, starts_at=calendar_event.starts_at)


def radar_line(news: RadarNews, site_url: str, _: Texts) -> Line:
    """Name a measure and how far it is now."""
    title = cut(news.measure.title, MAX_TITLE)
    address = page(site_url, f"/massnahmen/{news.measure.slug}", _)
    said = plain(f": {change(news, _)}")
    return Line(NewsKind.RADAR, title, [_name(title, address), said, *_whose(news.department)])


def comment_line(card: CommentCard, _site_url: str, _: Texts) -> Line:
    """Name the post that a comment is about, and begin with its words."""
    comment, title = card.comment, cut(card.post.title, MAX_TITLE)
    author = cut(comment.author or _("Someone"), MAX_DEPARTMENT)
    said = plain(f" – {author}: {cut(comment.words, MAX_WORDS)}")
    return Line(NewsKind.COMMENT, title, [_name(title, comment.url or card.post.url), said])


def _name(title: str, url: str | None) -> Text | Link:
    return link(title, url) if url and len(url) <= MAX_URL else bold(title)


def _whose(department: Department | None) -> list[Text]:
    return [plain(f" ({cut(department.short or department.name, MAX_DEPARTMENT)})")] if department else []
