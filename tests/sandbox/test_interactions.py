"""People act on what they see; the app hears of it, and wrong answers of its do no harm."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.protocol.outcome import Outcome
from sandbox.state.errors import RefusedError
from tests.sandbox.forms import buttons, field, modal, opened, option, posted, words
from tests.sandbox.wire import wired

Connect = Callable[[], Awaitable[None]]
Blocks = list[dict[str, Any]]


@pytest.mark.parametrize(
    "answer",
    [
        "text",
        [1],
        {"response_action": "dance"},
        {"text": "Danke"},
        {"response_action": "errors"},
        {"response_action": "errors", "errors": ["Nein"]},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"titel": 3}},
        {"response_action": "errors", "errors": {"fremd": "Nein"}},
        {"response_action": "update"},
        {"response_action": "update", "view": None},
        {"response_action": "update", "view": [1]},
        {"response_action": "update", "view": "{"},
        {"response_action": "update", "view": {"type": "home", "blocks": []}},
        {"response_action": "push", "view": {"type": "modal", "blocks": 7}},
    ],
    ids=str,
)
async def test_a_form_stays_open_when_the_app_answers_nonsense(
    sandbox: Sandbox, client: AsyncWebClient, answer: Any
) -> None:
    async with wired(sandbox) as wire:
        view = await opened(sandbox, wire, client, modal())
        wire.answer = answer

        outcome = await sandbox.interactions.submit("U_ANN", view.id, {})

    assert outcome.failure
    assert [one.id for one in sandbox.workspace.modals("U_ANN")] == [view.id]


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (modal(external_id="eins"), "duplicate_external_id"),
        (modal({"type": "image", "slack_file": {"id": "F_GONE"}, "alt_text": "Bild"}), "invalid slack file"),
    ],
)
@pytest.mark.parametrize("action", ["update", "push"])
async def test_a_form_that_could_not_be_opened_can_not_be_answered_with_either(
    sandbox: Sandbox, client: AsyncWebClient, action: str, view: dict[str, Any], reason: str
) -> None:
    home = {"type": "home", "external_id": "eins", "blocks": []}
    await client.views_publish(user_id="U_BEN", view=home)
    async with wired(sandbox) as wire:
        sent = await opened(sandbox, wire, client, modal())
        wire.answer = {"response_action": action, "view": view}

        outcome = await sandbox.interactions.submit("U_ANN", sent.id, {})

    assert reason in (outcome.failure or "")
    assert [one.hash for one in sandbox.workspace.modals("U_ANN")] == [sent.hash]


async def test_a_fourth_form_on_the_pile_is_a_wrong_answer(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async with wired(sandbox) as wire:
        view = await opened(sandbox, wire, client, modal())
        wire.answer = {"response_action": "push", "view": modal()}
        outcome = Outcome()
        for _ in range(3):
            view = sandbox.workspace.modals("U_ANN")[-1]
            outcome = await sandbox.interactions.submit("U_ANN", view.id, {})

    assert "push_limit_reached" in (outcome.failure or "")
    assert len(sandbox.workspace.modals("U_ANN")) == 3


@pytest.mark.parametrize("action", ["errors", "update", "push", "clear"])
async def test_an_answer_to_a_form_that_was_closed_meanwhile_changes_nothing(
    sandbox: Sandbox, app: AsyncApp, connect: Connect, action: str
) -> None:
    @app.shortcut("pitch_new")
    async def ask(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal(callback_id="c"))
        await ack()

    @app.view("c")
    async def take(ack: AsyncAck, view: dict[str, Any]) -> None:
        await sandbox.interactions.close("U_ANN", view["id"])
        await ack(response_action=action, errors={"titel": "Nein"}, view=modal())

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.shortcut("pitch_new")

    assert await (await ann.form()).submit() == {}
    assert sandbox.workspace.modals("U_ANN") == []


async def test_a_form_that_the_app_changes_while_it_is_sent_can_be_refused_by_its_new_fields(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    @app.shortcut("pitch_new")
    async def ask(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal(callback_id="c"))
        await ack()

    @app.view("c")
    async def take(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_update(view_id=view["id"], view=modal(field("neu", "plain_text_input")))
        await ack(response_action="errors", errors={"neu": "Das fehlt noch."})

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.shortcut("pitch_new")
    form = await ann.form()

    await form.submit()

    assert form.fields == ["Neu"]
    assert list(form.errors.values()) == ["Das fehlt noch."]


async def test_closing_one_form_shows_the_one_below_and_closing_all_tells_so(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    async with wired(sandbox) as wire:
        first = await opened(sandbox, wire, client, modal(notify_on_close=True))
        wire.answer = {"response_action": "push", "view": modal(notify_on_close=True)}
        for _ in range(2):
            await sandbox.interactions.submit("U_ANN", sandbox.workspace.modals("U_ANN")[-1].id, {})
        second, third = sandbox.workspace.modals("U_ANN")[1:]

        await sandbox.interactions.close("U_ANN", third.id)
        assert sandbox.workspace.modals("U_ANN")[-1].id == second.id
        await sandbox.interactions.close("U_ANN", second.id, is_all=True)

        closed = [
            (frame["payload"]["view"]["id"], frame["payload"]["is_cleared"])
            for frame in wire.frames
            if frame.get("payload", {}).get("type") == "view_closed"
        ]
    assert closed == [(third.id, False), (second.id, True), (first.id, True)]
    assert sandbox.workspace.modals("U_ANN") == []


async def test_a_choice_in_a_form_is_told_only_where_the_app_wants_to_hear_of_it(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    select: dict[str, Any] = {"kind": "static_select", "options": [option("Eins"), option("Zwei")]}
    async with wired(sandbox) as wire:
        await opened(
            sandbox,
            wire,
            client,
            modal(field("still", **select), field("laut", **select, dispatch_action=True)),
        )
        ann = sandbox.person("U_ANN")
        await ann.choose("Still", "Eins", on="modal")
        await ann.choose("Laut", "Zwei", on="modal")

        payload = await wire.payload("block_actions")
    assert payload["actions"][0]["block_id"] == "laut"
    told = payload["view"]["state"]["values"]
    assert [told[key]["v"]["selected_option"]["value"] for key in ("still", "laut")] == ["eins", "zwei"]


async def test_a_file_in_a_form_reaches_the_app(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async with wired(sandbox) as wire:
        await opened(sandbox, wire, client, modal(field("bild", "file_input", filetypes=["png"])))
        form = await sandbox.person("U_ANN").form()
        refused = await form.submit(Bild=("notiz.txt", b"x"))
        await form.submit(Bild=("bild.png", b"\x89PNG"))

        payload = await wire.payload("view_submission")
    assert refused == {"Bild": "Bitte lade nur Dateien dieser Art hoch: png."}
    files = payload["view"]["state"]["values"]["bild"]["v"]["files"]
    assert [(file["name"], file["size"]) for file in files] == [("bild.png", 4)]


EXTERNAL: dict[str, Any] = {
    "type": "section",
    "block_id": "suche",
    "text": words("Wer?"),
    "accessory": {"type": "external_select", "action_id": "wer", "placeholder": words("Suche")},
}


async def test_what_the_app_suggested_last_can_be_chosen(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    chosen = []

    @app.options("wer")
    async def suggest(ack: AsyncAck, body: dict[str, Any]) -> None:
        group = {"label": words("Alle"), "options": [option(f"{body['value']} Beispiel")]}
        await ack(option_groups=[group])

    @app.action("wer")
    async def take(ack: AsyncAck, action: dict[str, Any]) -> None:
        chosen.append(action["selected_option"]["value"])
        await ack()

    await connect()
    ann = sandbox.person("U_ANN")
    message = await posted(sandbox, app.client, EXTERNAL)

    assert await ann.suggestions("Wer?", "Ben", message) == ["Ben Beispiel"]
    assert await ann.suggestions("Wer?", "Cem", message) == ["Cem Beispiel"]
    with pytest.raises(AssertionError, match="no “Ben Beispiel” to choose, only Cem Beispiel"):
        await ann.choose("Wer?", "Ben Beispiel", message=message)
    await ann.choose("Wer?", "Cem Beispiel", message=message)

    assert chosen == ["cem beispiel"]


async def test_the_app_is_asked_for_suggestions_from_the_third_character_on(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    message = await posted(sandbox, client, EXTERNAL)
    eager = {**EXTERNAL, "accessory": {**EXTERNAL["accessory"], "min_query_length": 0}}
    at_once = await posted(sandbox, client, eager)
    async with wired(sandbox) as wire:
        wire.answer = {"options": [option("Eins")]}
        ann = sandbox.person("U_ANN")

        assert await ann.suggestions("Wer?", "ab", message) == []
        assert await ann.suggestions("Wer?", "abc", message) == ["Eins"]
        assert await ann.suggestions("Wer?", "", at_once) == ["Eins"]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"options": None},
        {"options": [option(str(n)) for n in range(101)]},
        {"options": [{}]},
    ],
    ids=["nothing", "empty", "null", "101", "no text"],
)
async def test_wrong_suggestions_are_told_to_the_person(
    sandbox: Sandbox, client: AsyncWebClient, answer: Any
) -> None:
    message = await posted(sandbox, client, EXTERNAL)
    async with wired(sandbox) as wire:
        wire.answer = answer
        with pytest.raises(RefusedError, match="invalid_options") as refused:
            await sandbox.interactions.suggest("U_ANN", message, "suche", "wer", "abc")

    assert refused.value.messages[0].startswith("Stadtfunk hat falsch geantwortet")


async def test_people_act_only_on_what_they_see(sandbox: Sandbox, client: AsyncWebClient) -> None:
    message = await posted(sandbox, client, buttons("Ja"))
    secret = await client.chat_postEphemeral(
        channel="C_ALL", user="U_ANN", text="Nur du", blocks=[buttons("Ja")]
    )
    for_ann = sandbox.workspace.find("C_ALL", secret["message_ts"])
    assert for_ann

    with pytest.raises(RefusedError, match="not_in_channel"):
        await sandbox.interactions.click("U_CEM", message, "knöpfe", "ja")
    with pytest.raises(RefusedError, match="message_not_found"):
        await sandbox.interactions.click("U_BEN", for_ann, "knöpfe", "ja")
    with pytest.raises(RefusedError, match="not_in_channel"):
        await sandbox.interactions.slash("U_CEM", "C_TEAM", "/funk", "")


async def test_what_vanished_can_not_be_pressed(sandbox: Sandbox, client: AsyncWebClient) -> None:
    message = await posted(sandbox, client, buttons("Ja"))

    await client.chat_update(channel="C_ALL", ts=message.ts, text="Neu", blocks=[buttons("Nein")])
    with pytest.raises(RefusedError, match=r"^not_found"):
        await sandbox.interactions.click("U_ANN", message, "knöpfe", "ja")

    await client.chat_delete(channel="C_ALL", ts=message.ts)
    with pytest.raises(RefusedError, match="message_not_found"):
        await sandbox.interactions.click("U_ANN", message, "knöpfe", "nein")


async def test_who_was_deactivated_does_nothing_any_more(sandbox: Sandbox, client: AsyncWebClient) -> None:
    message = await posted(sandbox, client, buttons("Ja"))
    sandbox.workspace.deactivate("U_ANN")
    do = sandbox.interactions

    for deed in (
        do.click("U_ANN", message, "knöpfe", "ja"),
        do.slash("U_ANN", "C_ALL", "/funk", ""),
        do.shortcut("U_ANN", "pitch_new"),
        do.open_home("U_ANN"),
    ):
        with pytest.raises(RefusedError, match="account_inactive"):
            await deed


@pytest.mark.parametrize(
    ("kind", "value"),
    [("users_select", "U_NOBODY"), ("channels_select", "C_SECRET"), ("conversations_select", "C_SECRET")],
)
async def test_nobody_chooses_what_they_do_not_find(
    sandbox: Sandbox, client: AsyncWebClient, kind: str, value: str
) -> None:
    block = {"type": "actions", "block_id": "b", "elements": [{"type": kind, "action_id": "v"}]}
    message = await posted(sandbox, client, block)

    with pytest.raises(RefusedError, match="not_found"):
        await sandbox.interactions.click("U_ANN", message, "b", "v", value)


async def test_an_option_keeps_its_address_and_a_question_before_the_deed(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    confirm = {
        "title": words("Sicher?"),
        "text": words("Wirklich?"),
        "confirm": words("Ja"),
        "deny": words("Nein"),
    }
    menu = {
        "type": "overflow",
        "action_id": "v",
        "options": [option("Plan", url="https://stadt.example/plan")],
        "confirm": confirm,
    }
    await posted(sandbox, client, {"type": "actions", "block_id": "b", "elements": [menu]})
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").click("Plan")

        action = (await wire.payload("block_actions"))["actions"][0]
    assert action["selected_option"]["url"] == "https://stadt.example/plan"
    assert action["confirm"]["title"]["text"] == "Sicher?"


async def test_thumbs_are_pressed_by_their_labels(sandbox: Sandbox, client: AsyncWebClient) -> None:
    thumbs = {
        "type": "feedback_buttons",
        "action_id": "v",
        "positive_button": {"text": words("Gut"), "value": "+"},
        "negative_button": {"text": words("Schlecht"), "value": "-"},
    }
    await posted(sandbox, client, {"type": "context_actions", "block_id": "b", "elements": [thumbs]})
    async with wired(sandbox) as wire:
        await sandbox.person("U_ANN").click("Schlecht")

        action = (await wire.payload("block_actions"))["actions"][0]
    assert (action["type"], action["value"]) == ("feedback_buttons", "-")


async def test_the_app_is_said_to_be_silent_in_the_persons_language(sandbox: Sandbox) -> None:
    ann = sandbox.workspace.member("U_ANN")
    sandbox.workspace.change_member(replace(ann, locale="en-GB"))

    silent = await sandbox.interactions.slash("U_ANN", "C_ALL", "/funk", "")
    unknown = await sandbox.interactions.shortcut("U_ANN", "nothing")

    assert silent.failure == "Stadtfunk did not respond: the app is not connected right now."
    assert unknown.failure == "There is no shortcut nothing."
