"""How looks what someone said about a pitch on the other side."""

from bot.pitches import PitchRole
from bot.remarks import Remark
from bot.texts import Texts
from handlers.chat.blocks.kit import Message, context, cut, escape, person, plain, section, words

MAX_SHOWN = 2500


def pitch_remark(said: Remark, _: Texts) -> Message:
    """Pass on what someone said, with their name; to the pitcher also how to answer."""
    by, title = person(said.by.chat_id), escape(said.card.pitch.title)
    if not said.remark.words:
        gone = _("{person} took back what they had written about “{title}”.", person=by, title=title)
        return Message(gone, [context(gone)])
    shown = words(plain(cut(said.remark.words, MAX_SHOWN)))
    if said.remark.role is not PitchRole.COMMS:
        news = _("{person} writes:", person=by)
        return Message(f"{news} {escape(said.remark.words)}", [context(news), shown])
    if said.is_of_newsroom:
        news = _("{person} of the newsroom writes about your idea “{title}”:", person=by, title=title)
    else:
        news = _("{person} writes about your idea “{title}”:", person=by, title=title)
    answer = _("If you answer here in the thread, the newsroom reads it.")
    return Message(f"{news} {escape(said.remark.words)}", [section(news), shown, context(answer)])
