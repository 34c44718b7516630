"""Why do I see this, and why was that not posted: asked with a link, a button or a shortcut."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import links, why
from bot.people import Person
from bot.settings import Settings
from bot.texts import Texts
from bot.why import Answer, NotOneError, Unknown
from handlers.chat.answers import spoken
from handlers.chat.blocks import why as blocks
from handlers.chat.inbound import InboundStore

FROM_MESSAGE: Final = "why_from_message"


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.WHY)(of_message)
    app.shortcut(FROM_MESSAGE)(of_message)


async def of_message(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, store: InboundStore, _: Texts
) -> None:
    """Someone wants to know why they see a message, by its button or the shortcut of any message."""
    found = await store.read(why.of_message, body["channel"]["id"], body["message"]["ts"])
    await client.views_open(trigger_id=body["trigger_id"], view=blocks.why_view(found, _))
    await ack()


async def of_link(
    said: str,
    *,
    command: dict[str, Any],
    ack: AsyncAck,
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """Answer to the person alone what became of what a link leads to; `said` is as Slack sends it."""
    address = links.link_in(said)
    if address is None:
        await ack(text=blocks.which(command["command"], _), response_type="ephemeral")
        return
    try:
        found = await store.read(
            why.ask,
            address,
            site_url=settings.site_url,
            channel_id=command["channel_id"],
            by=person,
            now=now,
        )
    except NotOneError:
        await ack(text=blocks.one_only(_), response_type="ephemeral")
        return
    if isinstance(found, Unknown):
        await ack(**spoken(blocks.unknown(found, _)))
    else:
        await ack(**spoken(blocks.answer(found, await _permalinks(client, found), _)))


async def _permalinks(client: AsyncWebClient, found: Answer) -> Mapping[str, str]:
    """Return where the messages stand that tell of it, by channel or person, as far as Slack says so."""
    found_links = {}
    for heard in (found.here, found.mine):
        if heard and heard.standing and heard.standing.channel_id and heard.standing.ts:
            try:
                answer = await client.chat_getPermalink(
                    channel=heard.standing.channel_id, message_ts=heard.standing.ts
                )
            except SlackApiError:
                # Someone deleted the message, or the channel: when it was posted can be said all the same.
                continue
            found_links[heard.target] = answer["permalink"]
    return found_links
