"""The form for a plan: author, dates, outlets and up to five tasks."""

import json
from datetime import date
from typing import Any, Final

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    InputBlock,
    Option,
    PlainTextObject,
    UserSelectElement,
)

from bot.decisions import MAX_WORDS
from bot.pitches import PitchCard
from bot.planning import WRITABLE, Planned
from bot.plans import (
    AUTHOR,
    DATE,
    MAX_LABEL,
    MAX_TASKS,
    Outlet,
    PitchTask,
    TaskKind,
    mark,
    outlet_date,
    task_field,
)
from bot.texts import Texts
from handlers.chat.blocks.decisions import WORDS
from handlers.chat.blocks.kit import actions, button, choice, escape, form, header, section, text_input
from handlers.chat.blocks.plan_words import outlet_name, task_name

FORM: Final = "plan_form"
MORE: Final = "plan_more_tasks"
OUTLETS: Final = "outlets"
# Slack's pickers can't be emptied again: what is to go is ticked here.
REMOVE: Final = "remove"
# Ticked when the text is there.
READY: Final = "ready"
# What stands in a menu where nothing is chosen, for the same reason.
NO_TASK: Final = "-"
BACK_FORM: Final = "author_hand_back_form"


def plan_form(planned: Planned, _: Texts) -> dict[str, Any]:
    """Ask how a pitch is to be planned, as it is planned so far."""
    card, pitch = planned.card, planned.card.pitch
    dates = {one.outlet: one.planned_on for one in card.outlets}
    blocks: list[Block] = [
        section(_("How does “{title}” go on? Everything can be changed later.", title=escape(pitch.title))),
        _person(AUTHOR, _("Author"), card.author.chat_id if card.author else None),
        _day(DATE, _("Planned date"), pitch.planned_on),
        *_removable(card, _),
        *_finishable(card, _),
        _ticks(OUTLETS, _("Outlets"), [(one, outlet_name(one, _)) for one in Outlet], chosen=list(dates)),
        *(
            _day(outlet_date(one), _("Date: {outlet}", outlet=outlet_name(one, _)), dates.get(one))
            for one in Outlet
        ),
        header(_("Tasks")),
    ]
    slots = min(len(card.tasks) + 1, MAX_TASKS)
    for number in range(slots):
        task = card.tasks[number] if number < len(card.tasks) else None
        helper = planned.helpers.get(task.person_id) if task and task.person_id else None
        blocks += _task(number, task, helper, _)
    if slots < MAX_TASKS:
        blocks.append(_more(_))
    known = {"id": pitch.id, "seen": mark(card), "tasks": [one.id for one in card.tasks], "slots": slots}
    return form(
        FORM,
        _("Plan this idea"),
        blocks,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=json.dumps(known),
    )


def with_one_more_task(view: dict[str, Any], _: Texts) -> dict[str, Any]:
    """Return the form with room for one more task; what was filled in stays."""
    known = json.loads(view["private_metadata"])
    slots = min(known["slots"] + 1, MAX_TASKS)
    blocks = [one for one in view["blocks"] if one["type"] != "actions"]
    if slots > known["slots"]:
        blocks += [one.to_dict() for one in _task(known["slots"], None, None, _)]
    if slots < MAX_TASKS:
        blocks.append(_more(_).to_dict())
    kept = ("type", "callback_id", "title", "submit", "close")
    metadata = json.dumps(known | {"slots": slots})
    return {name: view[name] for name in kept} | {"blocks": blocks, "private_metadata": metadata}


def hand_back_form(pitch_id: int, title: str, _: Texts) -> dict[str, Any]:
    """Ask why someone hands a story back."""
    blocks = [
        section(_("You hand “{title}” back to the newsroom. Nobody minds!", title=escape(title))),
        text_input(WORDS, _("Why?"), multiline=True, optional=False, limit=MAX_WORDS),
    ]
    return form(
        BACK_FORM,
        _("Hand back"),
        blocks,
        submit=_("Hand back"),
        close=_("Cancel"),
        private_metadata=str(pitch_id),
    )


def _removable(card: PitchCard, _: Texts) -> list[Block]:
    options = []
    if card.author:
        options.append((AUTHOR, _("Plan without an author for now")))
    if card.pitch.planned_on:
        options.append((DATE, _("Plan without a date for now")))
    return [_ticks(REMOVE, _("Still open?"), options)] if options else []


def _finishable(card: PitchCard, _: Texts) -> list[Block]:
    """Let the newsroom say that the text is there, whoever wrote it."""
    if card.pitch.state not in WRITABLE:
        return []
    return [_ticks(READY, _("How far is it?"), [(READY, _("The text is ready"))])]


def _task(number: int, task: PitchTask | None, helper: str | None, _: Texts) -> list[Block]:
    """Ask what one task is, until when and by whom."""
    n = number + 1
    kinds = [(NO_TASK, _("No task")), *((str(kind), task_name(kind, _)) for kind in TaskKind)]
    label = _("Task {n} (done)", n=n) if task and task.done_at else _("Task {n}", n=n)
    return [
        choice(task_field(number, "kind"), label, kinds, initial=str(task.kind) if task else None),
        text_input(
            task_field(number, "label"),
            _("Task {n}: what exactly?", n=n),
            initial=task.label if task else "",
            limit=MAX_LABEL,
        ),
        _day(task_field(number, "due"), _("Task {n}: until when?", n=n), task.due_on if task else None),
        _person(task_field(number, "person"), _("Task {n}: who? (else the author)", n=n), helper),
    ]


def _more(_: Texts) -> Block:
    return actions(button(_("One more task"), MORE))


def _person(name: str, label: str, initial: str | None) -> Block:
    element = UserSelectElement(action_id=name, initial_user=initial)
    return InputBlock(block_id=name, label=PlainTextObject(text=label), element=element, optional=True)


def _day(name: str, label: str, initial: date | None) -> Block:
    element = DatePickerElement(action_id=name, initial_date=initial.isoformat() if initial else None)
    return InputBlock(block_id=name, label=PlainTextObject(text=label), element=element, optional=True)


def _ticks(
    name: str, label: str, options: list[tuple[str, str]], *, chosen: list[str] | None = None
) -> Block:
    shown = [Option(value=str(value), text=PlainTextObject(text=text)) for value, text in options]
    ticked = [one for one in shown if one.value in {str(value) for value in chosen or ()}]
    element = CheckboxesElement(action_id=name, options=shown, initial_options=ticked or None)
    return InputBlock(block_id=name, label=PlainTextObject(text=label), element=element, optional=True)
