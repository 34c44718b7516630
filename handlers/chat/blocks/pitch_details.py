"""What the newsroom's card says of a pitch beside its story."""

from typing import Final

from bot.pitches import PitchCard, PitchKind
from bot.texts import Texts
from handlers.chat.blocks.kit import cut, escape, person
from handlers.chat.blocks.pitch_words import kind_name

MAX_DETAIL: Final = 120


def origin(card: PitchCard, _: Texts) -> str:
    """Say whose idea it is, of which department and when, in mrkdwn."""
    pitch = card.pitch
    others = ", ".join(person(one.chat_id) for one in card.also_by)
    parts = [
        _("Idea by {author}", author=person(card.pitcher.chat_id)),
        escape(card.department.name) if card.department else "",
        _.day(pitch.created_at),
        f"<{pitch.permalink}|" + _("original message") + ">" if pitch.permalink else "",
        _("also suggested by {others}", others=others) if others else "",
    ]
    return " · ".join(filter(None, parts))


def details(card: PitchCard, _: Texts) -> str:
    """Say what is known of a pitch: what it is to become, for when, with whom; empty when nothing is."""
    pitch = card.pitch
    is_plain = pitch.kind is PitchKind.STORY and not pitch.series
    parts = [
        "" if is_plain else kind_name(pitch.kind, _),
        _said(pitch.series),
        _("Topics: {topics}", topics=_said(pitch.topics)) if pitch.topics else "",
        _("Timely: {day}", day=_.day(pitch.timely_on)) if pitch.timely_on else "",
        _("Guest author: {name}", name=_said(pitch.guest)) if pitch.guest else "",
        _("Picture available") if pitch.has_picture else "",
        _("Related to: {title}", title=_said(card.subject.title)) if card.subject else "",
        _("Contact: {person}", person=person(card.contact.chat_id)) if card.contact else "",
    ]
    return " · ".join(filter(None, parts))


def _said(words: str) -> str:
    return escape(cut(words, MAX_DETAIL))
