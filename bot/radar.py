"""The radar: rounds that ask, answers in seconds, release by an editor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bot import announcing, delivery, matching, people
from bot.delivery import Place
from bot.people import Department, Person, Role
from storage import public
from storage import radar as stored
from storage.radar import (
    Answer,
    AnswerKind,
    AnswerState,
    FieldOfAction,
    Measure,
    Request,
    Round,
    Status,
    counted,
    titled,
)

__all__ = [
    "MAX_HIGHLIGHT",
    "MAX_WORDS",
    "NEWS",
    "Answer",
    "AnswerError",
    "AnswerKind",
    "AnswerState",
    "Asked",
    "DecidedError",
    "FieldOfAction",
    "Measure",
    "News",
    "Request",
    "Review",
    "Round",
    "State",
    "Status",
    "asked",
    "confirm",
    "counted",
    "draft",
    "news",
    "open_requests",
    "open_review",
    "release",
    "review",
    "send_back",
    "state_of",
    "titled",
    "update",
]

MAX_WORDS: Final = 3000
MAX_HIGHLIGHT: Final = 300
MAX_PERCENT: Final = 100
ORIGIN: Final = "chat"
# What tells those who subscribed to changes on the radar.
NEWS: Final = "radar_news"


class AnswerError(Exception):
    """A field of an answer can't be kept; `fields` names each and says why: `range`, `long` or `blank`."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(fields)
        self.fields = fields


class DecidedError(Exception):
    """An answer was released, sent back or replaced before; `review` says when and by whom."""

    def __init__(self, found: "Review") -> None:
        super().__init__(found.answer.id)
        self.review = found


@dataclass(frozen=True)
class State:
    """What can be said about a measure: its status and the city's own text fields."""

    status: Status | None
    progress_percent: int | None
    achievements: str
    outlook: str
    highlight: str


@dataclass(frozen=True)
class Asked:
    """One line of a status request: a measure, and the answer it got in this round (None: still open)."""

    request: Request
    measure: Measure
    answer: Answer | None


@dataclass(frozen=True)
class Review:
    """An answer beside what is public, and who belongs to it."""

    answer: Answer
    measure: Measure
    owner: Person | None
    department: Department | None
    decided_by: Person | None


@dataclass(frozen=True)
class News:
    """A released answer with the status that was public before it; None where nobody had said one."""

    answer: Answer
    measure: Measure
    department: Department | None
    before: Status | None


def confirm(session: Session, request_id: int, *, by: Person, now: datetime) -> Measure:
    """Keep that nothing has changed. It changes no public word, so it is public at once.

    Pressed again, or for a measure that was answered meanwhile, it changes nothing.

    Raises:
        NotAllowedError: someone else's measure.
    """
    request, measure = _asked(session, request_id, by=by)
    if request.answered_at is None:
        answer = Answer(
            measure_id=measure.id or 0,
            request_id=request.id,
            person_id=by.id,
            kind=AnswerKind.UNCHANGED,
            state=AnswerState.RELEASED,
            created_at=now,
            decided_at=now,
            origin=ORIGIN,
            **vars(state_of(measure)),
        )
        session.add(answer)
        measure.confirmed_at = now
        _answered(session, measure, now=now)
        public.touch(session)
    return measure


def update(
    session: Session, request_id: int, *, by: Person, state: State, internal_note: str, now: datetime
) -> Answer:
    """Keep an answer with new words and show it to the editors. Nothing of it is public yet.

    A newer answer takes the place of one that no editor has decided on.

    Args:
        session: the transaction.
        request_id: what was asked.
        by: an owner of the measure.
        state: progress from 0 to 100, texts of at most MAX_WORDS, the highlight of MAX_HIGHLIGHT characters.
        internal_note: for the editors; never public.
        now: moment of the answer, timezone-aware.

    Raises:
        NotAllowedError: someone else's measure.
        AnswerError: a field is missing, too long or out of range.
    """
    request, measure = _asked(session, request_id, by=by)
    _check(state, internal_note)
    for older in stored.pending_answers(session, measure.id or 0):
        older.state, older.decided_at = AnswerState.SUPERSEDED, now
        delivery.changed(session, "review_card", older.id, now=now)
    answer = Answer(
        measure_id=measure.id or 0,
        request_id=request.id,
        person_id=by.id,
        kind=AnswerKind.UPDATE,
        state=AnswerState.PENDING,
        internal_note=internal_note.strip(),
        created_at=now,
        origin=ORIGIN,
        **vars(state),
    )
    session.add(answer)
    session.flush()
    _answered(session, measure, now=now)
    delivery.note(session, "review_card", answer.id, to=Place.REVIEW, now=now, rank=delivery.Rank.URGENT)
    return answer


def release(session: Session, answer_id: int, *, by: Person, now: datetime) -> Review:
    """Make an answer public, tell its owner, and let subscribers hear of it when it says something new.

    Raises:
        NotAllowedError: not an editor.
        DecidedError: another editor, or a newer answer, was quicker.
    """
    found = _pending(session, answer_id, by=by)
    answer, measure = found.answer, found.measure
    before = state_of(measure)
    _keep_listed(session, measure)
    answer.state, answer.decided_at, answer.decided_by_id = AnswerState.RELEASED, now, by.id
    for name, value in vars(state_of(answer)).items():
        setattr(measure, name, value)
    measure.state_origin, measure.confirmed_at = answer.origin, now
    _decided(session, found, "answer_released", now=now)
    public.touch(session)
    if state_of(answer) != before:
        _tell(session, found, now=now)
    return found


def send_back(session: Session, answer_id: int, *, by: Person, words: str, now: datetime) -> Review:
    """Return an answer to its owner with a question; the request is open again.

    Raises:
        NotAllowedError: not an editor.
        DecidedError: another editor, or a newer answer, was quicker.
        AnswerError: the words are blank or too long.
    """
    found = _pending(session, answer_id, by=by)
    words = words.strip()
    if not 1 <= len(words) <= MAX_WORDS:
        raise AnswerError({"words": "long" if words else "blank"})
    answer = found.answer
    answer.state, answer.decided_at, answer.decided_by_id = AnswerState.RETURNED, now, by.id
    answer.return_words = words
    if answer.request_id and (request := session.get(Request, answer.request_id)):
        request.answered_at = None
    _decided(session, found, "answer_returned", now=now)
    return found


def asked(session: Session, *, round_id: int, person_id: int) -> list[Asked]:
    """Return what one owner is asked in one round, with the answers so far."""
    return [
        Asked(request, measure, stored.answer_to(session, measure.id or 0, since=request.asked_at))
        for request, measure in stored.asked_in(session, round_id=round_id, person_id=person_id)
    ]


def open_requests(session: Session, person: Person) -> list[Asked]:
    """Return what a person has not answered yet, each measure once, in its newest round."""
    return [
        Asked(request, measure, None)
        for request, measure in stored.open_requests(session, person_id=person.id or 0)
    ]


def open_review(session: Session, answer_id: int, *, by: Person) -> Review:
    """Return an answer that an editor is about to decide on.

    Raises:
        NotAllowedError: not an editor.
        DecidedError: another editor, or a newer answer, was quicker.
    """
    return _pending(session, answer_id, by=by)


def review(session: Session, answer_id: int) -> Review | None:
    """Return an answer with all that its messages show."""
    answer = session.get(Answer, answer_id)
    if answer is None:
        return None
    measure = session.get(Measure, answer.measure_id)
    assert measure is not None
    return Review(
        answer=answer,
        measure=measure,
        owner=session.get(Person, answer.person_id) if answer.person_id else None,
        department=session.get(Department, measure.lead_department_id)
        if measure.lead_department_id
        else None,
        decided_by=session.get(Person, answer.decided_by_id) if answer.decided_by_id else None,
    )


def news(session: Session, answer_id: int) -> News | None:
    """Return what a released answer changed; None for one that is not public."""
    found = review(session, answer_id)
    if found is None or found.answer.state is not AnswerState.RELEASED:
        return None
    last = stored.public_before(session, found.answer)
    return News(found.answer, found.measure, found.department, last.status if last else None)


def draft(session: Session, request_id: int, *, by: Person) -> tuple[Measure, State, str]:
    """Return the measure, state and internal note that the form of a request starts with.

    Words of this person that are not public yet are taken up again; else it is the public state.

    Raises:
        NotAllowedError: someone else's measure.
    """
    _, measure = _asked(session, request_id, by=by)
    last = stored.last_answer(session, measure_id=measure.id or 0, person_id=by.id or 0)
    if last and last.state in {AnswerState.PENDING, AnswerState.RETURNED}:
        return measure, state_of(last), last.internal_note
    return measure, state_of(measure), ""


def state_of(row: Measure | Answer) -> State:
    """Return the state a measure shows in public, or an answer proposes."""
    return State(row.status, row.progress_percent, row.achievements, row.outlook, row.highlight)


def _keep_listed(session: Session, measure: Measure) -> None:
    """Keep the state that a measure's list gave it, before the first answer takes its place.

    It is no answer of anybody's, so that the public history does not show it.
    """
    if measure.status is None or stored.is_reported(session, measure.id or 0):
        return
    session.add(
        Answer(
            measure_id=measure.id or 0,
            kind=AnswerKind.UPDATE,
            state=AnswerState.SUPERSEDED,
            created_at=measure.created_at,
            decided_at=measure.created_at,
            origin=measure.state_origin,
            **vars(state_of(measure)),
        )
    )
    session.flush()


def _tell(session: Session, found: Review, *, now: datetime) -> None:
    field_id = found.measure.field_of_action_id
    field = session.get(FieldOfAction, field_id) if field_id else None
    said = matching.of_measure(found.measure, field)
    announcing.tell(session, NEWS, [(found.answer.id or 0, said)], now=now)


def _asked(session: Session, request_id: int, *, by: Person) -> tuple[Request, Measure]:
    request = session.get(Request, request_id)
    assert request is not None
    measure = session.get(Measure, request.measure_id)
    assert measure is not None
    if not stored.is_owner(session, measure_id=request.measure_id, person_id=by.id or 0):
        raise people.NotAllowedError(Role.OWNER)
    return request, measure


def _check(state: State, internal_note: str) -> None:
    wrong = {}
    if state.status is None:
        wrong["status"] = "blank"
    if state.progress_percent is not None and not 0 <= state.progress_percent <= MAX_PERCENT:
        wrong["progress_percent"] = "range"
    texts = {"achievements": state.achievements, "outlook": state.outlook, "internal_note": internal_note}
    wrong |= {name: "long" for name, words in texts.items() if len(words) > MAX_WORDS}
    if len(state.highlight) > MAX_HIGHLIGHT:
        wrong["highlight"] = "long"
    if wrong:
        raise AnswerError(wrong)


def _answered(session: Session, measure: Measure, *, now: datetime) -> None:
    """Close every open request about this measure: whoever answers, answers for all who were asked."""
    for request in stored.requests_of(session, measure.id or 0):
        request.answered_at = now
        _refresh(session, request, now=now)
    session.flush()


def _refresh(session: Session, request: Request, *, now: datetime) -> None:
    delivery.changed(session, "status_request", request.round_id, person_id=request.person_id, now=now)


def _pending(session: Session, answer_id: int, *, by: Person) -> Review:
    people.require(session, by, Role.EDITOR)
    found = review(session, answer_id)
    assert found is not None
    if found.answer.state is not AnswerState.PENDING:
        raise DecidedError(found)
    return found


def _decided(session: Session, found: Review, kind: str, *, now: datetime) -> None:
    session.flush()
    delivery.changed(session, "review_card", found.answer.id, now=now)
    if found.answer.request_id and (request := session.get(Request, found.answer.request_id)):
        for asked_too in stored.asked_with(session, request):
            _refresh(session, asked_too, now=now)
    if found.owner:
        delivery.note(session, kind, found.answer.id, to=found.owner, now=now, rank=delivery.Rank.URGENT)
