"""The door itself: acts once, says sorry with a reference, takes signed requests, is described by a manifest."""

import json
import time
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from sqlmodel import Session
from structlog.testing import capture_logs

from bot import people, pitches
from bot.settings import Settings
from handlers.chat.app import make_app, make_client
from handlers.chat.manifest import manifest
from handlers.logs import without_words
from handlers.ops import make_ops
from handlers.run import serve
from storage.store import Store
from tests.handlers.chat.conftest import ANN, JOE, NEWS, Clock, Office, an_office

SECRET = "s3cret"


def signed(body: str, *, at: int | None = None, kind: str = "application/json") -> dict[str, str]:
    stamp = str(at or int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    return {
        "content-type": kind,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature or "",
    }


def submission(office: Office, title: str, trigger_id: str) -> str:
    values = {"title": {"title": {"type": "plain_text_input", "value": title}}}
    view = {"type": "modal", "callback_id": "pitch_form", "private_metadata": "", "state": {"values": values}}
    return json.dumps(
        {
            "type": "view_submission",
            "team": {"id": office.sandbox.team_id},
            "user": {"id": ANN},
            "trigger_id": trigger_id,
            "view": view,
        }
    )


async def test_a_form_that_slack_sends_twice_acts_once(office: Office):
    app = make_app(office.store, office.settings, make_client(office.settings), clock=office.clock)
    body = submission(office, "Doppelt gesendet", "1.2.same")

    for _ in range(2):
        answer = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        assert answer.status == 200

    assert len(office.store.ask(pitches.by_pitcher, _ann(office), limit=10)) == 1


def _ann(office: Office) -> int:
    person = office.store.ask(people.by_chat_id, ANN)
    assert person is not None
    return person.id or 0


async def test_a_bug_is_logged_with_ids_only_and_the_person_gets_a_reference(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    def broken(_session: Session, *_idea: object, **_values: object) -> None:
        raise ZeroDivisionError("Streng vertraulich")

    monkeypatch.setattr(pitches, "submit", broken)
    ann = office.person(ANN)
    await ann.shortcut("pitch_new")
    form = await ann.form()

    with capture_logs() as logs:
        errors = await form.submit(Titel="Streng vertraulich")

    reference = errors["Titel"].split("Nummer ")[1].strip(" .")
    [line] = (without_words(None, "error", dict(entry)) for entry in logs if entry["log_level"] == "error")
    assert line["reference"] == reference
    assert "pitch_form" in line["what"]
    assert line["error"] == "ZeroDivisionError"
    assert "handlers/chat/pitch_form.py" in line["at"]
    assert "vertraulich" not in str(line)
    assert form.values["Titel"] is not None


async def test_signed_requests_are_taken_and_others_refused(office: Office):
    settings = office.settings.model_copy(update={"slack_signing_secret": SecretStr(SECRET)})
    app = make_app(office.store, settings, make_client(settings), clock=office.clock)
    runner = await serve(make_ops(office.store, app), "127.0.0.1", 0, settings)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    try:
        async with aiohttp.ClientSession() as session:
            good = await session.post(f"{url}/slack/events", data=body, headers=signed(body))
            old = await session.post(f"{url}/slack/events", data=body, headers=signed(body, at=1))
            forged = await session.post(f"{url}/slack/events", data=body + " ", headers=signed(body))
            ready = await session.get(f"{url}/readyz")
            assert (good.status, old.status, forged.status, ready.status) == (200, 401, 401, 200)
            assert "abc" in await good.text()
    finally:
        await runner.cleanup()


async def test_someone_new_is_kept_at_first_contact_with_their_language(office: Office):
    await office.person(ANN).slash("/funk", "hilfe", channel=NEWS)

    person = office.store.ask(people.by_chat_id, ANN)
    assert person is not None
    assert (person.name, person.language) == ("Kollegin", "de")
    assert office.store.ask(people.roles, person.id or 0) == set()


async def test_the_first_administrators_come_from_the_settings(tmp_path: Path):
    async with an_office(tmp_path, admins=(ANN,)) as office:
        for colleague in (ANN, JOE):
            await office.person(colleague).slash("/funk", "hilfe")

        given = {person.chat_id: roles for person, roles in office.store.ask(people.with_roles)}

    assert given[ANN] == [people.Role.ADMIN]
    assert given[JOE] == []


def test_strays_of_slacks_own_tools_do_not_change_how_the_assistant_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    settings = Settings(slack_bot_token=SecretStr("xoxb-1"))
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite'}")

    app = make_app(store, settings, make_client(settings), clock=Clock())

    assert app.oauth_flow is None
    store.close()


def test_the_manifest_fits_the_way_requests_travel():
    socket, signed_http = manifest(), manifest(request_url="https://stadt.example/slack/events")

    assert socket["settings"]["socket_mode_enabled"] is True
    assert signed_http["settings"]["socket_mode_enabled"] is False
    assert signed_http["features"]["slash_commands"][0]["url"] == "https://stadt.example/slack/events"
    for shortcut in socket["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
