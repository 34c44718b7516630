"""How plans look in the chat: on a pitch's card, to its author, and in reminders."""

from collections.abc import Iterator, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.authors import AuthorRequest, Returned
from bot.pitches import Pitch, PitchCard, PitchState
from bot.plan_news import GivenTask, MovedDay, Off
from bot.plan_reminders import Stage, TaskReminder, TextReminder
from bot.planning import UNDER_WAY
from bot.plans import PitchTask
from bot.texts import Texts
from handlers.chat.blocks.kit import (
    Message,
    actions,
    bold,
    button,
    context,
    cut,
    escape,
    person,
    plain,
    section,
    words,
)
from handlers.chat.blocks.plan_words import outlet_name, task_name

PLAN: Final = "pitch_plan"
CONFIRM: Final = "author_confirm"
HAND_BACK: Final = "author_hand_back"
FINISH: Final = "author_finish"
REOPEN: Final = "author_reopen"
DONE: Final = "task_done"

MAX_STORY: Final = 600


def plan_button(card: PitchCard, _: Texts) -> list[ButtonElement]:
    """Offer the comms team to plan an accepted pitch."""
    if card.pitch.state not in UNDER_WAY:
        return []
    style = None if card.pitch.planned_on else "primary"
    return [button(_("Plan this idea"), PLAN, card.pitch.id, style=style, about=card.pitch.title)]


def planned_lines(card: PitchCard, _: Texts) -> list[Block]:
    """Say who writes a pitch, when and where it is to appear, and what is to be done."""
    if card.pitch.state not in UNDER_WAY:
        return []
    lines = list(_planned(card, _))
    return [context("\n".join(lines))] if lines else []


def _planned(card: PitchCard, _: Texts) -> Iterator[str]:
    pitch = card.pitch
    if card.author:
        author = person(card.author.chat_id)
        if pitch.state is PitchState.ASKED:
            yield _("Author: {author} (asked)", author=author)
        else:
            yield _("Author: {author}", author=author)
    if pitch.planned_on:
        yield _("Planned for {day}", day=_.day(pitch.planned_on))
    if card.outlets:
        names = ", ".join(
            f"{outlet_name(one.outlet, _)} ({_.day(one.planned_on)})"
            if one.planned_on
            else outlet_name(one.outlet, _)
            for one in card.outlets
        )
        yield _("Outlets: {names}", names=names)
    for task in card.tasks:
        yield f"{'☑' if task.done_at else '☐'} {escape(task_line(task, _))}"


def task_line(task: PitchTask, _: Texts) -> str:
    """Say what is to be done and until when, in a line of plain text."""
    name = f"{task_name(task.kind, _)}: {task.label}" if task.label else task_name(task.kind, _)
    return _("{task} – until {day}", task=name, day=_.day(task.due_on)) if task.due_on else name


def author_asked(asked: AuthorRequest, _: Texts) -> Message:
    """Ask someone to write a story, and show them what is to be done for it as long as they write it."""
    card, title = asked.card, escape(asked.card.pitch.title)
    if not asked.is_open:
        said = _closed(asked, title, _)
        return Message(said, [section(said)])
    said = {
        PitchState.ASKED: _("The newsroom would like you to write “{title}”. Will you?", title=title),
        PitchState.IN_WORK: _("You write “{title}”. Thank you!", title=title),
    }.get(card.pitch.state, _("Thank you: your text for “{title}” is ready.", title=title))
    blocks = [section(said)]
    if card.pitch.story:
        blocks.append(words(plain(cut(card.pitch.story, MAX_STORY))))
    facts = [
        _("Idea by {author}", author=person(card.pitcher.chat_id)),
        _("Contact: {person}", person=person(card.contact.chat_id)) if card.contact else "",
        _("to appear on {day}", day=_.day(card.pitch.planned_on)) if card.pitch.planned_on else "",
        ", ".join(outlet_name(one.outlet, _) for one in card.outlets),
    ]
    blocks.append(context(" · ".join(filter(None, facts))))
    if card.pitch.state is not PitchState.ASKED:
        blocks += _tasks(card.tasks, _)
    elif card.tasks:
        blocks.append(context("\n".join(f"☐ {escape(task_line(task, _))}" for task in card.tasks)))
    if buttons := _author_buttons(card, _):
        blocks.append(actions(*buttons))
    return Message(said, blocks)


def _author_buttons(card: PitchCard, _: Texts) -> list[ButtonElement]:
    pitch = card.pitch
    back = button(_("Hand back"), HAND_BACK, pitch.id, about=pitch.title)
    if pitch.state is PitchState.ASKED:
        return [button(_("I will write it"), CONFIRM, pitch.id, style="primary", about=pitch.title), back]
    if pitch.state is PitchState.IN_WORK:
        return [button(_("The text is ready"), FINISH, pitch.id, style="primary", about=pitch.title), back]
    if pitch.state in {PitchState.READY, PitchState.PLANNED}:
        return [button(_("Still in work after all"), REOPEN, pitch.id, about=pitch.title)]
    return []


def _closed(asked: AuthorRequest, title: str, _: Texts) -> str:
    """Say why someone is not asked any more."""
    pitch = asked.card.pitch
    if asked.is_returned:
        return _("You handed “{title}” back. Thank you for telling us!", title=title)
    return _over(pitch, title, _, has_author=asked.card.author is not None)


def _over(pitch: Pitch, title: str, _: Texts, *, has_author: bool) -> str:
    """Say to someone who worked on a story why they need not any more."""
    if pitch.state is PitchState.PUBLISHED:
        return _("“{title}” has been published. Thank you!", title=title)
    if pitch.state not in UNDER_WAY:
        return _("“{title}” is not going to be written any more. Thank you all the same!", title=title)
    if has_author:
        return _("Meanwhile someone else writes “{title}”. Thank you all the same!", title=title)
    return _("The newsroom does not need you for “{title}” any more. Thank you all the same!", title=title)


def not_needed(off: Off, _: Texts) -> Message:
    """Tell someone that they need not work on a story any more."""
    said = _over(off.pitch, escape(off.pitch.title), _, has_author=off.has_author)
    return Message(said, [section(said)])


def day_moved(moved: MovedDay, _: Texts) -> Message:
    """Tell an author that their story is to appear on another day than they know."""
    pitch, title = moved.pitch, escape(moved.pitch.title)
    if pitch.planned_on:
        said = _(
            "The planned date of “{title}” has changed: it is to appear on {day}.",
            title=title,
            day=_.day(pitch.planned_on),
        )
    else:
        said = _("“{title}” has no planned date for now.", title=title)
    return Message(said, [section(said)])


def task_given(given: GivenTask, _: Texts) -> Message:
    """Tell someone which task is theirs now, and until when it is to be done."""
    task, title, line = given.task, escape(given.pitch.title), task_line(given.task, _)
    if task.done_at:
        said = _("Done, thank you! It was for “{title}”:", title=title)
    elif given.is_theirs:
        said = _("The newsroom asks you for something for “{title}”:", title=title)
    else:
        said = _("This is not yours to do any more, for “{title}”:", title=title)
    blocks = [section(said), words(bold(line))]
    if given.is_theirs and not task.done_at:
        blocks.append(actions(button(_("Done"), DONE, task.id, style="primary", about=line)))
    return Message(f"{said} {escape(line)}", blocks)


def _tasks(tasks: Sequence[PitchTask], _: Texts) -> list[Block]:
    blocks: list[Block] = []
    for task in tasks:
        line = task_line(task, _)
        blocks.append(words(plain(f"{'☑' if task.done_at else '☐'} {line}")))
        if not task.done_at:
            blocks.append(actions(button(_("Done"), DONE, task.id, about=line)))
    return blocks


def author_returned(found: Returned, _: Texts) -> Message:
    """Tell the comms team that an author handed a story back, and why."""
    author = person(found.by.chat_id) if found.by else "–"
    title = escape(found.card.pitch.title)
    said = _("{author} hands “{title}” back:", author=author, title=title)
    return Message(
        f"{said} {escape(found.words)}",
        [section(said), words(plain(found.words)), *_ask_again(found.card, _)],
    )


def author_left(found: Returned, _: Texts) -> Message:
    """Tell the comms team that a story has lost its author."""
    title = escape(found.card.pitch.title)
    if found.card.pitch.state in {PitchState.READY, PitchState.PLANNED}:
        said = _("Whoever wrote “{title}” is not with the city any more. The text is ready.", title=title)
        return Message(said, [section(said), actions(*plan_button(found.card, _))])
    said = _("Whoever was to write “{title}” is not with the city any more.", title=title)
    return Message(said, [section(said), *_ask_again(found.card, _)])


def _ask_again(card: PitchCard, _: Texts) -> list[Block]:
    if card.pitch.state is not PitchState.ACCEPTED:
        return []
    return [context(_("The idea needs an author again.")), actions(*plan_button(card, _))]


def task_due(reminder: TaskReminder, _: Texts) -> Message:
    """Remind of a task."""
    task, pitch = reminder.task, reminder.card.pitch
    title, line = escape(pitch.title), task_line(task, _)
    if task.done_at:
        said = _("Done, thank you! It was for “{title}”:", title=title)
    else:
        said = {
            Stage.SOON: _("Soon to be done for “{title}”:", title=title),
            Stage.TODAY: _("To be done today for “{title}”:", title=title),
            Stage.LATE: _("This is waiting for you, for “{title}”:", title=title),
        }[reminder.stage]
    blocks = [section(said), words(bold(line))]
    if not task.done_at and pitch.state in UNDER_WAY:
        blocks.append(actions(button(_("Done"), DONE, task.id, style="primary", about=line)))
    return Message(f"{said} {escape(line)}", blocks)


def text_due(reminder: TextReminder, _: Texts) -> Message:
    """Remind an author that a story is to appear."""
    pitch, day = reminder.card.pitch, _.day(reminder.planned_on)
    title = escape(pitch.title)
    said = {
        Stage.SOON: _(
            "“{title}” is to appear on {day}, and its text is not ready yet.", title=title, day=day
        ),
        Stage.TODAY: _("“{title}” is to appear today, and its text is not ready yet.", title=title),
        Stage.LATE: _(
            "“{title}” was to appear on {day}, and its text is not ready yet.", title=title, day=day
        ),
    }[reminder.stage]
    hint = _("If it gets later, tell the newsroom: a day can be moved.")
    buttons = _author_buttons(reminder.card, _)
    return Message(said, [section(said), context(hint), *([actions(*buttons)] if buttons else [])])
