"""`users.*`: what the bot learns of people."""

from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Sandbox
from tests.sandbox.calls import refusal, running, with_manifest

GONE_OF_THE_DEACTIVATED = {
    *("color", "real_name", "tz", "tz_label", "tz_offset", "is_admin", "is_owner", "is_primary_owner"),
    *("is_restricted", "is_ultra_restricted"),
}


async def test_people_are_found_by_mail_address(client: AsyncWebClient) -> None:
    found = await client.users_lookupByEmail(email="Ben@sandbox.example")

    assert found["user"]["id"] == "U_BEN"
    assert found["user"]["profile"]["email"] == "ben@sandbox.example"
    nobody = {"email": "nobody@sandbox.example"}
    assert await refusal(client, "users.lookupByEmail", nobody) == "users_not_found"


async def test_without_a_limit_everybody_is_listed_at_once(client: AsyncWebClient) -> None:
    listed = await client.users_list()

    assert [user["name"] for user in listed["members"]] == ["stadtfunk", "ann", "ben", "cem"]
    assert listed["response_metadata"]["next_cursor"] == ""


async def test_people_come_in_pages_when_asked_for(client: AsyncWebClient) -> None:
    listed = await client.users_list(limit=3)
    names = [[user["name"] for user in page["members"]] async for page in listed]

    assert names == [["stadtfunk", "ann", "ben"], ["cem"]]


async def test_who_is_not_there_is_not_found(client: AsyncWebClient) -> None:
    assert await refusal(client, "users.info", {"user": "U_NOBODY"}) == "user_not_found"


async def test_of_a_deactivated_person_less_is_told(sandbox: Sandbox, client: AsyncWebClient) -> None:
    before = (await client.users_info(user="U_BEN"))["user"]
    sandbox.workspace.deactivate("U_BEN")

    user = (await client.users_info(user="U_BEN"))["user"]

    assert user["deleted"]
    assert before.keys() - user.keys() == GONE_OF_THE_DEACTIVATED
    assert user["profile"]["real_name"] == "Ben Beispiel"


async def test_a_deactivated_person_is_not_found_by_mail_address(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.workspace.deactivate("U_BEN")

    by_mail = {"email": "ben@sandbox.example"}
    assert await refusal(client, "users.lookupByEmail", by_mail) == "users_not_found"


async def test_presence_tells_who_is_at_their_desk(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.workspace.change_member(replace(sandbox.workspace.member("U_BEN"), is_away=True))

    assert (await client.users_getPresence(user="U_ANN")).data == {"ok": True, "presence": "active"}
    assert (await client.users_getPresence(user="U_BEN"))["presence"] == "away"
    assert (await client.users_getPresence(user=BOT_USER_ID))["online"]


async def test_a_profile_is_that_of_the_person_asked_for_or_the_bots_own() -> None:
    async with running(with_manifest(scopes=["users.profile:read"])) as (_, client):
        assert (await client.users_profile_get(user="U_ANN"))["profile"]["title"] == "Redaktion"
        own = (await client.users_profile_get())["profile"]
        assert own["real_name"] == "Stadtfunk"
        assert "email" not in own
