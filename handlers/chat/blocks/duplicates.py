"""How possible duplicates look beside a new pitch."""

from collections.abc import Iterator, Sequence
from typing import Final

from slack_sdk.models.blocks import Block

from bot.duplicates import Reason, Similar
from bot.texts import Texts
from handlers.chat.blocks.kit import actions, bold, button, context, cut, plain, words
from handlers.chat.blocks.pitch_words import state_name

MERGE_INTO: Final = "pitch_merge_into"
MAX_TITLE: Final = 80


def duplicates_shown(similar: Sequence[Similar], _: Texts) -> list[Block]:
    """Show the comms team which pitches may be the same story, each with a button to merge this one into it.

    What was declined is only shown: nothing can go on with it.
    """
    return [context(_("Perhaps the same story:")), *_shown(similar, _)] if similar else []


def merging(value: str) -> tuple[int, int]:
    """Return which pitch is to be merged into which, as a button of these says it."""
    pitch, into = value.split(":")
    return int(pitch), int(into)


def _shown(similar: Sequence[Similar], _: Texts) -> Iterator[Block]:
    for one in similar:
        about = state_name(one.pitch.state, _)
        if one.was_declined:
            about = _("proposed before and declined")
        elif one.reason is Reason.MEASURE:
            about = _("{state}, about the same measure", state=about)
        title = cut(one.pitch.title, MAX_TITLE)
        yield words(bold(title), plain(f" – {about}, {_.day(one.pitch.created_at)}"))
        if not one.was_declined:
            value = f"{one.beside_id}:{one.pitch.id}"
            yield actions(button(_("Merge"), MERGE_INTO, value, about=title))
