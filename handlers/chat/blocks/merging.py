"""How two pitches become one: the form, and how their pitchers are introduced to each other."""

from collections.abc import Sequence
from typing import Any, Final

from slack_sdk.models.blocks import ExternalDataSelectElement, InputBlock, Option, PlainTextObject

from bot.pitches import Goal, Pitch, PitchCard
from bot.texts import Texts
from handlers.chat.blocks.kit import MAX_BUTTON, Message, context, cut, escape, form, person, section

FORM: Final = "pitch_merge_form"
INTO: Final = "pitch_merge_into"


def merge_form(pitch: Pitch, _: Texts, *, goal: Pitch | None = None) -> dict[str, Any]:
    """Ask which idea another one is to go on with; `goal` is the one that was chosen already."""
    intro = _(
        "“{title}” goes on together with another idea. Whoever had the one and whoever had the "
        "other are introduced to each other.",
        title=escape(pitch.title),
    )
    element = ExternalDataSelectElement(
        action_id=INTO,
        placeholder=PlainTextObject(text=_("Words of its title")),
        initial_option=_option(goal) if goal else None,
        min_query_length=0,
    )
    other = InputBlock(block_id=INTO, label=PlainTextObject(text=_("The other idea")), element=element)
    return form(
        FORM,
        _("Merge"),
        [section(intro), other],
        submit=_("Merge"),
        close=_("Cancel"),
        private_metadata=str(pitch.id),
    )


def suggested(found: Sequence[Pitch]) -> dict[str, Any]:
    """Return ideas to choose from, as a select takes them."""
    return {"options": [_option(pitch).to_dict() for pitch in found]}


def _option(pitch: Pitch) -> Option:
    return Option(value=str(pitch.id), text=PlainTextObject(text=cut(pitch.title, MAX_BUTTON)))


def pitch_merged(card: PitchCard, goal: Goal, _: Texts) -> Message:
    """Tell the pitcher that their idea goes on with another one, and whose that is."""
    title, other = escape(card.pitch.title), escape(goal.pitch.title)
    news = _("Your idea “{title}” goes on together with “{other}”.", title=title, other=other)
    if goal.pitcher.id == card.pitcher.id:
        return Message(news, [section(news)])
    met = _("That one is by {person}: you could talk to each other.", person=person(goal.pitcher.chat_id))
    return Message(f"{news} {met}", [section(f"🤝 {news}"), context(met)])


def pitch_introduced(card: PitchCard, _: Texts) -> Message:
    """Tell the pitcher of an idea who had the same one."""
    assert card.goal is not None
    title, other = escape(card.goal.pitch.title), escape(card.pitch.title)
    news = _(
        "{person} had an idea like yours: “{other}” goes on together with your “{title}”.",
        person=person(card.pitcher.chat_id),
        other=other,
        title=title,
    )
    met = _("You could talk to each other.")
    return Message(f"{news} {met}", [section(f"🤝 {news}"), context(met)])
