"""How events look in the chat."""

from dataclasses import dataclass

from bot.events import CalendarEvent
from bot.people import Department
from bot.subscriptions import Layout
from bot.texts import Texts
from bot.words import event_time, moment
from handlers.chat.blocks.kit import (
    Link,
    Message,
    Text,
    bold,
    escape,
    line,
    link,
    plain,
    small,
    struck,
    words,
)
from handlers.chat.blocks.posts import short_name, topics

MAX_DESCRIPTION = 400


@dataclass(frozen=True)
class EventCard:
    """An event, whose it is, and how it is to look."""

    event: CalendarEvent
    department: Department | None = None
    layout: Layout = Layout.CARD

    @property
    def subject_id(self) -> int:
        """Which one it is."""
        return self.event.id or 0


def event_card(card: EventCard, _: Texts) -> Message:
    """Announce an event, or say in the same place that it was moved or cancelled."""
    calendar_event = card.event
    url = calendar_event.url
    name = line(calendar_event.title) or _("Without a title")
    title = link(name, url) if url else bold(name)
    when, news = _when(calendar_event, name, _)
    whose = short_name(card.department)
    parts: list[Text | Link]
    if card.layout is Layout.LINE:
        parts = [title, plain(" · "), *when]
        if calendar_event.cancelled_at:
            parts += [plain(" – "), bold(_("cancelled"))]
        if whose:
            parts.append(plain(f" · {whose}"))
        return Message(news, [words(*parts)])
    parts = [title, plain("\n"), *when]
    if calendar_event.cancelled_at:
        parts += [plain("\n"), bold(_("This event is cancelled."))]
    for more, limit in (
        (calendar_event.place, MAX_DESCRIPTION),
        (calendar_event.description, MAX_DESCRIPTION),
    ):
        if said := line(more or "", limit):
            parts.append(plain(f"\n{said}"))
    names = (card.department.short, card.department.name) if card.department else ()
    about = [_("Event"), whose, *topics(calendar_event.tags, *names)]
    return Message(news, [words(*parts), small(" · ".join(one for one in about if one))])


def _when(calendar_event: CalendarEvent, name: str, _: Texts) -> tuple[list[Text], str]:
    """Return when it is, struck out where that does not hold any more, and the news in a sentence."""
    when, title = event_time(calendar_event, _), escape(name)
    if calendar_event.cancelled_at:
        return [struck(when)], _("Cancelled: {title}, {when}", title=title, when=when)
    if calendar_event.moved_from_at:
        before = moment(calendar_event.moved_from_at, _, all_day=calendar_event.all_day)
        return [struck(before), plain(" → "), bold(when)], _(
            "Moved: {title}, now {when}", title=title, when=when
        )
    return [bold(when)], _("New event: {title}, {when}", title=title, when=when)
