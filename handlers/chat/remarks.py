"""What people say in threads about a pitch. Of everything else that is said nothing is kept."""

from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import remarks
from handlers.chat.answers import plain_text
from handlers.chat.colleagues import Colleagues
from handlers.chat.inbound import InboundStore

MESSAGE: Final = "message"
# What someone wrote, with a file, or shown in the channel as well; all else tells of something that happened.
WRITTEN: Final = frozenset({None, "file_share", "thread_broadcast"})


def register(app: AsyncApp) -> None:
    """Connect the listeners; the last one takes what nobody listens to."""
    app.event(MESSAGE, matchers=[is_reply])(say)
    app.event({"type": MESSAGE, "subtype": "message_changed"})(edit)
    app.event({"type": MESSAGE, "subtype": "message_deleted"})(take_back)
    app.event(MESSAGE)(overheard)


def is_overheard(body: dict[str, Any]) -> bool:
    """Say whether this is something said in the chat that was not said to the assistant."""
    event = body.get("event") or {}
    return event.get("type") == MESSAGE and not (event.get("channel_type") == "im" and _is_written(event))


async def is_reply(event: dict[str, Any]) -> bool:
    """Say whether someone wrote something in a thread."""
    return _is_written(event) and bool(event.get("thread_ts"))


async def say(
    event: dict[str, Any], client: AsyncWebClient, store: InboundStore, colleagues: Colleagues, now: datetime
) -> None:
    """Someone wrote in a thread: if it is about a pitch, the other side hears of it."""
    channel_id, thread_ts = event["channel"], event["thread_ts"]
    if await store.read(remarks.spot, channel_id, thread_ts) is None:
        return
    by = await colleagues.get(event["user"], client)
    await store.run(
        remarks.say,
        channel_id=channel_id,
        thread_ts=thread_ts,
        ts=event["ts"],
        words=_words(event),
        by=by,
        now=now,
    )


async def edit(event: dict[str, Any], store: InboundStore, now: datetime) -> None:
    """A message has other words now; if it was passed on, these are."""
    channel_id, message = event["channel"], event["message"]
    if not message.get("thread_ts") or not await store.read(remarks.is_kept, channel_id, message["ts"]):
        return
    await store.run(
        remarks.edit,
        channel_id=channel_id,
        thread_ts=message["thread_ts"],
        ts=message["ts"],
        words=_words(message),
        now=now,
    )


async def take_back(event: dict[str, Any], store: InboundStore, now: datetime) -> None:
    """A message was deleted; if it was passed on, that is taken back."""
    channel_id, ts = event["channel"], event["deleted_ts"]
    if await store.read(remarks.is_kept, channel_id, ts):
        await store.run(remarks.take_back, channel_id=channel_id, ts=ts, now=now)


async def overheard() -> None:
    """Something was said that is none of the assistant's business."""


def _is_written(event: dict[str, Any]) -> bool:
    return event.get("subtype") in WRITTEN and not event.get("bot_id") and bool(event.get("user"))


def _words(message: dict[str, Any]) -> str:
    """Return what was written; of files only the names are passed on."""
    files = [f"📎 {one.get('name') or one.get('id')}" for one in message.get("files") or ()]
    return "\n".join(filter(None, [plain_text(message.get("text") or ""), *files])).replace("\0", "")
