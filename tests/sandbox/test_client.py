"""People of the tests find things by what they read, and say what they see instead."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.forms import buttons, field, modal, opened, option
from tests.sandbox.wire import wired

ROOT = Path(__file__).parents[2]


async def post(client: AsyncWebClient, *blocks: dict[str, Any], text: str = "Karte") -> None:
    await client.chat_postMessage(channel="C_ALL", text=text, blocks=blocks)


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


async def test_a_failing_wait_tells_what_the_person_sees_instead(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    ann = sandbox.person("U_ANN")
    await ann.say("Hallo alle", "#alle")
    await client.views_publish(user_id="U_ANN", view={"type": "home", "blocks": [section("Moin Ann")]})

    with pytest.raises(AssertionError) as failed:
        await ann.sees("Guten Abend", "#alle", within=0)

    said = str(failed.value)
    assert said.startswith("Ann Beispiel has waited 0 s for a message with “Guten Abend”, and sees:")
    assert "Home: '' 'Moin Ann'" in said
    assert "in #alle: 'Hallo alle'" in said


async def test_a_failing_wait_for_a_form_tells_which_one_is_open(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    async with wired(sandbox) as wire:
        await opened(sandbox, wire, client, modal())

    with pytest.raises(AssertionError, match="a form: 'Formular' 'Titel'"):
        await sandbox.person("U_ANN").form("Anderes", within=0)


async def test_a_failing_wait_tells_first_why_the_last_act_failed(sandbox: Sandbox) -> None:
    ann = sandbox.person("U_ANN")
    await ann.slash("/fnuk")

    with pytest.raises(AssertionError) as failed:
        await ann.form(within=0)

    assert str(failed.value).splitlines()[1] == "  a failure: '/fnuk ist kein Befehl in diesem Workspace.'"


async def test_of_several_messages_the_newest_is_pressed(sandbox: Sandbox, client: AsyncWebClient) -> None:
    for text in ("alt", "neu"):
        await post(client, section(text), buttons("Ja"), text=text)
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").click("Ja")

        assert (await wire.payload("block_actions"))["message"]["text"] == "neu"


async def test_a_button_that_is_there_twice_is_found_by_the_words_beside_it(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    row = [{**buttons("Ja"), "block_id": name} for name in ("eins", "zwei")]
    await post(client, section("Erstens"), row[0], section("Zweitens"), row[1])
    ann = sandbox.person("U_ANN")
    async with wired(sandbox) as wire:
        with pytest.raises(AssertionError, match="“Ja” to click 2 times"):
            await ann.click("Ja")
        await ann.click("Ja", beside="Zweitens")

        assert (await wire.payload("block_actions"))["actions"][0]["block_id"] == "zwei"


SELECTS: list[tuple[dict[str, Any], tuple[Any, ...], Any]] = [
    ({"type": "static_select", "options": [option("Eins"), option("Zwei")]}, ("Zwei",), "zwei"),
    ({"type": "radio_buttons", "options": [option("Eins")]}, ("Eins",), "eins"),
    ({"type": "checkboxes", "options": [option("Eins"), option("Zwei")]}, ("Eins", "Zwei"), ["eins", "zwei"]),
    ({"type": "multi_static_select", "options": [option("Eins")]}, ("Eins",), ["eins"]),
    ({"type": "multi_static_select", "options": [option("Eins")]}, (), []),
    ({"type": "users_select"}, ("Ann Beispiel",), "U_ANN"),
    ({"type": "multi_users_select"}, ("@ann", "ben"), ["U_ANN", "U_BEN"]),
    ({"type": "channels_select"}, ("#alle",), "C_ALL"),
    ({"type": "conversations_select"}, ("team",), "C_TEAM"),
    ({"type": "datepicker"}, (date(2026, 11, 30),), "2026-11-30"),
    ({"type": "timepicker"}, (time(9, 30),), "09:30"),
]


@pytest.mark.parametrize(("element", "said", "value"), SELECTS, ids=lambda one: str(one)[:40])
async def test_people_choose_by_the_words_they_read(
    sandbox: Sandbox, client: AsyncWebClient, element: dict[str, Any], said: tuple[Any, ...], value: Any
) -> None:
    accessory = {"action_id": "v", **element}
    await post(client, section("Wer?", block_id="b", accessory=accessory))
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").choose("Wer?", *said)

        action = (await wire.payload("block_actions"))["actions"][0]
    chosen = next(content for key, content in action.items() if key.startswith("selected_"))
    several = chosen if isinstance(chosen, list) else [chosen]
    values = [one["value"] if isinstance(one, dict) else one for one in several]
    assert values == (value if isinstance(value, list) else [value])


async def test_a_form_takes_every_kind_of_answer_by_its_label(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    moment = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    answers: dict[str, tuple[dict[str, Any], Any, Any]] = {
        "Wort": ({"type": "plain_text_input"}, "Hallo", "Hallo"),
        "Zahl": ({"type": "number_input", "is_decimal_allowed": False}, "7", "7"),
        "Mail": ({"type": "email_text_input"}, "ann@stadt.example", "ann@stadt.example"),
        "Seite": ({"type": "url_text_input"}, "https://stadt.example", "https://stadt.example"),
        "Tag": ({"type": "datepicker"}, date(2026, 11, 30), "2026-11-30"),
        "Zeit": ({"type": "timepicker"}, "09:30", "09:30"),
        "Wann": ({"type": "datetimepicker"}, moment, int(moment.timestamp())),
        "Wer macht es?": ({"type": "users_select"}, "Ben Beispiel", "Ben Beispiel"),
        "Wo": ({"type": "channels_select"}, "alle", "#alle"),
        "Was": ({"type": "checkboxes", "options": [option("Eins"), option("Zwei")]}, ["Zwei"], ["Zwei"]),
        "Bild": ({"type": "file_input"}, [("plan.pdf", b"%PDF")], ["plan.pdf"]),
    }
    blocks = [
        field(f"b{n}", element.pop("type"), **element, label=label)
        for n, (label, (element, _, _)) in enumerate(answers.items())
    ]
    async with wired(sandbox) as wire:
        await opened(sandbox, wire, client, modal(*blocks))
        form = await sandbox.person("U_ANN").form()
        await form.fill({label: said for label, (_, said, _) in answers.items()})

        assert form.values == {label: shown for label, (_, _, shown) in answers.items()}
        assert not any(frame.get("payload", {}).get("type") == "view_submission" for frame in wire.frames)
        assert await form.submit({"Wer macht es?": "ann"}, Zahl="viel") == form.errors
        assert form.errors == {"Zahl": "Bitte gib eine Zahl ein."}
        assert await form.submit(Zahl="8") == {}
    assert not form.is_open


async def test_a_label_that_is_no_field_or_two_is_not_guessed(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    twins = [field(name, "plain_text_input", label="Titel") for name in ("eins", "zwei")]
    select = field("wahl", "static_select", options=[option("Eins")])
    async with wired(sandbox) as wire:
        await opened(sandbox, wire, client, modal(*twins, select))
    form = await sandbox.person("U_ANN").form()

    with pytest.raises(AssertionError, match="no field “Betreff” in “Formular”, only Titel, Titel, Wahl"):
        await form.submit(Betreff="x")
    with pytest.raises(AssertionError, match="2 fields “Titel”"):
        await form.submit(Titel="x")
    with pytest.raises(AssertionError, match="no “Zwei” to choose, only Eins"):
        await form.fill(Wahl="Zwei")


async def test_two_people_of_the_same_name_are_not_mixed_up(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ben = sandbox.workspace.member("U_BEN")
    sandbox.workspace.add(type(ben)("U_BEN2", "ben2", "Ben Beispiel"))
    await post(client, section("Wer?", accessory={"type": "users_select", "action_id": "v"}))
    ann = sandbox.person("U_ANN")

    with pytest.raises(AssertionError, match="2 of “Ben Beispiel”"):
        await ann.choose("Wer?", "Ben Beispiel")


async def test_people_talk_react_and_tidy_up_among_themselves(sandbox: Sandbox) -> None:
    ann, ben = sandbox.person("U_ANN"), sandbox.person("U_BEN")
    await ann.say("Hallo", "#alle")

    await ben.react("Hallo", "thumbsup", "#alle")
    assert (await ann.sees("Hallo", "#alle")).reactions[0]["users"] == ["U_BEN"]
    await ben.unreact("Hallo", "thumbsup", "#alle")
    assert (await ann.sees("Hallo", "#alle")).reactions == []

    reply = await ben.reply("Hallo", "Guten Tag", "#alle", is_broadcast=True)
    assert (reply.thread_ts, reply.is_broadcast) == ((await ann.sees("Hallo", "#alle")).ts, True)

    await ann.edit("Hallo", "Moin", "#alle")
    await ben.sees("Moin", "#alle")
    await ben.delete("Guten Tag", "#alle")
    await ann.sees_no_more("Guten Tag", "#alle")


async def test_people_share_files_and_come_and_go(sandbox: Sandbox) -> None:
    cem, ann = sandbox.person("U_CEM"), sandbox.person("U_ANN")

    await cem.join("#alle")
    await cem.upload("plan.pdf", b"%PDF", "Der Plan", "#alle")
    await ann.sees("plan.pdf", "#alle")
    await cem.leave("#alle")

    with pytest.raises(AssertionError, match="waited 0 s"):
        await cem.sees("Der Plan", "#alle", within=0)
    with pytest.raises(AssertionError, match="no channel #nirgends"):
        await cem.join("#nirgends")
