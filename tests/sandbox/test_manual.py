"""What `docs/sandbox.md` promises to those who use the sandbox in a project of their own."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import aiohttp

from sandbox import Sandbox

ROOT = Path(__file__).parent.parent.parent
MANUAL = (ROOT / "docs" / "sandbox.md").read_text()


def test_another_project_has_a_sandbox_with_what_the_manual_shows(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(_block("[pytest]"))
    (tmp_path / "conftest.py").write_text(_block("# conftest.py"))
    (tmp_path / "test_ideen.py").write_text(_block("# test_ideen.py"))

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


async def test_a_bot_of_another_project_runs_in_a_workspace_of_its_own(tmp_path: Path) -> None:
    for name in ("ideen.yaml", "leute.yaml", "bot.py"):
        (tmp_path / name).write_text(_block(f"# {name}"))
    [command] = _block("python -m sandbox").splitlines()
    arguments = [*command.split()[1:], "--port", "0", "--json"]
    kept = {"PYTHONPATH": str(ROOT), "PATH": ""}
    running = await _begun(arguments, tmp_path, kept)
    bot = None
    try:
        facts = json.loads(await _line(running))
        bot = await _begun(["bot.py"], tmp_path, kept | {key: facts[key] for key in facts if key.isupper()})
        while "app is running" not in await _line(bot):
            pass
        async with aiohttp.ClientSession(facts["page_url"]) as web:
            given = {"person": "U0ANN", "channel": "C0ALLE", "text": "/idee Bibliothek der Dinge"}
            async with web.post("/act/slash", json=given, headers={"Sec-Fetch-Site": "same-origin"}) as said:
                assert (await said.json())["failure"] is None
            async with web.get("/developer/exchanges", params={"words": "chat.postMessage"}) as seen:
                assert "chat.postMessage" in await seen.text()
            async with web.get("/", params={"person": "U0BEN", "channel": "C0ALLE"}) as page:
                assert "Danke für „Bibliothek der Dinge“." in await page.text()
    finally:
        for process in filter(None, (bot, running)):
            process.terminate()
            await process.communicate()
    assert (tmp_path / "ideen.sqlite").exists()
    assert running.returncode == 0


async def _begun(
    arguments: list[str], folder: Path, environment: dict[str, str]
) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-u",
        *arguments,
        cwd=folder,
        env=environment,
        stdout=pipe,
        stderr=asyncio.subprocess.STDOUT,
    )


async def _line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert line, "it ended"
    return line


async def test_everything_that_can_go_wrong_can_be_asked_for_as_the_manual_says(sandbox: Sandbox) -> None:
    said: dict[str, object] = {}
    exec(_block("def plan(sandbox)").replace("C0ALL", "C_ALL").replace("U0BEN", "U_BEN"), said)
    plan = said["plan"]
    assert callable(plan)

    plan(sandbox)

    assert not sandbox.faults.is_over
    assert sandbox.clock.speed == 60
    assert sandbox.workspace.installation == "revoked"


def _block(beginning: str) -> str:
    """Return the page's block of code that begins like this."""
    blocks: list[str] = re.findall(r"```\w+\n(.*?)```", MANUAL, re.DOTALL)
    return next(block for block in blocks if block.startswith(beginning))
