"""Previews of links: what is public of it, below the message, in the house's language."""

import json
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from sqlmodel import Session, select

from bot import people, posts
from bot.radar import Answer, AnswerKind, AnswerState, Measure, Status
from handlers.chat.app import make_app, make_client
from sandbox.client.waiting import until
from sandbox.protocol.unfurls import unfurl_id
from sandbox.state.records import Message
from storage.posts import Post
from tests.handlers.chat.conftest import ANN, JOE, NEWS, START, Office
from tests.handlers.chat.test_overviews import made_event, made_posts

SITE = "https://digital.teststadt.example"


def below(message: Message) -> str:
    return json.dumps(message.attachments, ensure_ascii=False)


async def previewed(office: Office, text: str, has: str) -> str:
    """Ann posts a text; wait until what is below it holds these words."""
    said = await office.person(ANN).say(text, channel=NEWS)

    def look() -> str | None:
        found = office.sandbox.workspace.find(NEWS, said.ts)
        return below(found) if found and has in below(found) else None

    return await until(office.sandbox.workspace, ANN, look, f"a preview with {has}")


async def test_a_link_to_a_measure_shows_its_released_state_and_nothing_that_waits_for_release(
    office: Office,
):
    def pending(session: Session) -> None:
        measure = session.exec(select(Measure).where(Measure.slug == "e-akte")).one()
        measure.confirmed_at = START
        answer = Answer(
            measure_id=measure.id or 0,
            kind=AnswerKind.UPDATE,
            state=AnswerState.PENDING,
            status=Status.COMPLETED,
            highlight="Geheim",
            created_at=START,
            origin="test",
        )
        session.add(answer)

    await office.store.run(pending)

    shown = await previewed(office, f"Schaut mal: {SITE}/massnahmen/e-akte", "E-Akte")

    assert "In Umsetzung · 23 %" in shown
    assert "bestätigt am 18. November 2026" in shown
    assert "Geheim" not in shown


async def test_links_to_posts_events_and_the_sites_lists_show_them(office: Office):
    def fill(session: Session) -> None:
        made_posts(session, 2, START)
        made_event(session, "Marktplatz", START)

    await office.store.run(fill)

    shown = await previewed(office, "http://stadt.example/1?utm_source=x", "Beitrag 1")
    assert '"type": "actions"' not in shown
    assert "18:00 bis 20:00" in await previewed(office, f"{SITE}/termine#marktplatz-2026-12-09", "Marktplatz")
    assert "Beitrag 2" in await previewed(office, f"{SITE}/beitraege", "Beitrag 1")
    assert "Marktplatz" in await previewed(office, f"{SITE}/en/termine", "Marktplatz")
    assert "2 Maßnahmen" in await previewed(office, f"{SITE}/radar", "Maßnahmen")


async def test_unknown_links_and_withdrawn_posts_show_nothing(office: Office):
    def fill(session: Session) -> None:
        (post_id, _) = made_posts(session, 2, START)
        post = session.get(Post, post_id)
        assert post
        posts.withdraw(session, post, now=START)

    await office.store.run(fill)

    urls = "https://stadt.example/1 https://stadt.example/nichts https://stadt.example/2"
    shown = await previewed(office, urls, "Beitrag 2")

    assert "Beitrag 1" not in shown
    assert shown.count("from_url") == 1


async def test_whoever_posts_a_link_is_not_kept(office: Office):
    await previewed(office, f"{SITE}/radar", "Maßnahmen")

    assert office.store.ask(people.by_chat_id, ANN) is None
    assert office.store.ask(people.by_chat_id, JOE) is None


async def test_a_link_that_is_still_being_written_is_previewed_too(office: Office):
    app = make_app(office.store, office.settings, make_client(office.settings), clock=office.clock)
    workspace = office.sandbox.workspace
    written = workspace.post(ANN, NEWS, f"{SITE}/radar")
    event: dict[str, Any] = {
        "type": "link_shared",
        "user": ANN,
        "channel": "COMPOSER",
        "message_ts": "6a0b-uuid",
        "is_bot_user_member": False,
        "source": "composer",
        "unfurl_id": unfurl_id(workspace, written),
        "links": [{"domain": "digital.teststadt.example", "url": f"{SITE}/radar"}],
    }

    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": event, "team_id": "T1"})
    answer = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))

    assert answer.status == 200
    found = workspace.find(NEWS, written.ts)
    assert found
    assert "2 Maßnahmen" in below(found)
