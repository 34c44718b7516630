"""How long the assistant takes to its first answer, and how much memory it holds when nothing happens."""

import asyncio
import json
import shutil
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure
from benchmarks.processes import python, resident_mb
from benchmarks.workspace import COMMS, EDITOR, seed
from bot.settings import PREFIX
from handlers.chat.funk import COMMAND
from handlers.clock import DUE_EVERY_S
from sandbox import Sandbox
from storage import schema
from storage.store import Store

ROUNDS = 7
ANSWERS_WITHIN_S = 30
BOT = Path(__file__).parent.parent / "bot.py"
RUN = (str(BOT), "run", "--no-site")
# Runs a program and writes down, when it ends, which libraries it had imported.
LISTING = f"""
import atexit, json, pathlib, runpy, sys, sysconfig

libraries = tuple({{sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}})

def origin(module):
    return getattr(getattr(module, "__spec__", None), "origin", None) or ""

def write_down():
    names = [name for name, module in sys.modules.items()
             if origin(module).startswith(libraries) and module.__spec__.name == name]
    pathlib.Path("libraries.json").write_text(json.dumps(names))

atexit.register(write_down)
sys.argv = sys.argv[1:]
sys.path[0] = {str(BOT.parent)!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""
# Imports them and says so.
IMPORTING = """
import sys

for name in sys.argv[1:]:
    __import__(name)
print(flush=True)
sys.stdin.read()
"""


async def measure(*, rounds: int = ROUNDS) -> list[Figure]:
    """Measure `bot.py run --no-site` on an empty store against importing the libraries it imports."""
    ratios: list[float] = []
    imports: list[float] = []
    with TemporaryDirectory() as name:
        yard = Yard(Path(name))
        async with yard.opened():
            libraries = await yard.libraries()
            for number in range(rounds):
                # What comes first changes, so that neither profits from what the other left in caches.
                if number % 2:
                    took, _ = await yard.answered()
                    imported, bare_mb = await yard.imported(libraries)
                else:
                    imported, bare_mb = await yard.imported(libraries)
                    took, _ = await yard.answered()
                ratios.append(took / imported)
                imports.append(imported)
            _, idle_mb = await yard.answered(idle_for=DUE_EVERY_S + 1)
    return [
        Figure.of_rounds(
            f"start: process start until {COMMAND} hilfe is answered (run --no-site)",
            ratios,
            goal=1.6,
            baseline=f"importing the same {len(libraries)} modules in a fresh Python: "
            f"{median(imports) * 1000:.0f} ms",
        ),
        Figure(
            "start: memory of the idle assistant",
            idle_mb,
            130,
            "lower",
            f"a Python that has only imported the same modules: {bare_mb:.0f} MB",
            unit="MB",
        ),
    ]


class Yard:
    """A sandbox in this process, and a folder in which assistants are started one after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._empty = folder / "empty.sqlite"
        self._here = folder / "here"
        self._settings: dict[str, str] = {}

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Keep the workspace open while the block runs."""
        store = Store(f"sqlite:///{self._empty}")
        schema.migrate(store)
        store.close()
        self._sandbox = await Sandbox.start(seed())
        names = {
            "DATABASE_URL": f"sqlite:///{self._here / 'store.sqlite'}",
            "SLACK_API_URL": self._sandbox.api_url,
            "SLACK_BOT_TOKEN": self._sandbox.bot_token,
            "SLACK_APP_TOKEN": self._sandbox.app_token,
            "OPS_PORT": "0",
        }
        self._settings = {f"{PREFIX}{name}": value for name, value in names.items()}
        try:
            yield
        finally:
            await self._sandbox.stop()

    async def answered(self, *, idle_for: float = 0) -> tuple[float, float]:
        """Start an assistant; return the seconds until its first answer, and its memory in MB then."""
        self._clean()
        began = time.perf_counter()
        async with python(*RUN, folder=self._here, settings=self._settings) as process:
            await self._ask(process)
            took = time.perf_counter() - began
            await asyncio.sleep(idle_for)
            return took, resident_mb(process.pid)

    async def libraries(self) -> list[str]:
        """Return the names of all third-party modules that an assistant has imported once it has answered."""
        self._clean()
        async with python("-c", LISTING, *RUN, folder=self._here, settings=self._settings) as process:
            await self._ask(process)
        names: list[str] = json.loads((self._here / "libraries.json").read_text())
        return names

    async def imported(self, libraries: list[str]) -> tuple[float, float]:
        """Import libraries in a fresh Python; return the seconds it took and its memory in MB."""
        self._clean()
        began = time.perf_counter()
        async with python("-c", IMPORTING, *libraries, folder=self._here, settings={}) as process:
            assert process.stdout is not None
            if not await process.stdout.readline():
                raise RuntimeError(self._output())
            return time.perf_counter() - began, resident_mb(process.pid)

    async def _ask(self, process: Process) -> None:
        """Use the slash command as soon as an assistant is there, until it answers."""
        asking = asyncio.create_task(self._use_command())
        ending = asyncio.create_task(process.wait())
        done, left = await asyncio.wait(
            (asking, ending), timeout=ANSWERS_WITHIN_S, return_when=asyncio.FIRST_COMPLETED
        )
        for task in left:
            task.cancel()
        if asking not in done:
            raise RuntimeError(f"the assistant did not answer:\n{self._output()}")
        asking.result()

    async def _use_command(self) -> None:
        is_answered = False
        while not is_answered:
            await self._sandbox.sockets.connected()
            outcome = await self._sandbox.interactions.slash(EDITOR.id, COMMS, COMMAND, "hilfe")
            is_answered = outcome.ok

    def _clean(self) -> None:
        shutil.rmtree(self._here, ignore_errors=True)
        self._here.mkdir()
        shutil.copy(self._empty, self._here / "store.sqlite")

    def _output(self) -> str:
        return (self._here / "output.txt").read_text()
