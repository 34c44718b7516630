"""How a change on the radar looks in the chat, once it is public."""

from dataclasses import dataclass
from typing import Final

from bot.radar import News, state_of
from bot.subscriptions import Layout
from bot.texts import Texts
from bot.words import page, status_names
from handlers.chat.blocks.kit import (
    Link,
    Message,
    Text,
    bold,
    context,
    cut,
    escape,
    link,
    plain,
    struck,
    words,
)
from handlers.chat.blocks.radar import summary

MAX_TITLE: Final = 300


@dataclass(frozen=True)
class NewsCard:
    """What changed about a measure, where the public site says more, and how it is to look."""

    news: News
    site_url: str
    layout: Layout = Layout.CARD

    @property
    def subject_id(self) -> int:
        """Which one it is."""
        return self.news.answer.id or 0


def news_card(card: NewsCard, _: Texts) -> Message:
    """Tell what is new about a measure: status, highlight, whose it is."""
    news = card.news
    said, title = change(news, _), cut(news.measure.title, MAX_TITLE)
    address = page(card.site_url, f"/massnahmen/{news.measure.slug}", _)
    text = _("News on the radar: {title}, {state}", title=escape(title), state=said)
    if card.layout is Layout.LINE:
        return Message(text, [words(link(title, address), plain(f": {said}"))])
    parts: list[Text | Link] = [
        link(title, address),
        plain("\n"),
        *_before(news, _),
        bold(summary(state_of(news.answer), _)),
    ]
    if news.answer.highlight:
        parts.append(plain(f"\n{news.answer.highlight}"))
    about = [_("Digitalisation radar")]
    if news.department:
        about.append(escape(news.department.short or news.department.name))
    if news.answer.decided_at:
        about.append(_("Confirmed on {day}", day=_.day(news.answer.decided_at)))
    about.append(f"<{address}|" + _("Look at the page") + ">")
    return Message(text, [words(*parts), context(" · ".join(about))])


def change(news: News, _: Texts) -> str:
    """Say in a line how far a measure is, and before, where its status is another."""
    now = summary(state_of(news.answer), _)
    return f"{status_names(_)[news.before]} → {now}" if _is_other(news) else now


def _before(news: News, _: Texts) -> list[Text]:
    return [struck(status_names(_)[news.before]), plain(" → ")] if _is_other(news) else []


def _is_other(news: News) -> bool:
    return news.before is not None and news.before != news.answer.status
