"""A plain Bolt app does not notice that it isn't Slack, be it over Socket Mode or over signed HTTP."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.conftest import SEED

Connect = Callable[[], Awaitable[None]]
PATH = "/slack/events"
PITCH = {
    "type": "modal",
    "callback_id": "pitch",
    "title": {"type": "plain_text", "text": "Deine Idee"},
    "submit": {"type": "plain_text", "text": "Abschicken"},
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": {"type": "plain_text", "text": "Titel"},
            "element": {"type": "plain_text_input", "action_id": "value", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "kind",
            "optional": True,
            "label": {"type": "plain_text", "text": "Art"},
            "element": {
                "type": "static_select",
                "action_id": "value",
                "options": [
                    {"text": {"type": "plain_text", "text": "Bericht"}, "value": "report"},
                    {"text": {"type": "plain_text", "text": "Gespräch"}, "value": "talk"},
                ],
            },
        },
    ],
}


@pytest.fixture(params=["websocket", "http"])
def port(request: pytest.FixtureRequest) -> Iterator[socket.socket | None]:
    """The port of an app without Socket Mode."""
    if request.param == "websocket":
        yield None
        return
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken


@pytest.fixture
async def sandbox(port: socket.socket | None) -> AsyncIterator[Sandbox]:
    url = f"http://127.0.0.1:{port.getsockname()[1]}{PATH}" if port else None
    running = await Sandbox.start(SEED, pace=False, request_url=url)
    yield running
    await running.stop()


@pytest.fixture
def app(sandbox: Sandbox, client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(
        client=client,
        signing_secret=sandbox.signing_secret,
        process_before_response=True,
        ignoring_self_events_enabled=False,
    )


@pytest.fixture
async def connect(sandbox: Sandbox, app: AsyncApp, port: socket.socket | None) -> AsyncIterator[Connect]:
    """Connects the app, once its listeners are there."""
    handler: Any = AsyncSocketModeHandler(app, sandbox.app_token)
    runner = web.AppRunner(app.web_app(PATH))

    async def connect() -> None:
        if port is None:
            await handler.connect_async()
            return
        await runner.setup()
        await web.SockSite(runner, port).start()
        assert sandbox.http is not None
        assert await sandbox.http.verify()

    yield connect
    await handler.close_async()
    await runner.cleanup()


def card(text: str, *labels: str) -> dict[str, Any]:
    buttons = [
        {"type": "button", "action_id": label.lower(), "text": {"type": "plain_text", "text": label}}
        for label in labels
    ]
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {"text": text, "blocks": [section, {"type": "actions", "elements": buttons}]}


async def test_a_slash_command_is_answered_to_the_person_alone(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    @app.command("/funk")
    async def help_(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(f"{command['user_name']} in {command['channel_name']}: {command['text']}")

    await connect()
    ann, ben = sandbox.person("U_ANN"), sandbox.person("U_BEN")

    outcome = await ann.slash("/funk", "Wer & wo @ben", channel="C_ALL")

    assert outcome.ok
    assert ann.last_reply == "ann in alle: Wer &amp; wo @ben"
    assert ben.last_reply is None


async def test_a_command_that_asks_for_it_gets_names_as_ids(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    @app.command("/escaped")
    async def echo(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(command["text"])

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.slash("/escaped", "@ben in #alle")

    assert ann.last_reply == "<@U_BEN> in <#C_ALL|alle>"


async def test_a_form_is_refused_with_a_sentence_at_the_field_and_then_taken(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    sent = []

    @app.shortcut("pitch_new")
    async def ask(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=shortcut["trigger_id"], view=PITCH)
        await ack()

    @app.view("pitch")
    async def take(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        values = view["state"]["values"]
        if "?" in values["title"]["value"]["value"]:
            await ack(response_action="errors", errors={"title": "Bitte keine Frage."})
            return
        sent.append(values)
        await client.chat_postMessage(channel=body["user"]["id"], text="Danke!")
        await ack()

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.shortcut("pitch_new")
    form = await ann.form()

    assert form.title == "Deine Idee"
    assert form.fields == ["Titel", "Art"]
    assert await form.submit() == {"Titel": "Bitte fülle dieses Pflichtfeld aus."}
    assert await form.submit(Titel="x" * 21) == {"Titel": "Bitte gib höchstens 20 Zeichen ein."}
    assert await form.submit(Titel="Wirklich?", Art="Gespräch") == {"Titel": "Bitte keine Frage."}
    assert form.values == {"Titel": "Wirklich?", "Art": "Gespräch"}
    assert await form.submit(Titel="Ja") == {}

    assert sandbox.workspace.modals("U_ANN") == []
    assert sent[0]["title"]["value"] == {"type": "plain_text_input", "value": "Ja"}
    assert sent[0]["kind"]["value"]["selected_option"]["value"] == "talk"
    await ann.sees("Danke!")


async def test_forms_are_pushed_updated_and_cleared(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    steps = iter(["push", "update", "clear"])

    @app.shortcut("pitch_new")
    async def ask(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=shortcut["trigger_id"], view=PITCH)
        await ack()

    @app.view("pitch")
    async def take(ack: AsyncAck) -> None:
        action = next(steps)
        title = {"type": "plain_text", "text": action.title()}
        view: dict[str, Any] = {} if action == "clear" else {"view": {**PITCH, "title": title}}
        await ack(response_action=action, **view)

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.shortcut("pitch_new")
    first = await ann.form()
    await first.submit(Titel="eins")
    second = await ann.form()
    assert (second.title, second.values["Titel"]) == ("Push", None)
    assert second.view.previous_id == second.view.root_id == first.view.id

    await second.submit(Titel="zwei")
    assert (second.title, second.values["Titel"]) == ("Update", "zwei")

    await second.submit(Titel="drei")
    assert sandbox.workspace.modals("U_ANN") == []


async def test_a_button_changes_its_message(sandbox: Sandbox, app: AsyncApp, connect: Connect) -> None:
    @app.action("freigeben")
    async def release(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        ts = body["container"]["message_ts"]
        await client.chat_update(channel=body["channel"]["id"], ts=ts, **card("Freigegeben", "Zurück"))
        await ack()

    await connect()
    ann = sandbox.person("U_ANN")
    posted = await app.client.chat_postMessage(channel="C_ALL", **card("Bitte lesen", "Freigeben", "Zurück"))

    await ann.click("Freigeben")

    changed = await ann.sees("Freigegeben", channel="C_ALL")
    assert changed.ts == posted["ts"]


async def test_a_message_shortcut_brings_the_message_along(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    @app.shortcut({"type": "message_action", "callback_id": "pitch_from_message"})
    async def take(ack: AsyncAck, shortcut: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(f"Idee: {shortcut['message']['text']}")

    await connect()
    ann, ben = sandbox.person("U_ANN"), sandbox.person("U_BEN")
    said = await ben.say("Der neue Stadtplan", "C_ALL")

    await ann.message_shortcut("pitch_from_message", said)

    assert (await ann.sees("Idee: Der neue Stadtplan", channel="C_ALL")).reader_id == "U_ANN"


async def test_an_answer_to_a_click_replaces_the_message_unless_told_otherwise(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    answers: dict[str, dict[str, Any]] = {
        "daneben": {"text": "Nur für dich", "replace_original": False},
        "anstelle": {"text": "Anderes"},
        "weg": {"delete_original": True},
    }
    answered = asyncio.Event()

    @app.action({"type": "block_actions", "action_id": "daneben"})
    @app.action("anstelle")
    @app.action("weg")
    async def answer(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(**answers[action["action_id"]])
        if action["action_id"] == "weg":
            answered.set()

    await connect()
    ann, ben = sandbox.person("U_ANN"), sandbox.person("U_BEN")
    posted = await app.client.chat_postMessage(channel="C_ALL", **card("Karte", "Daneben", "Anstelle"))

    await ann.click("Daneben")
    beside = await ann.sees("Nur für dich", channel="C_ALL")
    assert beside.is_ephemeral
    await ann.click("Anstelle")
    assert (await ben.sees("Anderes", channel="C_ALL")).ts == posted["ts"]

    gone = await app.client.chat_postMessage(channel="C_ALL", **card("Karte", "Weg"))
    await ann.click("Weg")
    await asyncio.wait_for(answered.wait(), 5)
    assert sandbox.workspace.find("C_ALL", gone["ts"]) is None


async def test_an_ephemeral_message_is_replaced_for_its_reader(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    @app.command("/funk")
    async def ask(ack: AsyncAck) -> None:
        await ack(**card("Wirklich?", "Ja"))

    @app.action("ja")
    async def yes(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("Gemacht.", replace_original=True)

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.slash("/funk", channel="C_ALL")
    await ann.click("Ja")

    await ann.sees("Gemacht.", channel="C_ALL")
    assert ann.last_reply == "Gemacht."
    assert [m.text for m in sandbox.workspace.messages("C_ALL", "U_BEN")] == []


async def test_the_home_tab_is_filled_when_it_is_opened(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    clicked = []

    @app.event("app_home_opened")
    async def fill(event: dict[str, Any], client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": card("Moin", "Idee")["blocks"]}
        await client.views_publish(user_id=event["user"], view=view)

    @app.action("idee")
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        clicked.append(body["view"]["type"])
        await ack()

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.open_home()

    await ann.sees_at_home("Moin")
    await ann.click("Idee", on="home")
    assert clicked == ["home"]


async def test_the_bot_hears_what_is_said_to_it_and_what_it_says_itself(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    heard: asyncio.Queue[tuple[str, str, bool]] = asyncio.Queue()

    @app.event("message")
    async def listen(event: dict[str, Any], say: AsyncSay) -> None:
        heard.put_nowait((event["channel_type"], event["text"], "bot_id" in event))
        if "bot_id" not in event:
            await say(f"Gehört: {event['text']}")

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.say("Guten Tag")
    await ann.say("Nicht für den Bot", "C_ELSE")

    await ann.sees("Gehört: Guten Tag")
    async with asyncio.timeout(15):
        assert await heard.get() == ("im", "Guten Tag", False)
        assert await heard.get() == ("im", "Gehört: Guten Tag", True)


async def test_the_bot_learns_the_language_of_a_person(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    @app.command("/funk")
    async def who(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        user = (await client.users_info(user=command["user_id"], include_locale=True))["user"]
        await ack(f"{user['real_name']} {user['locale']} {user['tz']} {user['profile']['title']}")

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.slash("/funk")

    assert ann.last_reply == "Ann Beispiel de-DE Europe/Berlin Redaktion"


async def test_a_button_in_a_form_changes_the_form(sandbox: Sandbox, app: AsyncApp, connect: Connect) -> None:
    @app.shortcut("pitch_new")
    async def ask(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        view = {**PITCH, "blocks": [*PITCH["blocks"], *card("Mehr?", "Mehr")["blocks"]]}
        await client.views_open(trigger_id=shortcut["trigger_id"], view=view)
        await ack()

    @app.action("mehr")
    async def more(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        view = body["view"]
        title = {"type": "plain_text", "text": "Mehr"}
        await client.views_update(view_id=view["id"], hash=view["hash"], view={**PITCH, "title": title})
        await ack()

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.shortcut("pitch_new")
    form = await ann.form()
    await ann.click("Mehr", on="modal")

    assert form.title == "Mehr"


async def test_the_bot_hears_that_a_form_was_closed(
    sandbox: Sandbox, app: AsyncApp, connect: Connect
) -> None:
    closed = []

    @app.shortcut("pitch_new")
    async def ask(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        view = {**PITCH, "notify_on_close": True}
        await client.views_open(trigger_id=shortcut["trigger_id"], view=view)
        await ack()

    @app.view_closed("pitch")
    async def note(ack: AsyncAck, body: dict[str, Any]) -> None:
        closed.append((body["view"]["callback_id"], body["is_cleared"]))
        await ack()

    await connect()
    ann = sandbox.person("U_ANN")
    await ann.shortcut("pitch_new")
    await (await ann.form()).close()

    assert closed == [("pitch", False)]


# The handler of Bolt's that is meant here listens over a websocket: no port, and not twice.
@pytest.mark.parametrize("port", [None])
async def test_a_bolt_app_without_asyncio_is_served_as_well(sandbox: Sandbox, port: None) -> None:
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    app = App(client=client, process_before_response=True, token_verification_enabled=False)

    @app.command("/funk")
    def answer(ack: Ack, command: dict[str, Any], client: WebClient) -> None:
        client.chat_postMessage(channel="C_ALL", text=f"{command['user_name']} hat gefragt.")
        ack("Da bin ich.")

    handler = SocketModeHandler(app, sandbox.app_token)
    await asyncio.to_thread(handler.connect)
    ann = sandbox.person("U_ANN")
    outcome = await ann.slash("/funk")
    # Its client looks up from reading only when something happens.
    handler.client.auto_reconnect_enabled = False
    sandbox.sockets.drop()
    await asyncio.to_thread(handler.close)

    assert outcome.ok
    assert ann.last_reply == "Da bin ich."
    await ann.sees("ann hat gefragt.", channel="C_ALL")
