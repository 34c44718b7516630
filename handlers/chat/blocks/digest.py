"""How the newsroom's overview looks in the chat."""

from slack_sdk.models.blocks import Block

from bot.digest import Digest
from bot.pitches import PitchState
from bot.texts import Texts
from handlers.chat.blocks.comments import unanswered, unanswered_title
from handlers.chat.blocks.kit import Message, bold, context, header, plain, section, words


def pitch_digest(digest: Digest, _: Texts) -> Message:
    """Show the comms team what it has to decide, and which readers wait for an answer."""
    total = len(digest.cards) + digest.more
    comments, waiting = unanswered(digest.unanswered, _), unanswered_title(digest.unanswered, _)
    if not total:
        nothing = _("Overview: no idea is waiting for a decision. 🎈")
        return Message(f"{nothing} {waiting}".strip(), [section(nothing), *comments])
    title = _.plural("Overview: {n} idea is undecided", "Overview: {n} ideas are undecided", total)
    blocks: list[Block] = [header(title)]
    for card in digest.cards:
        days = (_.local(digest.now).date() - _.local(card.pitch.created_at).date()).days
        since = _.plural("for {n} day", "for {n} days", days) if days else _("since today")
        asked = " · " + _("question asked") if card.pitch.state is PitchState.QUESTION else ""
        blocks.append(words(bold(card.pitch.title), plain(f" – {since}{asked}")))
    if digest.more:
        blocks.append(context(_.plural("and {n} more", "and {n} more", digest.more)))
    blocks.append(context(_("You decide with the buttons on each idea's card in this channel.")))
    return Message("; ".join(filter(None, (title, waiting))), [*blocks, *comments])
