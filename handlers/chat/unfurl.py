"""Previews of links to our site or to something we know: what is public of it, below the message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import events, links, people, posts, radar
from bot.events import CalendarEvent
from bot.links import Page, Subject
from bot.posts import Post
from bot.radar import Measure
from bot.settings import Settings
from bot.texts import Texts, texts
from bot.words import page
from handlers.chat.blocks import previews as blocks
from handlers.chat.blocks.events import EventCard, event_card
from handlers.chat.blocks.kit import Message
from handlers.chat.blocks.posts import PostCard, post_card
from handlers.chat.blocks.radar import measure_state, overview
from handlers.chat.inbound import InboundStore
from handlers.chat.refusals import reason_of

log = structlog.get_logger(__name__)

SHARED: Final = "link_shared"
# Of the lists on our site a preview shows the first ones.
FIRST: Final = 5
# Slack tells of more only when someone pastes a whole list; nobody needs previews of that.
MOST_LINKS: Final = 5


def register(app: AsyncApp) -> None:
    """Connect the listener."""
    app.event(SHARED)(shared)


def is_link(body: dict[str, Any]) -> bool:
    """Say whether what came in tells of a link: whoever posted it has done nothing with the assistant."""
    return (body.get("event") or {}).get("type") == SHARED


async def shared(
    event: dict[str, Any], client: AsyncWebClient, store: InboundStore, now: datetime, settings: Settings
) -> None:
    """Someone posted links, or is writing them: show below them what they lead to, in the house's language.

    Twice is as good as once: Slack keeps one preview for each link. One that it does not take is left out.
    """
    urls = [link["url"] for link in event["links"][:MOST_LINKS]]
    found = await store.read(previews, urls, settings=settings, now=now)
    if not found:
        return
    # While a message is being written it has no place yet: docs.slack.dev/reference/events/link_shared
    if event.get("unfurl_id"):
        place = {"unfurl_id": event["unfurl_id"], "source": event["source"]}
    else:
        place = {"channel": event["channel"], "ts": event["message_ts"]}
    try:
        await client.chat_unfurl(**place, unfurls=found)
    except SlackApiError as error:
        log.warning("links_not_previewed", reason=reason_of(error)[0])


def previews(
    session: Session, urls: Sequence[str], *, settings: Settings, now: datetime
) -> dict[str, dict[str, Any]]:
    """Return the previews of those links that lead to something known, by link."""
    _ = texts(settings.locale, settings.timezone)
    found = {}
    for url in dict.fromkeys(urls):
        subject = links.find(session, url, site_url=settings.site_url, now=now)
        if subject is not None and (message := _shown(session, subject, settings, _, now=now)):
            found[url] = blocks.preview(message)
    return found


def _shown(
    session: Session, subject: Subject, settings: Settings, _: Texts, *, now: datetime
) -> Message | None:
    if isinstance(subject, Post):
        department = people.department(session, subject.department_id)
        return None if subject.withdrawn_at else post_card(PostCard(subject, department), _)
    if isinstance(subject, CalendarEvent):
        return event_card(EventCard(subject, people.department(session, subject.department_id)), _)
    if isinstance(subject, Measure):
        return measure_state(subject, page(settings.site_url, f"/massnahmen/{subject.slug}", _), _)
    if subject is Page.POSTS:
        cards = [PostCard(one) for one in posts.newest(session, limit=FIRST)]
        return blocks.newest_posts(cards, settings.site_url, _)
    if subject is Page.EVENTS:
        today = now.astimezone(settings.zone).date()
        coming = [EventCard(one) for one in events.coming(session, today=today, limit=FIRST)]
        return blocks.next_events(coming, settings.site_url, _)
    return overview(radar.counted(session), page(settings.site_url, "/radar", _), _)
