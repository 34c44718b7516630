"""A post whose page is gone: its card says so where it stands, and one not sent yet is never sent."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot import delivery, posts
from bot.delivery import Rank
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, NEWS, Office, an_office

URL = "https://stadt.example/neu"


def announce(session: Session, title: str, now: datetime) -> posts.Post:
    url = f"{URL}/{title}"
    post = posts.import_post(session, title=title, url=url, published_at=now, tags=(), origin="test", now=now)
    delivery.note(session, posts.CARD, post.id, to=NEWS, now=now, rank=Rank.BULK)
    return post


async def test_the_card_of_a_withdrawn_post_says_so_without_its_link_and_is_right_again_when_it_is_back(
    office: Office,
):
    def withdraw(session: Session) -> None:
        posts.withdraw(session, announce(session, "Radwege", office.clock.now), now=office.clock.now)

    def bring_back(session: Session) -> None:
        post = announce(session, "Radwege", office.clock.now)
        post.withdrawn_at = None
        delivery.changed(session, posts.CARD, post.id, now=office.clock.now)

    await office.store.run(announce, "Radwege", office.clock.now)
    ann = office.person(ANN)
    first = await ann.sees("Radwege", channel=NEWS)

    await office.store.run(withdraw)
    edited = await ann.sees("Dieser Beitrag wurde zurückgezogen.", channel=NEWS)
    assert (edited.ts, edited.text) == (first.ts, "Zurückgezogen: Radwege")
    assert "'strike': True" in str(edited.blocks)
    assert URL not in str(edited.blocks)

    office.clock.forward(minutes=1)
    await office.store.run(bring_back)
    again = await ann.sees("Neuer Beitrag", channel=NEWS)
    assert again.ts == first.ts
    assert URL in str(again.blocks)


async def test_a_card_that_was_not_sent_before_its_post_was_withdrawn_is_never_sent(tmp_path: Path):
    def before(session: Session, now: datetime) -> None:
        posts.withdraw(session, announce(session, "Zurückgezogenes", now), now=now)
        announce(session, "Bleibendes", now)

    async with an_office(tmp_path, before=before) as office:
        said = await office.person(ANN).sees("Bleibendes", channel=NEWS)

        assert "Bleibendes" in visible_text(said)
        assert not any("Zurückgezogenes" in text for text in office.texts(NEWS))
