"""What the slash command answers, for the person alone."""

from collections.abc import Sequence

from bot.radar import Measure, state_of
from bot.texts import Texts
from bot.words import page
from handlers.chat.blocks.kit import Message, context, escape, section
from handlers.chat.blocks.radar import summary


def help_text(command: str, _: Texts) -> Message:
    """Say what the command can do, in one line each."""
    verbs = {
        _("pitch"): _("pitch a story; a title is enough"),
        _("status") + " E-Akte": _("how far is this measure?"),
        _("radar"): _("all measures at a glance"),
        _("subscribe"): _("choose what you or this channel hear of"),
        _("subscribe") + " " + _("list"): _("what you and this channel hear"),
        _("why") + " https://…": _("why was this posted, or why not?"),
        _("overview"): _("the overview, now (for the newsroom)"),
        _("meeting"): _("begin a meeting: decide first, announce together (for the newsroom)"),
        _("help"): _("this help"),
    }
    lines = [f"`{command} {verb}` – {what}" for verb, what in verbs.items()]
    hello = _("I am Stadtfunk. This is what I can do for you:")
    return Message(f"{hello} {', '.join(verbs)}", [section(hello), section("\n".join(lines))])


def nothing_found(words: str, _: Texts) -> Message:
    """Say that no measure holds these words."""
    sorry = _("I know no measure with “{words}”. Try fewer or other words.", words=escape(words[:100]))
    return Message(sorry, [section(sorry)])


def several_found(found: Sequence[Measure], site_url: str, _: Texts, *, is_cut: bool) -> Message:
    """List the measures that hold the words; `is_cut`: there are more."""
    news = _("Several measures fit:")
    lines = [
        f"• <{page(site_url, f'/massnahmen/{measure.slug}', _)}|{escape(measure.title)}>"
        f" – {summary(state_of(measure), _)}"
        for measure in found
    ]
    add = _("Add a word to choose one.")
    hint = _("There are more.") + " " + add if is_cut else add
    return Message(news, [section(news), section("\n".join(lines)), context(hint)])
