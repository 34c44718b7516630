"""How someone sees their own ideas: how each stands, its life, and what they can do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock

from bot import pitch_life
from bot.pitches import Pitch, PitchCard, PitchRole, PitchState, PitchStep
from bot.texts import Texts
from handlers.chat.blocks.kit import (
    MAX_VIEW_TITLE,
    Message,
    actions,
    asking,
    bold,
    button,
    context,
    cut,
    escape,
    header,
    line,
    plain,
    section,
    words,
)
from handlers.chat.blocks.pitch_words import standing, state_name

WITHDRAW: Final = "pitch_withdraw"
LOOK: Final = "pitch_look"
GO_ON: Final = "pitch_draft_open"
SHOW_ALL: Final = "my_pitches_show"
ALL: Final = "my_pitches"
EARLIER: Final = "my_pitches_earlier"
LATER: Final = "my_pitches_later"

AT_HOME: Final = 5
PAGE: Final = 15
MOST_DRAFTS: Final = 5
MAX_REASON: Final = 600
# A view has room for a hundred blocks: the first and the last steps of a very long life.
MOST_STEPS: Final = 45


@dataclass(frozen=True)
class MyPitches:
    """Someone's own ideas, newest first: some of them, the drafts, and whether there are more."""

    cards: Sequence[PitchCard] = ()
    drafts: Sequence[Pitch] = ()
    offset: int = 0
    is_more: bool = False


def home_section(mine: MyPitches, _: Texts) -> list[Block]:
    """Show someone's own ideas on the App Home; nothing when there are none."""
    if not mine.cards and not mine.drafts:
        return []
    blocks: list[Block] = [DividerBlock(), header(_("My ideas"))]
    for draft in mine.drafts:
        name = _title(draft, _)
        blocks += [
            words(bold(name), plain(f" – {state_name(draft.state, _)}")),
            actions(button(_("Go on writing"), GO_ON, draft.id, about=name)),
        ]
    blocks += _shown(mine.cards, _)
    if mine.is_more:
        blocks.append(actions(button(_("All my ideas"), SHOW_ALL)))
    return blocks


def all_view(mine: MyPitches, _: Texts) -> dict[str, Any]:
    """Show a page of all the ideas someone had."""
    blocks = _shown(mine.cards, _) or [section(_("You have no ideas here yet."))]
    turns = []
    if mine.offset:
        turns.append(button(_("Newer ones"), EARLIER, max(mine.offset - PAGE, 0)))
    if mine.is_more:
        turns.append(button(_("Older ones"), LATER, mine.offset + PAGE))
    if turns:
        blocks.append(actions(*turns))
    return _view(_("All my ideas"), blocks, _) | {
        "callback_id": ALL,
        "private_metadata": str(mine.offset),
    }


def life_view(card: PitchCard, _: Texts) -> dict[str, Any]:
    """Show all that happened with an idea: when, by whom as what, and why; names are not told."""
    blocks: list[Block] = [words(bold(_title(card.pitch, _))), context(standing(card, _)), DividerBlock()]
    replies = {asked.replied_at: asked.reply for asked in card.questions}
    steps = card.steps
    if len(steps) > MOST_STEPS:
        steps = (*steps[:5], *steps[5 - MOST_STEPS :])
    for step in steps:
        what = f"{_.day(step.at)}, {_.time(step.at)}: *{state_name(step.state, _)}* – {_by(step, _)}"
        blocks.append(section(what))
        # Why an author gave it back is between them and the newsroom.
        reason = step.reason if step.role in {PitchRole.COMMS, PitchRole.PITCHER} else ""
        if said := reason or replies.get(step.at):
            blocks.append(words(plain(cut(said, MAX_REASON))))
    return _view(_("The life of an idea"), blocks, _)


def withdraw_button(pitch: Pitch, _: Texts) -> ButtonElement:
    """Return the button with which a pitcher takes an idea back; it asks before."""
    return asking(
        button(_("Withdraw"), WITHDRAW, pitch.id, about=pitch.title),
        _("Withdraw this idea?"),
        text=_("The newsroom sees that it is withdrawn. You can pitch it anew at any time."),
        yes=_("Withdraw"),
        no=_("Keep it"),
    )


def pitch_offer(draft: Pitch, _: Texts) -> Message:
    """Offer the form to someone who wrote what sounds like an idea; once it is sent, say that it is."""
    if draft.state is not PitchState.DRAFT:
        sent = _("Your idea “{title}” is with the newsroom now.", title=escape(draft.title))
        return Message(sent, [section(sent)])
    offer = _("That sounds like a story! Shall we pitch it to the newsroom?")
    hint = _("The form has your words in it already. It is only sent when you press “Send”.")
    open_form = button(_("Open the form"), GO_ON, draft.id, style="primary")
    return Message(f"{offer} {hint}", [section(f"💡 {offer}"), actions(open_form), context(hint)])


def _shown(cards: Sequence[PitchCard], _: Texts) -> list[Block]:
    blocks: list[Block] = []
    for card in cards:
        pitch = card.pitch
        buttons = [button(_("Look at it"), LOOK, pitch.id, about=pitch.title)]
        if pitch_life.may(pitch, PitchState.WITHDRAWN):
            buttons.append(withdraw_button(pitch, _))
        facts = [_.day(pitch.created_at), standing(card, _)]
        if pitch.planned_on and pitch.state not in _WITH_DAY:
            facts.append(_("Planned for {day}.", day=_.day(pitch.planned_on)))
        blocks += [
            words(bold(_title(pitch, _)), plain(f" – {state_name(pitch.state, _)}")),
            context(" · ".join(facts)),
            actions(*buttons),
        ]
    return blocks


# These say the day themselves, or no day counts any more.
_WITH_DAY: Final = (
    PitchState.PLANNED,
    PitchState.PUBLISHED,
    PitchState.DECLINED,
    PitchState.MERGED,
    PitchState.WITHDRAWN,
)


def _by(step: PitchStep, _: Texts) -> str:
    return {
        PitchRole.PITCHER: _("by you"),
        PitchRole.COMMS: _("by the newsroom"),
        PitchRole.AUTHOR: _("by the author"),
        PitchRole.CLOCK: _("by itself"),
    }[step.role]


def _title(pitch: Pitch, _: Texts) -> str:
    return line(pitch.title) or _("(without a title)")


def _view(title: str, blocks: Sequence[Block], _: Texts) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": cut(title, MAX_VIEW_TITLE)},
        "close": {"type": "plain_text", "text": _("Close")},
        "blocks": [block.to_dict() for block in blocks],
    }
