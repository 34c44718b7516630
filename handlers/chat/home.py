"""The App Home: made anew whenever someone opens it."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import (
    curation,
    drafts,
    editorial,
    events,
    people,
    pitches,
    posts,
    preview,
    radar,
    retries,
    subscriptions,
    watch,
)
from bot.people import Person, Role
from bot.settings import Settings
from bot.texts import Texts
from handlers.chat.blocks import home as blocks
from handlers.chat.blocks.my_pitches import AT_HOME, MOST_DRAFTS, MyPitches
from handlers.chat.inbound import InboundStore

log = structlog.get_logger(__name__)

# Tasks that nobody awaits have to be held somewhere.
under_way: set[asyncio.Task[None]] = set()


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.event("app_home_opened")(show)
    app.action(blocks.OPEN_SITE)(opened)
    app.action(blocks.RETRY)(retry)


async def show(
    event: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """Someone opened the App Home: show what is theirs and what is new."""
    if event.get("tab") != "home":
        return
    await renew(client, store, person, _, now, settings)


def renew_soon(context: AsyncBoltContext) -> None:
    """Bring someone's App Home up to date after a deed that it shows, without keeping them waiting.

    Lost when the process stops: the App Home is made anew when it is opened anyway.
    """
    names = ("client", "store", "person", "_", "now", "settings")
    do_soon(renew(*(context[name] for name in names)))


def do_soon(showing: Coroutine[Any, Any, None]) -> None:
    """Show something without keeping anyone waiting; lost when the process stops."""
    task = asyncio.create_task(showing)
    under_way.add(task)
    task.add_done_callback(_shown)


def _shown(task: asyncio.Task[None]) -> None:
    under_way.discard(task)
    if not task.cancelled() and (error := task.exception()):
        log.warning("home_not_renewed", exc_info=error)


async def renew(
    client: AsyncWebClient, store: InboundStore, person: Person, _: Texts, now: datetime, settings: Settings
) -> None:
    """Publish someone's App Home as it is now."""
    home = await store.read(shown, person=person, now=now, settings=settings)
    await client.views_publish(user_id=person.chat_id, view=blocks.home_view(home, settings.site_url, _))


async def opened(ack: AsyncAck) -> None:
    """Someone followed a link button; the chat has opened it already."""
    await ack()


async def retry(
    ack: AsyncAck, context: AsyncBoltContext, store: InboundStore, person: Person, now: datetime
) -> None:
    """An administrator lets the messages that were given up be tried once more."""
    await store.run(retries.retry, by=person, now=now)
    await ack()
    renew_soon(context)


def shown(session: Session, *, person: Person, now: datetime, settings: Settings) -> blocks.Home:
    """Return what someone's App Home shows."""
    today = now.astimezone(settings.zone).date()
    is_newsroom = people.is_allowed(session, person, Role.COMMS)
    return blocks.Home(
        open_requests=radar.open_requests(session, person),
        my_pitches=_mine(session, person),
        my_subscriptions=subscriptions.of_target(session, person.chat_id),
        for_me=preview.brought(session, person, limit=5),
        posts=posts.newest(session, limit=5),
        events=events.coming(session, today=today, limit=5),
        troubles=watch.troubles(session, person, now=now),
        sources=curation.tally(session, person),
        is_empty_ahead=editorial.is_empty_ahead(session, today=today) if is_newsroom else None,
    )


def _mine(session: Session, person: Person) -> MyPitches:
    found = pitches.mine(session, person, limit=AT_HOME + 1)
    return MyPitches(
        found[:AT_HOME],
        drafts.of_pitcher(session, person, limit=MOST_DRAFTS),
        is_more=len(found) > AT_HOME,
    )
