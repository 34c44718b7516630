"""The overview of a day or week: what it is, what it tells of by kind, and by which subscription it came."""

from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import announcing, comments, events, matching, people, posts, radar, subscriptions
from bot.people import Department
from bot.radar import Answer, AnswerKind, AnswerState, Status
from bot.subscriptions import Choice, Facet, NewsKind, Part, Rhythm, Term
from bot.workdays import Workdays
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, NEWS, Office, made

ZONE = ZoneInfo("Europe/Berlin")
EVERYTHING = frozenset(NewsKind)
KI = (Part.EXCEPT, Term(Facet.TOPIC, "ki"))


def subscribe(session: Session, office: Office, target: str, rhythm: Rhythm) -> None:
    ann = people.greet(session, chat_id=ANN, name="Ann", locale="de-DE", now=office.clock.now)
    workdays = Workdays(office.settings.holidays, office.settings.zone)
    choice = Choice(EVERYTHING, frozenset({KI}), rhythm=rhythm, weekday=3, at=time(9))
    subscriptions.save(session, choice, target=target, by=ann, workdays=workdays, now=office.clock.now)


def a_post(session: Session, title: str, office: Office, **values: Any) -> posts.Post:
    url = f"https://stadt.example/{len(title)}-{title[-1]}"
    post = posts.import_post(
        session, title=title, url=url, published_at=None, tags=(), origin="test", now=office.clock.now
    )
    for name, value in values.items():
        setattr(post, name, value)
    session.flush()
    announcing.tell(session, posts.CARD, [(post.id or 0, matching.of_post(post))], now=office.clock.now)
    return post


def an_event(session: Session, title: str, day: int, office: Office) -> events.CalendarEvent:
    found = events.import_event(
        session,
        title=title,
        starts_on=date(2026, 12, day),
        ends_on=None,
        starts=time(18),
        ends=None,
        place=None,
        organiser=None,
        url=None,
        origin="test",
        zone=ZONE,
        now=office.clock.now,
    )
    news = [(found.id or 0, matching.of_event(found))]
    announcing.tell(session, events.CARD, news, now=office.clock.now)
    return found


def a_change(session: Session, office: Office) -> None:
    measure = made(session, "Parkleitsystem", office.clock.now, status=Status.COMPLETED)
    answer = Answer(
        measure_id=measure.id or 0,
        kind=AnswerKind.UPDATE,
        state=AnswerState.RELEASED,
        status=Status.COMPLETED,
        created_at=office.clock.now,
        decided_at=office.clock.now,
        origin="test",
    )
    session.add(answer)
    session.flush()
    news = [(answer.id or 0, matching.of_measure(measure, None))]
    announcing.tell(session, radar.NEWS, news, now=office.clock.now)


async def next_morning(office: Office) -> None:
    office.clock.forward(days=1)
    workdays = Workdays(office.settings.holidays, office.settings.zone)
    await office.store.run(announcing.tell_due, workdays=workdays, now=office.clock.now)


async def test_a_daily_overview_says_what_it_is_and_tells_of_each_kind_apart(office: Office):
    def before(session: Session) -> None:
        subscribe(session, office, NEWS, Rhythm.DAILY)
        department = Department(name="IT-Referat", short="RIT", kind="x", source="test")
        session.add(department)
        session.flush()
        a_post(session, "Beitrag", office, department_id=department.id)
        a_post(session, "Film", office, kind=NewsKind.VIDEO)
        an_event(session, "Später", 20, office)
        an_event(session, "Früher", 2, office)
        a_change(session, office)

    await office.store.run(before)
    await next_morning(office)
    message = await office.person(ANN).sees("Tagesüberblick", channel=NEWS)

    shown = visible_text(message)
    assert "Tagesüberblick: 1 Beitrag, 1 Video, 2 Veranstaltungen, 1 Änderung auf dem Radar" in shown
    order = ["Beitrag", " (RIT)", "Film", "Früher", "Später", "Parkleitsystem", ": Abgeschlossen"]
    body = shown.partition("auf dem Radar\n")[2]
    places = [body.index(f"\n{words}") for words in order]
    assert places == sorted(places)
    assert "Durch dieses Abo: " in shown
    assert "nicht zu ki · täglich um 9:00 Uhr" in shown


async def test_a_comment_stands_in_an_overview_too(office: Office):
    def before(session: Session) -> None:
        subscribe(session, office, NEWS, Rhythm.DAILY)
        post = posts.import_post(
            session, title="Wege", url=None, published_at=None, tags=(), origin="test", now=office.clock.now
        )
        now = office.clock.now
        comment = comments.Comment(key="1", page="p", words="Schön!", first_seen_at=now, post_id=post.id)
        session.add(comment)
        session.flush()
        news = [(comment.id or 0, matching.of_comment(comment, post))]
        announcing.tell(session, comments.NEWS, news, now=now)

    await office.store.run(before)
    await next_morning(office)

    assert "Schön!" in visible_text(
        await office.person(ANN).sees("Tagesüberblick: 1 Kommentar", channel=NEWS)
    )


async def test_a_persons_weekly_overview_is_called_theirs(office: Office):
    def before(session: Session) -> None:
        subscribe(session, office, ANN, Rhythm.WEEKLY)
        a_post(session, "Beitrag", office)

    await office.store.run(before)
    await next_morning(office)

    message = await office.person(ANN).sees("Dein Wochenüberblick: 1 Beitrag")
    assert message.text == "Dein Wochenüberblick: 1 Beitrag: Beitrag"


async def test_little_news_is_not_crowded_out_by_much_of_another_kind(office: Office):
    def before(session: Session) -> None:
        subscribe(session, office, NEWS, Rhythm.DAILY)
        for number in range(27):
            a_post(session, f"Beitrag {'x' * number}", office)
        an_event(session, "Marktplatz", 2, office)

    await office.store.run(before)
    await next_morning(office)
    message = await office.person(ANN).sees("27 Beiträge, 1 Veranstaltung", channel=NEWS)

    assert "Marktplatz" in visible_text(message)
    assert "und 13 weitere" in visible_text(message)


async def test_an_overview_of_which_nothing_is_left_is_not_sent_and_a_cancelled_event_is_marked(
    office: Office,
):
    def before(session: Session) -> None:
        subscribe(session, office, NEWS, Rhythm.DAILY)
        posts.withdraw(session, a_post(session, "Beitrag", office), now=office.clock.now)

    def another(session: Session) -> None:
        an_event(session, "Marktplatz", 2, office).cancelled_at = office.clock.now
        posts.withdraw(session, a_post(session, "Zweiter", office), now=office.clock.now)

    await office.store.run(before)
    await next_morning(office)
    await office.store.run(another)
    await next_morning(office)

    await office.person(ANN).sees("Tagesüberblick: 1 Veranstaltung", channel=NEWS)
    (shown,) = office.texts(NEWS)
    assert "abgesagt" in shown
