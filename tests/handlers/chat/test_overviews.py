"""Much news at once: one message in the channel, in its reader's language, that stays true."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import delivery, events, people, posts
from bot.delivery import Rank
from handlers.chat.blocks.overviews import MOST_LINES
from tests.handlers.chat.conftest import ANN, JOE, NEWS, START, Office, an_office

ZONE = ZoneInfo("Europe/Berlin")
SITE = "https://digital.teststadt.example"


def made_posts(session: Session, count: int, now: datetime) -> list[int]:
    found = []
    for number in range(1, count + 1):
        title, url = f"Beitrag {number}", f"https://stadt.example/{number}"
        post = posts.import_post(
            session, title=title, url=url, published_at=now, tags=(), origin="test", now=now
        )
        found.append(post.id or 0)
    return found


def made_event(session: Session, title: str, now: datetime) -> events.CalendarEvent:
    return events.import_event(
        session,
        title=title,
        starts_on=date(2026, 12, 9),
        ends_on=None,
        starts=time(18),
        ends=time(20),
        place=None,
        organiser=None,
        url=None,
        origin="test",
        zone=ZONE,
        now=now,
    )


def tell(session: Session, kind: str, subject_ids: list[int], now: datetime, to: Any = NEWS) -> None:
    for subject_id in subject_ids:
        delivery.note(session, kind, subject_id, to=to, now=now, rank=Rank.BULK)


def forty_posts(session: Session, now: datetime) -> None:
    tell(session, posts.CARD, made_posts(session, 40, now), now)


async def test_forty_posts_are_one_message_that_names_the_first_and_links_to_all(tmp_path: Path):
    async with an_office(tmp_path, before=forty_posts) as office:
        message = await office.person(ANN).sees("40 neue Beiträge", channel=NEWS)

        (shown,) = office.texts(NEWS)
        assert f"Beitrag {MOST_LINES}" in shown
        assert f"Beitrag {MOST_LINES + 1}" not in shown
        assert f"und 25 weitere: <{SITE}/beitraege|alle Beiträge>" in str(message.blocks)


async def test_the_overviews_sentence_says_how_much_and_names_the_first(tmp_path: Path):
    async with an_office(tmp_path, before=forty_posts) as office:
        message = await office.person(ANN).sees("40 neue Beiträge", channel=NEWS)

        assert message.text == "40 neue Beiträge: Beitrag 1; Beitrag 2; Beitrag 3 und 37 weitere"


async def test_posts_and_events_stand_apart_and_events_say_when_they_are(tmp_path: Path):
    def before(session: Session, now: datetime) -> None:
        tell(session, posts.CARD, made_posts(session, 5, now), now)
        tell(session, events.CARD, [made_event(session, "Marktplatz", now).id or 0], now)

    async with an_office(tmp_path, before=before) as office:
        await office.person(ANN).sees("5 neue Beiträge und 1 neue Veranstaltung", channel=NEWS)

        (shown,) = office.texts(NEWS)
        assert "Marktplatz" in shown
        assert "9. Dezember 2026, 18:00 bis 20:00 Uhr" in shown


async def test_a_cancelled_event_is_struck_in_the_overview_where_it_stands(tmp_path: Path):
    def before(session: Session, now: datetime) -> None:
        tell(session, posts.CARD, made_posts(session, 5, now), now)
        tell(session, events.CARD, [made_event(session, "Marktplatz", now).id or 0], now)

    def cancel(session: Session) -> None:
        found = made_event(session, "Marktplatz", START)
        found.cancelled_at = START
        session.add(found)
        session.flush()
        delivery.changed(session, events.CARD, found.id, now=START)

    async with an_office(tmp_path, before=before) as office:
        ann = office.person(ANN)
        first = await ann.sees("Marktplatz", channel=NEWS)

        await office.store.run(cancel)

        edited = await ann.sees("abgesagt", channel=NEWS)
        assert edited.ts == first.ts
        assert len(office.texts(NEWS)) == 1


async def test_a_person_reads_the_overview_in_their_language(tmp_path: Path):
    def before(session: Session, now: datetime) -> None:
        joe = people.greet(session, chat_id=JOE, name="Joe", locale="en-GB", now=now)
        tell(session, posts.CARD, made_posts(session, 8, now), now, to=joe)

    async with an_office(tmp_path, before=before) as office:
        await office.person(JOE).sees("8 new posts")


async def test_long_titles_and_addresses_fit_into_one_message(tmp_path: Path):
    def before(session: Session, now: datetime) -> None:
        ids = []
        for number in range(40):
            url = f"https://stadt.example/{number}?{'x' * 3000}"
            title = f"{number} " + "sehr lang & <breit> " * 100
            post = posts.import_post(
                session, title=title, url=url, published_at=now, tags=(), origin="test", now=now
            )
            ids.append(post.id or 0)
        tell(session, posts.CARD, ids, now)

    async with an_office(tmp_path, before=before) as office:
        await office.person(ANN).sees("40 neue Beiträge", channel=NEWS)


async def test_what_is_told_again_tomorrow_is_a_new_message(office: Office):
    await office.store.run(forty_posts, office.clock.now)
    await office.person(ANN).sees("40 neue Beiträge", channel=NEWS)
    office.clock.forward(days=1)

    def more(session: Session) -> None:
        ids = [made_event(session, f"Termin {number}", START).id or 0 for number in range(20)]
        tell(session, events.CARD, ids, office.clock.now)

    await office.store.run(more)

    await office.person(ANN).sees("20 neue Veranstaltungen", channel=NEWS)
    assert len(office.texts(NEWS)) == 2


def withdraw(session: Session, titles: list[str], now: datetime) -> None:
    for post in posts.newest(session, limit=99):
        if post.title in titles:
            posts.withdraw(session, post, now=now)


async def test_a_post_that_is_withdrawn_leaves_the_overview_where_it_stands(office: Office):
    await office.store.run(forty_posts, office.clock.now)
    ann = office.person(ANN)
    first = await ann.sees("40 neue Beiträge", channel=NEWS)

    await office.store.run(withdraw, ["Beitrag 1", "Beitrag 2"], office.clock.now)

    edited = await ann.sees("38 neue Beiträge", channel=NEWS)
    assert edited.ts == first.ts
    assert edited.text.startswith("38 neue Beiträge: Beitrag 3;")
    assert len(office.texts(NEWS)) == 1


async def test_an_overview_of_which_nothing_is_left_says_so(office: Office):
    await office.store.run(forty_posts, office.clock.now)
    ann = office.person(ANN)
    await ann.sees("40 neue Beiträge", channel=NEWS)

    await office.store.run(withdraw, [f"Beitrag {number}" for number in range(1, 41)], office.clock.now)

    await ann.sees("Diese Beiträge wurden zurückgezogen.", channel=NEWS)
    assert len(office.texts(NEWS)) == 1
