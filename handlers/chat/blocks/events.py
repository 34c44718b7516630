"""How events look in the chat."""

from datetime import datetime

from bot.events import CalendarEvent
from bot.texts import Texts
from handlers.chat.blocks.kit import Message, bold, context, cut, escape, link, plain, struck, words

MAX_DESCRIPTION = 400


def event_card(calendar_event: CalendarEvent, _: Texts) -> Message:
    """Announce an event, or say in the same place that it was moved or cancelled."""
    title, url = calendar_event.title, calendar_event.url
    when = when_it_is(calendar_event, _)
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


def when_it_is(calendar_event: CalendarEvent, _: Texts) -> str:
    """Return when an event is, in words and the city's time."""
    if calendar_event.all_day:
        first, last = _.day(calendar_event.starts_on), _.day(calendar_event.ends_on)
        return first if first == last else _("{first} to {last}", first=first, last=last)
    starts = moment(calendar_event.starts_at, _, all_day=False)
    if calendar_event.ends_at is None or calendar_event.ends_at == calendar_event.starts_at:
        return starts
    if calendar_event.starts_on == calendar_event.ends_on:
        return _(
            "{day}, {start} to {end}",
            day=_.day(calendar_event.starts_at),
            start=_.time(calendar_event.starts_at),
            end=_.time(calendar_event.ends_at),
        )
    return _("{first} to {last}", first=starts, last=moment(calendar_event.ends_at, _, all_day=False))


def moment(when: datetime, _: Texts, *, all_day: bool) -> str:
    """Return a day, with its time of day unless it is about whole days."""
    if all_day:
        return _.day(when)
    return _("{day}, {time}", day=_.day(when), time=_.time(when))
