"""Words that several pages use."""

from bot.texts import Texts
from storage.public import PublicEvent, Status


def status_words(_: Texts) -> dict[Status | None, str]:
    """Return the name of each status, from done to dropped; None is the status nobody told."""
    return {
        Status.COMPLETED: _("Completed"),
        Status.IN_PROGRESS: _("In progress"),
        Status.PLANNED: _("Planned"),
        None: _("Status unknown"),
        Status.DISCONTINUED: _("Discontinued"),
    }


def event_time(event: PublicEvent, _: Texts) -> str:
    """Say when an event is, in days or with times of day."""
    if event.all_day:
        first, last = _.day(event.starts_on), _.day(event.ends_on)
        return first if first == last else _("{first} to {last}", first=first, last=last)
    day, time = _.day(event.starts_at), _.time(event.starts_at)
    if event.ends_at is None or event.ends_at == event.starts_at:
        return _("{day}, {time}", day=day, time=time)
    last_day, end = _.day(event.ends_at), _.time(event.ends_at)
    if last_day == day:
        return _("{day}, {start} to {end}", day=day, start=time, end=end)
    return _(
        "{first} to {last}",
        first=_("{day}, {time}", day=day, time=time),
        last=_("{day}, {time}", day=last_day, time=end),
    )


def moved_from(event: PublicEvent, _: Texts) -> str | None:
    """Say when a moved event was to be before."""
    if event.moved_from_at is None:
        return None
    if event.all_day:
        return _.day(event.moved_from_at)
    return _("{day}, {time}", day=_.day(event.moved_from_at), time=_.time(event.moved_from_at))
