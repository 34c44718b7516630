"""Pitches, from four ways in to the decision that its author hears."""

from secrets import token_hex

from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, COMMS, JOE, NEWS, RED, Office


async def pitch(office: Office, title: str, **more: str) -> None:
    ann = office.person(ANN)
    await ann.shortcut("pitch_new")
    form = await ann.form()
    assert await form.submit(Titel=title, **more) == {}


async def test_a_pitch_by_shortcut_thanks_its_author_and_shows_the_newsroom_a_card(office: Office):
    title = f"Roboter {token_hex(4)}"

    await pitch(office, title, **{"Was ist die Geschichte?": "Man kann sie ausleihen."})

    thanks = await office.person(ANN).sees(title)
    assert "Danke für deine Idee" in visible_text(thanks)
    card = await office.person(RED).sees(title, channel=COMMS)
    assert "Man kann sie ausleihen." in visible_text(card)
    assert f"<@{ANN}>" in visible_text(card)


async def test_a_pitch_begun_with_the_slash_command_has_its_words_as_title(office: Office):
    ann = office.person(ANN)

    await ann.slash("/funk", "idee Die Bibliothek & der <Roboter>")

    form = await ann.form()
    assert form.values["Titel"] == "Die Bibliothek & der <Roboter>"


async def test_a_message_becomes_a_pitch_with_its_words_and_its_permalink(office: Office):
    ann = office.person(ANN)
    message = await ann.say("Wir haben jetzt <5 Roboter & mehr\nAb Mai für alle.", channel=NEWS)

    await ann.message_shortcut("pitch_from_message", message)
    form = await ann.form()

    assert form.values["Titel"] == "Wir haben jetzt <5 Roboter & mehr"
    assert form.values["Was ist die Geschichte?"] == "Wir haben jetzt <5 Roboter & mehr\nAb Mai für alle."
    assert await form.submit() == {}
    card = await office.person(RED).sees("5 Roboter", channel=COMMS)
    assert "ursprüngliche Nachricht" in visible_text(card)


async def test_the_home_tab_offers_the_form_and_then_shows_the_idea(office: Office):
    ann = office.person(ANN)
    await ann.open_home()
    await ann.sees_at_home("Hallo, ich bin Stadtfunk")

    await ann.click("Idee vorschlagen", on="home")
    form = await ann.form()
    assert await form.submit(Titel="Vom Start-Tab") == {}

    await ann.sees_at_home("Vom Start-Tab")


async def test_a_form_with_a_blank_or_overlong_title_says_so_at_the_field_and_keeps_everything(
    office: Office,
):
    ann = office.person(ANN)
    await ann.shortcut("pitch_new")
    form = await ann.form()

    errors = await form.submit(Titel="   ", **{"Was ist die Geschichte?": "Lange erzählt."})

    assert list(errors) == ["Titel"]
    assert "höchstens 150 Zeichen" in errors["Titel"]
    assert (await form.submit(Titel="Jetzt mit Titel")) == {}


async def test_words_that_would_mention_everyone_or_forge_a_link_stay_words(office: Office):
    await pitch(office, "<!channel> *fett* <https://böse.example|Stadt>")

    card = await office.person(RED).sees("<!channel> *fett*", channel=COMMS)

    assert "<!channel>" not in card.text
    assert "&lt;!channel&gt;" in card.text


async def test_the_overview_comes_at_once_when_the_newsroom_asks(office: Office):
    await pitch(office, "Wartet noch")
    red = office.person(RED)
    await red.sees("Wartet noch", channel=COMMS)

    await red.slash("/funk", "überblick")

    overview = await red.sees("1 Idee ist unentschieden", channel=COMMS)
    assert "Wartet noch" in visible_text(overview)


async def test_the_overview_is_not_for_everyone(office: Office):
    ann = office.person(ANN)

    await ann.slash("/funk", "überblick")

    assert "Das geht nur für die Redaktion" in (ann.last_reply or "")


async def test_a_colleague_with_an_english_chat_is_spoken_to_in_english(office: Office):
    joe = office.person(JOE)

    await joe.slash("/funk", "help")

    assert "This is what I can do for you" in (joe.last_reply or "")
