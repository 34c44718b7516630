"""The assistant as Slack sees it: Bolt with our parameters, and one door for everything that goes wrong."""

import logging
import os
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import AlreadyDoneError
from bot.people import NotAllowedError
from bot.settings import Settings
from bot.texts import Texts, texts
from handlers.chat import funk, home, pitches, radar
from handlers.chat.answers import not_allowed, refuse
from handlers.chat.colleagues import Colleagues
from handlers.chat.inbound import InboundStore, inbound_id
from storage.store import Store

log = structlog.get_logger(__name__)

Refusal = Callable[[Any, Texts], str]

CALL_TIMEOUT_S: Final = 20
# What to say to someone who may not, or who was too late. Everything else is a bug.
REFUSALS: Final[dict[type[Exception], Refusal]] = {
    NotAllowedError: not_allowed,
    **pitches.REFUSALS,
    **radar.REFUSALS,
}


def make_client(settings: Settings, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """Make the client for Slack's Web API. It never repeats a call by itself: that would double messages."""
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        session=session,
        retry_handlers=[],
        timeout=CALL_TIMEOUT_S,
    )


def make_app(
    store: Store, settings: Settings, client: AsyncWebClient, *, clock: Callable[[], datetime]
) -> AsyncApp:
    """Make the Bolt app with all listeners.

    Listeners get, beside Bolt's own parameters: `store` (one deed, once), `person` (who acts), `_` (their
    texts), `now` and `settings`.
    """
    # Stray variables of Slack's own tools would change how Bolt works.
    for name in [name for name in os.environ if name.startswith("SLACK_")]:
        del os.environ[name]
    app = AsyncApp(
        client=client,
        # Bolt names its loggers after the file that was started; they take this one's level.
        logger=logging.getLogger("slack_bolt"),
        signing_secret=settings.slack_signing_secret.get_secret_value() or secrets.token_hex(),
        # Write, then acknowledge: without this Bolt looks for the acknowledgement every 10 ms only.
        process_before_response=True,
    )
    colleagues = Colleagues(store, clock, settings.admins)

    @app.middleware
    async def introduce(
        context: AsyncBoltContext, body: dict[str, Any], next_: Callable[[], Awaitable[None]]
    ) -> None:
        context["now"] = now = clock()
        context["settings"] = settings
        context["store"] = InboundStore(store, inbound_id(body), now)
        if context.user_id:
            context["person"] = person = await colleagues.get(context.user_id, context.client)
            context["_"] = texts(person.language, settings.timezone)
        await next_()

    @app.error
    async def went_wrong(error: Exception, context: AsyncBoltContext, body: dict[str, Any]) -> BoltResponse:
        if isinstance(error, AlreadyDoneError):
            return BoltResponse(status=200, body="")
        _ = context.get("_") or texts(settings.locale, settings.timezone)
        if say_no := REFUSALS.get(type(error)):
            return await refuse(say_no(error, _), context=context, body=body)
        reference = secrets.token_hex(4)
        log.error("request_failed", reference=reference, what=_what(body), exc_info=error)
        sorry = _(
            "That did not work, and it is not your fault. Please try again; "
            "if it stays like this, tell the administrators the reference {reference}.",
            reference=reference,
        )
        return await refuse(sorry, context=context, body=body)

    for column in (funk, home, pitches, radar):
        column.register(app)
    return app


def _what(body: dict[str, Any]) -> str:
    """Name what came in by ids, for the log."""
    ids = [
        body.get("type"),
        body.get("command"),
        body.get("callback_id"),
        (body.get("view") or {}).get("callback_id"),
        *(action.get("action_id") for action in body.get("actions") or ()),
        (body.get("event") or {}).get("type"),
    ]
    return " ".join(str(found) for found in ids if found)
