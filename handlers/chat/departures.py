"""People who leave, and come back, as Slack tells."""

from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncApp

from bot import departures
from handlers.chat.inbound import InboundStore

CHANGED: Final = "user_change"


def register(app: AsyncApp) -> None:
    """Connect the listener."""
    app.event(CHANGED)(user_changed)


def is_about_someone(body: dict[str, Any]) -> bool:
    """Say whether what came in tells of a person who has done nothing with the assistant."""
    return (body.get("event") or {}).get("type") == CHANGED


async def user_changed(event: dict[str, Any], store: InboundStore, now: datetime) -> None:
    """Something about someone changed: what matters is whether their account is closed, if we know them."""
    chat_id, has_left = event["user"]["id"], bool(event["user"].get("deleted"))
    if not await store.read(departures.is_news, chat_id, has_left=has_left):
        return
    if has_left:
        await store.run(departures.left, chat_id, now=now)
    else:
        await store.run(departures.returned, chat_id)
