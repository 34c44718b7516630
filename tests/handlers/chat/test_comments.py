"""A reader's comment reaches the thread in which its post was announced."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot import comments, curation, delivery, posts
from bot.delivery import Rank
from bot.sources import Entry
from sandbox.client import visible_text
from storage.sources import SourceKind
from tests.handlers.chat.conftest import ANN, JOE, NEWS, Office, an_office

URL = "https://stadt.example/neu"


def announced(session: Session, now: datetime) -> None:
    post = posts.import_post(
        session, title="Neu im Netz", url=URL, published_at=now, tags=(), origin="test", now=now
    )
    delivery.note(session, posts.CARD, post.id, to=NEWS, now=now, rank=Rank.BULK)
    source = curation.add(
        session,
        kind=SourceKind.COMMENTS,
        name="Kommentare",
        url="https://stadt.example/comments/feed/",
        every_s=900,
        now=now,
        origin="test",
    )
    # No other process reads it here.
    source.succeeded_at = source.paused_at = now


def commented(session: Session, now: datetime, words: str, author: str | None = "Eine Leserin") -> int:
    (source,) = curation.listed(session)
    entry = Entry(
        guid="comment-1",
        url=f"{URL}#comment-1",
        title="",
        teaser=words,
        published_at=now,
        updated_at=None,
        author=author,
        tags=(),
        image_url=None,
        image_alt=None,
    )
    return comments.take_in(session, source, [entry], now=now)


async def thread(office: Office, contains: str) -> list[str]:
    said = await office.person(ANN).sees(contains, channel=NEWS)
    found = office.sandbox.workspace.thread(NEWS, said.thread_ts or "", ANN)
    return [visible_text(message) for message in found]


async def test_a_comment_stands_below_the_card_with_its_author_and_the_way_to_answer(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        await office.person(ANN).sees("Neu im Netz", channel=NEWS)
        await office.store.run(
            commented, office.clock.now, "Endlich! Das war nötig. <!channel> & <https://x.example|hier>"
        )

        card, comment = await thread(office, "Endlich!")

        assert "Neu im Netz" in card
        assert "Eine Leserin" in comment
        assert "<!channel> & <https://x.example|hier>" in comment
        assert "Auf dem Portal lesen und antworten" in comment
        assert len(office.texts(NEWS)) == 2


async def test_a_comment_that_is_changed_is_changed_where_it_stands(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        await office.person(ANN).sees("Neu im Netz", channel=NEWS)
        await office.store.run(commented, office.clock.now, "Erst so", None)
        assert "Jemand" in (await thread(office, "Erst so"))[1]

        await office.store.run(commented, office.clock.now, "Dann so", None)

        assert len(await thread(office, "Dann so")) == 2


async def test_who_reads_english_gets_the_comment_in_english(tmp_path: Path):
    async with an_office(tmp_path, before=announced, locale="en") as office:
        await office.person(JOE).sees("Neu im Netz", channel=NEWS)
        await office.store.run(commented, office.clock.now, "Schön")

        assert "Read and answer on the portal" in (await thread(office, "Schön"))[1]
