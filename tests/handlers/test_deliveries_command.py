"""`deliveries list` and `retry` as administrators use them: real processes over a real store."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot import delivery, sending
from bot.delivery import DeliveryState, Place
from storage.store import Store
from tests.handlers.commands import bot, refused
from tests.made import person
from tests.templates import copied

CARD, GONE, HOMELESS, SENT = range(1, 5)


def fill(session: Session) -> None:
    """A message that waits, one given up, one without a channel, one that is out."""
    then = datetime.now(UTC) - timedelta(hours=3, minutes=5)
    delivery.note(session, "pitch_card", 71, to="C0WAITS", now=then)
    gone = delivery.note(session, "pitch_card", 72, to=person(session, "U0GONE"), now=then)
    delivery.given_up(gone, "user_disabled")
    delivery.note(session, "pitch_digest", 73, to=Place.COMMS, now=then)
    delivery.note(session, "post_card", 74, to="C0SENT", now=then)
    for row in sending.take(session, now=then):
        if row.target == "C0SENT":
            sending.sent(session, row.id or 0, channel_id="C0SENT", ts="1.0", now=then)
        else:
            sending.unclear(session, row.id or 0, now=then, delay=timedelta(days=1), reason="internal_error")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a store in which messages hang."""
    copied(tmp_path / "var" / "stadtfunk.sqlite")
    with_store(tmp_path).do(fill)
    return tmp_path


def with_store(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'var' / 'stadtfunk.sqlite'}")


def states(folder: Path) -> dict[int, DeliveryState]:
    rows = with_store(folder).ask(delivery.listed, state=None, limit=10)
    return {row.id or 0: row.state for row in rows}


def test_list_shows_what_a_message_is_why_it_hangs_and_how_old_it_is(folder: Path):
    head, *lines = bot(folder, "deliveries", "list").stdout.splitlines()

    assert head.split() == ["id", "state", "kind", "subject", "target", "tries", "reason", "age", "next"]
    waits = next(line for line in lines if "C0WAITS" in line)
    assert waits.split()[:9] == ["1", "due", "pitch_card", "71", "C0WAITS", "1", "internal_error", "3", "h"]
    assert waits.endswith("20 h")


def test_list_can_be_cut_to_a_state_and_a_number(folder: Path):
    failed = bot(folder, "deliveries", "list", "--state", "failed", "--json").stdout.splitlines()
    newest = bot(folder, "deliveries", "list", "--limit", "1", "--json").stdout.splitlines()

    assert [json.loads(line)["id"] for line in failed] == [HOMELESS, GONE]
    assert [json.loads(line)["id"] for line in newest] == [SENT]


def test_list_for_programs_names_kind_subject_and_moments(folder: Path):
    (line,) = bot(folder, "deliveries", "list", "--state", "due", "--json").stdout.splitlines()

    found = json.loads(line)
    assert (found["kind"], found["subject_id"], found["target"]) == ("pitch_card", 71, "C0WAITS")
    assert datetime.fromisoformat(found["created_at"]) < datetime.fromisoformat(found["next_at"])


def test_retry_without_ids_takes_all_that_have_a_channel(folder: Path):
    assert "1 Nachricht wird" in bot(folder, "deliveries", "retry").stdout

    assert states(folder)[GONE] is DeliveryState.DUE
    assert states(folder)[HOMELESS] is DeliveryState.FAILED


def test_retry_with_ids_takes_only_those(folder: Path):
    with_store(folder).do(delivery.name_places, {Place.COMMS: "C0NEW"})

    assert bot(folder, "deliveries", "retry", str(HOMELESS)).returncode == 0

    assert states(folder)[HOMELESS] is DeliveryState.DUE
    assert states(folder)[GONE] is DeliveryState.FAILED


def test_retry_never_sends_again_what_is_out_and_says_so(folder: Path):
    sentence = refused(bot(folder, "deliveries", "retry", str(SENT), str(GONE), "999"))

    assert f"{SENT}, 999" in sentence
    assert states(folder)[SENT] is DeliveryState.SENT
    assert states(folder)[GONE] is DeliveryState.DUE
