"""The workspace keeps what was said, also when its process is killed."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Channel, Member, Sandbox
from sandbox.state.errors import RefusedError
from sandbox.state.workspace import Workspace
from tests.sandbox.conftest import SEED


async def test_a_restart_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    first = await Sandbox.start(SEED, path=path, pace=False)
    client = AsyncWebClient(first.bot_token, base_url=first.api_url)
    metadata = {"event_type": "delivery", "event_payload": {"delivery": "1"}}
    posted = await client.chat_postMessage(channel="U_ANN", text="Bleibt", metadata=metadata)
    gone = await client.chat_postMessage(channel="C_ALL", text="Geht")
    await client.chat_delete(channel="C_ALL", ts=gone["ts"])
    await client.chat_postEphemeral(channel="C_ALL", user="U_ANN", text="Flüchtig")
    await client.views_publish(user_id="U_ANN", view={"type": "home", "blocks": [{"type": "divider"}]})
    await client.conversations_join(channel="C_ELSE")
    first.workspace.mark_read("U_ANN", posted["channel"])
    await first.stop()

    renamed = replace(SEED.members[0], real_name="Ann Andersson")
    seed = replace(SEED, members=(renamed, *SEED.members[1:], Member("U_DOG", "dog", "Neu")))
    second = await Sandbox.start(seed, path=path, pace=False)
    try:
        workspace = second.workspace
        assert (second.bot_token, second.app_token) == (first.bot_token, first.app_token)
        assert second.signing_secret == first.signing_secret
        kept = workspace.messages(posted["channel"], "U_ANN")
        assert [(message.text, message.metadata) for message in kept] == [("Bleibt", metadata)]
        assert workspace.messages("C_ALL", "U_ANN") == []
        assert workspace.unread("U_ANN") == {}
        home = workspace.home_view("U_ANN")
        assert home
        assert [block["type"] for block in home.blocks] == ["divider"]
        assert BOT_USER_ID in workspace.conversation("C_ELSE").members
        assert workspace.member("U_ANN").real_name == "Ann Andersson"
        assert workspace.member("U_DOG").name == "dog"
        assert workspace.post("U_ANN", posted["channel"], "Danach").ts > posted["ts"]
    finally:
        await second.stop()


def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    program = (
        "import os, pathlib, sys\n"
        "from sandbox.state.workspace import Workspace\n"
        "from tests.sandbox.conftest import SEED\n"
        "workspace = Workspace(SEED, pathlib.Path(sys.argv[1]))\n"
        "for i in range(50): workspace.post('U_ANN', 'C_ALL', str(i))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, path], check=False, cwd=Path(__file__).parents[2])

    assert ended.returncode == -9
    workspace = Workspace(SEED, path)
    assert [message.text for message in workspace.messages("C_ALL", "U_ANN")] == [str(i) for i in range(50)]
    workspace.close()


async def test_a_taken_port_is_said_at_once(sandbox: Sandbox) -> None:
    port = int(sandbox.page_url.rstrip("/").rsplit(":", 1)[1])

    with pytest.raises(OSError, match="in use"):
        await Sandbox.start(SEED, port=port)


def test_unread_messages_are_counted_with_those_that_concern_a_person() -> None:
    workspace = Workspace(SEED)
    direct = workspace.open_dm("U_BEN", "U_ANN")
    workspace.post("U_ANN", "C_ALL", "Hallo alle")
    workspace.post("U_ANN", "C_ALL", "Hallo @ben")
    workspace.post("U_ANN", direct, "Hallo du")
    assert workspace.unread("U_BEN") == {"C_ALL": (2, 1), direct: (1, 1)}
    assert workspace.unread("U_ANN") == {}

    workspace.mark_read("U_BEN", "C_ALL")

    assert workspace.unread("U_BEN") == {direct: (1, 1)}
    workspace.close()


def test_only_members_speak_in_a_channel() -> None:
    workspace = Workspace(SEED)

    with pytest.raises(RefusedError, match="not_in_channel"):
        workspace.post("U_CEM", "C_ALL", "Hallo")
    with pytest.raises(RefusedError, match="channel_not_found"):
        workspace.post("U_CEM", "C_NOWHERE", "Hallo")
    workspace.join("C_ALL", "U_CEM")
    workspace.post("U_CEM", "C_ALL", "Hallo")
    workspace.leave("C_ALL", "U_CEM")
    assert workspace.channels_of("U_CEM") == [
        Channel("C_SECRET", "geheim", members=("U_CEM",), is_private=True)
    ]
    workspace.close()


def test_timestamps_are_all_different() -> None:
    workspace = Workspace(SEED)

    stamps = [workspace.post("U_ANN", "C_ALL", "schnell").ts for _ in range(200)]

    assert sorted(set(stamps)) == stamps
    workspace.close()


def test_listeners_hear_of_changes_until_they_stop() -> None:
    workspace = Workspace(SEED)
    heard: list[str] = []
    stop = workspace.listen(lambda change: heard.append(change.kind))
    workspace.post("U_ANN", "C_ALL", "Hallo")
    stop()
    workspace.post("U_ANN", "C_ALL", "Hallo?")

    assert heard == ["message", "read"]
    workspace.close()
