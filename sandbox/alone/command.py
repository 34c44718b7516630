"""The command line: reads the files, starts the workspace, says what a bot needs, and waits."""

import argparse
import asyncio
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from sandbox.alone.files import FileError
from sandbox.alone.manifest import manifest_in
from sandbox.alone.seed import seed_of
from sandbox.page.texts import Texts, texts
from sandbox.server import Sandbox
from sandbox.state.records import Seed

PORT = 8090
HIGHEST_PORT = 65_535


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a workspace until it is interrupted; what can't be is one sentence and exit status 2."""
    _ = texts(_locale())
    asked = _parser(_).parse_args(arguments)
    try:
        seed = seed_of(manifest_in(asked.manifest, _), asked.seed, _)
    except FileError as error:
        _give_up(str(error))
    try:
        asyncio.run(_run(seed, asked, _))
    except OSError as error:
        _give_up(_("The workspace can't be started: {reason}.", reason=error.strerror or error))


def _locale() -> str:
    """Return the language of whoever sits at this machine, German when it doesn't say English."""
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en-GB" if said.startswith("en") else "de-DE"


def _parser(_: Texts) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description=_(
            "Runs a chat workspace on this machine that speaks Slack's protocol, for any Bolt app."
        ),
    )
    parser.add_argument("manifest", type=Path, help=_("the app's manifest as Slack takes it: JSON or YAML"))
    parser.add_argument(
        "--seed", type=Path, metavar="FILE", help=_("people and channels: JSON, YAML or TOML")
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help=_("the port of the page and the API; 0 for any that is free")
    )
    parser.add_argument(
        "--request-url",
        metavar="URL",
        help=_("where the app takes signed HTTP requests, without Socket Mode"),
    )
    parser.add_argument(
        "--path",
        type=Path,
        metavar="FILE",
        help=_("keep the workspace in this file; else it ends with the program"),
    )
    parser.add_argument("--no-pace", action="store_true", help=_("do not hold the app to Slack's pace"))
    parser.add_argument(
        "--json", action="store_true", help=_("say addresses and secrets as one line of JSON")
    )
    return parser


async def _run(seed: Seed, asked: argparse.Namespace, _: Texts) -> None:
    if not 0 <= asked.port <= HIGHEST_PORT:
        _give_up(_("--port is a number from 0 to 65535."))
    if asked.request_url and not asked.request_url.startswith(("http://", "https://")):
        _give_up(_("--request-url begins with http:// or https://."))
    if asked.path and not asked.path.parent.is_dir():
        _give_up(_("There is no folder {folder}.", folder=asked.path.parent))
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, over.set)
    try:
        sandbox = await Sandbox.start(
            seed, port=asked.port, path=asked.path, pace=not asked.no_pace, request_url=asked.request_url
        )
    except sqlite3.Error as error:
        _give_up(_("{file} is no workspace that was kept ({reason}).", file=asked.path, reason=error))
    except OSError:
        _give_up(_("Port {port} is taken: choose another one with --port.", port=asked.port))
    try:
        facts = _facts(sandbox)
        print(json.dumps(facts) if asked.json else _welcome(sandbox, facts, _), flush=True)  # noqa: T201
        await over.wait()
    finally:
        await sandbox.stop()


def _facts(sandbox: Sandbox) -> dict[str, str]:
    return {
        "page_url": sandbox.page_url,
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
    }


def _welcome(sandbox: Sandbox, facts: dict[str, str], _: Texts) -> str:
    needed = [f"  {name}={value}" for name, value in facts.items() if name.isupper()]
    return "\n".join(
        [
            _("The workspace {team} is running. Ctrl+C ends it.", team=sandbox.workspace.team),
            "",
            "  " + _("Open in the browser: {address}", address=sandbox.page_url),
            "  " + _("Developer view: {address}", address=f"{sandbox.page_url}developer"),
            "",
            _("This is what {app} needs:", app=sandbox.workspace.app.name),
            *needed,
            "",
            _("The API's address goes to the client: AsyncWebClient(token, base_url=…)."),
        ]
    )


def _give_up(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)  # noqa: T201
    sys.exit(2)
