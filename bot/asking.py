"""Departments are asked what is new with them: now and then, when something happened, and never too often."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from bot import announcing, delivery, drafts, occasions, people
from bot.occasions import Subject
from bot.people import Department, Person, Role
from bot.workdays import Workdays
from storage import asking as stored
from storage.asking import AskAnswer, DepartmentAsk, Occasion
from storage.pitches import Pitch

__all__ = [
    "KIND",
    "AskAnswer",
    "AskCard",
    "Contact",
    "DepartmentAsk",
    "Later",
    "Occasion",
    "ask_due",
    "begin",
    "card",
    "is_due",
    "is_free",
    "is_question",
    "later",
    "nothing",
    "question",
    "replied",
    "rhythm",
]

KIND: Final = "department_ask"
# Whatever happens, a department is left in peace for so long after it was asked or pitched.
LEAST_APART: Final = timedelta(weeks=4)
# Who leads several departments, or leads another one now, hears one question a week.
PERSON_APART: Final = timedelta(days=7)
# Of whom nothing was heard for long is asked a little sooner: after so much of the rhythm.
SILENT: Final = 0.75
# Who did not answer so often in a row is asked half as often.
PATIENCE: Final = 3
# The city's questions are spread over days, so that the newsroom can follow up on what comes of them.
MOST_A_DAY: Final = 3
ASKED_AGAIN_AT: Final = time(9)
# So many wishes are looked at, at a time: more than any city has departments.
MOST_WISHES: Final = 500
# Who was never asked is asked first.
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
# An idea that is sent so long after the question came of it.
CAME_OF_IT: Final = timedelta(days=28)


class Later(StrEnum):
    """When someone wishes to be asked once more."""

    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"
    IN_TWO_WEEKS = "in_two_weeks"


_LATER: Final = {
    Later.TOMORROW: timedelta(days=1),
    Later.NEXT_WEEK: timedelta(weeks=1),
    Later.IN_TWO_WEEKS: timedelta(weeks=2),
}


@dataclass(frozen=True)
class Contact:
    """What there has been between a department and the newsroom.

    Attributes:
        known_since: when its lead became known.
        pitched_at: its last pitch.
        asked_at: when it was last asked.
        unanswered: how often it did not answer, the last times in a row.
    """

    known_since: datetime
    pitched_at: datetime | None = None
    asked_at: datetime | None = None
    unanswered: int = 0

    @property
    def last_at(self) -> datetime:
        """When there was the last one."""
        return max(filter(None, (self.known_since, self.pitched_at, self.asked_at)))


@dataclass(frozen=True)
class AskCard:
    """A question to a department, what it is about, and the idea that came of it."""

    ask: DepartmentAsk
    department: Department
    subject: Subject | None = None
    pitch: Pitch | None = None


def rhythm(contact: Contact, *, weeks: int, silent_weeks: int, now: datetime) -> timedelta:
    """Return how long after the last contact a department is asked.

    A little more often when it has pitched nothing for `silent_weeks`, half as often when it does not answer.
    """
    every = timedelta(weeks=weeks)
    if now - (contact.pitched_at or contact.known_since) >= timedelta(weeks=silent_weeks):
        every *= SILENT
    every = max(every, LEAST_APART)
    return every * 2 if contact.unanswered >= PATIENCE else every


def is_due(contact: Contact, *, weeks: int, silent_weeks: int, now: datetime) -> bool:
    """Say whether a department is to be asked now, as the rhythm of `weeks` goes; 0 is never."""
    return weeks > 0 and now - contact.last_at >= rhythm(
        contact, weeks=weeks, silent_weeks=silent_weeks, now=now
    )


def is_free(contact: Contact, *, now: datetime) -> bool:
    """Say whether a department may be asked at all: whoever was asked or pitched has four weeks of peace."""
    return now - contact.last_at >= LEAST_APART


def ask_due(session: Session, *, weeks: int, silent_weeks: int, workdays: Workdays, now: datetime) -> None:
    """Ask the departments whose turn it is: first who wished so, then who has something to tell, then others.

    Args:
        session: the transaction.
        weeks: the rhythm; 0 asks nobody.
        silent_weeks: after so many without a pitch a department counts as silent.
        workdays: of the city: nobody is asked outside office hours.
        now: this moment.
    """
    if not weeks or not announcing.is_office_time(workdays, now):
        return
    _note_pitches(session, now=now)
    today = workdays.today(now)
    left = MOST_A_DAY - stored.asked_since(session, workdays.at(today, time.min))
    left -= _ask_again(session, most=left, workdays=workdays, now=now)
    if left <= 0:
        return
    free = {
        one.department.id or 0: one
        for one in _turns(session, workdays=workdays, now=now)
        if is_free(one.contact, now=now)
    }
    if not free:
        return
    for occasion, subject_id, department_id in occasions.found(session, free.keys(), today=today, now=now):
        if turn := free.pop(department_id, None):
            _ask(session, turn, occasion, subject_id, now=now)
            left -= 1
        if not (left and free):
            break
    due = [
        one for one in free.values() if is_due(one.contact, weeks=weeks, silent_weeks=silent_weeks, now=now)
    ]
    for turn in sorted(due, key=lambda one: (one.contact.last_at, one.department.id))[:left]:
        _ask(session, turn, Occasion.RHYTHM, None, now=now)


def card(session: Session, ask_id: int) -> AskCard | None:
    """Return a question with all that its message shows."""
    ask = session.get(DepartmentAsk, ask_id)
    department = people.department(session, ask.department_id) if ask else None
    if ask is None or department is None:
        return None
    pitch = session.get(Pitch, ask.pitch_id) if ask.pitch_id else None
    return AskCard(ask, department, occasions.subject(session, ask.occasion, ask.subject_id), pitch)


def question(session: Session, ask_id: int, *, is_told: bool) -> AskCard | None:
    """Return what a department is asked; whoever answered before is not asked any more."""
    found = card(session, ask_id)
    return found if found and (is_told or found.ask.answer is None) else None


def begin(session: Session, ask_id: int, *, by: Person, now: datetime) -> AskCard:
    """Note that someone has an idea, and return what the form begins with.

    Raises:
        NotAllowedError: someone else was asked.
    """
    ask = _answered(session, ask_id, AskAnswer.IDEA, by=by, now=now)
    found = card(session, ask.id or 0)
    assert found is not None
    return found


def nothing(session: Session, ask_id: int, *, by: Person, now: datetime) -> None:
    """Note that there is nothing to tell this time.

    Raises:
        NotAllowedError: someone else was asked.
    """
    _answered(session, ask_id, AskAnswer.NOTHING, by=by, now=now)


def later(
    session: Session, ask_id: int, when: Later, *, by: Person, workdays: Workdays, now: datetime
) -> None:
    """Note when someone wishes to be asked once more: on a working day, in the morning.

    Raises:
        NotAllowedError: someone else was asked.
    """
    ask = _answered(session, ask_id, AskAnswer.LATER, by=by, now=now)
    ask.again_at = workdays.at(workdays.from_day(workdays.today(now) + _LATER[when]), ASKED_AGAIN_AT)


def is_question(session: Session, channel_id: str, ts: str) -> bool:
    """Say whether the message that stands there is a question to a department."""
    row = delivery.at(session, channel_id, ts)
    return row is not None and row.kind == KIND


def replied(
    session: Session, *, channel_id: str, ts: str, words: str, by: Person, now: datetime
) -> DepartmentAsk | None:
    """Take words below a question for an idea: keep them as a draft and offer the form for it.

    Returns:
        the question; None when that message is none of theirs, and the words are about something else.
    """
    row = delivery.at(session, channel_id, ts)
    if row is None or row.kind != KIND or row.person_id != by.id:
        return None
    ask = _answered(session, row.subject_id, AskAnswer.IDEA, by=by, now=now)
    drafts.offer(session, words, pitcher=by, now=now)
    return ask


@dataclass(frozen=True)
class _Turn:
    """A department that could be asked, and whom."""

    department: Department
    lead: Person
    contact: Contact


def _turns(session: Session, *, workdays: Workdays, now: datetime) -> Iterator[_Turn]:
    """Yield the departments somebody of which can be asked at this moment."""
    asks: defaultdict[int | None, list[DepartmentAsk]] = defaultdict(list)
    leads: defaultdict[int | None, list[Person]] = defaultdict(list)
    asked_at: dict[int, datetime] = {}
    for ask in stored.newest(session, each=PATIENCE):
        asks[ask.department_id].append(ask)
        asked_at.setdefault(ask.person_id, ask.asked_at)
    for lead in stored.leads(session):
        leads[lead.department_id].append(lead)
    for department, pitched_at in stored.led(session, today=workdays.today(now)):
        of_it, theirs = leads[department.id], asks[department.id]
        if whom := _whom(of_it, asked_at, workdays=workdays, now=now):
            contact = Contact(
                known_since=min(one.created_at for one in of_it),
                pitched_at=pitched_at,
                asked_at=theirs[0].asked_at if theirs else None,
                unanswered=_unanswered(theirs),
            )
            yield _Turn(department, whom, contact)


def _whom(
    leads: Sequence[Person], asked_at: Mapping[int, datetime], *, workdays: Workdays, now: datetime
) -> Person | None:
    """Return who of several leads is asked: they take turns, and each has a week of peace.

    Args:
        leads: of one department.
        asked_at: when each was last asked, for whichever department.
        workdays: of the city.
        now: this moment.
    """
    free = [
        one
        for one in leads
        if now - asked_at.get(one.id or 0, LONG_AGO) >= PERSON_APART
        and announcing.is_office_time(_of_person(one, workdays), now)
    ]
    return min(free, key=lambda one: (asked_at.get(one.id or 0, LONG_AGO), one.id), default=None)


def _of_person(person: Person, workdays: Workdays) -> Workdays:
    return workdays.elsewhere(person.timezone) if person.timezone else workdays


def _unanswered(asks: Sequence[DepartmentAsk]) -> int:
    answered = [number for number, one in enumerate(asks) if one.answer is not None]
    return answered[0] if answered else len(asks)


def _ask(session: Session, turn: _Turn, occasion: Occasion, subject_id: int | None, *, now: datetime) -> None:
    ask = DepartmentAsk(
        department_id=turn.department.id or 0,
        person_id=turn.lead.id or 0,
        occasion=occasion,
        subject_id=subject_id,
        asked_at=now,
    )
    session.add(ask)
    session.flush()
    _say(session, ask, turn.lead, now=now)


def _ask_again(session: Session, *, most: int, workdays: Workdays, now: datetime) -> int:
    """Ask at most so many of those who wished so once more, and return how many; the others wait for a day.

    A wish ends when its department has ended or pitched since then, or when its lead is another one now.
    """
    wishes = stored.wished_again(session, now=now, limit=MOST_WISHES)
    if not wishes:
        return 0
    leads = {(one.department_id, one.id): one for one in stored.leads(session)}
    pitched_at = {one.id: moment for one, moment in stored.led(session, today=workdays.today(now))}
    asked = 0
    for ask in wishes:
        lead = leads.get((ask.department_id, ask.person_id)) if ask.department_id in pitched_at else None
        if lead is None or (pitched_at[ask.department_id] or LONG_AGO) >= (ask.answered_at or ask.asked_at):
            ask.again_at = None
        elif asked < most and announcing.is_office_time(_of_person(lead, workdays), now):
            # It counts as asked anew: from now on there are four weeks of peace.
            ask.asked_at, ask.answer, ask.answered_at, ask.again_at = now, None, None, None
            _say(session, ask, lead, now=now)
            asked += 1
    return asked


def _say(session: Session, ask: DepartmentAsk, person: Person, *, now: datetime) -> None:
    key = f"{KIND}:{ask.id}:{now.isoformat()}"
    delivery.note(session, KIND, ask.id, to=person, now=now, key=key, rank=delivery.Rank.BULK)


def _answered(
    session: Session, ask_id: int, answer: AskAnswer, *, by: Person, now: datetime
) -> DepartmentAsk:
    ask = session.get(DepartmentAsk, ask_id)
    if ask is None or ask.person_id != by.id:
        raise people.NotAllowedError(Role.LEAD)
    ask.answer, ask.answered_at, ask.again_at = answer, now, None
    session.flush()
    delivery.changed(session, KIND, ask.id, now=now)
    return ask


def _note_pitches(session: Session, *, now: datetime) -> None:
    """Note which ideas came of the questions, and show it where they stand."""
    for ask, pitch_id in stored.without_pitch(session, since=now - CAME_OF_IT):
        ask.pitch_id = pitch_id
        delivery.changed(session, KIND, ask.id, now=now)
