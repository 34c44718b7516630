"""Whether people notice that large feeds are read: how soon a press is acknowledged meanwhile.

One process runs the whole assistant on SQLite. Presses are signed HTTP requests, fifty a second, timed from
here. First it has nothing else to do; then it reads the largest feeds over and over, every two seconds, each
a little changed, so that all of it is parsed again. The idle assistant is the baseline, in the same run.
"""

import json
import shutil
from pathlib import Path
from typing import Final

import aiohttp
from sqlmodel import Session, col, select

from benchmarks import waiting
from benchmarks.deliveries_load import free_port, p99_of, prepared, press_all
from benchmarks.figures import Figure
from benchmarks.processes import program
from bot import curation, pace
from bot.curation import Source, SourceKind
from handlers.run import utc_now

PRESSES_A_SECOND: Final = 50
EVERY_S: Final = 2
DOCUMENTS: Final = 8
WARM_UP: Final = 50
LARGE: Final = 500
LONG: Final = "<p>Seit dem Frühjahr leiht die <b>Stadtbibliothek</b> auch Geräte &amp; Werkzeug aus.</p>" * 8


async def measure(folder: Path, feeds: Path, *, seconds: float) -> list[Figure]:
    """Press for so many seconds at the idle assistant and at the one that reads."""
    presses = int(seconds * PRESSES_A_SECOND)
    documents = large_documents(folder / "documents", feeds)
    address = f"sqlite:///{folder / 'presses.sqlite'}"
    requests, secret = await prepared(address, presses=2 * presses + WARM_UP, messages=1)
    async with (
        program("publishing", str(folder / "documents"), folder=folder) as (_, line),
        program("open_paced", "2", "1", "unpaced", folder=folder) as (_, workspace),
        aiohttp.ClientSession() as session,
    ):
        facts = {
            **json.loads(workspace),
            "database_url": address,
            "signing_secret": secret,
            "ops_port": (port := free_port()),
            "paces": pace.START,
        }
        async with program("working", json.dumps(facts), folder=folder):
            url = f"http://127.0.0.1:{port}/slack/events"
            await press_all(session, url, requests[:WARM_UP])
            idle = await press_all(session, url, requests[WARM_UP : WARM_UP + presses])
            with waiting.opened(address) as store:
                server = f"http://127.0.0.1:{json.loads(line)['port']}/documents/"
                await store.run(_add, [f"{server}{name}" for name in documents])
                # Until the first of them are read: their parser starts only once.
                await waiting.until(lambda: store.read(_are_read), every_s=0.2)
                busy = await press_all(session, url, requests[WARM_UP + presses :])
                failing = [source.url for source in store.ask(curation.listed) if source.failures]
    assert not failing, failing
    idle_p99 = p99_of(idle)
    return [
        Figure(
            "sources: ack_p99_ratio",
            p99_of(busy) / idle_p99,
            3,
            "lower",
            f"the idle assistant, p99: {idle_p99 * 1000:.1f} ms",
        ),
        Figure(
            "sources: ack_p99",
            p99_of(busy) * 1000,
            None,
            "lower",
            f"{PRESSES_A_SECOND} presses a second, {len(documents)} large feeds parsed every {EVERY_S} s",
            unit="ms",
        ),
    ]


def large_documents(folder: Path, feeds: Path) -> list[str]:
    """Put the largest feeds there are into a folder, or large ones made for this; return their names."""
    folder.mkdir()
    found = sorted((path for path in feeds.glob("*.[xra]*") if path.suffix != ".ics"), key=_size)
    for path in found[-DOCUMENTS:]:
        shutil.copy(path, folder / path.name)
    if not found:
        for number in range(DOCUMENTS):
            entries = "".join(_entry(number, n) for n in range(LARGE))
            document = f"<rss version='2.0'><channel><title>Feed {number}</title>{entries}</channel></rss>"
            (folder / f"{number}.xml").write_text(document)
    return sorted(path.name for path in folder.iterdir())


def _size(path: Path) -> int:
    return path.stat().st_size


def _entry(feed: int, number: int) -> str:
    link = f"https://stadt.example/{feed}/{number}"
    text = f"<description><![CDATA[{LONG}]]></description>"
    return f"<item><title>Beitrag {number}</title><link>{link}</link>{text}</item>"


def _add(session: Session, urls: list[str]) -> None:
    for number, url in enumerate(urls):
        source = curation.add(
            session,
            kind=SourceKind.FEED,
            name=f"Großer Feed {number}",
            url=url,
            now=utc_now(),
            origin="test",
        )
        # More often than anyone may choose.
        source.every_s = source.interval_s = EVERY_S


def _are_read(session: Session) -> bool:
    return not session.exec(select(Source.id).where(col(Source.succeeded_at).is_(None))).first()
