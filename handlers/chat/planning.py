"""Planning in Slack: the newsroom's form, the author's buttons, and tasks that are done."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import authors, planning
from bot.people import Person
from bot.pitch_life import StateError
from bot.plans import (
    AUTHOR,
    DATE,
    MAX_LABEL,
    MAX_TASKS,
    Colleague,
    Outlet,
    Plan,
    PlanError,
    Problem,
    Task,
    TaskKind,
    outlet_date,
    task_field,
)
from bot.settings import Settings
from bot.texts import Texts
from handlers.chat import home
from handlers.chat.answers import View, choices, field
from handlers.chat.blocks import plan_form as form_blocks
from handlers.chat.blocks import planning as blocks
from handlers.chat.blocks.decisions import WORDS
from handlers.chat.blocks.kit import escape
from handlers.chat.blocks.pitch_words import state_name
from handlers.chat.chosen import colleagues
from handlers.chat.inbound import InboundStore


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.PLAN)(open_form)
    app.action(form_blocks.MORE)(one_more_task)
    app.view(form_blocks.FORM)(save)
    app.action(blocks.CONFIRM)(confirm)
    app.action(blocks.HAND_BACK)(open_hand_back_form)
    app.view(form_blocks.BACK_FORM)(hand_back)
    app.action(blocks.FINISH)(finish)
    app.action(blocks.REOPEN)(reopen)
    app.action(blocks.DONE)(done)


async def open_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """The newsroom wants to plan an idea: show the form as it is planned."""
    planned = await store.read(planning.open_plan, int(action["value"]), by=person)
    await client.views_open(trigger_id=body["trigger_id"], view=form_blocks.plan_form(planned, _))
    await ack()


async def one_more_task(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, _: Texts) -> None:
    """The newsroom wants room for one more task."""
    view = body["view"]
    shown = form_blocks.with_one_more_task(view, _)
    await client.views_update(view_id=view["id"], view=shown)
    await ack()


async def save(
    ack: AsyncAck,
    view: View,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """The plan was sent: keep it; a new author is asked."""
    known = json.loads(view["private_metadata"])
    names = [AUTHOR, *(task_field(number, "person") for number in range(known["slots"]))]
    people = await colleagues(client, [field(view, name) for name in names])
    try:
        await store.run(
            planning.save,
            known["id"],
            _plan(view, known, people),
            seen=known["seen"],
            by=person,
            today=now.astimezone(settings.zone).date(),
            now=now,
        )
    except PlanError as error:
        errors = {name: _hint(problem, _) for name, problem in error.problems.items()}
        await ack(response_action="errors", errors=errors)
        return
    await ack()
    home.renew_soon(context)


async def confirm(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """Someone who was asked writes it."""
    await store.run(authors.confirm, int(action["value"]), author=person, now=now)
    await ack()


async def open_hand_back_form(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """Someone who was asked can't write it: ask for the reason."""
    pitch = await store.read(authors.open_request, int(action["value"]), author=person)
    view = form_blocks.hand_back_form(int(action["value"]), pitch.title, _)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def hand_back(ack: AsyncAck, view: View, store: InboundStore, person: Person, now: datetime) -> None:
    """The reason was sent: the newsroom looks for someone else."""
    pitch_id, words = int(view["private_metadata"]), field(view, WORDS)
    await store.run(authors.hand_back, pitch_id, words=words, author=person, now=now)
    await ack()


async def finish(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """The text is ready."""
    await store.run(authors.finish, int(action["value"]), author=person, now=now)
    await ack()


async def reopen(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """The text is not ready after all."""
    await store.run(authors.reopen, int(action["value"]), author=person, now=now)
    await ack()


async def done(
    ack: AsyncAck, action: dict[str, Any], store: InboundStore, person: Person, now: datetime
) -> None:
    """A task is done."""
    await store.run(authors.done, int(action["value"]), by=person, now=now)
    await ack()


def _plan(view: View, known: dict[str, Any], people: dict[str, Colleague]) -> Plan:
    """Return what stands in the form."""
    removed = {value for value, _label in choices(view, form_blocks.REMOVE)}
    dates = {one: _day(field(view, outlet_date(one))) for one in Outlet}
    return Plan(
        author=None if AUTHOR in removed else people.get(field(view, AUTHOR)),
        planned_on=None if DATE in removed else _day(field(view, DATE)),
        outlets=frozenset(Outlet(value) for value, _label in choices(view, form_blocks.OUTLETS)),
        dates={outlet: day for outlet, day in dates.items() if day},
        tasks=[_task(view, number, known["tasks"], people) for number in range(known["slots"])],
        is_ready=bool(choices(view, form_blocks.READY)),
    )


def _task(view: View, number: int, known: list[int], people: dict[str, Colleague]) -> Task:
    kind = field(view, task_field(number, "kind"))
    if kind == form_blocks.NO_TASK:
        return Task()
    return Task(
        TaskKind(kind) if kind else None,
        field(view, task_field(number, "label")).strip(),
        _day(field(view, task_field(number, "due"))),
        people.get(field(view, task_field(number, "person"))),
        task_id=known[number] if number < len(known) else None,
    )


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


def _hint(problem: Problem, _: Texts) -> str:
    return {
        Problem.PAST: _("This day is past. Please choose today or a later one."),
        Problem.LEFT: _("Nobody can be asked here: this is an app, or someone who has left."),
        Problem.NO_OUTLET: _("Please tick this outlet above, too."),
        Problem.NO_KIND: _("Please choose what is to be done, or “No task”."),
        Problem.TOO_LONG: _("Please use at most {limit} characters.", limit=MAX_LABEL),
        Problem.TOO_MANY: _("There is room for {limit} tasks.", limit=MAX_TASKS),
    }[problem]


def gone_on(error: StateError, _: Texts) -> str:
    """Say how an idea stands by now, and since when."""
    title, state = escape(error.pitch.title), state_name(error.pitch.state, _)
    if error.last is None:
        return _("That can't be done now: “{title}” stands at “{state}”.", title=title, state=state)
    day, time = _.day(error.last.at), _.time(error.last.at)
    return _(
        "That can't be done any more: “{title}” stands at “{state}” since {day}, {time}.",
        title=title,
        state=state,
        day=day,
        time=time,
    )


def changed(_error: planning.ChangedError, _: Texts) -> str:
    """Say that someone else was quicker."""
    return _(
        "Someone else has changed this plan meanwhile. Copy what you still need, "
        "close this form and open it again."
    )


def not_author(_error: authors.NotAuthorError, _: Texts) -> str:
    """Say that someone else writes it."""
    return _("Meanwhile someone else writes this, or the newsroom asks nobody. Thank you all the same!")


def task_gone(_error: authors.TaskGoneError, _: Texts) -> str:
    """Say that a task is no longer in the plan."""
    return _("The newsroom has taken this task out of the plan. There is nothing left to do.")


REFUSALS: Final[dict[type[Exception], Callable[[Any, Texts], str]]] = {
    StateError: gone_on,
    planning.ChangedError: changed,
    authors.NotAuthorError: not_author,
    authors.TaskGoneError: task_gone,
}
