"""Every message fits into Slack, however long the words are that it is about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import authors, pitch_life, plan_news, plan_reminders, polling, post_checks, publishing, trouble
from bot.asking import AskAnswer, AskCard, DepartmentAsk, Occasion
from bot.authors import AuthorRequest, Returned
from bot.comments import Comment, CommentCard, Sign, Unanswered
from bot.curation import BRINGS, Source, SourceKind
from bot.departures import Left, Paused
from bot.digest import MOST_LISTED, Digest, Gap, Outlet, Planned, Silent, Some
from bot.events import CalendarEvent
from bot.meetings import MeetingCard, PitchMeeting, PitchVerdict, Ruling
from bot.people import Department, Person
from bot.pitches import (
    UNDECIDED,
    Goal,
    Pitch,
    PitchCard,
    PitchKind,
    PitchQuestion,
    PitchRole,
    PitchState,
    PitchStep,
    Verdict,
)
from bot.plan_news import GivenTask, MovedDay, Off
from bot.plan_reminders import Stage, TaskReminder, TextReminder
from bot.plans import PitchOutlet, PitchTask, TaskKind
from bot.post_checks import CheckCard, PostCheck
from bot.posts import Post
from bot.publishing import MatchCard, MatchState, PitchMatch
from bot.radar import Answer, AnswerKind, AnswerState, Asked, Measure, Request, Review, Round, Status
from bot.radar import News as RadarNews
from bot.remarks import PitchRemark, Remark
from bot.replies import CommentDraft, DraftCard
from bot.settings import Settings
from bot.sources import Reason
from bot.subscriptions import Choice, Facet, Layout, NewsKind, Part, Rhythm, Term
from bot.texts import LANGUAGES, texts
from handlers.chat.blocks import lines
from handlers.chat.blocks.comments import CommentNews
from handlers.chat.blocks.events import EventCard
from handlers.chat.blocks.overviews import By, DayThread, News, Told
from handlers.chat.blocks.posts import PostCard
from handlers.chat.blocks.radar import StatusRequest
from handlers.chat.blocks.radar_news import NewsCard
from handlers.chat.messages import KINDS, Moment
from sandbox.protocol.blocks import faults, text_length
from sandbox.protocol.composer import LONGEST_BLOCKS, LONGEST_UPDATE
from tests.made import NOW

Draw = Callable[[st.SearchStrategy[Any]], Any]

MOMENT = Moment(Settings(public_url="https://digital.teststadt.example"), NOW)
PIECES = st.sampled_from(["wort ", "x", "<&>", "🎈", "zeile\n", "*fett* ", "<@U0ANN> ", "ä"])
WORDS = st.builds(lambda piece, size: (piece * size)[:size], PIECES, st.integers(1, 20_000))
SOME_WORDS = st.one_of(st.just(""), WORDS)
URLS = st.one_of(st.none(), st.builds(lambda size: "https://x.example/" + "x" * size, st.integers(0, 1900)))
MOMENTS = st.one_of(st.none(), st.just(NOW))


def person(draw: Draw) -> Person:
    return Person(id=1, chat_id="U0ANN", name=draw(WORDS), source="test", created_at=NOW, inactive_at=NOW)


def department(draw: Draw) -> Department | None:
    return Department(name=draw(WORDS), kind="x", source="test") if draw(st.booleans()) else None


def post(draw: Draw) -> Post:
    values = {"title": WORDS, "teaser": SOME_WORDS, "url": URLS, "tags": SOME_WORDS, "published_at": MOMENTS}
    values |= {"withdrawn_at": MOMENTS, "image_alt": SOME_WORDS, "series": SOME_WORDS}
    values |= {"image_url": URLS, "kind": st.sampled_from(BRINGS), "reading_minutes": st.integers(0, 999)}
    found = {name: draw(strategy) for name, strategy in values.items()}
    return Post(**found, first_seen_at=NOW, changed_at=NOW, origin="test")


def calendar_event(draw: Draw) -> CalendarEvent:
    values = {"title": WORDS, "description": SOME_WORDS, "place": SOME_WORDS, "url": URLS}
    values |= {
        "tags": SOME_WORDS,
        "cancelled_at": MOMENTS,
        "moved_from_at": MOMENTS,
        "all_day": st.booleans(),
    }
    found = {name: draw(strategy) for name, strategy in values.items()}
    today = date(2026, 11, 18)
    return CalendarEvent(
        **found,
        uid="1",
        slug="x",
        starts_at=NOW,
        starts_on=today,
        ends_on=today,
        first_seen_at=NOW,
        changed_at=NOW,
        origin="test",
    )


def comment(draw: Draw) -> CommentCard:
    said = Comment(
        id=1,
        key="1:x",
        source_id=1,
        page="url:stadt.example/x",
        url=draw(URLS),
        author=draw(SOME_WORDS)[:100],
        words=draw(WORDS),
        published_at=NOW,
        first_seen_at=NOW,
    )
    said.answered_at, said.decided_at = draw(MOMENTS), draw(MOMENTS)
    said.held_reason, said.is_spam = draw(st.sampled_from(Sign)), draw(st.booleans())
    someone = st.none() | st.just(person(draw))
    return CommentCard(said, post(draw), draw(someone), draw(someone))


def comment_draft(draw: Draw) -> DraftCard:
    proposed = CommentDraft(id=1, comment_id=1, words=draw(WORDS), created_at=NOW)
    return DraftCard(proposed, comment(draw), draw(st.none() | st.just(person(draw))))


def news(draw: Draw) -> News:
    makers = [
        lambda: Told(PostCard(post(draw), department(draw)), lines.post_line),
        lambda: Told(EventCard(calendar_event(draw), department(draw)), lines.event_line),
        lambda: Told(radar_news(draw), lines.radar_line),
        lambda: Told(comment(draw), lines.comment_line),
    ]
    choices = draw(st.lists(st.sampled_from(makers), min_size=1, max_size=40))
    by = By(choice(draw), Named(), is_own=draw(st.booleans())) if draw(st.booleans()) else None
    return News([make() for make in choices], MOMENT.settings.site_url, "news_overview", 1, by)


def radar_news(draw: Draw) -> RadarNews:
    return RadarNews(answer(draw), measure(draw), department(draw), draw(st.sampled_from([*Status, None])))


def card(draw: Draw) -> PitchCard:
    state = draw(st.sampled_from(PitchState))
    is_decided = state not in UNDECIDED
    pitch = Pitch(
        id=1,
        title=draw(WORDS),
        story=draw(SOME_WORDS),
        permalink=draw(URLS),
        state=state,
        decision_words=draw(WORDS),
        pitcher_id=1,
        created_at=NOW,
        decided_at=NOW if is_decided else None,
        planned_on=NOW.date(),
        kind=draw(st.sampled_from(PitchKind)),
        series=draw(SOME_WORDS),
        guest=draw(SOME_WORDS),
        topics=draw(SOME_WORDS),
        timely_on=draw(st.none() | st.just(NOW.date())),
        has_picture=draw(st.booleans()),
    )
    questions = tuple(question(draw) for _ in range(draw(st.integers(0, 4))))
    decided_by = person(draw) if is_decided else None
    return PitchCard(
        pitch,
        person(draw),
        department(draw),
        decided_by,
        author=draw(st.none() | st.just(person(draw))),
        post=post(draw) if draw(st.booleans()) else None,
        questions=questions,
        subject=draw(st.none() | st.just(measure(draw)) | st.just(calendar_event(draw))),
        goal=draw(
            st.none() | st.just(Goal(Pitch(title=draw(WORDS), pitcher_id=2, created_at=NOW), person(draw)))
        ),
        also_by=tuple(person(draw) for _ in range(draw(st.integers(0, 30)))),
        verdict=draw(st.none() | st.just(Verdict(PitchState.ACCEPTED, person(draw), NOW))),
        outlets=tuple(PitchOutlet(pitch_id=1, outlet=one, planned_on=NOW.date()) for one in Outlet),
        tasks=tuple(task(draw) for _ in range(draw(st.integers(0, 5)))),
    )


def merged_card(draw: Draw) -> PitchCard:
    return replace(
        card(draw), goal=Goal(Pitch(title=draw(WORDS), pitcher_id=2, created_at=NOW), person(draw))
    )


def pitch_step(draw: Draw) -> tuple[PitchStep, Person | None]:
    state, role = draw(st.sampled_from(PitchState)), draw(st.sampled_from(PitchRole))
    step = PitchStep(pitch_id=1, state=state, role=role, reason=draw(SOME_WORDS), at=NOW)
    return step, draw(st.none() | st.just(person(draw)))


def remark(draw: Draw) -> Remark:
    role = draw(st.sampled_from([PitchRole.COMMS, PitchRole.PITCHER]))
    words = draw(SOME_WORDS)
    said = PitchRemark(
        pitch_id=1, person_id=1, role=role, words=words, channel_id="C1", ts="1.0", said_at=NOW
    )
    return Remark(said, person(draw), card(draw), is_of_newsroom=draw(st.booleans()))


def meeting(draw: Draw) -> MeetingCard:
    held = PitchMeeting(id=1, began_at=NOW, ended_at=draw(MOMENTS))
    rulings = []
    for number in range(draw(st.integers(0, 60))):
        verdict = PitchVerdict(pitch_id=number, meeting_id=1, state=PitchState.SHELF, by_id=1, at=NOW)
        pitch = Pitch(id=number, title=draw(WORDS), pitcher_id=1, created_at=NOW)
        rulings.append(Ruling(verdict, pitch, person(draw), draw(st.booleans())))
    return MeetingCard(held, person(draw), draw(st.none() | st.just(person(draw))), tuple(rulings))


def task(draw: Draw) -> PitchTask:
    return PitchTask(
        id=1,
        pitch_id=1,
        kind=draw(st.sampled_from(TaskKind)),
        label=draw(SOME_WORDS)[:150],
        due_on=NOW.date(),
        done_at=draw(MOMENTS),
        created_at=NOW,
    )


def question(draw: Draw) -> PitchQuestion:
    return PitchQuestion(
        id=1,
        pitch_id=1,
        question=draw(WORDS),
        reply=draw(WORDS),
        asked_by_id=1,
        asked_at=NOW,
    )


def asked_question(draw: Draw) -> tuple[PitchQuestion, PitchCard]:
    return question(draw), card(draw)


def pitch_match(draw: Draw) -> MatchCard:
    found = PitchMatch(
        id=1, pitch_id=1, post_id=1, score=1, state=draw(st.sampled_from(MatchState)), found_at=NOW
    )
    found.decided_at = None if found.state is MatchState.PROPOSED else NOW
    return MatchCard(found, card(draw).pitch, post(draw), draw(st.none() | st.just(person(draw))))


def post_check(draw: Draw) -> CheckCard:
    check = PostCheck(id=1, pitch_id=1, months=6, person_id=1, asked_at=NOW, words=draw(WORDS))
    check.answered_at, check.is_true = draw(MOMENTS), draw(st.booleans())
    return CheckCard(check, card(draw).pitch, post(draw), person(draw))


def digest(draw: Draw) -> Digest:
    more = st.integers(0, 99)
    count = st.integers(0, MOST_LISTED)

    def some(one: Callable[[Draw], Any]) -> Some[Any]:
        shown = tuple(one(draw) for _ in range(draw(count)))
        return Some(shown, len(shown) + (draw(more) if shown else 0))

    def planned(draw: Draw) -> Planned:
        outlets = tuple(sorted(draw(st.frozensets(st.sampled_from(Outlet)))))
        return Planned(draw(st.dates()), card(draw).pitch, outlets)

    def silent(draw: Draw) -> Silent:
        found = Department(name=draw(WORDS), kind="x", source="test")
        return Silent(found, draw(MOMENTS))

    def pitch(draw: Draw) -> Pitch:
        return card(draw).pitch

    comments = tuple(comment(draw) for _ in range(draw(st.integers(0, 10))))
    return Digest(
        NOW,
        since=NOW,
        overdue_days=7,
        silent_weeks=8,
        new=some(pitch),
        undecided=some(pitch),
        overdue=draw(more),
        unwritten=some(pitch),
        this_week=some(planned),
        next_week=some(planned),
        gaps=tuple(Gap(NOW.date(), NOW.date()) for _ in range(draw(st.integers(0, 4)))),
        is_bare=draw(st.booleans()),
        silent=some(silent),
        unanswered=Unanswered(comments, draw(more)),
    )


def department_ask(draw: Draw) -> AskCard:
    ask = DepartmentAsk(
        id=1,
        department_id=1,
        person_id=1,
        occasion=draw(st.sampled_from(Occasion)),
        asked_at=NOW,
        answer=draw(st.sampled_from([*AskAnswer, None])),
        again_at=draw(MOMENTS),
    )
    subject = draw(st.sampled_from([measure, post, calendar_event]))(draw) if draw(st.booleans()) else None
    found = Department(name=draw(WORDS), kind="x", source="test")
    return AskCard(ask, found, subject, card(draw).pitch if draw(st.booleans()) else None)


def measure(draw: Draw) -> Measure:
    return Measure(id=1, slug="x", title=draw(WORDS), source="test", created_at=NOW, **state(draw))


def state(draw: Draw) -> dict[str, Any]:
    values = {name: draw(SOME_WORDS) for name in ("achievements", "outlook", "highlight")}
    return values | {"status": draw(st.sampled_from(Status)), "progress_percent": draw(st.integers(0, 100))}


def answer(draw: Draw) -> Answer:
    answered = draw(st.sampled_from(AnswerState))
    return Answer(
        id=1,
        measure_id=1,
        request_id=1,
        created_at=NOW,
        origin="test",
        kind=draw(st.sampled_from(AnswerKind)),
        state=answered,
        internal_note=draw(SOME_WORDS),
        return_words=draw(WORDS),
        decided_at=NOW,
        **state(draw),
    )


def review(draw: Draw) -> Review:
    return Review(answer(draw), measure(draw), person(draw), department(draw), person(draw))


def status_request(draw: Draw) -> StatusRequest:
    asked = []
    for number in range(draw(st.integers(1, 40))):
        is_answered = draw(st.booleans())
        request = Request(
            id=number,
            round_id=1,
            measure_id=1,
            person_id=1,
            asked_at=NOW,
            answered_at=NOW if is_answered else None,
        )
        found = answer(draw) if is_answered or draw(st.booleans()) else None
        asked.append(Asked(request, measure(draw), found))
    return StatusRequest(
        Round(id=1, name=draw(WORDS), due_at=NOW, answer_by_on=NOW.date(), origin="test"), asked
    )


def paused(draw: Draw) -> Paused:
    return Paused("C0NEWS", draw(WORDS), [choice(draw) for _ in range(draw(st.integers(1, 30)))], Named())


class Named(dict[Term, str]):
    """What terms are called: by their values."""

    def __missing__(self, term: Term) -> str:
        return term.value


def choice(draw: Draw) -> Choice:
    kinds = draw(st.frozensets(st.sampled_from(NewsKind), min_size=1))
    terms = st.builds(Term, st.sampled_from(Facet), WORDS)
    rhythm = draw(st.sampled_from(Rhythm))
    at = None if rhythm is Rhythm.AT_ONCE else draw(st.times())
    return Choice(
        kinds,
        draw(st.frozensets(st.tuples(st.sampled_from(Part), terms), max_size=50)),
        rhythm=rhythm,
        weekday=draw(st.integers(0, 6)),
        at=at,
        layout=draw(st.sampled_from(Layout)),
        quiet=draw(st.none() | st.tuples(st.times(), st.times())),
    )


def left(draw: Draw) -> Left:
    lost = draw(st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.integers(1)), min_size=1, max_size=20))
    return Left(person(draw), lost, draw(st.booleans()))


def source(draw: Draw) -> Source:
    return Source(
        id=1,
        kind=draw(st.sampled_from(SourceKind)),
        name=draw(WORDS),
        url=draw(URLS) or "https://x.example/",
        host="x.example",
        interval_s=900,
        next_poll_at=NOW,
        succeeded_at=draw(MOMENTS),
        failing_since=draw(MOMENTS),
        failures=1,
        error_reason=draw(st.sampled_from([*Reason, "unheard_of", None])),
        error_detail=draw(st.one_of(st.none(), WORDS)),
        paused_reason=draw(st.sampled_from([None, "gone"])),
        created_at=NOW,
        origin="test",
    )


SUBJECTS: dict[str, Callable[[Draw], Any]] = {
    "post_card": lambda draw: PostCard(post(draw), department(draw), draw(st.sampled_from(Layout))),
    "event_card": lambda draw: EventCard(
        calendar_event(draw), department(draw), draw(st.sampled_from(Layout))
    ),
    "news_overview": news,
    "news_thread": lambda draw: DayThread(draw(st.dates()), "news_thread", 1),
    "radar_news": lambda draw: NewsCard(
        radar_news(draw), MOMENT.settings.site_url, draw(st.sampled_from(Layout))
    ),
    "comment_card": comment,
    "comment_draft": comment_draft,
    "comment_for_department": comment,
    "comment_held": comment,
    "comment_reminder": comment,
    "comment_news": lambda draw: CommentNews(comment(draw), draw(st.sampled_from(Layout))),
    "overview": news,
    "pitch_introduced": merged_card,
    "pitch_meeting": meeting,
    "pitch_remark": remark,
    "pitch_step": pitch_step,
    "pitch_received": card,
    "pitch_card": card,
    "pitch_offer": lambda draw: card(draw).pitch,
    "pitch_news": card,
    "pitch_decided": card,
    "pitch_question": asked_question,
    "pitch_replied": asked_question,
    pitch_life.ASKED: lambda draw: AuthorRequest(card(draw), draw(st.booleans()), draw(st.booleans())),
    authors.RETURNED: lambda draw: Returned(card(draw), draw(WORDS), person(draw)),
    authors.LEFT: lambda draw: Returned(card(draw), "", None),
    authors.TASK: lambda draw: TaskReminder(task(draw), card(draw), draw(st.sampled_from(Stage))),
    plan_news.OFF: lambda draw: Off(card(draw).pitch, draw(st.booleans())),
    plan_news.MOVED: lambda draw: MovedDay(card(draw).pitch),
    plan_news.GIVEN: lambda draw: GivenTask(task(draw), card(draw).pitch, draw(st.booleans())),
    plan_reminders.TEXT: lambda draw: TextReminder(card(draw), NOW.date(), draw(st.sampled_from(Stage))),
    "pitch_digest": digest,
    "department_ask": department_ask,
    publishing.MATCH: pitch_match,
    publishing.AUTHOR: card,
    pitch_life.MERGED_PUBLISHED: card,
    post_checks.CHECK: post_check,
    post_checks.OUTDATED: post_check,
    "status_request": status_request,
    "review_card": review,
    "answer_released": review,
    "answer_returned": review,
    trouble.KIND: lambda draw: draw(st.lists(st.tuples(WORDS, st.integers(1)), min_size=1, max_size=10)),
    trouble.PAUSED: paused,
    trouble.LEFT: left,
    polling.DOWN: source,
    polling.BACK: source,
}


def test_every_kind_of_message_is_tried():
    assert SUBJECTS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", sorted(SUBJECTS))
@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_message_fits_into_slack_however_long_its_words_are(kind: str, language: str, data: st.DataObject):
    subject = SUBJECTS[kind](data.draw)

    shown = KINDS[kind].show(subject, MOMENT, texts(language)).as_slack()

    assert 0 < len(shown["text"]) <= LONGEST_UPDATE
    assert faults(shown["blocks"]) == []
    assert text_length(shown["blocks"]) <= LONGEST_BLOCKS
