"""Every kind of message: what is asked of the store when it is sent, and how that looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from bot import (
    announcing,
    asking,
    authors,
    comments,
    curation,
    decisions,
    departures,
    digest,
    drafts,
    events,
    meetings,
    people,
    pitch_life,
    pitches,
    plan_news,
    plan_reminders,
    polling,
    post_checks,
    posts,
    publishing,
    radar,
    remarks,
    replies,
    subscriptions,
    trouble,
)
from bot.delivery import Delivery, DeliveryState, Taken, folded
from bot.sending import OVERVIEW
from bot.settings import Settings
from bot.subscriptions import Layout
from bot.texts import Texts, texts
from bot.words import page
from handlers.chat.blocks import asking as asking_blocks
from handlers.chat.blocks import comments as comment_blocks
from handlers.chat.blocks import decisions as decision_blocks
from handlers.chat.blocks import digest as digest_blocks
from handlers.chat.blocks import events as event_blocks
from handlers.chat.blocks import lines, merging, my_pitches, notices, overviews, radar_news
from handlers.chat.blocks import meetings as meeting_blocks
from handlers.chat.blocks import pitches as pitch_blocks
from handlers.chat.blocks import planning as plan_blocks
from handlers.chat.blocks import post_checks as check_blocks
from handlers.chat.blocks import posts as post_blocks
from handlers.chat.blocks import publishing as publishing_blocks
from handlers.chat.blocks import radar as radar_blocks
from handlers.chat.blocks import remarks as remark_blocks
from handlers.chat.blocks import sources as source_blocks
from handlers.chat.blocks.kit import Message
from handlers.chat.blocks.why import with_why

# What is rendered: as a row, or as it was taken to be sent.
Subject = Delivery | Taken


@dataclass(frozen=True)
class Moment:
    """What a message is rendered with beside its subject."""

    settings: Settings
    now: datetime


@dataclass(frozen=True)
class Kind:
    """A kind of message. `ask` returns None when there is nothing to say any more."""

    ask: Callable[[Session, Subject, Moment], Any]
    show: Callable[[Any, Moment, Texts], Message]


class PersonLeftError(Exception):
    """Whom a message is for is no longer there."""


def render(session: Session, delivery: Subject, moment: Moment) -> Message | None:
    """Return a message as it is true now, in its reader's language, or None if it is no longer true.

    Raises:
        PersonLeftError: its reader is gone.
    """
    if delivery.state is not DeliveryState.SENT and people.has_left(session, delivery.person_id):
        raise PersonLeftError
    kind = KINDS[delivery.kind]
    subject = kind.ask(session, delivery, moment)
    if subject is None:
        return None
    language = people.language(session, delivery.person_id) or moment.settings.locale
    return kind.show(subject, moment, texts(language, moment.settings.timezone))


Rendered = Message | Exception | None


def render_all(session: Session, deliveries: Sequence[Subject], moment: Moment) -> list[Rendered]:
    """Render several messages; one that can't be rendered gives its error and spoils no other."""
    return [_tried(session, delivery, moment) for delivery in deliveries]


def _tried(session: Session, delivery: Subject, moment: Moment) -> Rendered:
    try:
        return render(session, delivery, moment)
    except Exception as error:  # noqa: BLE001 - whoever sends it tries once more alone, and that is logged
        return error


def _post(session: Session, delivery: Subject, _moment: Moment) -> post_blocks.PostCard | None:
    """Return a post; one that was withdrawn before it was told is not told any more."""
    post = posts.get(session, delivery.subject_id)
    is_told = delivery.state is DeliveryState.SENT
    if post is None or (post.withdrawn_at and not is_told):
        return None
    department = people.department(session, post.department_id)
    return post_blocks.PostCard(post, department, _layout(delivery))


def _event(session: Session, delivery: Subject, _moment: Moment) -> event_blocks.EventCard | None:
    found = events.get(session, delivery.subject_id)
    if found is None:
        return None
    return event_blocks.EventCard(found, people.department(session, found.department_id), _layout(delivery))


def _comment_news(session: Session, delivery: Subject, _moment: Moment) -> comment_blocks.CommentNews | None:
    card = comments.card(session, delivery.subject_id)
    return comment_blocks.CommentNews(card, _layout(delivery)) if card else None


def _comment_reminder(session: Session, delivery: Subject, _moment: Moment) -> comments.CommentCard | None:
    is_told = delivery.state is DeliveryState.SENT
    return comments.reminder(session, delivery.subject_id, is_told=is_told)


def _pitch_match(session: Session, delivery: Subject, _moment: Moment) -> publishing.MatchCard | None:
    is_told = delivery.state is DeliveryState.SENT
    return publishing.question(session, delivery.subject_id, is_told=is_told)


def _post_check(session: Session, delivery: Subject, _moment: Moment) -> post_checks.CheckCard | None:
    is_told = delivery.state is DeliveryState.SENT
    return post_checks.question(session, delivery.subject_id, is_told=is_told)


def _layout(delivery: Subject) -> Layout:
    return Layout(delivery.layout or Layout.CARD)


def _told_post(session: Session, post_id: int) -> post_blocks.PostCard | None:
    post = posts.get(session, post_id)
    if post is None or post.withdrawn_at:
        return None
    return post_blocks.PostCard(post, people.department(session, post.department_id))


def _told_event(session: Session, event_id: int) -> event_blocks.EventCard | None:
    found = events.get(session, event_id)
    return event_blocks.EventCard(found, people.department(session, found.department_id)) if found else None


# What an overview can stand for: what is asked of the store by an id, and how that looks in a line.
ASKED: Final[dict[str, tuple[Callable[[Session, int], Any], Callable[[Any, str, Texts], lines.Line]]]] = {
    posts.CARD: (_told_post, lines.post_line),
    events.CARD: (_told_event, lines.event_line),
    radar.NEWS: (radar.news, lines.radar_line),
    comments.NEWS: (comments.card, lines.comment_line),
}


def _overview(session: Session, delivery: Subject, moment: Moment) -> overviews.News | None:
    """Return the news that an overview stands for, each once, as far as they are still there."""
    rows = folded(session, delivery.id or 0)
    news = []
    for kind, subject_id in dict.fromkeys((row.kind, row.subject_id) for row in rows):
        ask, line = ASKED[kind]
        if record := ask(session, subject_id):
            news.append(overviews.Told(record, line))
    # What stands in the chat is brought up to date, also when nothing is left of it.
    if not news and delivery.state is not DeliveryState.SENT:
        return None
    site_url = moment.settings.site_url
    return overviews.News(news, site_url, delivery.kind, delivery.subject_id, _by(session, delivery))


def _by(session: Session, delivery: Subject) -> overviews.By | None:
    """Return the subscription that an overview comes by, if it comes by one that is there."""
    is_by_one = delivery.kind == announcing.OVERVIEW
    found = session.get(subscriptions.Subscription, delivery.subject_id) if is_by_one else None
    # One that was moved is somebody else's now.
    if found is None or found.target != delivery.target:
        return None
    choice = subscriptions.choice_of(session, found)
    labels = subscriptions.labels(session, {term for _part, term in choice.terms})
    return overviews.By(choice, labels, is_own=delivery.person_id is not None)


def _thread(_session: Session, delivery: Subject, _moment: Moment) -> overviews.DayThread:
    return overviews.DayThread(announcing.day_of(delivery), delivery.kind, delivery.subject_id)


def _radar_news(session: Session, delivery: Subject, moment: Moment) -> radar_news.NewsCard | None:
    found = radar.news(session, delivery.subject_id)
    return radar_news.NewsCard(found, moment.settings.site_url, _layout(delivery)) if found else None


def _status_request(
    session: Session, delivery: Subject, _moment: Moment
) -> radar_blocks.StatusRequest | None:
    found = session.get(radar.Round, delivery.subject_id)
    asked = radar.asked(session, round_id=delivery.subject_id, person_id=delivery.person_id or 0)
    if found is None or not asked:
        return None
    # Whoever answered everything before the message left is not bothered with it.
    if delivery.state is not DeliveryState.SENT and all(line.request.answered_at for line in asked):
        return None
    return radar_blocks.StatusRequest(found, asked)


def _answer_released(review: radar.Review, moment: Moment, _: Texts) -> Message:
    address = page(moment.settings.site_url, f"/massnahmen/{review.measure.slug}", _)
    return radar_blocks.answer_released(review, address, _)


def _explained(show: Callable[[Any, Texts], Message], kind: str) -> Callable[[Any, Moment, Texts], Message]:
    """Show a card with the button that tells why it is here; one line stays one line."""

    def shown(card: Any, _moment: Moment, _: Texts) -> Message:
        message = show(card, _)
        return message if card.layout is Layout.LINE else with_why(message, kind, card.subject_id, _)

    return shown


def _department_ask(session: Session, delivery: Subject, _moment: Moment) -> asking.AskCard | None:
    is_told = delivery.state is DeliveryState.SENT
    return asking.question(session, delivery.subject_id, is_told=is_told)


def _digest(session: Session, delivery: Subject, moment: Moment) -> digest.Digest | None:
    is_asked_for = delivery.layout == digest.ASKED_FOR
    return digest.to_send(
        session, moment.settings, now=moment.now, before_id=delivery.id, is_asked_for=is_asked_for
    )


def _simple(ask: Callable[[Session, int], Any], show: Callable[[Any, Texts], Message]) -> Kind:
    return Kind(
        ask=lambda session, delivery, _moment: ask(session, delivery.subject_id),
        show=lambda subject, _moment, _: show(subject, _),
    )


KINDS: Final[dict[str, Kind]] = {
    posts.CARD: Kind(ask=_post, show=_explained(post_blocks.post_card, posts.CARD)),
    events.CARD: Kind(ask=_event, show=_explained(event_blocks.event_card, events.CARD)),
    comments.CARD: _simple(comments.card, comment_blocks.comment_card),
    comments.FOR_DEPARTMENT: _simple(comments.card, comment_blocks.comment_for_department),
    comments.NEWS: Kind(
        ask=_comment_news, show=lambda news, _moment, _: comment_blocks.comment_news(news, _)
    ),
    comments.HELD: _simple(comments.card, comment_blocks.comment_held),
    comments.REMINDER: Kind(
        ask=_comment_reminder, show=lambda card, _moment, _: comment_blocks.comment_reminder(card, _)
    ),
    replies.DRAFT: _simple(replies.draft_card, comment_blocks.comment_draft),
    OVERVIEW: Kind(ask=_overview, show=lambda news, _moment, _: overviews.overview(news, _)),
    announcing.OVERVIEW: Kind(ask=_overview, show=lambda news, _moment, _: overviews.overview(news, _)),
    announcing.THREAD: Kind(ask=_thread, show=lambda begun, _moment, _: overviews.thread(begun, _)),
    radar.NEWS: Kind(ask=_radar_news, show=_explained(radar_news.news_card, radar.NEWS)),
    pitch_life.RECEIVED: _simple(pitches.card, pitch_blocks.pitch_received),
    pitch_life.CARD: _simple(pitches.card_for_comms, pitch_blocks.pitch_card),
    drafts.OFFER: Kind(
        ask=lambda session, delivery, _moment: drafts.offered(
            session, delivery.subject_id, delivery.person_id
        ),
        show=lambda draft, _moment, _: my_pitches.pitch_offer(draft, _),
    ),
    pitch_life.NEWS: _simple(pitches.news, pitch_blocks.pitch_news),
    # As it was called before.
    "pitch_decided": _simple(pitches.news, pitch_blocks.pitch_news),
    pitch_life.STEP: _simple(decisions.told_step, decision_blocks.pitch_step),
    decisions.INTRODUCED: _simple(decisions.introduced, merging.pitch_introduced),
    meetings.MEETING: _simple(meetings.card, meeting_blocks.pitch_meeting),
    remarks.KIND: Kind(
        ask=lambda session, delivery, _moment: remarks.remark(
            session, delivery.subject_id, is_told=delivery.state is DeliveryState.SENT
        ),
        show=lambda said, _moment, _: remark_blocks.pitch_remark(said, _),
    ),
    pitch_life.QUESTION: _simple(pitches.question, pitch_blocks.pitch_question),
    "pitch_replied": _simple(pitches.question, pitch_blocks.pitch_replied),
    authors.RETURNED: _simple(authors.returned, plan_blocks.author_returned),
    authors.LEFT: _simple(authors.returned, plan_blocks.author_left),
    pitch_life.ASKED: Kind(
        ask=lambda session, delivery, _moment: authors.request(session, delivery),
        show=lambda asked, _moment, _: plan_blocks.author_asked(asked, _),
    ),
    plan_news.OFF: Kind(
        ask=lambda session, delivery, _moment: plan_news.off(session, delivery),
        show=lambda found, _moment, _: plan_blocks.not_needed(found, _),
    ),
    plan_news.MOVED: Kind(
        ask=lambda session, delivery, _moment: plan_news.moved(session, delivery),
        show=lambda found, _moment, _: plan_blocks.day_moved(found, _),
    ),
    plan_news.GIVEN: Kind(
        ask=lambda session, delivery, _moment: plan_news.task_given(session, delivery),
        show=lambda found, _moment, _: plan_blocks.task_given(found, _),
    ),
    authors.TASK: Kind(
        ask=lambda session, delivery, _moment: plan_reminders.task_reminder(session, delivery),
        show=lambda reminder, _moment, _: plan_blocks.task_due(reminder, _),
    ),
    plan_reminders.TEXT: Kind(
        ask=lambda session, delivery, _moment: plan_reminders.text_reminder(session, delivery),
        show=lambda reminder, _moment, _: plan_blocks.text_due(reminder, _),
    ),
    asking.KIND: Kind(ask=_department_ask, show=lambda card, _moment, _: asking_blocks.question(card, _)),
    digest.KIND: Kind(
        ask=_digest,
        show=lambda found, _moment, _: digest_blocks.pitch_digest(found, _),
    ),
    publishing.MATCH: Kind(
        ask=_pitch_match, show=lambda found, _moment, _: publishing_blocks.pitch_match(found, _)
    ),
    publishing.AUTHOR: _simple(pitches.published, publishing_blocks.author_published),
    pitch_life.MERGED_PUBLISHED: _simple(pitches.published, publishing_blocks.merged_published),
    post_checks.CHECK: Kind(
        ask=_post_check, show=lambda found, _moment, _: check_blocks.post_check(found, _)
    ),
    post_checks.OUTDATED: _simple(post_checks.card, check_blocks.post_outdated),
    "status_request": Kind(
        ask=_status_request, show=lambda request, _moment, _: radar_blocks.status_request(request, _)
    ),
    "review_card": _simple(radar.review, radar_blocks.review_card),
    "answer_released": Kind(
        ask=lambda session, delivery, _moment: radar.review(session, delivery.subject_id),
        show=_answer_released,
    ),
    "answer_returned": _simple(radar.review, radar_blocks.answer_returned),
    trouble.KIND: _simple(lambda session, _delivery_id: trouble.reasons(session), notices.delivery_trouble),
    trouble.PAUSED: _simple(departures.paused, notices.subscription_paused),
    trouble.LEFT: _simple(departures.lost, notices.person_left),
    polling.DOWN: _simple(curation.down, source_blocks.source_down),
    polling.BACK: _simple(curation.back, source_blocks.source_back),
}
