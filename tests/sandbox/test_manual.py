"""What `docs/sandbox.md` promises to those who use the sandbox in a project of their own."""

import re
import subprocess
import sys
from pathlib import Path

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
