"""A program: the whole assistant with the public site, on a store and in a workspace that are there."""

import asyncio
import json
import sys
from ipaddress import ip_network
from typing import Any

from pydantic import SecretStr

from benchmarks.workspace import COMMS
from bot.settings import Settings
from handlers.opening import open_store
from handlers.run import assistant, site, stay_prompt


async def main(facts: dict[str, Any]) -> None:
    """Work until the process is ended; what is said to Slack keeps the pace that `facts` name."""
    settings = Settings(
        database_url=facts["database_url"],
        slack_api_url=facts["api_url"],
        slack_bot_token=SecretStr(facts["bot_token"]),
        slack_signing_secret=SecretStr(facts["signing_secret"]),
        comms_channel=COMMS,
        fetch_allow=(ip_network("127.0.0.0/8"),),
        ops_port=facts["ops_port"],
        web_port=0,
    )
    store = open_store(settings, migrate=True)
    try:
        async with assistant(store, settings, paces=facts["paces"]), site(store, settings) as address:
            stay_prompt()
            print(address, flush=True)
            await asyncio.Event().wait()
    finally:
        store.close()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
