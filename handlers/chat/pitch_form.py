"""The form of a pitch in Slack: the ways to it, what it suggests, what is sent, and what is left in it."""

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import drafts, ideas, pitches
from bot.ideas import Contact, Idea, IdeaError
from bot.people import Person
from bot.pitches import PitchKind
from bot.settings import Settings
from bot.texts import Texts
from handlers.chat import home
from handlers.chat.answers import View, choices, field, plain_text
from handlers.chat.blocks import my_pitches
from handlers.chat.blocks import pitch_form as form_blocks
from handlers.chat.blocks import pitches as blocks
from handlers.chat.inbound import InboundStore

FROM_MESSAGE: Final = "pitch_from_message"
# Whoever presses sees something within 300 ms: what takes longer is announced by a small form first.
AT_ONCE_S: Final = 0.05
MAX_SUGGESTED: Final = 50
# Slack's words for a form that was closed meanwhile: docs.slack.dev/reference/methods/views.update
CLOSED: Final = frozenset({"not_found", "hash_conflict"})


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.shortcut(blocks.NEW)(open_form)
    app.action(blocks.NEW)(open_form)
    app.shortcut(FROM_MESSAGE)(open_form_from_message)
    app.action(my_pitches.GO_ON)(open_draft)
    app.options({"block_id": form_blocks.SERIES, "action_id": form_blocks.SERIES})(suggest_series)
    app.options({"block_id": form_blocks.SUBJECT, "action_id": form_blocks.SUBJECT})(suggest_subjects)
    app.action(form_blocks.DISCARD)(discard)
    app.view(form_blocks.FORM)(submit)
    app.view_closed(form_blocks.FORM)(keep)


async def open_form(
    ack: AsyncAck,
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """Someone has an idea: show the form, with what they began before."""
    today = _day(now, settings)
    await show_form(body["trigger_id"], client=client, store=store, person=person, _=_, today=today)
    await ack()


async def open_draft(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """Someone goes on with a draft, or with what sounded like an idea when they wrote it."""
    await show_form(
        body["trigger_id"],
        client=client,
        store=store,
        person=person,
        _=_,
        today=_day(now, settings),
        draft_id=int(action["value"]),
    )
    await ack()


async def open_form_from_message(
    ack: AsyncAck,
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """A message is worth a story: show the form with its words and keep where it stands."""
    channel, message = body["channel"]["id"], body["message"]

    async def begun() -> View:
        link = await _permalink(client, channel, message["ts"])
        said = plain_text(message.get("text", ""))
        idea = replace(drafts.of_words(said), story=said, permalink=link)
        found = await store.read(drafts.begin, idea, pitcher=person, today=_day(now, settings))
        return form_blocks.pitch_form(found, _)

    await open_soon(begun(), trigger_id=body["trigger_id"], client=client, _=_)
    await ack()


async def show_form(
    trigger_id: str,
    *,
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    today: date,
    idea: Idea | None = None,
    draft_id: int | None = None,
) -> None:
    """Open the form with an idea that someone may go on with, or else with what they began before."""

    async def begun() -> View:
        found = await store.read(drafts.begin, idea, pitcher=person, today=today, draft_id=draft_id)
        return form_blocks.pitch_form(found, _)

    await open_soon(begun(), trigger_id=trigger_id, client=client, _=_)


async def open_soon(making: Awaitable[View], *, trigger_id: str, client: AsyncWebClient, _: Texts) -> None:
    """Open a form at once; one that has to be waited for is announced, and comes when it is made."""
    made = asyncio.ensure_future(making)
    await asyncio.wait({made}, timeout=AT_ONCE_S)
    if made.done():
        await client.views_open(trigger_id=trigger_id, view=made.result())
        return
    opened = await client.views_open(trigger_id=trigger_id, view=form_blocks.loading(_))
    try:
        await client.views_update(view_id=opened["view"]["id"], view=await made)
    except SlackApiError as error:
        if error.response.get("error") not in CLOSED:
            raise


async def suggest_series(ack: AsyncAck, body: dict[str, Any], store: InboundStore, now: datetime) -> None:
    """Someone types into the field of the series: say which there are."""
    found = await store.read(ideas.series_like, body.get("value") or "", now=now, limit=MAX_SUGGESTED)
    await ack(**form_blocks.suggested_series([name for name in found if len(name) <= ideas.MAX_SERIES]))


async def suggest_subjects(
    ack: AsyncAck, body: dict[str, Any], store: InboundStore, _: Texts, now: datetime, settings: Settings
) -> None:
    """Someone types into the field of measures and events: say which there are."""
    found = await store.read(
        ideas.subjects, body.get("value") or "", today=_day(now, settings), limit=MAX_SUGGESTED
    )
    await ack(**form_blocks.suggested_subjects(found, _))


async def submit(
    ack: AsyncAck,
    view: View,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """The form was sent: keep the pitch; the thanks to its pitcher go out with it."""
    try:
        await store.run(
            pitches.submit,
            await written(view, client),
            pitcher=person,
            now=now,
            today=_day(now, settings),
            draft_id=_kept_beside(view)["draft"],
        )
    except IdeaError as error:
        await ack(response_action="errors", errors=form_blocks.errors(error, _))
        return
    await ack()
    home.renew_soon(context)


async def keep(
    ack: AsyncAck,
    view: View,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    store: InboundStore,
    person: Person,
    now: datetime,
) -> None:
    """The form was closed: what stands in it is a draft."""
    await store.run(
        drafts.keep,
        await written(view, client),
        pitcher=person,
        now=now,
        draft_id=_kept_beside(view)["draft"],
    )
    await ack()
    home.renew_soon(context)


async def discard(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """Someone throws their draft away: the form is empty then."""
    await store.run(drafts.discard, int(action["value"]), pitcher=person)
    found = await store.read(drafts.begin, Idea(), pitcher=person, today=_day(now, settings))
    try:
        await client.views_update(view_id=body["view"]["id"], view=form_blocks.pitch_form(found, _))
    except SlackApiError as error:
        if error.response.get("error") not in CLOSED:
            raise
    await ack()
    home.renew_soon(context)


async def written(view: View, client: AsyncWebClient) -> Idea:
    """Return what stands in the form."""
    department, timely, kind = (
        field(view, name) for name in (form_blocks.DEPARTMENT, form_blocks.TIMELY, form_blocks.KIND)
    )
    what, _colon, subject_id = field(view, form_blocks.SUBJECT).partition(":")
    contact = field(view, form_blocks.CONTACT)
    return Idea(
        title=field(view, form_blocks.TITLE),
        story=field(view, form_blocks.STORY),
        permalink=_kept_beside(view)["permalink"],
        department_id=int(department) if department else None,
        contact=await _contact(client, contact) if contact else None,
        kind=PitchKind(kind or PitchKind.STORY),
        series=field(view, form_blocks.SERIES),
        guest=field(view, form_blocks.GUEST),
        topics=ideas.topics(field(view, form_blocks.TOPICS)),
        timely_on=date.fromisoformat(timely) if timely else None,
        has_picture=bool(choices(view, form_blocks.PICTURE)),
        measure_id=int(subject_id) if what == form_blocks.MEASURE else None,
        event_id=int(subject_id) if what == form_blocks.EVENT else None,
    )


async def _permalink(client: AsyncWebClient, channel_id: str, ts: str) -> str | None:
    """Return where a message stands; of one that only people can see, Slack does not say it."""
    try:
        answer = await client.chat_getPermalink(channel=channel_id, message_ts=ts)
    except SlackApiError:
        return None
    permalink: str = answer["permalink"]
    return permalink


async def _contact(client: AsyncWebClient, chat_id: str) -> Contact:
    """Return someone as the chat knows them; who can't be found is not there."""
    try:
        answer = await client.users_info(user=chat_id, include_locale=True)
    except SlackApiError:
        return Contact(chat_id, chat_id, is_there=False)
    user: dict[str, Any] = answer["user"]
    name = user.get("profile", {}).get("real_name") or user.get("real_name") or user.get("name") or chat_id
    is_there = not (user.get("deleted") or user.get("is_bot") or chat_id == "USLACKBOT")
    return Contact(chat_id, name, user.get("locale"), user.get("tz"), is_there=is_there)


def _kept_beside(view: View) -> dict[str, Any]:
    nothing: dict[str, Any] = {"permalink": None, "draft": None}
    kept: dict[str, Any] = json.loads(view.get("private_metadata") or "{}")
    return nothing | kept


def _day(now: datetime, settings: Settings) -> date:
    return now.astimezone(settings.zone).date()
