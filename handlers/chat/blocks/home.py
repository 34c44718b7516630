"""The App Home: what someone can do, what waits for them, and what is new."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.models.blocks import Block, DividerBlock

from bot.events import CalendarEvent
from bot.pitches import Pitch, PitchState
from bot.posts import Post
from bot.radar import Asked, state_of
from bot.texts import Texts
from bot.words import event_time
from handlers.chat.blocks import pitches, radar
from handlers.chat.blocks.kit import (
    actions,
    bold,
    button,
    context,
    header,
    link,
    link_button,
    plain,
    section,
    words,
)

OPEN_SITE = "home_open_site"


@dataclass(frozen=True)
class Home:
    """What someone's App Home shows."""

    open_requests: Sequence[Asked] = field(default_factory=tuple)
    my_pitches: Sequence[Pitch] = field(default_factory=tuple)
    posts: Sequence[Post] = field(default_factory=tuple)
    events: Sequence[CalendarEvent] = field(default_factory=tuple)


def home_view(home: Home, site_url: str, _: Texts) -> dict[str, Any]:
    """Return the view as views.publish takes it."""
    blocks: list[Block] = [
        header(_("Hello, I am Stadtfunk")),
        section(
            _("I tell you what is new in the digital city, take your story ideas and ask how far things are.")
        ),
        actions(
            button(_("Pitch a story"), pitches.NEW, style="primary"),
            link_button(_("Open the public site"), OPEN_SITE, site_url),
        ),
    ]
    if home.open_requests:
        blocks += [DividerBlock(), header(_("Waiting for your answer"))]
        for line in home.open_requests[:15]:
            title = line.measure.title
            blocks += [
                words(bold(title), plain(f"\n{radar.summary(state_of(line.measure), _)}")),
                actions(
                    button(_("No change"), radar.CONFIRM, line.request.id, style="primary", about=title),
                    button(_("Update"), radar.UPDATE, line.request.id, about=title),
                ),
            ]
    if home.my_pitches:
        blocks += [DividerBlock(), header(_("My ideas"))]
        for pitch in home.my_pitches:
            blocks.append(words(bold(pitch.title), plain(f" – {pitch_state(pitch, _)}")))
    blocks += [DividerBlock(), header(_("New posts"))]
    for post in home.posts:
        name = link(post.title, post.url) if post.url else bold(post.title)
        when = f" – {_.day(post.published_at)}" if post.published_at else " "
        blocks.append(words(name, plain(when)))
    if home.events:
        blocks += [DividerBlock(), header(_("Coming events"))]
        for found in home.events:
            name = link(found.title, found.url) if found.url else bold(found.title)
            blocks.append(words(name, plain(f" – {event_time(found, _)}")))
    blocks.append(context(_("Write {command} anywhere to see what else I can do.", command="`/funk hilfe`")))
    return {"type": "home", "blocks": [block.to_dict() for block in blocks]}


def pitch_state(pitch: Pitch, _: Texts) -> str:
    """Return where a pitch stands, in a word or two."""
    return {
        PitchState.NEW: _("waiting for a decision"),
        PitchState.QUESTION: _("the newsroom has a question"),
        PitchState.ACCEPTED: _("accepted"),
        PitchState.DECLINED: _("not this time"),
    }[pitch.state]
