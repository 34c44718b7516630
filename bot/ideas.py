"""What someone writes into the form of a pitch, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from bot import events, people, radar, terms
from bot.events import CalendarEvent
from bot.matching import word
from bot.people import Department, Person
from bot.radar import Measure
from bot.subscriptions import Facet
from storage.pitches import Pitch, PitchKind

__all__ = [
    "MAX_GUEST",
    "MAX_SERIES",
    "MAX_STORY",
    "MAX_TITLE",
    "MAX_TOPICS",
    "Contact",
    "Idea",
    "IdeaError",
    "Subject",
    "check",
    "departments",
    "fill",
    "idea_of",
    "series_like",
    "subject_of",
    "subjects",
    "tidied",
    "topics",
]

MAX_TITLE: Final = 150
MAX_STORY: Final = 3000
MAX_SERIES: Final = 100
MAX_GUEST: Final = 150
MAX_TOPICS: Final = 300
# So many coming events are searched: more than any city announces.
MOST_EVENTS: Final = 500

Subject = Measure | CalendarEvent


class IdeaError(Exception):
    """Something is wrong with an idea; `fields` says of each field what: blank, long, gone, or past."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{name} {reason}" for name, reason in fields.items()))
        self.fields = fields


@dataclass(frozen=True)
class Contact:
    """Someone who can tell a story, as the chat knows them; `is_there`: a person with an open account."""

    chat_id: str
    name: str
    locale: str | None = None
    timezone: str | None = None
    is_there: bool = True


@dataclass(frozen=True)
class Idea:
    """What stands in the form; a title is enough. The fields mean what those of a pitch mean."""

    title: str = ""
    story: str = ""
    permalink: str | None = None
    department_id: int | None = None
    contact: Contact | None = None
    kind: PitchKind = PitchKind.STORY
    series: str = ""
    guest: str = ""
    topics: str = ""
    timely_on: date | None = None
    has_picture: bool = False
    measure_id: int | None = None
    event_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it that anyone would miss."""
        said = (self.title, self.story, self.series, self.guest, self.topics)
        chosen = (self.contact, self.timely_on, self.has_picture, self.measure_id, self.event_id)
        return not any(words.strip() for words in said) and not any(chosen)


def check(session: Session, idea: Idea, *, today: date) -> Idea:
    """Return an idea as it is kept: a title on one line, a series with its mark.

    Raises:
        IdeaError: at least one field is not as it has to be.
    """
    idea = tidied(idea)
    department = people.department(session, idea.department_id)
    wrong = {
        ("title", "blank"): not _can_be_read(idea.title),
        ("title", "long"): len(idea.title) > MAX_TITLE,
        ("story", "long"): len(idea.story) > MAX_STORY,
        ("department", "gone"): bool(idea.department_id)
        and not (department and _is_there(department, today)),
        ("contact", "gone"): idea.contact is not None and not idea.contact.is_there,
        ("series", "long"): len(idea.series) > MAX_SERIES,
        ("guest", "long"): len(idea.guest) > MAX_GUEST,
        ("topics", "long"): len(idea.topics) > MAX_TOPICS,
        ("timely", "past"): idea.timely_on is not None and idea.timely_on < today,
        ("subject", "gone"): bool(idea.measure_id or idea.event_id) and subject_of(session, idea) is None,
    }
    if fields := {name: reason for (name, reason), is_so in wrong.items() if is_so}:
        raise IdeaError(fields)
    return idea


def fill(session: Session, pitch: Pitch, idea: Idea, *, now: datetime) -> None:
    """Write an idea into a pitch; what it names and is not there is left out."""
    idea = tidied(idea)
    contact = idea.contact if idea.contact and idea.contact.is_there else None
    pitch.title, pitch.story, pitch.permalink = idea.title, idea.story, idea.permalink
    pitch.department_id = idea.department_id if people.department(session, idea.department_id) else None
    pitch.contact_id = _greeted(session, contact, now=now).id if contact else None
    pitch.kind, pitch.series, pitch.guest, pitch.topics = idea.kind, idea.series, idea.guest, idea.topics
    pitch.timely_on, pitch.has_picture = idea.timely_on, idea.has_picture
    subject = subject_of(session, idea)
    pitch.measure_id = subject.id if isinstance(subject, Measure) else None
    pitch.event_id = subject.id if isinstance(subject, CalendarEvent) else None


def idea_of(session: Session, pitch: Pitch) -> Idea:
    """Return what is written in a pitch, as the form shows it."""
    contact = session.get(Person, pitch.contact_id) if pitch.contact_id else None
    return Idea(
        title=pitch.title,
        story=pitch.story,
        permalink=pitch.permalink,
        department_id=pitch.department_id,
        contact=Contact(contact.chat_id, contact.name) if contact and not contact.inactive_at else None,
        kind=pitch.kind,
        series=pitch.series,
        guest=pitch.guest,
        topics=pitch.topics,
        timely_on=pitch.timely_on,
        has_picture=pitch.has_picture,
        measure_id=pitch.measure_id,
        event_id=pitch.event_id,
    )


def departments(session: Session, *, today: date) -> list[Department]:
    """Return the departments that there are on a day, by name."""
    return [one for one in people.departments(session) if _is_there(one, today)]


def subject_of(session: Session, idea: Idea) -> Subject | None:
    """Return the measure or the event that an idea is about."""
    if idea.measure_id:
        return session.get(Measure, idea.measure_id)
    return session.get(CalendarEvent, idea.event_id) if idea.event_id else None


def subjects(session: Session, words: str, *, today: date, limit: int) -> list[Subject]:
    """Return measures and coming events whose title holds what someone typed, at most `limit` of each."""
    asked = words.casefold().split()
    coming = [
        one
        for one in events.coming(session, today=today, limit=MOST_EVENTS)
        if all(each in one.title.casefold() for each in asked)
    ]
    return [*radar.titled(session, words, limit=limit), *coming[:limit]]


def series_like(session: Session, words: str, *, now: datetime, limit: int) -> list[str]:
    """Return the series that posts belong to and whose name holds what someone typed, and that itself."""
    named = [one.label for one in terms.known(session, now=now) if one.term.facet is Facet.SERIES]
    found = [name for name in named if word(words) in word(name)][: limit - 1]
    typed = _series(words)
    is_new = typed and word(typed) not in {word(name) for name in found}
    return [*found, typed] if is_new else found


def topics(said: str) -> str:
    """Return topics, typed with commas or marks between them, as posts have them: “Open-Data KI”."""
    parts = re.split(r"[,;\n]|\s+(?=#)", said)
    return " ".join("-".join(part.strip().lstrip("#").split()) for part in parts if part.strip(" #\t"))


def tidied(idea: Idea) -> Idea:
    """Return an idea as it is kept, whatever else is wrong with it."""
    return replace(
        idea,
        title=" ".join(idea.title.split()),
        story=idea.story.strip(),
        series=_series(idea.series),
        guest=" ".join(idea.guest.split()),
        topics=" ".join(idea.topics.split()),
    )


def _series(said: str) -> str:
    name = "".join(said.split()).lstrip("#")
    return f"#{name}" if name else ""


def _can_be_read(words: str) -> bool:
    """Say whether anything of these words can be seen: marks that only steer the others can't."""
    return any(letter.isprintable() and not letter.isspace() for letter in words)


def _is_there(department: Department, today: date) -> bool:
    begins, ends = department.valid_from, department.valid_to
    return (begins is None or begins <= today) and (ends is None or ends >= today)


def _greeted(session: Session, contact: Contact, *, now: datetime) -> Person:
    known = people.by_chat_id(session, contact.chat_id)
    if known and not known.inactive_at:
        return known
    return people.greet(
        session,
        chat_id=contact.chat_id,
        name=contact.name,
        locale=contact.locale,
        timezone=contact.timezone,
        now=now,
    )
