"""Colleagues answer a reader: a draft in the thread, and word that the answer is on the portal."""

from pathlib import Path
from typing import Any

from bot import replies
from sandbox.client import visible_text
from tests.handlers.chat.conftest import ANN, NEWS, RON, Office, an_office
from tests.handlers.chat.test_comments import URL, announced, commented, thread
from tests.handlers.chat.test_outbound import settled

LABEL = "Deine Antwort"


async def told(office: Office, words: str) -> Any:
    """A comment that stands in the thread of its post."""
    await office.person(ANN).sees("Neu im Netz", channel=NEWS)
    await office.store.run(commented, office.clock.now, words)
    card = await office.person(ANN).sees(words, channel=NEWS)
    await settled(office, "comment_")
    return card


async def test_a_draft_stands_in_the_thread_with_its_author_and_the_place_to_put_it(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        ann = office.person(ANN)
        card = await told(office, "Wann kommt das WLAN?")

        await ann.click("Antwort entwerfen", message=card)
        form = await ann.form()
        assert "Wann kommt das WLAN?" in form.text
        assert await form.submit({LABEL: "Im Mai, <!channel> & <https://x.example|hier>"}) == {}

        draft = await ann.sees("Im Mai", channel=NEWS)
        assert draft.thread_ts == card.thread_ts
        assert f"<@{ANN}> schlägt als Antwort an Eine Leserin vor" in visible_text(draft)
        assert "<!channel> & <https://x.example|hier>" in visible_text(draft)
        assert f"{URL}#comment-1" in str(draft.blocks)
        assert "<!channel>" not in draft.text


async def test_the_next_draft_begins_with_the_words_of_the_newest(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        ann, ron = office.person(ANN), office.person(RON)
        card = await told(office, "Wann kommt das WLAN?")
        await ann.click("Antwort entwerfen", message=card)
        await (await ann.form()).submit({LABEL: "Im Mai."})

        await ron.click("Antwort entwerfen", message=card)

        assert (await ron.form()).values[LABEL] == "Im Mai."


async def test_a_draft_without_words_says_so_at_its_field(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        ann = office.person(ANN)
        await ann.click("Antwort entwerfen", message=await told(office, "Und das WLAN?"))

        errors = await (await ann.form()).submit({LABEL: "   "})

        assert "höchstens 3000 Zeichen" in errors[LABEL]


async def test_an_answered_comment_says_by_whom_in_its_place_and_asks_nobody_any_more(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        ann = office.person(ANN)
        card = await told(office, "Und das WLAN?")

        await ann.click("Ist beantwortet", message=card)

        shown = await ann.sees("Beantwortet, sagt", channel=NEWS)
        assert shown.ts == card.ts
        assert f"<@{ANN}>" in visible_text(shown)
        assert "Antwort entwerfen" not in visible_text(shown)
        assert len(await thread(office, "Beantwortet, sagt")) == 2


async def test_the_second_who_answered_is_told_who_was_first(tmp_path: Path):
    async with an_office(tmp_path, before=announced) as office:
        ann, ron = office.person(ANN), office.person(RON)
        card = await told(office, "Und das WLAN?")
        await ron.click("Antwort entwerfen", message=card)
        form = await ron.form()
        await ann.click("Ist beantwortet", message=card)

        await ron.click("Ist beantwortet", message=card)
        await ron.sees("Jemand war schneller", channel=NEWS)
        errors = await form.submit({LABEL: "Zu spät"})

        assert f"<@{ANN}>" in errors[LABEL]
        assert office.store.ask(replies.draft_card, 1) is None
