"""What the programs that open a server have in common: the first question, and a word on how long it took."""

import asyncio
import json
import time

import aiohttp


async def ask_and_stay(began: float, api_url: str, token: str) -> None:
    """Ask `auth.test`, print what is known then as a line of JSON, and stay until the process is ended.

    The line holds `took_ms`, the milliseconds since `began`, and `api_url` and `token`.
    """
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{api_url}auth.test", json={}) as answer,
    ):
        assert (await answer.json())["ok"]
    took_ms = (time.perf_counter() - began) * 1000
    print(json.dumps({"took_ms": took_ms, "api_url": api_url, "token": token}), flush=True)
    await asyncio.Event().wait()
