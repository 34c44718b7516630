"""How a department is asked in the chat what is new with it."""

from dataclasses import replace
from typing import Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    Option,
    PlainTextObject,
    StaticSelectElement,
)

from bot.asking import AskAnswer, AskCard, Later, Occasion
from bot.events import CalendarEvent
from bot.ideas import Idea
from bot.occasions import Subject
from bot.radar import Measure, Status
from bot.texts import Texts
from handlers.chat.blocks.kit import Message, actions, button, context, cut, escape, section

IDEA: Final = "ask_idea"
NOTHING: Final = "ask_nothing"
LATER: Final = "ask_later"

MAX_TITLE: Final = 120


def question(card: AskCard, _: Texts) -> Message:
    """Ask a department's lead for a story; once they said there is none, it is one line."""
    ask = card.ask
    if ask.answer is AskAnswer.NOTHING:
        thanks = _("Nothing new at {department} this time – thank you!", department=_department(card))
        return Message(thanks, [context(thanks)])
    if card.pitch:
        thanks = _("Thank you! Your idea “{title}” has come of this.", title=escape(card.pitch.title))
        return Message(thanks, [context(thanks)])
    asked = _asked(card, _)
    if ask.again_at:
        later = _("All right, I will ask again on {day}.", day=_.day(ask.again_at))
        return Message(f"{asked} {later}", [section(asked), context(later), actions(_write(card, _))])
    if ask.answer is AskAnswer.IDEA:
        return Message(asked, [section(asked), actions(_write(card, _))])
    hint = _("A title is enough, we do the rest together.")
    return Message(asked, [section(asked), context(hint), _answers(card, _)])


def idea(card: AskCard, _: Texts) -> Idea:
    """Return what the form of an idea begins with: what the question was about."""
    subject = card.subject
    begun = Idea(department_id=card.department.id)
    if isinstance(subject, Measure):
        is_done = subject.status is Status.COMPLETED
        title = _("Done: {title}", title=subject.title) if is_done else subject.title
        return replace(begun, title=title, story=subject.highlight, measure_id=subject.id)
    if isinstance(subject, CalendarEvent):
        return replace(begun, title=_("Looking back: {title}", title=subject.title), event_id=subject.id)
    if subject:
        return replace(begun, title=_("What readers say about “{title}”", title=subject.title))
    return begun


def _asked(card: AskCard, _: Texts) -> str:
    title = escape(cut(_title(card.subject), MAX_TITLE))
    match card.ask.occasion if card.subject else Occasion.RHYTHM:
        case Occasion.MILESTONE:
            return _("“{title}” has reached a milestone. Is that a story for the city?", title=title)
        case Occasion.EVENT:
            return _("“{title}” is over. Is there something to tell about it?", title=title)
        case Occasion.COMMENTS:
            return _("Many readers comment on “{title}”. Is there another story in it?", title=title)
        case _other:
            return _("What is new at {department}?", department=_department(card))


def _title(subject: Subject | None) -> str:
    return subject.title if subject else ""


def _department(card: AskCard) -> str:
    return escape(cut(card.department.name, MAX_TITLE))


def _write(card: AskCard, _: Texts) -> ButtonElement:
    return button(_("Write an idea"), IDEA, card.ask.id, style="primary", about=card.department.name)


def _answers(card: AskCard, _: Texts) -> Block:
    later = {
        Later.TOMORROW: _("tomorrow"),
        Later.NEXT_WEEK: _("next week"),
        Later.IN_TWO_WEEKS: _("in two weeks"),
    }
    options = [
        Option(value=f"{card.ask.id}:{when}", text=PlainTextObject(text=name)) for when, name in later.items()
    ]
    remind = StaticSelectElement(
        action_id=LATER, placeholder=PlainTextObject(text=_("Remind me later")), options=options
    )
    nothing = button(_("Nothing this time"), NOTHING, card.ask.id, about=card.department.name)
    return ActionsBlock(elements=[_write(card, _), nothing, remind])
