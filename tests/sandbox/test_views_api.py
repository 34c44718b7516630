"""`views.*`: forms and Home tabs."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.calls import JSON, refusal, running, with_manifest
from tests.sandbox.wire import Wire, wired

MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Formular"}, "blocks": []}
NAMED = {**MODAL, "external_id": "eins"}
HOME = {"type": "home", "blocks": []}
REFUSED: list[tuple[str, JSON, str]] = [
    ("views.open", {"trigger_id": "1.2.3", "view": MODAL}, "invalid_trigger_id"),
    ("views.open", {"interactivity_pointer": "1.2.3", "view": MODAL}, "invalid_trigger_id"),
    ("views.open", {"view": MODAL}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1", "interactivity_pointer": "1", "view": MODAL}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2.3", "view": {"type": "modal", "blocks": []}}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2.3", "view": HOME}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2.3", "view": "{"}, "invalid_arguments"),
    ("views.update", {"view": MODAL}, "invalid_arguments"),
    ("views.update", {"view_id": "V_GONE", "view": MODAL}, "not_found"),
    ("views.update", {"external_id": "nie", "view": MODAL}, "not_found"),
    ("views.update", {"view_id": "V_GONE", "external_id": "nie", "view": MODAL}, "invalid_arguments"),
    ("views.publish", {"user_id": "U_NOBODY", "view": HOME}, "invalid_arguments"),
]


async def trigger(sandbox: Sandbox, wire: Wire, person_id: str = "U_ANN") -> str:
    """Return the trigger id of what a person does just now."""
    wire.frames.clear()
    await sandbox.person(person_id).shortcut("pitch_new")
    return str((await wire.payload("shortcut"))["trigger_id"])


@pytest.mark.parametrize(("method", "args", "error"), REFUSED)
async def test_what_cannot_be_shown_is_refused(
    client: AsyncWebClient, method: str, args: JSON, error: str
) -> None:
    assert await refusal(client, method, args) == error


async def test_a_trigger_is_good_once(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async with wired(sandbox) as wire:
        trigger_id = await trigger(sandbox, wire)
        await client.views_open(trigger_id=trigger_id, view=MODAL)

    again = {"trigger_id": trigger_id, "view": MODAL}
    assert await refusal(client, "views.open", again) == "exchanged_trigger_id"


async def test_a_trigger_is_good_for_three_seconds(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async with wired(sandbox) as wire:
        trigger_id = await trigger(sandbox, wire)
    sandbox.clock.advance(4)

    late = {"trigger_id": trigger_id, "view": MODAL}
    assert await refusal(client, "views.open", late) == "expired_trigger_id"


async def test_no_two_views_of_the_team_have_the_same_external_id(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    async with wired(sandbox) as wire:
        await client.views_open(trigger_id=await trigger(sandbox, wire), view=NAMED)
        other = await client.views_open(trigger_id=await trigger(sandbox, wire, "U_BEN"), view=MODAL)
        third = await trigger(sandbox, wire, "U_CEM")

    renamed = {"view_id": other["view"]["id"], "view": NAMED}
    home = {"user_id": "U_ANN", "view": {**HOME, "external_id": "eins"}}
    assert (
        await refusal(client, "views.open", {"trigger_id": third, "view": NAMED}) == "duplicate_external_id"
    )
    assert await refusal(client, "views.update", renamed) == "duplicate_external_id"
    assert await refusal(client, "views.publish", home) == "duplicate_external_id"
    assert (await client.views_update(external_id="eins", view=NAMED))["ok"]


async def test_a_view_that_changed_meanwhile_is_not_overwritten(client: AsyncWebClient) -> None:
    first = (await client.views_publish(user_id="U_ANN", view=HOME))["view"]
    second = (await client.views_publish(user_id="U_ANN", view=HOME, hash=first["hash"]))["view"]

    assert second["id"] == first["id"]
    stale = {"user_id": "U_ANN", "view": HOME, "hash": first["hash"]}
    assert await refusal(client, "views.publish", stale) == "hash_conflict"


async def test_a_view_has_at_most_250_kilobytes(client: AsyncWebClient) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    large = {"type": "home", "blocks": [section] * 90}

    assert await refusal(client, "views.publish", {"user_id": "U_ANN", "view": large}) == "view_too_large"


async def test_without_a_home_tab_nothing_is_published() -> None:
    async with running(with_manifest({"app_home": {"home_tab_enabled": False}})) as (_, client):
        assert await refusal(client, "views.publish", {"user_id": "U_ANN", "view": HOME}) == "not_enabled"
