"""How soon the form for an idea opens when the store is slow.

The whole assistant works on a store of which each transaction and each question takes SLOW_S longer; that is
waited in the store's own threads, so those that have to take turns do. The workspace is the sandbox. In each
round someone uses the shortcut, and measured is from then to the moment at which the sandbox has received
`views.open`. What is measured is the form's first appearance: what it shows may be completed after that.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import Session

from benchmarks.deliveries_cost import ENDLESS
from benchmarks.figures import Figure
from benchmarks.workspace import COMMS, EDITOR, seed
from bot.settings import Settings
from handlers.chat.blocks.pitches import NEW
from handlers.run import assistant, utc_now
from sandbox import Sandbox
from sandbox.state.records import Change
from storage.schema import migrate
from storage.store import Store

P = ParamSpec("P")
T = TypeVar("T")

SLOW_S: Final = 0.1
# At the first press the assistant gets to know who pressed: that is once in a while, not at each form.
WARM_UP: Final = 3


class SlowStore(Store):
    """A store that takes its time for whatever it is asked."""

    def ask(self, question: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Wait, then answer."""
        time.sleep(SLOW_S)
        return super().ask(question, *args, **kwargs)

    def _do(
        self, engine: Engine, deed: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T, set[Any]]:
        time.sleep(SLOW_S)
        return super()._do(engine, deed, *args, **kwargs)


async def measure(folder: Path, *, presses: int) -> list[Figure]:
    """Open the form so often, one after the other."""
    sandbox = await Sandbox.start(seed(), pace=False)
    settings = Settings(
        database_url=f"sqlite:///{folder / 'form.sqlite'}",
        slack_api_url=sandbox.api_url,
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_app_token=SecretStr(sandbox.app_token),
        comms_channel=COMMS,
        ops_port=0,
    )
    store = SlowStore(settings.database_url)
    try:
        migrate(store)
        async with assistant(store, settings, clock=utc_now, gap=timedelta(), paces=ENDLESS):
            took_ms = [await _press(sandbox) for _ in range(WARM_UP + presses)][WARM_UP:]
    finally:
        store.close()
        await sandbox.stop()
    p50, p99 = (quantiles(took_ms, n=100, method="inclusive")[part] for part in (49, 98))
    return [
        Figure(
            "pitches: form_p99",
            p99,
            300,
            "lower",
            f"each transaction takes {SLOW_S * 1000:.0f} ms longer; p50: {p50:.0f} ms",
            unit="ms",
            spread=(min(took_ms), max(took_ms)),
        )
    ]


async def _press(sandbox: Sandbox) -> float:
    """Use the shortcut, close the form again, and return how many milliseconds it took to open."""
    opened: list[float] = []

    def look(change: Change) -> None:
        if change.kind == "view":
            opened.append(time.perf_counter())

    person = sandbox.person(EDITOR.id)
    forget = sandbox.workspace.listen(look)
    began = time.perf_counter()
    await person.shortcut(NEW)
    form = await person.form()
    forget()
    await form.close()
    return (opened[0] - began) * 1000
