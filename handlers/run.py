"""Starts the doors that a process is to have, and closes them in order."""

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import curation, delivery, polling, sending
from bot.delivery import Place
from bot.pace import START
from bot.sending import GAP
from bot.settings import Settings
from bot.sources import Fetcher, Offer, Parser
from bot.sources.discovery import discover
from bot.texts import texts
from handlers.chat.app import make_app, make_client
from handlers.chat.outbound import Outbound
from handlers.chat.socket import SocketHandler
from handlers.chat.sources import Discover
from handlers.clock import PATIENCE_S, ticking
from handlers.metrics import Metrics
from handlers.opening import StartError, port_taken
from handlers.ops import make_ops
from handlers.planned_calendar import PlannedCalendar
from handlers.sources import Reading
from handlers.web.app import make_app as make_site
from handlers.web.live import Pace
from storage.store import Store

Clock = Callable[[], datetime]

SWITCH_INTERVAL_S: Final = 0.0005


def utc_now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


@asynccontextmanager
async def assistant(
    store: Store,
    settings: Settings,
    *,
    clock: Clock = utc_now,
    gap: timedelta = GAP,
    paces: Mapping[str, float] = START,
) -> AsyncIterator[None]:
    """Run chat and clock while the block runs.

    Args:
        store: opened and up to date.
        settings: with Slack's tokens.
        clock: the time of day.
        gap: how far two messages in one channel are apart; Slack wants a second.
        paces: calls a minute for each of Slack's methods to begin with.

    Raises:
        StartError: Slack does not take the tokens.
    """
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        client = make_client(settings, session)
        socket_url = await check_tokens(client, settings)
        places = {
            Place.COMMS: settings.comms_channel,
            Place.REVIEW: settings.review_channel,
            Place.ADMIN: settings.admin_channel,
        }
        await store.run(_begin, places, is_alone=store.is_sqlite, now=clock())
        metrics = Metrics(store, clock)
        fetcher = await stack.enter_async_context(
            Fetcher(allow=settings.fetch_allow, user_agent=settings.user_agent)
        )
        parser = await stack.enter_async_context(Parser())
        app = make_app(
            store,
            settings,
            client,
            clock=clock,
            came_in=metrics.came_in,
            discover=_discovering(fetcher, parser, settings, clock),
        )
        # Once more when nothing new can come in: what came while the sockets closed.
        stack.push_async_callback(app.finish)
        if socket_url:
            socket = SocketHandler(app, settings.slack_app_token.get_secret_value(), address=socket_url)
            await socket.connect_async()  # type: ignore[no-untyped-call]
            stack.push_async_callback(socket.close_async)
        outbound = Outbound(
            store, client, settings, clock=clock, gap=gap, paces=paces, told=metrics.delivered
        )
        ops = await serve(
            make_ops(
                store,
                app,
                access=outbound.access,
                metrics=metrics.scrape,
                calendar=PlannedCalendar(store, settings, clock).serve,
            ),
            settings.ops_host,
            settings.ops_port,
            settings,
        )
        stack.push_async_callback(ops.cleanup)
        # Before the sockets close: what is done by then can still be acknowledged.
        stack.push_async_callback(app.finish)
        reading = Reading(store, settings, fetcher, parser, clock)
        await stack.enter_async_context(ticking(store, settings, reading, clock))
        sending = asyncio.create_task(outbound.run())
        stack.push_async_callback(_end, outbound, sending)
        yield


@asynccontextmanager
async def site(
    store: Store,
    settings: Settings,
    *,
    clock: Clock = utc_now,
    pace: Pace = Pace(),  # noqa: B008 - a frozen value
    seen: Callable[[str], None] = lambda _path: None,
) -> AsyncIterator[str]:
    """Serve the public site while the block runs, and say where.

    Args:
        store: what is shown.
        settings: with the site's address.
        clock: the time of day.
        pace: how often open pages ask whether something has changed.
        seen: is told the path of each page that was sent.

    Raises:
        StartError: the port is taken.
    """
    runner = await serve(
        make_site(store, settings, clock=clock, pace=pace, seen=seen),
        settings.web_host,
        settings.web_port,
        settings,
    )
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/"
    finally:
        await runner.cleanup()


async def check_tokens(client: AsyncWebClient, settings: Settings) -> str | None:
    """Ask Slack whether it takes the tokens; return the address for Socket Mode if there is an app token.

    Raises:
        StartError: a token is missing or wrong, or Slack can't be reached.
    """
    _ = texts(settings.locale)
    if not settings.slack_bot_token.get_secret_value():
        raise StartError(
            _("STADTFUNK_SLACK_BOT_TOKEN is not set. To try without Slack, run: python bot.py demo")
        )
    app_token = settings.slack_app_token.get_secret_value()
    if not app_token and not settings.slack_signing_secret.get_secret_value():
        raise StartError(
            _("Please set STADTFUNK_SLACK_APP_TOKEN (Socket Mode) or STADTFUNK_SLACK_SIGNING_SECRET.")
        )
    name = "STADTFUNK_SLACK_BOT_TOKEN"
    try:
        await client.auth_test()
        name = "STADTFUNK_SLACK_APP_TOKEN"
        answer = await client.apps_connections_open(app_token=app_token) if app_token else None
    except SlackApiError as error:
        reason = error.response.get("error")
        raise StartError(
            _(
                "Slack does not take {name} ({reason}). Please copy it again from the app's settings.",
                name=name,
                reason=reason,
            )
        ) from error
    except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
        raise StartError(
            _("Slack can't be reached at {url}. Is the network there?", url=settings.slack_api_url)
        ) from error
    return str(answer["url"]) if answer else None


async def serve(app: web.Application, host: str, port: int, settings: Settings) -> web.AppRunner:
    """Listen for an application.

    Raises:
        StartError: the port is taken.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise StartError(port_taken(host, port, settings)) from error
    return runner


def stay_prompt() -> None:
    """Let a process that now begins to work answer in time, whatever it does besides.

    Python looks through all objects for garbage now and then, and stands still meanwhile: what is there once
    everything is loaded stays anyway, and is left out. And a thread of the store gives way to the event loop
    after half a millisecond instead of five.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_INTERVAL_S)


async def until_stopped() -> None:
    """Work until Ctrl-C or the system's wish that the process ends."""
    stay_prompt()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stop.set)
    await stop.wait()


def _discovering(fetcher: Fetcher, parser: Parser, settings: Settings, clock: Clock) -> Discover:
    """Return what looks for the chat what an address offers to be read."""

    async def look(url: str) -> Sequence[Offer]:
        today = clock().astimezone(settings.zone).date()
        return await discover(fetcher, parser, url, today=today, timezone=settings.timezone)

    return look


def _begin(session: Session, places: dict[Place, str], *, is_alone: bool, now: datetime) -> None:
    delivery.name_places(session, places)
    curation.poll_all(session, now=now)
    if is_alone:
        polling.inherit(session)
        sending.inherit(session, now=now)


async def _end(outbound: Outbound, sending: asyncio.Task[None]) -> None:
    """Let what is on its way arrive, so that nobody has to look for it later."""
    outbound.stop()
    await asyncio.wait({sending}, timeout=PATIENCE_S)
    sending.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sending
