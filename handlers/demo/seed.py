"""Fills the demo's store: Munich's real measures, departments, posts and events, and made-up owners."""

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session

from bot import curation, events, measures, people, posts, radar, subscriptions
from bot.curation import SourceKind
from bot.people import Department
from bot.radar import State, Status
from bot.settings import Settings
from bot.subscriptions import EVENTS, POSTS
from bot.workdays import Workdays
from handlers.demo.workspace import ACCOUNTS, NEWS

DATA: Final = Path(__file__).parent / "data"
DEMO: Final = "demo"
MUNICH: Final = "munich"
FEED_NAME: Final = "Demo-Portal: Beiträge"
CALENDAR_NAME: Final = "Demo-Portal: Termine"
COMMENTS_NAME: Final = "Demo-Portal: Kommentare"
POLL_S: Final = 2

STATUSES: Final = {
    "Geplant": Status.PLANNED,
    "In Umsetzung": Status.IN_PROGRESS,
    "Abgeschlossen": Status.COMPLETED,
    "Eingestellt": Status.DISCONTINUED,
}
# The data keeps the published progress in the description.
PROGRESS: Final = re.compile(r"Fortschritt auf der erfassten Seite: (\d+) %\.")
# Whose measures each demo owner answers for: by title, or all of a department.
OWNED_TITLES: Final = {"E-Akte": "U0EAKTE", "OZG-Umsetzung": "U0EAKTE"}
OWNED_DEPARTMENTS: Final = {
    "RIT": "U0DIGIRIT",
    "KULT": "U0DIGIKULT",
    "MOR": "U0DIGIMOR",
    "KVR": "U0DIGIKVR",
    "RBS": "U0DIGIRBS",
    "RAW": "U0DIGIRAW",
}
MAX_OWNED: Final = 5
# Made-up states for measures of demo owners whose real status no source names, so that the radar moves.
DEMO_STATES: Final = (
    State(Status.IN_PROGRESS, 40, "Der erste Pilot läuft.", "Im Frühjahr folgt der zweite.", ""),
    State(Status.PLANNED, 5, "", "Die Ausschreibung ist in Vorbereitung.", ""),
    State(Status.IN_PROGRESS, 75, "Drei von vier Bausteinen sind in Betrieb.", "Der letzte folgt bald.", ""),
    State(Status.COMPLETED, 100, "Alles ist in Betrieb.", "", "Fertig und täglich genutzt."),
)
DEMO_EVENTS: Final = (
    ("Digital-Sprechstunde für Kolleg*innen", 5, "Rathaus, Raum 100"),
    ("Marktplatz der digitalen Möglichkeiten", 19, "Altes Rathaus"),
    ("BarCamp der Stadtverwaltung", 40, "Munich Urban Colab"),
)


def fill(session: Session, settings: Settings, now: datetime) -> None:
    """Fill an empty store; on a filled one change nothing."""
    if radar.counted(session):
        return
    departments = _departments(session)
    _people(session, departments, now=now)
    _fields(session)
    _measures(session, departments, now=now)
    _posts(session, settings, now=now)
    _events(session, settings, now=now)
    for kinds in (POSTS, EVENTS):
        subscriptions.subscribe(session, kinds, NEWS, now=now, origin=DEMO)


def connect(session: Session, *, feed_url: str, calendar_url: str, comments_url: str, now: datetime) -> None:
    """Point the sources of the demo to where its portal listens today.

    The portal begins empty and belongs to the demo, so that nothing in it is backlog.
    """
    for kind, name, url in (
        (SourceKind.FEED, FEED_NAME, feed_url),
        (SourceKind.CALENDAR, CALENDAR_NAME, calendar_url),
        (SourceKind.COMMENTS, COMMENTS_NAME, comments_url),
    ):
        for known in curation.named(session, name):
            curation.move(session, known, url)
            known.etag = known.last_modified = None
            session.flush()
        source = curation.add(session, kind=kind, name=name, url=url, now=now, origin=DEMO)
        # More often than anybody could choose: whoever tries it does not want to wait.
        source.every_s = source.interval_s = POLL_S
        source.succeeded_at = source.succeeded_at or now
        curation.poll_now(session, source, now=now)


def rows(name: str) -> Iterator[dict[str, str]]:
    """Return the rows of one of the demo's data files."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _departments(session: Session) -> dict[str, Department]:
    found = {}
    for row in rows("departments.csv"):
        short = row["short"] or None
        department = people.import_department(
            session, name=row["name"], short=short, kind=row["kind"], source=row["source"]
        )
        if short:
            found[short] = department
    return found


def _people(session: Session, departments: dict[str, Department], *, now: datetime) -> None:
    for account in ACCOUNTS:
        member = account.member
        person = people.greet(
            session, chat_id=member.id, name=member.real_name, locale=member.locale, now=now, source=DEMO
        )
        person.department_id = departments[account.department].id if account.department else None
        for role in account.roles:
            people.set_role(session, person, role)


def _fields(session: Session) -> None:
    for row in rows("fields_of_action.csv"):
        measures.import_field(
            session,
            name=row["name"],
            edition=int(row["edition"]),
            core_area=row["core_area"] or None,
            description=row["description"],
            source=row["source"],
        )


def _measures(session: Session, departments: dict[str, Department], *, now: datetime) -> None:
    owned: dict[str, int] = {}
    for row in rows("measures.csv"):
        department = departments.get(row["department"])
        progress = PROGRESS.search(row["description"])
        measure, is_new = measures.import_measure(
            session,
            title=row["title"],
            description=PROGRESS.sub("", row["description"]).strip(),
            goal=row["goal"],
            field_name=row["field_of_action"] or None,
            edition=2019 if row["core_area"] else 2022,
            status=STATUSES.get(row["status"]),
            progress_percent=int(progress[1]) if progress else None,
            department_id=department.id if department else None,
            starts_in=int(row["start"]) if row["start"] else None,
            ends_in=int(row["end"]) if row["end"] else None,
            url=row["url"] or None,
            source=row["source"],
            origin=MUNICH,
            now=now,
        )
        owner_id = OWNED_TITLES.get(row["title"]) or OWNED_DEPARTMENTS.get(row["department"])
        if not is_new or owner_id is None or owned.get(owner_id, 0) >= MAX_OWNED:
            continue
        owner = people.by_chat_id(session, owner_id)
        assert owner is not None
        measures.set_owner(session, measure, owner, origin=DEMO)
        if measure.status is None:
            state = DEMO_STATES[sum(owned.values()) % len(DEMO_STATES)]
            measures.import_state(session, measure, state, at=now - timedelta(days=90), origin=DEMO)
        owned[owner_id] = owned.get(owner_id, 0) + 1


def _posts(session: Session, settings: Settings, *, now: datetime) -> None:
    for row in rows("posts.csv"):
        day = date.fromisoformat(row["date"]) if row["date"] else None
        posts.import_post(
            session,
            title=row["title"],
            url=row["url"] or None,
            published_at=datetime.combine(day, time(12), tzinfo=settings.zone) if day else None,
            tags=row["tags"].split(),
            origin=MUNICH,
            now=now,
        )


def _events(session: Session, settings: Settings, *, now: datetime) -> None:
    for row in rows("events.csv"):
        if not row["start"]:
            continue
        starts = datetime.fromisoformat(row["start"])
        ends = datetime.fromisoformat(row["end"]) if row["end"] else None
        events.import_event(
            session,
            title=row["title"],
            starts_on=starts.date(),
            ends_on=ends.date() if ends else None,
            starts=starts.time() if "T" in row["start"] else None,
            ends=ends.time() if ends and "T" in row["end"] else None,
            place=row["place"] or None,
            organiser=row["organiser"] or None,
            url=row["url"] or None,
            origin=MUNICH,
            zone=settings.zone,
            now=now,
        )
    workdays = Workdays(settings.holidays, settings.zone)
    for title, days, place in DEMO_EVENTS:
        events.import_event(
            session,
            title=title,
            starts_on=workdays.from_day(workdays.today(now) + timedelta(days=days)),
            ends_on=None,
            starts=time(14),
            ends=time(16),
            place=place,
            organiser="IT-Referat",
            url=None,
            origin=DEMO,
            zone=settings.zone,
            now=now,
        )
