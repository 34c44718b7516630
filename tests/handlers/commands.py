"""`bot.py` for tests: each command in a process of its own, made of one that has imported everything.

`python -m tests.handlers.commands` reads calls and runs each in a fork, which takes a tenth of the time.
"""

import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PATIENCE_S: Final = 60
# What commands import only when they need it.
LATER: Final = ("storage.schema", "handlers.run", "handlers.chat.manifest", "handlers.web.app", "bot.imports")


@dataclass(frozen=True)
class Call:
    """A command: where, with which words and environment, and the files it reads from and writes to."""

    folder: str
    words: tuple[str, ...]
    environment: dict[str, str]
    files: tuple[str, str, str]


def bot(folder: Path, *words: str, said: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in an empty folder with nothing but these settings."""
    settings = {f"STADTFUNK_{name}": value for name, value in environment.items()}
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": os.environ["TMPDIR"]}
    with tempfile.TemporaryDirectory() as name:
        files = tuple(str(Path(name) / stream) for stream in ("in", "out", "err"))
        Path(files[0]).write_text(said, encoding="utf-8")
        call = Call(str(folder), words, clean | settings, (files[0], files[1], files[2]))
        line = json.dumps(asdict(call)) + "\n"
        server = _server()
        assert server.stdin
        assert server.stdout
        server.stdin.write(line)
        server.stdin.flush()
        status = int(server.stdout.readline())
        out, err = (Path(file).read_text(encoding="utf-8") for file in files[1:])
    return subprocess.CompletedProcess(words, status, out, err)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence a command ended with."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@cache
def _server() -> subprocess.Popen[str]:
    # It ends by itself when its input does.
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.handlers.commands"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _run(call: Call) -> None:
    """Be the command, in the place of `python bot.py`."""
    signal.alarm(PATIENCE_S)
    os.chdir(call.folder)
    os.environ.clear()
    os.environ.update(call.environment)
    for number, (file, flags) in enumerate(
        zip(call.files, (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT), strict=True)
    ):
        os.dup2(os.open(file, flags, 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8") for number, mode in enumerate(("r", "w", "w"))
    )
    sys.argv = ["bot.py", *call.words]
    runpy.run_path(str(ROOT / "bot.py"), run_name="__main__")


def _status(call: Call) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        _run(call)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - as Python itself ends
        sys.excepthook(*sys.exc_info())
        status = 1
    else:
        status = 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def main() -> None:
    """Run the commands of the input, and write each one's exit status."""
    import handlers.cli  # noqa: F401, PLC0415 - for the forks

    for name in LATER:
        __import__(name)
    for line in sys.stdin:
        values = json.loads(line)
        call = Call(**values | {"words": tuple(values["words"]), "files": tuple(values["files"])})
        sys.stdout.write(f"{_status(call)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
