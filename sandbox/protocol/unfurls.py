"""Previews of links: whose links the app hears of, and `chat.unfurl`."""

import hashlib
import html
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from sandbox.protocol.blocks import attachment_faults, faults, filled
from sandbox.protocol.call import Call, Method, Methods
from sandbox.protocol.composer import parsed
from sandbox.state.app import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Blocks, Message
from sandbox.state.workspace import Workspace

LINK = re.compile(r"<(?P<url>https?://[^|>\s]+)(?:\|[^>]*)?>")
HISTORY, COMPOSER = "conversations_history", "composer"
SIGN_IN = ("user_auth_message", "user_auth_url", "user_auth_blocks", "user_auth_required")
NO_PREVIEW = "[no preview available]"
WELCOME = "This link can be previewed once you have signed in."


def links(workspace: Workspace, message: Message) -> list[JSON]:
    """Return the links a person posted that the app wants to hear of, each with the domain it asked for."""
    if not workspace.unfurl_domains or message.author_id == BOT_USER_ID:
        return []
    found = []
    for url in dict.fromkeys(_urls(message)):
        host = _host(url)
        domains = (name.lower() for name in workspace.unfurl_domains)
        domain = next((name for name in domains if f".{host}".endswith(f".{name}")), None)
        if domain:
            found.append({"domain": domain, "url": url})
    return found


def unfurl_id(workspace: Workspace, message: Message) -> str:
    """Return what names the links of a message instead of its channel and timestamp."""
    place = f"{message.channel_id}.{message.ts}"
    secret = workspace.secret("unfurls")
    return f"{place}.{hashlib.sha256(f'{secret}{place}'.encode()).hexdigest()}"


def unfurl(call: Call) -> JSON:
    """Put previews below the links of a message, in place of those that are there for the same links."""
    message = _meant(call)
    if message.author_id == BOT_USER_ID:
        raise RefusedError("cannot_unfurl_message")
    if not any(call.text(name) for name in ("unfurls", "metadata", *SIGN_IN)):
        raise RefusedError("missing_unfurls")
    # Work objects are taken, and not shown.
    if not isinstance(parsed(call.args.get("metadata", {}), "invalid_metadata_format"), dict):
        raise RefusedError("invalid_metadata_format")
    previews = _previews(call, message)
    if any(call.text(name) for name in SIGN_IN):
        _ask_to_sign_in(call, message)
    if previews:
        _hang_below(call.workspace, message, previews)
    return {}


def _urls(message: Message) -> list[str]:
    return [html.unescape(match["url"]) for match in LINK.finditer(message.text)]


def _host(url: str) -> str:
    """Return the host in an address, empty when people have typed nonsense."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _meant(call: Call) -> Message:
    """Return the message that `channel` and `ts`, or `unfurl_id` and `source`, name."""
    if call.text("unfurl_id") or call.text("source"):
        return _by_id(call)
    for name in ("channel", "ts"):
        if not call.text(name):
            raise RefusedError(f"missing_{name}")
    try:
        channel_id = call.conversation().id
    except RefusedError:
        raise RefusedError("cannot_find_channel") from None
    try:
        return call.workspace.said(channel_id, call.text("ts"))
    except RefusedError:
        raise RefusedError("cannot_find_message") from None


def _by_id(call: Call) -> Message:
    for name in ("unfurl_id", "source"):
        if not call.text(name):
            raise RefusedError(f"missing_{name}")
    if call.text("source") not in {HISTORY, COMPOSER}:
        raise RefusedError("invalid_source")
    channel_id, _, rest = call.text("unfurl_id").partition(".")
    ts, _, _ = rest.rpartition(".")
    message = call.workspace.find(channel_id, ts)
    if message is None or unfurl_id(call.workspace, message) != call.text("unfurl_id"):
        raise RefusedError("invalid_unfurl_id")
    return message


def _previews(call: Call, message: Message) -> dict[str, JSON]:
    """Return what the app wants shown, by link, in the form that is kept."""
    if not call.text("unfurls"):
        return {}
    given = parsed(call.args["unfurls"], "invalid_unfurls_format")
    if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.values()):
        raise RefusedError("invalid_unfurls_format")
    known = _urls(message)
    previews = {}
    for key, preview in given.items():
        # As it was told in the event, or as it stands in the message's text.
        url = key if key in known else html.unescape(key)
        if url not in known:
            raise RefusedError("cannot_unfurl_url")
        previews[url] = _checked(preview)
    return previews


def _checked(preview: JSON) -> JSON:
    # What is shown while the message is being written; people in the sandbox write in one go.
    shown = {key: value for key, value in preview.items() if key not in {"preview", "hide_color"}}
    wrong = attachment_faults([shown])
    if wrong or not shown:
        raise RefusedError("cannot_parse_attachment", *wrong)
    return {**shown, "blocks": filled(shown["blocks"])} if shown.get("blocks") else shown


def _hang_below(workspace: Workspace, message: Message, previews: dict[str, JSON]) -> None:
    others = [one for one in message.attachments if one.get("from_url") not in previews]
    numbers = {one["from_url"]: one["id"] for one in message.attachments if one.get("from_url") in previews}
    highest = max((one["id"] for one in message.attachments), default=0)
    attachments: Blocks = []
    for url, preview in previews.items():
        highest += url not in numbers
        fixed = {
            "id": numbers.get(url, highest),
            "from_url": url,
            "original_url": url,
            "app_unfurl_url": url,
            "is_app_unfurl": True,
            "app_id": APP_ID,
            "bot_id": BOT_ID,
            "bot_team_id": TEAM_ID,
        }
        attachments.append({"fallback": NO_PREVIEW, **preview, **fixed})
    attachments = sorted([*others, *attachments], key=lambda one: one["id"])
    workspace.change(replace(message, attachments=attachments))


def _ask_to_sign_in(call: Call, message: Message) -> None:
    """Tell the one who posted the link, and nobody else, that the app wants them to sign in."""
    blocks: Any = parsed(call.args.get("user_auth_blocks"), "invalid_unfurls_format")
    if blocks and faults(blocks):
        raise RefusedError("cannot_prompt", *faults(blocks))
    address = call.text("user_auth_url")
    text = call.text("user_auth_message") or (f"<{address}>" if address else WELCOME)
    shown = filled(blocks) if blocks else []
    prompt = Message(
        message.channel_id,
        "",
        BOT_USER_ID,
        text,
        blocks=shown,
        thread_ts=message.thread_ts,
        reader_id=message.author_id,
    )
    call.workspace.say(prompt)


METHODS: Methods = {"chat.unfurl": Method(unfurl, scopes=("links:write",))}
