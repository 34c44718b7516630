"""What a pitcher said about their idea beside its title and story."""

from slack_sdk.models.blocks import Block

from bot.pitches import PitchCard, PitchKind
from bot.texts import Texts
from handlers.chat.blocks.kit import context, cut, escape, person
from handlers.chat.blocks.pitch_words import kind_name

MAX_SHOWN = 200


def details(card: PitchCard, _: Texts) -> list[Block]:
    """Show what was filled in, each with its name; nothing where a title was enough."""
    pitch = card.pitch
    named = [
        (_("To become"), kind_name(pitch.kind, _) if pitch.kind is not PitchKind.STORY else ""),
        (_("In the series"), _said(pitch.series)),
        (_("Guest author"), _said(pitch.guest)),
        (_("Who can tell it"), person(card.contact.chat_id) if card.contact else ""),
        (_("Topics"), _said(pitch.topics)),
        (_("Timely"), _("by {day}", day=_.day(pitch.timely_on)) if pitch.timely_on else ""),
        (_("Picture"), _("there is one") if pitch.has_picture else ""),
        (_("Related to"), _said(card.subject.title) if card.subject else ""),
    ]
    said = [f"{name}: {value}" for name, value in named if value]
    return [context("\n".join(said))] if said else []


def _said(words: str) -> str:
    return escape(cut(" ".join(words.split()), MAX_SHOWN))
