"""Fixtures for pytest, for any project: `pytest_plugins = ["sandbox.fixtures"]` in its `conftest.py`."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import pytest_asyncio

from sandbox.server import Sandbox
from sandbox.state.app import BOT_USER_ID
from sandbox.state.records import Channel, Member, Seed
from sandbox.state.workspace import Workspace

StartSandbox = Callable[..., Awaitable[Sandbox]]


@pytest.fixture
def sandbox_seed() -> Seed:
    """Return what the workspace starts with: two people, a channel, an app that may read and write there.

    A project overrides this with its own people, channels and manifest.
    """
    events = ["app_home_opened", "app_mention", "message.channels", "message.im"]
    scopes = ["app_mentions:read", "channels:history", "channels:read", "chat:write", "commands"]
    scopes += ["im:history", "im:read", "im:write", "users:read", "users:read.email"]
    return Seed(
        team="Team",
        domain="team",
        members=(Member("U0ANN", "ann", "Ann Example"), Member("U0BEN", "ben", "Ben Example")),
        channels=(Channel("C0GENERAL", "general", members=("U0ANN", "U0BEN", BOT_USER_ID)),),
        manifest={
            "display_information": {"name": "App"},
            "features": {"bot_user": {"display_name": "app"}},
            "oauth_config": {"scopes": {"bot": scopes}},
            "settings": {"event_subscriptions": {"bot_events": events}},
        },
    )


@asynccontextmanager
async def sandboxes(usual: Seed) -> AsyncIterator[StartSandbox]:
    """Yield a function that starts a sandbox with the options of `Sandbox.start`, also several.

    Unless the options say otherwise it has the usual seed, a free port, and holds nobody to Slack's pace.
    All are stopped in the end. What each has kept must be what it knew: of the last one in a file that is
    compared when it has stopped, of those before when the next one starts.
    """
    latest: dict[Path, tuple[Sandbox, Seed]] = {}
    async with AsyncExitStack() as stack:

        async def start(seed: Seed = usual, **options: Any) -> Sandbox:
            folder = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
            path: Path = options.pop("path", None) or Path(folder) / "sandbox.sqlite"
            if path in latest:
                _compare(path, *latest.pop(path))
            running = await Sandbox.start(seed, path=path, **{"pace": False, **options})
            stack.push_async_callback(running.stop)
            latest[path] = (running, seed)
            return running

        yield start
        for path, (running, seed) in latest.items():
            await running.stop()
            _compare(path, running, seed)


@pytest_asyncio.fixture
async def start_sandbox(sandbox_seed: Seed) -> AsyncIterator[StartSandbox]:
    """Return a function that starts a sandbox; see `sandboxes`. All are stopped after the test."""
    async with sandboxes(sandbox_seed) as start:
        yield start


@pytest_asyncio.fixture
async def sandbox(start_sandbox: StartSandbox) -> Sandbox:
    """Return a running sandbox with the seed of `sandbox_seed`."""
    return await start_sandbox()


def _compare(path: Path, running: Sandbox, seed: Seed) -> None:
    """Make sure that a sandbox started from a file would know the same as the one that wrote it."""
    kept = Workspace(seed, path)
    try:
        assert _known(kept) == _known(running.workspace), "the sandbox's file is not what it knew"
    finally:
        kept.close()


def _known(workspace: Workspace) -> dict[str, object]:
    """Return all that outlives the process; ephemeral messages do not."""
    people = [member.id for member in workspace.people()]
    places = {place.id: place for person in people for place in workspace.conversations_of(person)}
    places |= {channel.id: channel for channel in workspace.channels()}
    said = {key: [one for one in workspace.history(key) if not one.is_ephemeral] for key in places}
    return {
        # What else is known of people comes from the seed at each start.
        "people": {member.id: (member.is_deleted, member.is_away) for member in workspace.members()},
        "conversations": places,
        "messages": {key: messages for key, messages in said.items() if messages},
        "files": sorted(workspace.files.all(), key=lambda file: file.id),
        "views": {person: (workspace.home_view(person), workspace.modals(person)) for person in people},
    }
