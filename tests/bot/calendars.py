from datetime import UTC, date, datetime
from pathlib import Path

from bot.sources import Calendar
from bot.sources.calendars import parse_calendar

FILES = Path(__file__).parent / "files"
TODAY = date(2026, 11, 22)


def read(body: bytes, *, today: date = TODAY) -> Calendar:
    return parse_calendar(body, today=today, timezone="Europe/Berlin")


def calendar(*events: str, head: str = "") -> bytes:
    """A calendar with these events, each the lines inside it; UID and title are there if not given."""
    blocks = []
    for number, event in enumerate(events):
        lines = event.strip()
        lines = lines if "UID:" in lines else f"UID:{number}\n{lines}"
        lines = lines if "SUMMARY:" in lines else f"SUMMARY:Termin {number}\n{lines}"
        blocks.append(f"BEGIN:VEVENT\n{lines}\nEND:VEVENT\n")
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{''.join(blocks)}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def titles(found: Calendar) -> list[str]:
    return [one.title for one in found.occurrences]


def starts(found: Calendar) -> list[datetime]:
    return [one.starts_at for one in found.occurrences]


def in_utc(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
