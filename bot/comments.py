"""Reader comments: taken in from the portals' feeds, and told once to everyone concerned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bot import announcing, delivery, matching, people, posts, spam
from bot.delivery import Delivery, DeliveryState, Place
from bot.identity import URL
from bot.people import Person, Role
from bot.posts import Post
from bot.sources import Entry, identity_of
from bot.spam import Sign
from bot.workdays import Workdays
from storage import comments as stored
from storage import subscriptions
from storage.comments import Comment
from storage.sources import Source

__all__ = [
    "CARD",
    "FOR_DEPARTMENT",
    "HELD",
    "NEWS",
    "REMINDER",
    "TELLING",
    "Comment",
    "CommentCard",
    "DecidedError",
    "Sign",
    "Unanswered",
    "card",
    "discard",
    "reader",
    "remind_due",
    "reminder",
    "show",
    "show_again",
    "take_in",
    "tell_waiting",
    "thread_of",
    "unanswered",
]

# What a reader wrote: in the threads of the post, to its department, and to who subscribed to comments.
CARD: Final = "comment_card"
FOR_DEPARTMENT: Final = "comment_for_department"
NEWS: Final = "comment_news"
TELLING: Final = (CARD, FOR_DEPARTMENT, NEWS)
REMINDER: Final = "comment_reminder"
# What looks like advertising is shown to the comms team alone.
HELD: Final = "comment_held"
# So many working days an answer may take; what nobody brought up for weeks is left in peace.
TIME_TO_ANSWER: Final = 3
STALE: Final = timedelta(days=30)
MOST_LISTED: Final = 10
MOST_COUNTED: Final = 1000
# A comment below a page that nobody announced here: so long it may become known, then it is left unsaid.
PATIENCE: Final = timedelta(days=14)
BATCH: Final = 200


class DecidedError(Exception):
    """Someone was quicker to decide on a held comment; `card` says who, when and how."""

    def __init__(self, card: "CommentCard") -> None:
        super().__init__(card.comment.id)
        self.card = card


@dataclass(frozen=True)
class CommentCard:
    """A comment, the post it is about, who said that it is answered, and who decided on it if it was held."""

    comment: Comment
    post: Post
    answered_by: Person | None = None
    decided_by: Person | None = None


@dataclass(frozen=True)
class Unanswered:
    """Comments that were brought up and are not answered yet, oldest first; `more` of them are not listed."""

    cards: tuple[CommentCard, ...] = ()
    more: int = 0


def take_in(session: Session, source: Source, entries: Sequence[Entry], *, now: datetime) -> int:
    """Keep what a feed of comments shows; new ones wait to be said, changed ones are brought up to date.

    A source's first reading is its backlog and is never said. What looks like advertising is held.

    Returns:
        how many comments are new.
    """
    assert source.id is not None
    is_backlog = source.succeeded_at is None
    readable = [
        _comment(source.id, entry, now=now) for entry in reversed(entries) if entry.url and entry.teaser
    ]
    known = stored.known(session, [sign for comment in readable for sign in _signs(comment)])
    new = 0
    for comment in readable:
        found = next((known[sign] for sign in _signs(comment) if sign in known), None)
        if found is None:
            session.add(comment)
            if not is_backlog:
                comment.waits_since = now
                comment.held_reason = _sign(session, comment)
            known |= dict.fromkeys(_signs(comment), comment)
            new += 1
        elif found.words != comment.words:
            found.words = comment.words
            session.flush()
            show_again(session, found, now=now)
    session.flush()
    tell_waiting(session, now=now)
    return new


def tell_waiting(session: Session, *, now: datetime) -> None:
    """Say each waiting comment where its post was announced; while that is on its way it waits.

    Then its department and subscribers hear of it, each in one place only. Of one that is held only the
    comms team hears. One whose post is not known waits
    for it; where a post was never announced there is no thread to say it in.
    """
    for comment, post_id in stored.waiting(session, limit=BATCH):
        comment.post_id = post_id
        if comment.held_reason and comment.decided_at is None:
            comment.waits_since = None
            delivery.note(session, HELD, comment.id, to=Place.COMMS, now=now)
            continue
        rows = stored.announcements(session, posts.CARD, post_id)
        _say_below(session, comment, rows, now=now)
        if all(row.state is DeliveryState.SENT for row in rows):
            # Where the post is still to come, in an overview for example, its thread is waited for.
            awaited = subscriptions.awaited_in(session, posts.CARD, post_id)
            comment.waits_since = comment.waits_since if awaited else None
            if comment.told_at is None:
                comment.told_at = now
                _tell_others(session, comment, told=awaited | {row.target for row in rows}, now=now)
    session.flush()
    stored.give_up(session, before=now - PATIENCE)


def show(session: Session, comment_id: int, *, by: Person, now: datetime) -> None:
    """Let a held comment through: it is told as any other.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
    """
    comment = _decide(session, comment_id, by=by, now=now)
    comment.waits_since = now
    session.flush()
    tell_waiting(session, now=now)


def discard(session: Session, comment_id: int, *, by: Person, now: datetime) -> None:
    """Throw a held comment away: it is advertising, and nobody is told of it.

    Raises:
        NotAllowedError: not of the comms team.
        DecidedError: it was decided before.
    """
    _decide(session, comment_id, by=by, now=now).is_spam = True
    session.flush()


def remind_due(session: Session, *, workdays: Workdays, now: datetime) -> None:
    """Bring up once more what nobody answered for three working days, at a time when people are at work.

    It is said in the same threads again, and to the post's department.
    """
    if not announcing.is_office_time(workdays, now):
        return
    before = workdays.before(now, TIME_TO_ANSWER)
    for comment, post in stored.silent(session, TELLING, since=now - STALE, before=before, limit=BATCH):
        comment.reminded_at = now
        for row in stored.standing(session, (CARD,), comment.id or 0):
            to, thread_ts = reader(session, row), thread_of(row)
            delivery.note(session, REMINDER, comment.id, to=to, now=now, thread_ts=thread_ts)
        for person in _department(session, post):
            delivery.note(session, REMINDER, comment.id, to=person, now=now)
    session.flush()


def unanswered(session: Session) -> Unanswered:
    """Return what was brought up and is not answered yet."""
    found = stored.brought_up(session, limit=MOST_COUNTED)
    cards = tuple(CommentCard(comment, post) for comment, post in found[:MOST_LISTED])
    return Unanswered(cards, more=len(found) - len(cards))


def card(session: Session, comment_id: int) -> CommentCard | None:
    """Return a comment with all that its messages show."""
    comment = session.get(Comment, comment_id)
    post = session.get(Post, comment.post_id) if comment and comment.post_id else None
    if comment is None or post is None:
        return None
    answered_by = session.get(Person, comment.answered_by_id) if comment.answered_by_id else None
    decided_by = session.get(Person, comment.decided_by_id) if comment.decided_by_id else None
    return CommentCard(comment, post, answered_by, decided_by)


def reminder(session: Session, comment_id: int, *, is_told: bool) -> CommentCard | None:
    """Return a comment that is brought up again; one that was answered meanwhile is not."""
    found = card(session, comment_id)
    is_over = found is None or found.comment.answered_at or found.post.withdrawn_at
    return None if is_over and not is_told else found


def show_again(session: Session, comment: Comment, *, now: datetime) -> None:
    """Bring all messages that show a comment up to date."""
    for kind in (*TELLING, REMINDER, HELD):
        delivery.changed(session, kind, comment.id, now=now)


def thread_of(row: Delivery) -> str | None:
    """Return in which thread to answer to a message, None when it is not noted yet where it stands.

    Slack wants the message that began a thread, never one in it.
    """
    return row.thread_ts or row.ts


def reader(session: Session, row: Delivery) -> Person | str:
    """Return to whom a message went."""
    person = session.get(Person, row.person_id) if row.person_id else None
    return person or row.target


def _comment(source_id: int, entry: Entry, *, now: datetime) -> Comment:
    page, _, place = (entry.url or "").partition("#")
    return Comment(
        key=f"{source_id}:{entry.guid or entry.url}",
        source_id=source_id,
        page=f"{URL}{identity_of(page)}",
        # The feed of one post and that of the whole portal show the same comment.
        link=f"{identity_of(page)}#{place}" if place else None,
        url=entry.url,
        author=entry.author or "",
        words=entry.teaser,
        published_at=entry.published_at,
        first_seen_at=now,
    )


def _sign(session: Session, comment: Comment) -> Sign | None:
    is_repeated = len(comment.words) >= spam.LONG_ENOUGH and stored.is_said_elsewhere(session, comment)
    return spam.sign(comment.words, url=comment.url, is_repeated=is_repeated)


def _decide(session: Session, comment_id: int, *, by: Person, now: datetime) -> Comment:
    people.require(session, by, Role.COMMS)
    # Of two who press at once the second waits here, and is told of the first.
    session.get(Comment, comment_id, with_for_update=True)
    found = card(session, comment_id)
    assert found is not None
    if found.comment.decided_at:
        raise DecidedError(found)
    found.comment.decided_at, found.comment.decided_by_id = now, by.id
    show_again(session, found.comment, now=now)
    return found.comment


def _signs(comment: Comment) -> list[str]:
    return [sign for sign in (comment.key, comment.link) if sign]


def _say_below(session: Session, comment: Comment, rows: Sequence[Delivery], *, now: datetime) -> None:
    """Note the comment in the threads of the announcements that stand."""
    for row in rows:
        if row.state is DeliveryState.SENT and row.ts:
            delivery.note(
                session,
                CARD,
                comment.id,
                to=reader(session, row),
                now=now,
                thread_ts=thread_of(row),
                rank=delivery.Rank.BULK,
            )


def _tell_others(session: Session, comment: Comment, *, told: set[str], now: datetime) -> None:
    """Tell the people of the post's department and the subscribers, but for those who were told."""
    post = session.get(Post, comment.post_id)
    assert post is not None
    for person in _department(session, post):
        if person.chat_id not in told:
            delivery.note(session, FOR_DEPARTMENT, comment.id, to=person, now=now)
            told = told | {person.chat_id}
    news = (comment.id or 0, matching.of_comment(comment, post))
    announcing.tell(session, NEWS, [news], now=now, told=told)


def _department(session: Session, post: Post) -> list[Person]:
    """Return who answers for a post in its department."""
    return people.of_department(session, Role.LEAD, post.department_id) if post.department_id else []
