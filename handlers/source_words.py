"""What is said of sources on the command line and in the chat: kinds, states, times and what is wrong."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from bot.curation import SourceKind, SourceState, State
from bot.people import Department
from bot.subscriptions import NewsKind
from bot.texts import Texts
from bot.words import moment

MINUTE, HOUR, DAY = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
ROUNDED_FROM: Final = timedelta(hours=2)
REFUSED: Final = frozenset({str(HTTPStatus.UNAUTHORIZED.value), str(HTTPStatus.FORBIDDEN.value)})
NOT_THERE: Final = str(HTTPStatus.NOT_FOUND.value)
GONE: Final = str(HTTPStatus.GONE.value)
TOO_OFTEN: Final = str(HTTPStatus.TOO_MANY_REQUESTS.value)


def source_trouble(reason: str | None, detail: str | None, _: Texts) -> str:
    """Say why a source can't be read and, where there is something, what to do about it.

    Args:
        reason: a word of `bot.sources.Reason`, as it is kept with the source.
        detail: a word more, such as a status of HTTP.
        _: the reader's language.
    """
    say = TROUBLES.get(reason or "", _unknown)
    return say(detail or "", _)


def state_trouble(state: SourceState, _: Texts) -> str | None:
    """Say why a source can't be read, or None when it can."""
    if state.state is State.GONE:
        return _gone("", _)
    return source_trouble(state.error_reason, state.error_detail, _) if state.error_reason else None


def kind_name(kind: SourceKind, _: Texts) -> str:
    """Return what a kind of source is called."""
    return {
        SourceKind.FEED: _("Feed of posts"),
        SourceKind.CALENDAR: _("Calendar"),
        SourceKind.COMMENTS: _("Feed of comments"),
        SourceKind.SITEMAP: _("Sitemap"),
        SourceKind.EVENT_PAGE: _("Page with events"),
        SourceKind.CKAN: _("Data catalogue (CKAN)"),
    }[kind]


def brings_name(brings: NewsKind | None, _: Texts) -> str:
    """Return what the entries of a source are, if someone said so."""
    names = {NewsKind.POST: _("Posts"), NewsKind.VIDEO: _("Videos"), NewsKind.JOB: _("Jobs")}
    return names[brings] if brings else ""


def department_name(department: Department | None) -> str:
    """Return what a department is called, in short if it can be."""
    return (department.short or department.name) if department else ""


def state_name(state: State, _: Texts) -> str:
    """Return how a source is, in a word or two."""
    return {
        State.OK: _("is read"),
        State.NEW: _("new"),
        State.FAILING: _("failing"),
        State.PAUSED: _("paused"),
        State.GONE: _("gone for good"),
    }[state]


def ago(when: datetime, now: datetime, _: Texts) -> str:
    """Say how long ago something was; a day and more is said as a date."""
    span = now - when
    if span < MINUTE:
        return _("just now")
    if span < HOUR:
        return _.plural("{n} minute ago", "{n} minutes ago", span // MINUTE)
    if span < DAY:
        return _.plural("{n} hour ago", "{n} hours ago", span // HOUR)
    return moment(when, _)


def until(when: datetime, now: datetime, _: Texts) -> str:
    """Say how soon something will be; a day and more is said as a date."""
    span = when - now
    if span < MINUTE:
        return _("in a moment")
    if span < HOUR:
        return _.plural("in {n} minute", "in {n} minutes", span // MINUTE)
    if span < DAY:
        return _.plural("in {n} hour", "in {n} hours", span // HOUR)
    return moment(when, _)


def every(interval: timedelta, _: Texts) -> str:
    """Say how often a source is read."""
    if interval < MINUTE:
        return _.plural("every second", "every {n} seconds", interval // timedelta(seconds=1))
    if interval >= DAY and not interval % DAY:
        return _.plural("every day", "every {n} days", interval // DAY)
    # Nobody wants to read that it is 178 minutes.
    if interval >= HOUR and (not interval % HOUR or interval > ROUNDED_FROM):
        return _.plural("every hour", "every {n} hours", round(interval / HOUR))
    return _.plural("every minute", "every {n} minutes", interval // MINUTE)


def items_line(items: Mapping[str, int], _: Texts) -> str:
    """Say how much a source has brought."""
    parts = [
        _.plural("{n} post", "{n} posts", items["posts"]) if items["posts"] else "",
        _.plural("{n} event", "{n} events", items["events"]) if items["events"] else "",
        _.plural("{n} comment", "{n} comments", items["comments"]) if items["comments"] else "",
    ]
    return ", ".join(filter(None, parts)) or _("nothing new")


def removed(_: Texts) -> str:
    """Say that a source is not there any more."""
    return _("This source has been removed already.")


def bad_address(_: Texts) -> str:
    """Say what an address has to be."""
    return _("Please give an address that begins with http:// or https:// and has no password in it.")


def bad_title(limit: int, _: Texts) -> str:
    """Say what a source's name has to be."""
    return _("Please give the source a name of at most {limit} characters.", limit=limit)


def nothing_found(_: Texts) -> str:
    """Say that an address offers nothing that could be read."""
    return _(
        "I found no feed, no calendar and nothing else that I can read there. "
        "Try the address of the news or events page, or of the feed itself."
    )


def _unreachable(detail: str, _: Texts) -> str:
    said = {
        "dns": _("There is no server of this name. Please check the address."),
        "certificate": _(
            "The server's certificate is not valid, so the connection is not safe. "
            "Please tell whoever runs the website."
        ),
        "connection": _(
            "The server does not take connections. It may be switched off or out of reach just now."
        ),
        "incomplete": _("The connection broke off before everything was there. That often passes by itself."),
        "broken_answer": _("The server's answer can't be understood. Please check the address."),
    }
    return said.get(detail) or _("The server can't be reached. That often passes by itself.")


def _http_status(detail: str, _: Texts) -> str:
    if detail == NOT_THERE:
        return _("There is nothing at this address (404). Please look whether it has moved.")
    if detail == GONE:
        return _("The server says that this address is gone for good (410). Please look for another one.")
    if detail in REFUSED:
        return _(
            "The server does not let me in ({status}). "
            "Please ask whoever runs the website to open this address.",
            status=detail,
        )
    if detail == TOO_OFTEN:
        return _(
            "The server says that I ask too often (429). If it stays like this, choose a longer interval."
        )
    if detail.startswith("5"):
        return _(
            "The server has a problem of its own ({status}). That often passes by itself.", status=detail
        )
    return _("The server answers with an error ({status}). Please check the address.", status=detail or "–")


def _gone(_detail: str, _: Texts) -> str:
    return _(
        "The server says that this address is gone for good (410). I have stopped reading it: "
        "remove the source, or let it be read again if that was a mistake."
    )


def _not_a_calendar(detail: str, _: Texts) -> str:
    if detail == "truncated":
        return _(
            "The calendar breaks off in the middle. If it stays like this, tell whoever runs the website."
        )
    return _("What is at this address is no calendar (iCalendar). Please check the address.")


def _unknown(_detail: str, _: Texts) -> str:
    return _("This can't be read just now. That often passes by itself.")


TROUBLES: Final[Mapping[str, Callable[[str, Texts], str]]] = {
    "unreachable": _unreachable,
    "timeout": lambda _detail, _: _("The server takes too long to answer. That often passes by itself."),
    "too_large": lambda _detail, _: _(
        "The document is larger than 5 MB. Please look for an address with fewer entries."
    ),
    "too_many_redirects": lambda _detail, _: _(
        "The address leads on and on, or round in a circle. Please enter where it leads to in the end."
    ),
    "http_status": _http_status,
    "forbidden_address": lambda _detail, _: _(
        "The address leads into the city's own network. If it is to be read nevertheless, "
        "STADTFUNK_FETCH_ALLOW has to allow that network."
    ),
    "not_http": lambda _detail, _: _(
        "The address leads to something other than http or https. Please check it."
    ),
    "not_a_feed": lambda _detail, _: _(
        "What is at this address is no feed (RSS, Atom or JSON Feed). Please check the address."
    ),
    "not_a_calendar": _not_a_calendar,
    "not_a_sitemap": lambda _detail, _: _("What is at this address is no sitemap. Please check the address."),
    "not_a_page": lambda _detail, _: _("What is at this address is no web page. Please check the address."),
    "not_a_catalogue": lambda _detail, _: _(
        "What is at this address is no data catalogue (CKAN). Please check the address."
    ),
    "not_opml": lambda _detail, _: _("This is no list of feeds (OPML)."),
    "too_slow_to_parse": lambda _detail, _: _(
        "Reading the document takes too long. Please look for an address with fewer entries."
    ),
    "unreadable": lambda _detail, _: _("The document can't be read. Please tell whoever runs the website."),
    "gone": _gone,
}
