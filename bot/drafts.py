"""Drafts: what someone began to write, kept for them alone until it is sent or thrown away."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import delivery, ideas
from bot.ideas import MAX_TITLE, Contact, Idea, Subject
from bot.people import Department, Person
from storage import pitches as stored
from storage.pitches import Pitch, PitchState

__all__ = [
    "OFFER",
    "Begun",
    "begin",
    "discard",
    "get",
    "is_offer",
    "keep",
    "of_pitcher",
    "of_words",
    "offer",
    "offered",
]

OFFER: Final = "pitch_offer"
MOST: Final = 20
# A form that was sent and then closed, because the answer was late, is no draft.
JUST_SENT: Final = timedelta(hours=1)

# Words with which someone offers a story, in a direct message to the assistant.
_OFFERS: Final = re.compile(
    r"""
      \bthemen(vorschl[aä]ge?|ideen?|tipps?)\b  | \bvorschl[aä]ge?\s+f(ü|ue)r\b  | \bideen?\s+f(ü|ue)r\b
    | \b(habe?n?|hätten?|haetten?)\b(?![^.!?]{0,30}\bkein)[^.!?]{0,30}
      \b(ideen?|vorschl[aä]ge?|themen?|thema|geschichten?|story|tipps?|was\s+f(ü|ue)r\s+euch)\b
    | \b(hätten?|haetten?)\s+(da|hier|noch|vielleicht|mal)?\s*(et)?was\b
    | ^\s*(idee|geschichte|vorschlag|idea|pitch)\s*:
    | \b(have|had|got|'ve)\b(?![^.!?]{0,30}\bno\b)[^.!?]{0,30}\b(ideas?|story|stories|topics?|pitch)\b
    | \b(story|post)\s+ideas?\b  | \bideas?\s+for\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# “Themenvorschlag: …”: what follows is the idea itself.
_OPENING: Final = re.compile(r"^[^:\n]{0,60}:\s+(?=\S)")


@dataclass(frozen=True)
class Begun:
    """What the form begins with.

    Attributes:
        departments: those that there are, the one in the form and the pitcher's own first.
        subject: the measure or event that the idea is about.
        draft_id: the draft that stands in it.
        kept_at: when that draft was kept.
    """

    idea: Idea
    departments: Sequence[Department] = ()
    subject: Subject | None = None
    draft_id: int | None = None
    kept_at: datetime | None = None


def begin(
    session: Session,
    idea: Idea | None,
    *,
    pitcher: Person,
    today: date,
    draft_id: int | None = None,
) -> Begun:
    """Return what the form begins with: an idea, or else a draft, or else nothing but their department."""
    draft = None
    if idea is None:
        draft = get(session, draft_id, pitcher=pitcher) or next(
            iter(of_pitcher(session, pitcher, limit=1)), None
        )
        idea = ideas.idea_of(session, draft) if draft else Idea()
    if draft is None and idea.department_id is None:
        idea = replace(idea, department_id=pitcher.department_id)
    first = (idea.department_id, pitcher.department_id)
    departments = sorted(ideas.departments(session, today=today), key=lambda one: one.id not in first)
    return Begun(
        idea,
        departments,
        ideas.subject_of(session, idea),
        draft_id=draft.id if draft else None,
        kept_at=draft.created_at if draft else None,
    )


def keep(
    session: Session, idea: Idea, *, pitcher: Person, now: datetime, draft_id: int | None = None
) -> Pitch | None:
    """Keep what someone wrote and did not send; an empty form leaves none.

    What another form held stays a draft of its own, so that nothing typed is lost.
    """
    draft = get(session, draft_id, pitcher=pitcher)
    if idea.is_empty:
        if draft:
            session.delete(draft)
        return None
    if _is_sent(session, idea, pitcher=pitcher, now=now):
        return None
    return _kept(session, draft, idea, pitcher=pitcher, now=now)


def discard(session: Session, draft_id: int, *, pitcher: Person) -> None:
    """Forget a draft. One that was sent meanwhile, or is somebody else's, stays."""
    if draft := get(session, draft_id, pitcher=pitcher):
        session.delete(draft)


def get(session: Session, draft_id: int | None, *, pitcher: Person) -> Pitch | None:
    """Return someone's own draft, if it still is one."""
    found = session.get(Pitch, draft_id) if draft_id else None
    is_theirs = found is not None and found.pitcher_id == pitcher.id
    return found if found and is_theirs and found.state is PitchState.DRAFT else None


def of_pitcher(session: Session, pitcher: Person, *, limit: int = MOST) -> list[Pitch]:
    """Return at most `limit` drafts of someone's own, newest first."""
    return stored.drafts(session, pitcher.id or 0, limit=limit)


def is_offer(words: str) -> bool:
    """Say whether what someone wrote to the assistant sounds as if they had a story."""
    return bool(_OFFERS.search(words))


def of_words(words: str) -> Idea:
    """Return an idea that begins with what someone said: the first line is its title."""
    said = words.strip()
    if not said:
        return Idea()
    title = " ".join(said.splitlines()[0].split())
    is_all = len(title) <= MAX_TITLE and len(said.splitlines()) == 1
    if len(title) > MAX_TITLE:
        begins = title[:MAX_TITLE]
        title = begins.rpartition(" ")[0] or begins
    return Idea(title=title, story="" if is_all else said)


def offer(session: Session, words: str, *, pitcher: Person, now: datetime) -> None:
    """Keep what sounded like an idea as a draft, and offer the form for it."""
    idea = of_words(_OPENING.sub("", words.strip()))
    draft = _kept(session, None, idea, pitcher=pitcher, now=now)
    key = f"{OFFER}:{draft.id}:{now.isoformat()}"
    delivery.note(session, OFFER, draft.id, to=pitcher, now=now, key=key, rank=delivery.Rank.URGENT)


def offered(session: Session, draft_id: int, person_id: int | None) -> Pitch | None:
    """Return what the form was offered for, if it is there."""
    found = session.get(Pitch, draft_id)
    return found if found and found.pitcher_id == person_id else None


def _kept(session: Session, draft: Pitch | None, idea: Idea, *, pitcher: Person, now: datetime) -> Pitch:
    draft = draft or _same(session, idea, pitcher=pitcher)
    draft = draft or Pitch(title="", pitcher_id=pitcher.id or 0, state=PitchState.DRAFT, created_at=now)
    ideas.fill(session, draft, idea, now=now)
    draft.created_at = now
    session.add(draft)
    session.flush()
    return draft


def _same(session: Session, idea: Idea, *, pitcher: Person) -> Pitch | None:
    """Return a draft that says the same in every field: that a form was closed may be told twice."""
    drafts = of_pitcher(session, pitcher)
    return next((one for one in drafts if _said(ideas.idea_of(session, one)) == _said(idea)), None)


def _is_sent(session: Session, idea: Idea, *, pitcher: Person, now: datetime) -> bool:
    recent = stored.by_pitcher(session, pitcher.id or 0, limit=MOST)
    return any(
        _said(ideas.idea_of(session, one)) == _said(idea)
        for one in recent
        if now - one.created_at < JUST_SENT
    )


def _said(idea: Idea) -> Idea:
    """Return all that an idea says, as it is kept; of its contact who they are, however they are called."""
    there = idea.contact if idea.contact and idea.contact.is_there else None
    return ideas.tidied(replace(idea, contact=Contact(there.chat_id, "") if there else None))
