"""How events look in the chat."""

from dataclasses import dataclass

from bot.events import CalendarEvent
from bot.people import Department
from bot.subscriptions import Layout
from bot.texts import Texts
from bot.words import event_time, moment
from handlers.chat.blocks.kit import Message, bold, context, cut, escape, link, plain, struck, words

MAX_DESCRIPTION = 400


@dataclass(frozen=True)
class EventCard:
    """An event, whose it is, and how it is to look."""

    event: CalendarEvent
    department: Department | None = None
    layout: Layout = Layout.CARD


def event_card(card: EventCard, _: Texts) -> Message:
    """Announce an event, or say in the same place that it was moved or cancelled."""
    calendar_event = card.event
    title, url = calendar_event.title, calendar_event.url
    when = event_time(calendar_event, _)
    parts = [link(title, url) if url else bold(title), plain("\n")]
    if calendar_event.cancelled_at:
        parts += [struck(when), plain("\n"), bold(_("This event is cancelled."))]
        news = _("Cancelled: {title}, {when}", title=escape(title), when=when)
    elif calendar_event.moved_from_at:
        before = moment(calendar_event.moved_from_at, _, all_day=calendar_event.all_day)
        parts += [struck(before), plain(" → "), bold(when)]
        news = _("Moved: {title}, now {when}", title=escape(title), when=when)
    else:
        parts.append(bold(when))
        news = _("New event: {title}, {when}", title=escape(title), when=when)
    if calendar_event.place:
        parts.append(plain(f"\n{calendar_event.place}"))
    if calendar_event.description:
        parts.append(plain(f"\n{cut(calendar_event.description, MAX_DESCRIPTION)}"))
    return Message(news, [words(*parts), context(_("Event"))])
