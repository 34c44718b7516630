"""The Web API keeps its documented contract: every argument, and every key of an answer."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, Seed
from sandbox.protocol.contract import CONTRACT, FLAGS, NUMBERS, STRUCTURES
from sandbox.protocol.pace import PER_MINUTE
from sandbox.protocol.web_api import METHODS
from tests.sandbox.calls import JSON, running, with_manifest
from tests.sandbox.wire import wired

SCOPES = [
    *("chat:write", "commands", "team:read", "users:read", "users:read.email", "users.profile:read"),
    *("channels:read", "groups:read", "im:read", "mpim:read", "channels:join", "im:write", "mpim:write"),
    *("channels:history", "groups:history", "im:history", "mpim:history"),
    *("reactions:read", "reactions:write", "files:read", "files:write", "links:write"),
]
# Keys that real answers have and ours have not, by the reason why.
ABSENT = {
    "organisations of several workspaces, and channels shared with others": (
        *("enterprise_id", "enterprise_name", "enterprise_domain", "enterprise_user", "teams"),
        *("conversation_host_id", "internal_team_ids", "is_global_shared", "is_moved", "is_org_default"),
        *("is_org_mandatory", "connected_team_ids", "connected_limited_team_ids", "parent_conversation"),
    ),
    "plans, sign-on and guests": (
        *("discoverable", "is_sfdc_auto_slack", "lob_sales_home_enabled", "pay_prod_cur", "sso_provider"),
        *("has_2fa", "two_factor_type", "guest_invited_by", "is_invited_user", "is_stranger"),
        *("is_connector_bot", "is_workflow_bot", "expires_in", "team.locale"),
    ),
    "what people tell of themselves beyond name and title": (
        *("huddle_state", "huddle_state_expiration_ts", "image_1024", "image_original", "is_custom_image"),
        *("pronouns", "start_date", "status_emoji_url", "status_clear_on_focus_end"),
    ),
    "features this workspace has not: canvases, huddles, assistants, previews in views, stars, posting rules": (
        *("assistant_app_thread", "room", "x_files", "properties", "is_starred", "is_frozen"),
        *("is_non_threadable", "is_read_only", "is_thread_only", "app_unfurl_url", "entity_url"),
        *("external_ref", "submit_disabled", "view.channel", "view.message_ts", "view.thread_ts"),
    ),
    "what a person, not a bot, has read": (*("last_read", "latest", "unread_count", "unread_count_display"),),
    "a name and picture of their own for single messages": (
        *("icons", "emoji", "image_36", "image_48", "image_64", "image_72", "username"),
    ),
    "of messages about joins, topics and files, which the tests of these have": (
        *("inviter", "topic", "purpose", "files", "upload", "display_as_bot"),
    ),
    "of the app-level token, which auth.test is not called with": ("app_id", "app_name"),
    "of pages by number, long gone": ("offset",),
    "of direct messages, which are another object": ("channel.is_open", "channel.user"),
    "a Home tab has no such buttons": ("view.close.*", "view.submit.*"),
    "said of the bot beside it": ("bot_profile.user_id",),
}
WHOLE_ABSENT = [name for names in ABSENT.values() for name in names]
# What is in files is the affair of their own tests.
TOLD_ELSEWHERE = ("files[].", "file.", "message.files", "comments", "content", "paging")
VALUES: JSON = {
    "attachments": [{"text": "a", "fallback": "a"}],
    "blocks": [{"type": "divider"}],
    "channel": "C_ALL",
    "channels": ["C_ALL"],
    "file_ids": ["F1"],
    "files": [{"id": "F1"}],
    "metadata": {"event_type": "a", "event_payload": {}},
    "unfurls": {"https://stadt.example": {"text": "a"}},
    "user_auth_blocks": [{"type": "divider"}],
    "users": ["U_ANN"],
    "types": ["public_channel"],
    "view": {"type": "home", "blocks": []},
}
# Nothing an app should say, and all of it has been said by some app.
ODD: list[Any] = [
    *(0, -1, 1.5, True, False, "", " ", "\0", "ä" * 300, "1e9", "٣", "[]", "{}", "null", "[[[", "x:y"),
    *([], {}, [None], [[]], [{}], {"a": None}, {"type": []}, {"type": "modal", "blocks": {}}),
    *([{"type": {}}], [{"type": "section", "text": 5}], {"event_type": "a", "event_payload": []}),
]
BUTTON = {"type": "plain_text", "text": "Ja"}
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Formular"},
    "submit": BUTTON,
    "close": BUTTON,
    "blocks": [],
}


@pytest.fixture
def sandbox_seed() -> Seed:
    """A workspace whose app may do everything."""
    return with_manifest(scopes=SCOPES)


def value(name: str) -> Any:
    """Return something that may be said for an argument."""
    if name in VALUES:
        return VALUES[name]
    return True if name in FLAGS else 1 if name in NUMBERS or name == "limit" else "x"


def unknown(answer: Any) -> list[str]:
    """Return the arguments that an answer calls unknown."""
    messages = answer.get("response_metadata", {}).get("messages", [])
    return [message for message in messages if "additional property" in message]


def paths(answer: Any, at: str = "") -> Iterator[str]:
    """Yield the paths of all keys of an answer, such as `messages[].ts`."""
    if isinstance(answer, dict):
        for key, inner in answer.items():
            path = f"{at}.{key}" if at else key
            yield path
            yield from paths(inner, path)
    elif isinstance(answer, list):
        for inner in answer:
            yield from paths(inner, f"{at}[]")


def is_absent(path: str) -> bool:
    """Return whether there is a reason why a key is not in our answers."""
    if path.startswith(TOLD_ELSEWHERE):
        return True
    around, _, last = path.rpartition(".")
    names = {last, path, f"{around}.*", f"{around.rpartition('.')[2]}.{last}"}
    return not names.isdisjoint(WHOLE_ABSENT)


class Told:
    """Calls methods and collects the keys of what they answer."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self.keys: dict[str, set[str]] = {}

    async def ask(self, method: str, **args: Any) -> JSON:
        """Call a method and return its answer."""
        answer: Any = (await self._client.api_call(method, json=args)).data
        self.keys.setdefault(method, set()).update(paths(answer))
        return dict(answer)

    def lacks(self) -> dict[str, list[str]]:
        """Return the documented keys that were in no answer and have no reason for that, by method."""
        missing = {
            method: [path for path in CONTRACT[method].answer if path not in keys and not is_absent(path)]
            for method, keys in self.keys.items()
        }
        return {method: keys for method, keys in missing.items() if keys}


async def test_every_method_is_documented_and_every_documented_one_is_there() -> None:
    assert METHODS.keys() == CONTRACT.keys()


async def test_every_tier_has_a_pace() -> None:
    assert {rules.tier for rules in CONTRACT.values()} <= PER_MINUTE.keys()


async def test_every_structure_and_number_is_an_argument_of_some_method() -> None:
    known = {name for rules in CONTRACT.values() for name in (*rules.required, *rules.optional)}

    assert known >= STRUCTURES | FLAGS | NUMBERS


@pytest.mark.parametrize("method", sorted(CONTRACT.keys() - {"auth.revoke"}))
async def test_every_documented_argument_is_known(
    sandbox: Sandbox, client: AsyncWebClient, method: str
) -> None:
    rules = CONTRACT[method]
    args = {name: value(name) for name in (*rules.required, *rules.optional)}
    if METHODS[method].is_for_app:
        client.token = sandbox.app_token
    try:
        answer: Any = (await client.api_call(method, json=args)).data
    except SlackApiError as refused:
        answer = refused.response.data

    assert answer.get("error") != "missing_scope"
    assert not unknown(answer)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("method", sorted(CONTRACT.keys() - {"auth.revoke"}))
async def test_slacks_own_client_says_nothing_unknown(
    sandbox: Sandbox, client: AsyncWebClient, method: str
) -> None:
    call = getattr(client, method.replace(".", "_"))
    args = {name: value(name) for name in inspect.signature(call).parameters if name != "kwargs"}
    if METHODS[method].is_for_app:
        args["app_token"] = sandbox.app_token
    try:
        answer: Any = (await call(**args)).data
    except SlackApiError as refused:
        answer = refused.response.data

    assert answer.get("error") != "missing_scope"
    assert not unknown(answer)


async def test_answers_about_people_and_the_team_have_the_documented_keys() -> None:
    async with running(with_manifest(scopes=SCOPES)) as (sandbox, client):
        told = Told(client)
        for method in ("api.test", "auth.test", "bots.info", "team.info"):
            await told.ask(method)
        for user in ("U_ANN", sandbox.bot_user_id):
            await told.ask("users.info", user=user, include_locale=True)
            await told.ask("users.profile.get", user=user)
            await told.ask("users.getPresence", user=user)
        await told.ask("users.lookupByEmail", email="ann@sandbox.example")
        await told.ask("users.list", include_locale=True)
        await told.ask("auth.revoke")

        assert told.lacks() == {}


async def test_answers_about_messages_have_the_documented_keys() -> None:
    async with running(with_manifest(scopes=SCOPES)) as (sandbox, client):
        told = Told(client)
        metadata = {"event_type": "a", "event_payload": {"b": 1}}
        here: JSON = {"channel": "C_ALL"}
        ts = (await told.ask("chat.postMessage", **here, text="Frage", metadata=metadata))["ts"]
        reply = {**here, "text": "Antwort", "thread_ts": ts, "reply_broadcast": True}
        reply_ts = (await told.ask("chat.postMessage", **reply))["ts"]
        await sandbox.person("U_ANN").say("Hallo", "C_ALL")
        await told.ask("chat.update", **here, ts=ts, text="Neue Frage")
        await told.ask("chat.postEphemeral", **here, user="U_ANN", text="Still")
        await told.ask("chat.getPermalink", **here, message_ts=ts)
        reaction = {**here, "name": "eyes", "timestamp": ts}
        await told.ask("reactions.add", **reaction)
        await told.ask("reactions.get", **here, timestamp=ts)
        whole = {**here, "include_all_metadata": True}
        await told.ask("conversations.history", **whole, oldest="1", latest="9999999999")
        await told.ask("conversations.history", **here, limit=1)
        await told.ask("conversations.replies", **whole, ts=ts, limit=1)
        await told.ask("conversations.replies", **whole, ts=ts)
        await told.ask("reactions.remove", **reaction)
        await told.ask("chat.delete", **here, ts=reply_ts)

        assert told.lacks() == {}


async def test_answers_about_conversations_have_the_documented_keys() -> None:
    async with running(with_manifest(scopes=SCOPES)) as (_, client):
        told = Told(client)
        for users in ("U_ANN", "U_ANN", "U_ANN,U_BEN"):
            await told.ask("conversations.open", users=users, return_im=True)
        for method in ("conversations.list", "users.conversations"):
            await told.ask(method, types="public_channel,private_channel,im,mpim")
        detailed = {"include_locale": True, "include_num_members": True}
        await told.ask("conversations.info", channel="C_ALL", **detailed)
        await told.ask("conversations.members", channel="C_ALL")
        await told.ask("conversations.join", channel="C_ELSE")

        assert told.lacks() == {}


async def test_answers_about_views_have_the_documented_keys() -> None:
    async with running(with_manifest(scopes=SCOPES)) as (sandbox, client):
        told = Told(client)
        async with wired(sandbox) as wire:
            for method in ("views.open", "views.push"):
                wire.frames.clear()
                await sandbox.person("U_ANN").shortcut("pitch_new")
                trigger_id = (await wire.payload("shortcut"))["trigger_id"]
                view_id = (await told.ask(method, trigger_id=trigger_id, view=MODAL))["view"]["id"]
        await told.ask("views.update", view_id=view_id, view=MODAL)
        await told.ask("views.publish", user_id="U_ANN", view={"type": "home", "blocks": []})

        assert told.lacks() == {}


@pytest.mark.parametrize("method", sorted(CONTRACT.keys() - {"auth.revoke"}))
async def test_no_argument_breaks_a_method(sandbox: Sandbox, client: AsyncWebClient, method: str) -> None:
    rules = CONTRACT[method]
    names = (*rules.required, *rules.optional)
    if METHODS[method].is_for_app:
        client.token = sandbox.app_token
    broken = []
    for name in names:
        for odd in ODD:
            try:
                await client.api_call(method, json={**{one: value(one) for one in rules.required}, name: odd})
            except SlackApiError as refused:
                if refused.response["error"] == "internal_error":
                    broken.append((name, odd))

    assert broken == []
