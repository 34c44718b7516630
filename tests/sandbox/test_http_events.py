"""The same over signed HTTP requests, for an app without Socket Mode."""

from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.conftest import SEED


async def test_bolt_takes_signed_requests(unused_tcp_port: int, tmp_path: Any) -> None:
    sandbox = await Sandbox.start(
        SEED,
        path=tmp_path / "workspace.db",
        pace=False,
        request_url=f"http://127.0.0.1:{unused_tcp_port}/slack/events",
    )
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    app = AsyncApp(client=client, signing_secret=sandbox.signing_secret, process_before_response=True)

    @app.command("/funk")
    async def answer(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(f"Gehört: {command['text']}")

    @app.shortcut("pitch_new")
    async def ask(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        title = {"type": "plain_text", "text": "Idee"}
        view = {"type": "modal", "title": title, "blocks": []}
        await client.views_open(trigger_id=shortcut["trigger_id"], view=view)
        await ack()

    @app.event("message")
    async def greet(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=event["channel"], text="Moin!")

    runner = web.AppRunner(app.web_app("/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    ann = sandbox.person("U_ANN")
    try:
        assert (await ann.slash("/funk", "Stand & Radar")).ok
        assert ann.last_reply == "Gehört: Stand &amp; Radar"
        await ann.shortcut("pitch_new")
        assert (await ann.form()).title == "Idee"
        await ann.say("Hallo")
        await ann.sees("Moin!")
        await runner.cleanup()
        assert "hat nicht reagiert" in ((await ann.slash("/funk")).failure or "")
    finally:
        await runner.cleanup()
        await sandbox.stop()
