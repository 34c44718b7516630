"""A comment reaches those who answer for its post, and those who want to hear of comments."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from bot import people, subscriptions
from bot.people import Role
from bot.subscriptions import Layout, NewsKind
from handlers.clock import note_due
from sandbox.client import visible_text
from storage.posts import Post
from tests.handlers.chat.conftest import COMMS, NEWS, OLE, REVIEW, RON, an_office
from tests.handlers.chat.test_comments import announced, commented
from tests.handlers.chat.test_outbound import settled

LABEL = "Deine Antwort"


def staffed(session: Session, now: datetime) -> None:
    """The post is of a department that someone leads."""
    announced(session, now)
    department = people.import_department(session, name="IT-Referat", short=None, kind="x", source="test")
    lead = people.by_chat_id(session, OLE)
    assert lead is not None
    people.set_role(session, lead, Role.LEAD)
    lead.department_id = department.id
    for post in session.exec(select(Post)):
        post.department_id = department.id


def subscribed(session: Session, now: datetime) -> None:
    """Two channels hear of comments, one of them in lines."""
    announced(session, now)
    kinds = frozenset({NewsKind.COMMENT})
    for channel, layout in ((COMMS, Layout.CARD), (REVIEW, Layout.LINE)):
        found = subscriptions.subscribe(session, kinds, channel, now=now)
        found.layout = layout


async def test_the_departments_lead_answers_from_a_direct_message_and_the_channel_sees_it(tmp_path: Path):
    async with an_office(tmp_path, before=staffed) as office:
        ole, ron = office.person(OLE), office.person(RON)
        await ron.sees("Neu im Netz", channel=NEWS)
        await office.store.run(commented, office.clock.now, "Und das WLAN?")
        told = await ole.sees("Und das WLAN?")
        await settled(office, "comment_")
        assert "Neuer Kommentar zu „Neu im Netz“" in visible_text(told)
        assert "Der Beitrag ist von deinem Referat." in visible_text(told)

        await ole.click("Antwort entwerfen", message=told)
        assert await (await ole.form()).submit({LABEL: "Im Mai."}) == {}
        assert (await ole.sees("Im Mai.")).thread_ts == told.ts
        assert (await ron.sees("Im Mai.", channel=NEWS)).thread_ts is not None

        await ole.click("Ist beantwortet", message=told)
        await ron.sees("Beantwortet, sagt", channel=NEWS)
        assert (await ole.sees("Beantwortet, sagt")).ts == told.ts


async def test_subscribers_of_comments_get_a_card_or_a_line_that_names_the_post(tmp_path: Path):
    async with an_office(tmp_path, before=subscribed) as office:
        ron = office.person(RON)
        await ron.sees("Neu im Netz", channel=NEWS)
        await office.store.run(commented, office.clock.now, "Und das WLAN?")

        card = await ron.sees("Und das WLAN?", channel=COMMS)
        line = await ron.sees("Und das WLAN?", channel=REVIEW)

        assert "Neuer Kommentar zu „Neu im Netz“" in visible_text(card)
        assert "Ist beantwortet" in visible_text(card)
        assert "Eine Leserin zu „Neu im Netz“" in visible_text(line)
        assert "Ist beantwortet" not in visible_text(line)
        assert card.thread_ts is None
        assert line.thread_ts is None


async def test_what_nobody_answers_is_brought_up_in_the_thread_and_to_the_lead(tmp_path: Path):
    async with an_office(tmp_path, before=staffed) as office:
        ole, ron = office.person(OLE), office.person(RON)
        await ron.sees("Neu im Netz", channel=NEWS)
        await office.store.run(commented, office.clock.now, "Und das WLAN?")
        first = await ron.sees("Und das WLAN?", channel=NEWS)
        await settled(office, "comment_")

        # From Wednesday to Monday.
        office.clock.forward(days=5, hours=1)
        await office.store.run(note_due, office.settings, office.clock.now)

        again = await ron.sees("Seit drei Arbeitstagen ohne Antwort", channel=NEWS)
        assert again.thread_ts == first.thread_ts
        told = await ole.sees("Seit drei Arbeitstagen ohne Antwort")
        overview = await ron.sees("1 Kommentar wartet auf eine Antwort", channel=COMMS)
        assert "zu „Neu im Netz“, seit 18. November 2026" in visible_text(overview)

        await ole.click("Ist beantwortet", message=told)
        await ron.sees_no_more("Seit drei Arbeitstagen ohne Antwort", channel=NEWS)
