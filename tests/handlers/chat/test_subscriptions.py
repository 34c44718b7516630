"""Subscriptions in the chat: the form that explains itself, the list, and what can be done with each."""

import asyncio
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot import announcing, matching, people, subscriptions
from bot.people import Role
from bot.subscriptions import (
    EVENTS,
    MAX_PER_TARGET,
    POSTS,
    Choice,
    Facet,
    Layout,
    NewsKind,
    Part,
    Rhythm,
    Term,
)
from sandbox.client import Form
from storage.posts import Post
from tests.handlers.chat.conftest import ANN, JOE, NEWS, RED, RON, Office, an_office
from tests.handlers.outside import until

TITLE = "<!channel> *KI* im Büro \u202egnuhcuatreV"
ANY, EXCEPT = "Zu mindestens einem davon", "Aber nichts davon"


def posts(session: Session, now: datetime) -> None:
    for number, (title, tags) in enumerate([(TITLE, "KI"), ("Neue Wege", "Rad #ExplainIT"), ("Alt", "KI")]):
        session.add(
            Post(
                title=title,
                url=f"https://stadt.example/{number}",
                tags=tags,
                series="#ExplainIT" if "#" in tags else "",
                published_at=now - timedelta(days=20 * number + 1),
                first_seen_at=now,
                changed_at=now,
                origin="source",
            )
        )
    people.import_department(
        session, name="Referat für Bildung und Sport", short="RBS", kind="referat", source="test"
    )
    admin = people.by_chat_id(session, RED)
    assert admin
    people.set_role(session, admin, Role.ADMIN)


@pytest.fixture
async def town(tmp_path: Path):
    async with an_office(tmp_path, before=posts) as opened:
        yield opened


async def form(office: Office, words: str = "", *, by: str = ANN, channel: str | None = NEWS) -> Form:
    person = office.person(by)
    await person.slash("/funk", f"abo {words}", channel=channel or person.dm)
    return await person.form()


def heard(office: Office, target: str) -> list[Choice]:
    return [one.choice for one in office.store.ask(subscriptions.of_target, target)]


async def test_a_form_explains_itself_and_what_is_sent_is_kept(town: Office):
    opened = await form(town)
    assert "Wähle, wovon du hören willst" in opened.text
    assert opened.values["Wovon willst du hören?"] == ["Beiträge", "Videos", "Termine"]

    assert (
        await opened.submit({"Wovon willst du hören?": ["Beiträge"], "Ruhe ab": "18:00", "Ruhe bis": "07:00"})
        == {}
    )

    assert heard(town, NEWS) == [Choice(frozenset({NewsKind.POST}), quiet=(time(18), time(7)))]
    assert "Beiträge · sofort · Ruhe von 18:00 bis 7:00 Uhr" in opened.text


async def test_without_a_channel_it_is_for_oneself(town: Office):
    opened = await form(town, channel=None)
    assert await opened.submit() == {}

    (choice,) = heard(town, ANN)
    assert choice == Choice(frozenset({NewsKind.POST, NewsKind.VIDEO, NewsKind.EVENT}))


async def test_typed_words_are_filled_in_and_shown_with_what_would_have_come(town: Office):
    opened = await form(town, "beiträge ki -rbs wetter freitags 14 Uhr")

    assert opened.values[ANY] == ["KI", "wetter"]
    assert opened.values[EXCEPT] == ["RBS"]
    assert (opened.values["An welchem Tag?"], opened.values["Um"]) == ("Freitag", "14:00")
    assert "Zu „wetter“ gab es bisher nichts." in opened.text
    assert "wäre davon 1 Meldung gekommen" in opened.text.replace("*", "")
    assert "KI* im Büro" in opened.text
    assert await opened.submit() == {}

    (choice,) = heard(town, NEWS)
    assert (choice.rhythm, choice.weekday, choice.at) == (Rhythm.WEEKLY, 4, time(14))
    assert choice.of_part(Part.ANY) == {Term(Facet.TOPIC, "ki"), Term(Facet.TOPIC, "wetter")}


async def test_what_is_chosen_changes_the_fields_and_the_preview(town: Office):
    ann = town.person(ANN)
    opened = await form(town)
    assert "Um" not in opened.fields
    assert "2 Meldungen" in opened.text

    await ann.choose("Wann?", "Täglich, in einem Überblick", on="modal")
    assert "Um" in opened.fields
    assert "Ruhe ab" not in opened.fields

    assert await ann.suggestions(ANY, "exp", on="modal") == ["#ExplainIT", "exp"]
    await ann.choose(ANY, "#ExplainIT", on="modal")
    assert "Neue Wege" in opened.text
    assert "KI* im Büro" not in opened.text


async def test_what_can_be_chosen_is_what_there_is_the_most_frequent_first(town: Office):
    ann = town.person(ANN)
    await form(town)

    assert await ann.suggestions(ANY, "", on="modal") == ["KI", "Rad", "#ExplainIT", "RBS"]
    assert await ann.suggestions(ANY, "bildung", on="modal") == ["RBS", "bildung"]


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({"Ruhe ab": "18:00"}, "Ruhe bis", "beide Uhrzeiten"),
        ({"Ruhe ab": "18:00", "Ruhe bis": "18:00"}, "Ruhe bis", "zwei verschiedene"),
    ],
)
async def test_what_can_not_be_meant_is_said_at_its_field(
    town: Office, answers: dict[str, object], field: str, sentence: str
):
    opened = await form(town)

    assert sentence in (await opened.submit(answers))[field]
    assert heard(town, NEWS) == []


async def test_what_is_wanted_and_unwanted_at_once_is_said(town: Office):
    opened = await form(town, "ki -ki")

    assert "KI ist zugleich gewünscht und ausgeschlossen." in (await opened.submit())[EXCEPT]


async def test_a_channel_that_i_am_not_in_is_said_at_its_field(town: Office):
    workspace = town.sandbox.workspace
    elsewhere = workspace.create_channel(ANN, "woanders")
    opened = await form(town)

    errors = await opened.submit({"In welchen Kanal?": "woanders"})
    assert "/invite @Stadtfunk" in errors["In welchen Kanal?"]

    workspace.archive(elsewhere.id)
    assert "archiviert" in (await opened.submit())["In welchen Kanal?"]


async def test_the_list_shows_what_is_heard_and_lets_it_be_paused_and_stopped(town: Office):
    await (await form(town, "ki")).submit()
    ann = town.person(ANN)
    await ann.slash("/funk", "abo liste", channel=NEWS)
    window = await ann.form("Abos")
    assert "zu ki" in window.text
    assert "angelegt von" in window.text

    await ann.click("Pausieren", on="modal")
    await until(lambda: "pausiert seit" in window.text)
    await ann.click("Fortsetzen", on="modal")
    await until(lambda: "Pausieren" in window.text)
    await ann.click("Beenden", on="modal")
    assert heard(town, NEWS) == []


async def test_a_subscription_is_changed_in_the_same_form(town: Office):
    await (await form(town, "ki", channel=None)).submit()
    ann = town.person(ANN)
    await ann.open_home()
    await ann.sees_at_home("Meine Abos")
    await ann.click("Ändern", on="home")
    opened = await ann.form("Abo ändern")
    assert opened.values[ANY] == ["KI"]
    assert await opened.submit({"Wie soll es aussehen?": "Als eine Zeile"}) == {}

    (choice,) = heard(town, ANN)
    assert choice.layout is Layout.LINE
    assert choice.of_part(Part.ANY) == {Term(Facet.TOPIC, "ki")}


async def test_a_locked_channel_is_changed_by_administrators_only(town: Office):
    await (await form(town, "ki")).submit()
    red, ann = town.person(RED), town.person(ANN)
    await red.slash("/funk", "abo liste", channel=NEWS)
    await red.click("Für andere sperren", on="modal")

    await ann.slash("/funk", "abo liste", channel=NEWS)
    assert (
        "🔒 Die Administrator*innen haben die Abos dieses Kanals gesperrt." in (await ann.form("Abos")).text
    )
    errors = await (await form(town, "rad")).submit()
    assert "gesperrt" in " ".join(errors.values())

    assert await (await form(town, "rad", by=RED)).submit() == {}
    assert len(heard(town, NEWS)) == 2


async def test_what_someone_else_stopped_meanwhile_can_not_be_changed(town: Office):
    await (await form(town, "ki")).submit()
    ann, ron = town.person(ANN), town.person(RON)
    await ann.slash("/funk", "abo liste", channel=NEWS)
    await ann.form("Abos")
    (one,) = town.store.ask(subscriptions.of_target, NEWS)
    other = town.store.ask(people.by_chat_id, RED)
    assert other
    town.store.do(subscriptions.stop, one.subscription.id or 0, by=other, now=town.clock.now)

    await ann.click("Pausieren", on="modal")

    assert ron.id == RON
    assert "Jemand hat dieses Abo inzwischen beendet." in (await ann.form("Stadtfunk")).text


async def test_a_channel_with_too_many_subscriptions_says_so(town: Office):
    def many(session: Session) -> None:
        for number in range(MAX_PER_TARGET):
            subscriptions.subscribe(session, EVENTS, NEWS, now=town.clock.now, source_id=number + 1)

    town.store.do(many)

    errors = await (await form(town, "ki")).submit()
    assert "Hier gibt es schon 100 Abos." in " ".join(errors.values())
    ann = town.person(ANN)
    await ann.slash("/funk", "abo liste", channel=NEWS)
    window = await ann.form("Abos")
    for _ in range(7):
        await ann.click("Weitere", on="modal")
    await until(lambda: "Weitere" not in window.text)
    assert window.text.count("Pausieren") == 2


def told(session: Session, now: datetime) -> None:
    post = session.get(Post, 2)
    assert post
    announcing.tell(session, "post_card", [(2, matching.of_post(post))], now=now)


async def test_many_long_words_that_nobody_knows_open_the_form(town: Office):
    opened = await form(town, ", ".join("äöü" * 25 + str(number) for number in range(12)))

    assert await opened.submit() == {}


async def test_two_choices_in_quick_succession_are_both_kept(town: Office):
    ann = town.person(ANN)
    opened = await form(town)

    await asyncio.gather(
        ann.choose("Wann?", "Täglich, in einem Überblick", on="modal"),
        ann.choose("Wovon willst du hören?", "Beiträge", on="modal"),
    )

    await until(lambda: "Um" in opened.fields)
    assert await opened.submit() == {}


async def test_an_english_colleague_reads_it_in_english(town: Office):
    opened = await form(town, by=JOE)

    assert "What do you want to hear of?" in opened.fields


async def test_the_app_home_shows_what_my_subscriptions_brought(town: Office):
    town.store.do(subscriptions.subscribe, POSTS, ANN, now=town.clock.now)

    town.store.do(told, town.clock.now)
    ann = town.person(ANN)
    await ann.open_home()
    await ann.sees_at_home("Neu für mich")
    await ann.sees_at_home("Neue Wege")


async def test_from_a_card_one_learns_why_it_is_here_and_stops_it(town: Office):
    town.store.do(subscriptions.subscribe, POSTS, NEWS, now=town.clock.now)
    town.store.do(told, town.clock.now)
    ann = town.person(ANN)
    card = await ann.sees("Neue Wege", channel=NEWS)

    await ann.click("Warum sehe ich das?", card)
    window = await ann.form("Warum sehe ich das?")
    assert f"Weil <#{NEWS}>" in window.text
    await ann.click("Beenden", on="modal")

    assert heard(town, NEWS) == []
    await until(lambda: "Was dieser Kanal hört" in window.text)
