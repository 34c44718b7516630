"""The assistant as Slack sees it: Bolt with our parameters, and one door for everything that goes wrong."""

import logging
import os
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import aiohttp
import structlog
from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import AlreadyDoneError
from bot.people import NotAllowedError
from bot.settings import Settings
from bot.texts import Texts, texts
from handlers.chat import (
    asking,
    comments,
    decisions,
    departures,
    editorial,
    funk,
    home,
    meetings,
    pitch_form,
    pitch_numbers,
    pitches,
    planning,
    post_checks,
    publishing,
    radar,
    remarks,
    sources,
    subscriptions,
    unfurl,
    why,
)
from handlers.chat.answers import not_allowed, refuse
from handlers.chat.colleagues import Colleagues
from handlers.chat.inbound import InboundStore, OtherWordsError, inbound, other_words
from handlers.chat.patience import PatientApp, is_event
from storage.store import Store

log = structlog.get_logger(__name__)

Refusal = Callable[[Any, Texts], str]

CALL_TIMEOUT_S: Final = 20
# What to say to someone who may not, or who was too late. Everything else is a bug.
REFUSALS: Final[dict[type[Exception], Refusal]] = {
    NotAllowedError: not_allowed,
    OtherWordsError: other_words,
    **comments.REFUSALS,
    **decisions.REFUSALS,
    **meetings.REFUSALS,
    **pitches.REFUSALS,
    **planning.REFUSALS,
    **post_checks.REFUSALS,
    **publishing.REFUSALS,
    **radar.REFUSALS,
    **sources.REFUSALS,
    **subscriptions.REFUSALS,
}
# A trigger opens one view within three seconds: docs.slack.dev/interactivity/handling-user-interaction
USED_TRIGGER: Final = "exchanged_trigger_id"
LATE_TRIGGER: Final = "expired_trigger_id"

COLUMNS: Final = (
    asking,
    comments,
    decisions,
    departures,
    editorial,
    funk,
    home,
    meetings,
    pitch_form,
    pitch_numbers,
    pitches,
    planning,
    post_checks,
    publishing,
    radar,
    remarks,
    sources,
    subscriptions,
    unfurl,
    why,
)


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
    store: Store,
    settings: Settings,
    client: AsyncWebClient,
    *,
    clock: Callable[[], datetime],
    came_in: Callable[[str], None] = lambda _outcome: None,
    discover: sources.Discover = sources.nowhere,
) -> PatientApp:
    """Make the Bolt app with all listeners.

    Listeners get, beside Bolt's own parameters: `store` (one deed, once), `person` (who acts), `_` (their
    texts), `now`, `settings`, `colleagues` (looks up who someone is) and `discover` (looks what an address
    offers to be read). `came_in` is told of what was `received`, and `repeated`.
    """
    # Stray variables of Slack's own tools would change how Bolt works.
    for name in [name for name in os.environ if name.startswith("SLACK_")]:
        del os.environ[name]
    house_texts = texts(settings.locale, settings.timezone)
    app = PatientApp(
        words=house_texts,
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
    ) -> BoltResponse | None:
        came_in("received")
        what = inbound(body)
        if what and (same := app.join(str(what))):
            came_in("repeated")
            return await same
        context["now"] = now = clock()
        context["settings"] = settings
        context["discover"] = discover
        context["store"] = InboundStore(store, what, now)
        context["colleagues"] = colleagues
        is_by_someone = not (
            departures.is_about_someone(body) or unfurl.is_link(body) or remarks.is_overheard(body)
        )
        if context.user_id and is_by_someone:
            context["person"] = person = await colleagues.get(context.user_id, context.client)
            context["_"] = texts(person.language, settings.timezone)
        await next_()
        return None

    @app.error
    async def went_wrong(error: Exception, context: AsyncBoltContext, body: dict[str, Any]) -> BoltResponse:
        if isinstance(error, AlreadyDoneError):
            came_in("repeated")
        _ = context.get("_") or house_texts
        return await _went_wrong(error, context=context, body=body, _=_)

    for column in COLUMNS:
        column.register(app)
    return app


async def _went_wrong(
    error: Exception, *, context: AsyncBoltContext, body: dict[str, Any], _: Texts
) -> BoltResponse:
    """Say no where there is a reason, nothing to what was done before, and sorry for everything else."""
    if isinstance(error, AlreadyDoneError) or _slacks_word(error) == USED_TRIGGER:
        return BoltResponse(status=200, body="")
    if say_no := REFUSALS.get(type(error)):
        return await _tell(say_no(error, _), context=context, body=body)
    if _slacks_word(error) == LATE_TRIGGER:
        log.warning("form_opened_too_late", what=_what(body))
        late = _("That took too long, so the form did not open. Please try again in a moment.")
        return await _tell(late, context=context, body=body)
    reference = secrets.token_hex(4)
    log.error("request_failed", reference=reference, what=_what(body), exc_info=error)
    if is_event(body):
        # Not acknowledged, so that Slack sends it again.
        return BoltResponse(status=500, body="")
    sorry = _(
        "That did not work, and it is not your fault. Please try again; "
        "if it stays like this, tell the administrators the reference {reference}.",
        reference=reference,
    )
    return await _tell(sorry, context=context, body=body)


async def _tell(sentence: str, *, context: AsyncBoltContext, body: dict[str, Any]) -> BoltResponse:
    """Say a sentence where the person acted; if it is too late for a window there, in a direct message.

    That is no delivery: it may be the store that fails, and the sentence is worth nothing an hour later.
    """
    try:
        return await refuse(sentence, context=context, body=body)
    except SlackApiError as error:
        if not context.user_id or _slacks_word(error) not in {LATE_TRIGGER, USED_TRIGGER}:
            raise
        await context.client.chat_postMessage(channel=context.user_id, text=sentence)
        return BoltResponse(status=200, body="")


def _slacks_word(error: Exception) -> str | None:
    """Return what Slack calls an error of its own."""
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else None


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
