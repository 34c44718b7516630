"""What only the city's side may reach: Slack's signed requests, the newsroom's plan, whether all is ready."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from handlers import planned_calendar
from handlers.chat.access import Access
from storage import public
from storage.store import Store

Handler = Callable[[web.Request], Awaitable[web.Response]]


def make_ops(
    store: Store,
    app: AsyncApp,
    *,
    access: Access | None = None,
    metrics: Handler | None = None,
    calendar: Handler | None = None,
) -> web.Application:
    """Make the application for OPS_HOST and OPS_PORT.

    Args:
        store: what /readyz asks.
        app: what answers Slack's signed requests.
        access: whether Slack takes our token; not ready while it does not.
        metrics: what answers Prometheus; without it there is no /metrics.
        calendar: what serves the newsroom's plan under its secret address.
    """

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    async def ready(_: web.Request) -> web.Response:
        try:
            await store.read(public.revision)
        except Exception:  # noqa: BLE001 - whatever it is: not ready
            return web.json_response({"ready": False, "store": "unreachable"}, status=503)
        if access and access.refused:
            return web.json_response({"ready": False, "slack": access.refused}, status=503)
        return web.json_response({"ready": True})

    ops = web.Application()
    ops.router.add_post("/slack/events", events)
    ops.router.add_get("/readyz", ready)
    if metrics:
        ops.router.add_get("/metrics", metrics)
    if calendar:
        ops.router.add_get(planned_calendar.PATH, calendar)
    return ops
