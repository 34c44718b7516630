"""The city's words for states and times, the same in the chat and on the public site."""

from datetime import date, datetime
from typing import Protocol

from bot.texts import DEFAULT, Texts
from storage.radar import Status

__all__ = ["Dated", "event_time", "moment", "page", "status_names"]


class Dated(Protocol):
    """Something with a beginning and perhaps an end, in days or moments."""

    @property
    def all_day(self) -> bool:
        """Whether days count and not moments."""

    @property
    def starts_at(self) -> datetime:
        """First moment."""

    @property
    def ends_at(self) -> datetime | None:
        """Last moment, if it is known."""

    @property
    def starts_on(self) -> date:
        """First day."""

    @property
    def ends_on(self) -> date:
        """Last day."""


def status_names(_: Texts) -> dict[Status | None, str]:
    """Return the name of each status, from done to dropped; None is the status nobody told."""
    return {
        Status.COMPLETED: _("Completed"),
        Status.IN_PROGRESS: _("In progress"),
        Status.PLANNED: _("Planned"),
        None: _("Status unknown"),
        Status.DISCONTINUED: _("Discontinued"),
    }


def event_time(event: Dated, _: Texts) -> str:
    """Say when an event is, in days or with times of day."""
    if event.all_day:
        first, last = _.day(event.starts_on), _.day(event.ends_on)
        return first if first == last else _("{first} to {last}", first=first, last=last)
    if event.ends_at is None or event.ends_at == event.starts_at:
        return moment(event.starts_at, _)
    day, last_day = _.day(event.starts_at), _.day(event.ends_at)
    if last_day == day:
        start, end = _.time(event.starts_at), _.time(event.ends_at)
        return _("{day}, {start} to {end}", day=day, start=start, end=end)
    return _("{first} to {last}", first=moment(event.starts_at, _), last=moment(event.ends_at, _))


def moment(when: datetime, _: Texts, *, all_day: bool = False) -> str:
    """Say a day, with its time of day unless it is about whole days."""
    return _.day(when) if all_day else _("{day}, {time}", day=_.day(when), time=_.time(when))


def page(site_url: str, path: str, _: Texts) -> str:
    """Return the address of a page of the public site, in the reader's language; `path` begins with `/`."""
    return f"{site_url}{'' if _.language == DEFAULT else '/' + _.language}{path}"
