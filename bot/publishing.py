"""A post that appears is matched to the pitch it came of; then who had the idea and who wrote it are told."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import delivery, likeness, people, pitch_life
from bot.identity import place_of
from bot.people import Person, Role
from storage import publishing as stored
from storage.pitches import Pitch, PitchRole, PitchState
from storage.posts import Post
from storage.publishing import Awaited, MatchState, PitchMatch
from storage.subscriptions import NewsKind

__all__ = [
    "AUTHOR",
    "MATCH",
    "SURE",
    "UNSURE",
    "DecidedError",
    "MatchCard",
    "MatchState",
    "PitchMatch",
    "card",
    "close_ended",
    "confirm",
    "match",
    "open_pitch",
    "publish",
    "question",
    "reject",
    "to_choose",
]

MATCH: Final = "pitch_match"
AUTHOR: Final = "author_published"
# Of the 3,003 pairs of titles in the demo's data (muenchen.digital and the city's other pages) six are about
# one thing, from `Laura Dornheim wird neue IT-Referentin` and `Neue IT-Referentin Laura Dornheim` (0.96) down
# to `Rückblick auf die Open Government Tage 2015` and `Nachbericht zu den Open Government Tagen München 2015`
# (0.67). At 0.93 there are two pairs, both right; at 0.66 there are 23 with all six; at 0.60 there are 52,
# none of those more right. So titles alone are sure from 0.93 on, near the planned day; down to 0.66 an
# editor is asked.
SURE: Final = 0.93
UNSURE: Final = 0.66
NEAR: Final = timedelta(days=7)
# What is older when it is first seen is no news: nobody waits for it any more.
RECENT: Final = timedelta(days=14)
# One post is asked about so often, one question after the other.
MOST_PROPOSED: Final = 3
MOST_LISTED: Final = 100
MAY_APPEAR: Final = [state for state, steps in pitch_life.NEXT.items() if PitchState.PUBLISHED in steps]
# Slack shows what someone typed as `stadt.example/blog/x` without the beginning of an address.
_LINK: Final = re.compile(r"(?:https?://|(?<![\w.-])(?:[\w-]+\.)+[a-z]{2,}/)[^\s<>|\"]+", re.IGNORECASE)
_AFTER_LINK: Final = ".,;:!?)'*_“”"


class DecidedError(Exception):
    """Someone was quicker to say whether a post is a pitch's; `card` says who, when and how."""

    def __init__(self, card: "MatchCard") -> None:
        super().__init__(card.match.id)
        self.card = card


@dataclass(frozen=True)
class MatchCard:
    """A post that may be what a pitch became, and who said whether it is."""

    match: PitchMatch
    pitch: Pitch
    post: Post
    decided_by: Person | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be said."""
        return (
            self.match.state is MatchState.PROPOSED
            and self.post.withdrawn_at is None
            and pitch_life.may(self.pitch, PitchState.PUBLISHED)
        )


def match(session: Session, new: Sequence[Post], *, now: datetime) -> None:
    """Look for new posts among the pitches that were taken on: what is sure is published, else it is asked.

    A link is sure: a pitch's words, or a remark about it, name the address at which the post then appears.
    """
    recent = [post for post in new if _is_story(post, now)]
    awaited = {row.id: row for row in stored.awaited(session)} if recent else {}
    if not awaited:
        return
    places = _places(session, awaited)
    for post in recent:
        named = places.get(place_of(post.url), {}) if post.url else {}
        linked = {number: said_at for number, said_at in named.items() if number in awaited}
        titles = {row.id: row.title for row in awaited.values() if row.id not in linked}
        alike = likeness.most_like(post.title, titles, at_least=UNSURE)
        sure = _sure(post, awaited, linked, alike)
        if len(sure) == 1:
            (pitch_id,) = sure
            del awaited[pitch_id]
            found = PitchMatch(pitch_id=pitch_id, post_id=post.id or 0, score=1.0, found_at=now)
            _confirm(session, found, role=PitchRole.CLOCK, by=None, now=now)
            continue
        _propose(session, post, [*((1.0, number) for number in sorted(linked)), *alike], now=now)


def confirm(session: Session, match_id: int, *, by: Person, now: datetime) -> None:
    """An editor says that a post is what a pitch became: it is published, and everyone concerned is told.

    A pitch that came to another end meanwhile stays there, as does one whose post is gone; the question is
    closed.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: someone was quicker.
    """
    found = _open(session, match_id, by=by)
    if found.is_open:
        _confirm(session, found.match, role=PitchRole.COMMS, by=by, now=now)
    else:
        _close(session, found.match, now=now)


def reject(session: Session, match_id: int, *, by: Person, now: datetime) -> None:
    """An editor says that a post is not what a pitch became: that is remembered, and the next is asked.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: someone was quicker.
    """
    found = _open(session, match_id, by=by).match
    found.decided_by_id = by.id
    _close(session, found, now=now)


def close_ended(session: Session, *, now: datetime) -> None:
    """Close the questions about pitches that came to another end, and posts that are gone; ask the next."""
    for found in stored.proposed_in_vain(session, may_become=MAY_APPEAR, limit=MOST_LISTED):
        _close(session, found, now=now)


def publish(session: Session, pitch_id: int, post_id: int, *, by: Person, now: datetime) -> None:
    """An editor says by hand which post a pitch became.

    Raises:
        NotAllowedError: not of the comms team.
        StateError: the pitch came to another end meanwhile, or was published already.
    """
    pitch, post = open_pitch(session, pitch_id, by=by), session.get(Post, post_id)
    assert post is not None
    score = likeness.likeness(pitch.title, post.title)
    found = stored.match_of(session, pitch_id, post_id)
    found = found or PitchMatch(pitch_id=pitch_id, post_id=post_id, score=score, found_at=now)
    _confirm(session, found, role=PitchRole.COMMS, by=by, now=now)


def open_pitch(session: Session, pitch_id: int, *, by: Person) -> Pitch:
    """Return a pitch of which someone is about to say which post it became.

    Raises:
        NotAllowedError: not of the comms team.
        StateError: it can't be published from where it stands.
    """
    people.require(session, by, Role.COMMS)
    pitch = session.get(Pitch, pitch_id)
    assert pitch is not None
    if not pitch_life.may(pitch, PitchState.PUBLISHED):
        raise pitch_life.StateError(pitch, pitch_life.last(session, pitch))
    return pitch


def to_choose(session: Session, words: str) -> list[Post]:
    """Return the newest posts that have these words in their titles."""
    return stored.recent_posts(session, words.split(), limit=MOST_LISTED)


def card(session: Session, match_id: int) -> MatchCard | None:
    """Return a post that may be what a pitch became, with all that its message shows."""
    found = session.get(PitchMatch, match_id)
    if found is None:
        return None
    pitch, post = session.get(Pitch, found.pitch_id), session.get(Post, found.post_id)
    assert pitch is not None
    assert post is not None
    by = session.get(Person, found.decided_by_id) if found.decided_by_id else None
    return MatchCard(found, pitch, post, by)


def question(session: Session, match_id: int, *, is_told: bool) -> MatchCard | None:
    """Return what is asked about a post; what is settled before it was asked is not asked any more."""
    found = card(session, match_id)
    return found if found and (found.is_open or is_told) else None


def _is_story(post: Post, now: datetime) -> bool:
    """Say whether a post is new to the world, not only to the store, and of a kind that is written."""
    appeared_at = post.published_at or (post.first_seen_at if post.unsaid is None else None)
    return post.kind is not NewsKind.JOB and appeared_at is not None and appeared_at > now - RECENT


def _places(session: Session, awaited: Mapping[int, Awaited]) -> Mapping[str, Mapping[int, datetime]]:
    """Return by which pitches each address is named, and since when."""
    said = [(row.id, f"{row.story} {row.permalink or ''}", row.created_at) for row in awaited.values()]
    places: dict[str, dict[int, datetime]] = defaultdict(dict)
    for pitch_id, words, said_at in (*said, *stored.remarks_with_links(session, list(awaited))):
        for link in _LINK.findall(words):
            place = place_of(link.rstrip(_AFTER_LINK))
            # The start page of a site is no post.
            if "/" in place:
                places[place].setdefault(pitch_id, said_at)
    return places


def _sure(
    post: Post,
    awaited: Mapping[int, Awaited],
    linked: Mapping[int, datetime],
    alike: Sequence[tuple[float, int]],
) -> set[int]:
    """Return which pitches a post surely is."""
    appeared_at = post.published_at or post.first_seen_at
    # Who names a post that is there already speaks about it, and does not mean that the pitch became it.
    named = {number for number, said_at in linked.items() if said_at <= appeared_at}
    return named or {
        number
        for score, number in alike
        if score >= SURE and _is_near(awaited[number], appeared_at) and not linked
    }


def _is_near(row: Awaited, appeared_at: datetime) -> bool:
    return row.planned_on is not None and abs(appeared_at.date() - row.planned_on) <= NEAR


def _propose(session: Session, post: Post, found: Sequence[tuple[float, int]], *, now: datetime) -> None:
    session.add_all(
        PitchMatch(pitch_id=pitch_id, post_id=post.id or 0, score=score, found_at=now)
        for score, pitch_id in found[:MOST_PROPOSED]
    )
    session.flush()
    _ask(session, post.id or 0, now=now)


def _ask(session: Session, post_id: int, *, now: datetime) -> None:
    """Ask the comms team about the pitch that is most like a post, if that is still to be said."""
    for found in stored.proposed(session, post_id=post_id):
        asked = card(session, found.id or 0)
        if asked and asked.is_open:
            pitch_life.tell_comms(session, MATCH, found.id, pitch_id=found.pitch_id, now=now)
            return
        _close(session, found, now=now, asks=False)


def _confirm(
    session: Session, found: PitchMatch, *, role: PitchRole, by: Person | None, now: datetime
) -> None:
    found.state, found.decided_at, found.decided_by_id = MatchState.CONFIRMED, now, by.id if by else None
    session.add(found)
    session.flush()
    pitch = session.get(Pitch, found.pitch_id)
    assert pitch is not None
    has_agreed = pitch.state is not PitchState.ASKED
    pitch.post_id = found.post_id
    pitch_life.step(session, pitch, PitchState.PUBLISHED, role=role, by=by, now=now)
    delivery.changed(session, MATCH, found.id, now=now)
    for other in stored.proposed(session, post_id=found.post_id, pitch_id=found.pitch_id):
        _close(session, other, now=now, asks=other.post_id != found.post_id)
    author = session.get(Person, pitch.author_id) if pitch.author_id else None
    if author and has_agreed and author.id != pitch.pitcher_id:
        delivery.note(session, AUTHOR, pitch.id, to=author, now=now)


def _close(session: Session, found: PitchMatch, *, now: datetime, asks: bool = True) -> None:
    """A post is not what a pitch became: keep that, say so where it was asked, and ask about the next."""
    found.state, found.decided_at = MatchState.REJECTED, now
    session.flush()
    delivery.changed(session, MATCH, found.id, now=now)
    if asks:
        _ask(session, found.post_id, now=now)


def _open(session: Session, match_id: int, *, by: Person) -> MatchCard:
    people.require(session, by, Role.COMMS)
    found = card(session, match_id)
    assert found is not None
    if found.match.state is not MatchState.PROPOSED:
        raise DecidedError(found)
    return found
