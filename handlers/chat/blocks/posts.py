"""How posts look in the chat."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.matching import word
from bot.people import Department
from bot.posts import Post
from bot.subscriptions import Layout, NewsKind
from bot.texts import Texts
from handlers.chat.blocks.kit import (
    Message,
    bold,
    escape,
    line,
    link,
    picture,
    plain,
    small,
    struck,
    words,
)

MAX_TEASER: Final = 600
MOST_TOPICS: Final = 5


@dataclass(frozen=True)
class PostCard:
    """A post, whose it is, and how it is to look."""

    post: Post
    department: Department | None = None
    layout: Layout = Layout.CARD

    @property
    def subject_id(self) -> int:
        """Which one it is."""
        return self.post.id or 0


def post_card(card: PostCard, _: Texts) -> Message:
    """Announce a post, or say in the same place that it was withdrawn."""
    post = card.post
    name = line(post.title) or line(post.url or "") or _("Without a title")
    if post.withdrawn_at:
        return _withdrawn(card, name, _)
    title = link(name, post.url) if post.url else bold(name)
    if card.layout is Layout.LINE:
        day = _.day(post.published_at) if post.published_at else ""
        about = "".join(f" · {one}" for one in (day, short_name(card.department)) if one)
        return Message(_news(post, name, _), [words(title, *([plain(about)] if about else []))])
    teaser = line(post.teaser, MAX_TEASER)
    blocks = [
        words(title, *([plain(f"\n{teaser}")] if teaser else [])),
        *picture(post.image_url, post.image_alt),
        small(" · ".join(_about(card, _))),
    ]
    return Message(_news(post, name, _), blocks)


def short_name(department: Department | None) -> str:
    """Return what a department is called, in short if it can be; nothing where there is none."""
    return line(department.short or department.name) if department else ""


def topics(tags: str, *said: str | None) -> list[str]:
    """Return the first topics with their marks, without those that are said already."""
    known = {word(one) for one in said if one}
    found = dict.fromkeys(tag.lstrip("#") for tag in tags.split() if word(tag) not in known)
    return [f"#{tag}" for tag in found if line(tag)][:MOST_TOPICS]


def _withdrawn(card: PostCard, name: str, _: Texts) -> Message:
    if card.layout is Layout.LINE:
        parts = (struck(name), plain(" – "), plain(_("withdrawn")))
    else:
        parts = (struck(name), plain("\n"), plain(_("This post was withdrawn.")))
    return Message(_("Withdrawn: {title}", title=escape(name)), [words(*parts)])


def _news(post: Post, name: str, _: Texts) -> str:
    title = escape(name)
    return {
        NewsKind.VIDEO: _("New video: {title}", title=title),
        NewsKind.JOB: _("New job: {title}", title=title),
    }.get(post.kind, _("New post: {title}", title=title))


def _about(card: PostCard, _: Texts) -> Iterator[str]:
    """Yield what a card says of a post besides its words."""
    post, department = card.post, card.department
    yield {NewsKind.VIDEO: _("New video"), NewsKind.JOB: _("New job")}.get(post.kind, _("New post"))
    if post.published_at:
        yield _.day(post.published_at)
    if whose := short_name(department):
        yield whose
    if series := line(post.series):
        yield series
    if post.reading_minutes and post.kind != NewsKind.VIDEO:
        yield _.plural("{n} minute to read", "{n} minutes to read", post.reading_minutes)
    names = (department.short, department.name) if department else ()
    yield from topics(post.tags, post.series, *names)
