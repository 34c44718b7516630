"""Moments in messages, written the reader's way; docs.slack.dev/messaging/formatting-message-text."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta

from sandbox.page.texts import Texts

TOKEN = re.compile(r"\{(\w+)\}")
LENGTHS = {
    "date": "long",
    "date_short": "medium",
    "date_long": "full",
    "date_slash": "short",
    "date_long_full": "full",
}


def written(timestamp: int, form: str, texts: Texts, tz: str, now: datetime | None = None) -> str | None:
    """Return a form such as `{date_pretty} at {time}` with a moment filled in, None when it is no moment.

    Args:
        timestamp: seconds since 1970.
        form: tokens Slack does not know stay as they are.
        texts: the reader's.
        tz: the reader's.
        now: what "today" is reckoned from; the present when it is not given.
    """
    zone = ZoneInfo(tz)
    try:
        at = datetime.fromtimestamp(timestamp, zone)
    except (ValueError, OverflowError, OSError):
        return None
    here = (now or datetime.now(zone)).astimezone(zone)
    return TOKEN.sub(lambda match: _token(match[1], at, here, texts) or match[0], form)


def _token(name: str, at: datetime, now: datetime, texts: Texts) -> str | None:
    match name:
        case "date_num":
            return at.date().isoformat()
        case "time":
            return texts.time(at)
        case "time_secs":
            return format_time(at, "medium", locale=texts.locale)
        case "ago":
            return format_timedelta(at - now, add_direction=True, locale=texts.locale)
    near = _near(at.date(), now.date(), texts) if name.endswith("_pretty") else None
    length = LENGTHS.get(name.removesuffix("_pretty"))
    if near or length is None:
        return near
    return format_date(at, length, locale=texts.locale)


def _near(on: date, today: date, _: Texts) -> str | None:
    """Return "today" and its neighbours, None for other days."""
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    return near.get((on - today) // timedelta(days=1))
