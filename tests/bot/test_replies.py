"""Answers to comments: drafted where the comment stands, and noted once."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot import comments, delivery, posts, replies
from bot.delivery import DeliveryState
from bot.replies import AnsweredError, WordsError
from storage.comments import CommentDraft
from storage.store import Store
from tests.bot.test_comments import LATER, cards, entry, fill, read, reading
from tests.bot.test_posts import entry as post_entry
from tests.bot.test_posts import read as read_posts
from tests.made import delivered, person, send_all

__all__ = ["reading"]


@pytest.fixture
def told(reading: Store) -> Store:
    """A comment that stands in the threads of two channels."""
    reading.do(read, entry())
    reading.do(send_all, LATER)
    return reading


def draft(session: Session, words: str, name: str = "U0ANN") -> CommentDraft:
    return replies.draft(session, 1, words=words, by=person(session, name), now=LATER)


def answer(session: Session, name: str) -> None:
    replies.mark_answered(session, 1, by=person(session, name), now=LATER)


def drafts(session: Session) -> list[tuple[int, str, str | None]]:
    rows = delivered(session).values()
    return [(row.subject_id, row.target, row.thread_ts) for row in rows if row.kind == replies.DRAFT]


def test_a_draft_is_said_in_each_thread_of_the_comment(told: Store):
    told.do(draft, "  Danke, wir prüfen das. ")

    places = told.ask(cards)
    assert told.ask(drafts) == [(1, "C1", places["C1"]), (1, "C2", places["C2"])]
    shown = told.ask(replies.draft_card, 1)
    assert shown
    assert (shown.draft.words, shown.by and shown.by.chat_id) == ("Danke, wir prüfen das.", "U0ANN")


def test_the_form_begins_with_the_newest_draft(told: Store):
    assert told.ask(replies.open_card, 1)[1] is None

    told.do(draft, "Erster Versuch")
    told.do(draft, "Zweiter Versuch", "U0RON")

    _card, newest = told.ask(replies.open_card, 1)
    assert newest
    assert newest.words == "Zweiter Versuch"


@pytest.mark.parametrize("words", ["", " \n ", "x" * (replies.MAX_DRAFT + 1)])
def test_a_draft_needs_words_and_not_too_many(told: Store, words: str):
    with pytest.raises(WordsError):
        told.do(draft, words)

    assert told.ask(lambda session: session.exec(select(CommentDraft)).all()) == []


def test_who_answered_is_noted_and_shown_wherever_the_comment_stands(told: Store):
    told.do(answer, "U0ANN")

    shown = told.ask(comments.card, 1)
    assert shown
    assert shown.answered_by
    assert (shown.comment.answered_at, shown.answered_by.chat_id) == (LATER, "U0ANN")
    rows = [row for row in told.ask(delivered).values() if row.kind == comments.CARD]
    assert [row.edit_due_at for row in rows] == [LATER, LATER]


def test_the_second_is_told_who_was_first(told: Store):
    told.do(answer, "U0ANN")

    for deed, said in ((answer, "U0RON"), (draft, "Noch ein Entwurf")):
        with pytest.raises(AnsweredError) as refused:
            told.do(deed, said)
        assert refused.value.card.answered_by
        assert refused.value.card.answered_by.chat_id == "U0ANN"


def test_where_the_announcement_is_itself_in_a_thread_the_comment_belongs_to_that_thread(store: Store):
    store.do(fill)
    store.do(read_posts, post_entry())
    store.do(in_a_thread, "1000.0")
    store.do(send_all, LATER - timedelta(minutes=1))
    store.do(read, entry())
    store.do(send_all, LATER)

    store.do(draft, "Gern!")

    said = [row for row in store.ask(delivered).values() if row.kind != posts.CARD]
    assert {row.kind for row in said} == {comments.CARD, replies.DRAFT}
    assert {row.thread_ts for row in said} == {"1000.0"}


def in_a_thread(session: Session, ts: str) -> None:
    for row in delivery.listed(session, state=DeliveryState.DUE, limit=9):
        row.thread_ts = ts
