"""What only the operators' side may reach: Slack's signed requests, and whether the assistant is ready."""

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from storage import public
from storage.store import Store


def make_ops(store: Store, app: AsyncApp) -> web.Application:
    """Make the application for OPS_HOST and OPS_PORT."""

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    async def ready(_: web.Request) -> web.Response:
        try:
            await store.read(public.revision)
        except Exception:  # noqa: BLE001 - whatever it is: not ready
            return web.json_response({"ready": False, "store": "unreachable"}, status=503)
        return web.json_response({"ready": True})

    ops = web.Application()
    ops.router.add_post("/slack/events", events)
    ops.router.add_get("/readyz", ready)
    return ops
