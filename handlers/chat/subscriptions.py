"""Subscriptions in Slack: the form, the list, and what can be done with each."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import people, preview, subscription_words, subscriptions, terms
from bot.people import Person, Role
from bot.settings import Settings
from bot.subscriptions import (
    Choice,
    ChoiceError,
    GoneError,
    Layout,
    LockedError,
    NewsKind,
    OthersError,
    Rhythm,
    Subscription,
    TooManyError,
)
from bot.texts import Texts
from bot.workdays import Workdays
from handlers.chat import home
from handlers.chat.answers import View, choices, field, notice
from handlers.chat.blocks import subscription_form as form_blocks
from handlers.chat.blocks import subscriptions as blocks
from handlers.chat.blocks.kit import escape
from handlers.chat.inbound import InboundStore
from handlers.chat.places import obstacle, obstacle_words

log = structlog.get_logger(__name__)

LISTS: Final = frozenset({"liste", "list"})
MAX_OPTIONS: Final = 100
DIRECT: Final = ("D", "U", "W")


@dataclass(frozen=True)
class Kept:
    """What a form that was sent holds."""

    filled: form_blocks.Filled
    quiet: tuple[time | None, time | None]


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.view(form_blocks.FORM)(save)
    for name in form_blocks.FIELDS:
        app.action({"block_id": name, "action_id": name})(show_anew)
    for name in form_blocks.TERMS.values():
        app.options({"block_id": name, "action_id": name})(suggest)
    app.action(blocks.NEW)(open_new)
    app.action(blocks.LIST)(open_list)
    app.action(blocks.EARLIER)(turn)
    app.action(blocks.LATER)(turn)
    app.action(blocks.CHANGE)(open_change)
    for action_id, deed in DEEDS.items():
        app.action(action_id)(_listener(deed))


async def typed(
    words: str,
    *,
    channel_id: str,
    trigger_id: str,
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
) -> None:
    """`/funk abo …`: show the list, or the form filled in with what was typed."""
    channel = "" if channel_id.startswith(DIRECT) else channel_id
    if words.casefold().strip() in LISTS:
        listed = await store.read(_listed, channel=channel, by=person)
        await client.views_open(trigger_id=trigger_id, view=blocks.list_view(listed, _))
        return
    filled = await store.read(_begun, words, channel=channel, now=now)
    await client.views_open(trigger_id=trigger_id, view=form_blocks.subscription_form(filled, _))


async def suggest(ack: AsyncAck, body: dict[str, Any], store: InboundStore, _: Texts, now: datetime) -> None:
    """Someone types into a field of terms: say what there is."""
    found = await store.read(terms.found, body.get("value") or "", now=now, limit=MAX_OPTIONS)
    await ack(**form_blocks.suggested(found, _))


async def show_anew(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, store: InboundStore, _: Texts, now: datetime
) -> None:
    """Something was chosen: show the fields that it needs, and what would have come."""
    view = body["view"]
    filled = await store.read(_with_preview, _kept(view).filled, now=now)
    shown = form_blocks.subscription_form(filled, _)
    try:
        await client.views_update(view_id=view["id"], hash=view["hash"], view=shown)
    except SlackApiError as error:
        if error.response.get("error") != "hash_conflict":
            raise
        # Two choices in quick succession: the later one holds both.
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
    """The form was sent: keep the choice, unless nothing can be said in that channel."""
    kept = _kept(view)
    filled = kept.filled
    if any(kept.quiet) and not all(kept.quiet):
        half = form_blocks.QUIET_TO if kept.quiet[0] else form_blocks.QUIET_FROM
        await ack(response_action="errors", errors={half: _("Please fill in both times, or neither.")})
        return
    if filled.channel and (found := await obstacle(client, filled.channel)):
        await ack(response_action="errors", errors={form_blocks.CHANNEL: obstacle_words(found, _)})
        return
    try:
        saved = await store.run(
            subscriptions.save,
            filled.choice,
            target=filled.channel or person.chat_id,
            by=person,
            workdays=Workdays(settings.holidays, settings.zone),
            now=now,
            subscription_id=filled.subscription_id,
        )
    except ChoiceError as error:
        await ack(response_action="errors", errors=_errors(error, view, filled, _))
        return
    log.info("subscription_changed", deed="saved", subscription=saved.id, person=person.id)
    await ack(response_action="update", view=notice(_saved(filled, saved, _)))
    home.renew_soon(context)


async def open_new(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    _: Texts,
    now: datetime,
) -> None:
    """Someone wants a new subscription."""
    filled = await store.read(_begun, "", channel=action.get("value") or "", now=now)
    await _show(client, body, form_blocks.subscription_form(filled, _))
    await ack()


async def open_list(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, store: InboundStore, person: Person, _: Texts
) -> None:
    """Someone wants to see all they hear."""
    listed = await store.read(_listed, channel="", by=person)
    await _show(client, body, blocks.list_view(listed, _))
    await ack()


async def turn(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
) -> None:
    """Someone turns the page of a list."""
    view = body["view"]
    known = json.loads(view["private_metadata"])
    view["private_metadata"] = blocks.in_channel(known["channel"], int(action["value"]))
    await _show_list(client, store, view, person, _)
    await ack()


async def open_change(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
) -> None:
    """Someone wants to change a subscription: show it in the form."""
    filled = await store.read(_as_it_is, int(action["value"]), by=person, now=now)
    await _show(client, body, form_blocks.subscription_form(filled, _))
    await ack()


def _listener(deed: "Deed") -> Callable[..., Any]:
    async def act(
        ack: AsyncAck,
        action: dict[str, Any],
        body: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
        store: InboundStore,
        person: Person,
        _: Texts,
        now: datetime,
        settings: Settings,
    ) -> None:
        """Someone pressed a button of a subscription, or of a channel: do it and show how it is now."""
        workdays = Workdays(settings.holidays, settings.zone)
        await store.run(deed, action["value"], by=person, workdays=workdays, now=now)
        log.info("subscription_changed", deed=action["action_id"], of=action["value"], person=person.id)
        await ack()
        view = body.get("view") or {}
        if view.get("type") == "modal":
            home.do_soon(_show_list(client, store, view, person, _))
        home.renew_soon(context)

    return act


async def _show_list(
    client: AsyncWebClient, store: InboundStore, view: dict[str, Any], person: Person, _: Texts
) -> None:
    known = json.loads(view.get("private_metadata") or "{}")
    channel, offset = known.get("channel") or "", known.get("offset") or 0
    listed = await store.read(_listed, channel=channel, by=person, offset=offset)
    await client.views_update(view_id=view["id"], view=blocks.list_view(listed, _))


async def _show(client: AsyncWebClient, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Open a window, above the one that is open already."""
    is_above = (body.get("view") or {}).get("type") == "modal"
    await (client.views_push if is_above else client.views_open)(trigger_id=body["trigger_id"], view=view)


def _listed(session: Session, *, channel: str, by: Person, offset: int = 0) -> blocks.Listed:
    listed = blocks.Listed(
        channel,
        of_channel=subscriptions.of_target(session, channel) if channel else (),
        mine=subscriptions.of_target(session, by.chat_id),
        is_locked=bool(channel) and subscriptions.is_locked(session, channel),
        is_admin=people.is_allowed(session, by, Role.ADMIN),
    )
    # What was stopped may have been all of the last page.
    return replace(listed, offset=min(max(offset, 0), listed.last))


def _begun(session: Session, words: str, *, channel: str, now: datetime) -> form_blocks.Filled:
    reading = terms.understood(session, subscription_words.read(words), now=now)
    filled = form_blocks.Filled(reading.choice, channel, reading.labels, unknown=reading.unknown)
    return _with_preview(session, filled, now=now)


def _as_it_is(session: Session, subscription_id: int, *, by: Person, now: datetime) -> form_blocks.Filled:
    one = subscriptions.shown(session, subscription_id, by=by)
    target = one.subscription.target
    channel = "" if target == by.chat_id else target
    labels = terms.labels(session, one.choice, now=now)
    filled = form_blocks.Filled(one.choice, channel, labels, subscription_id=subscription_id)
    return _with_preview(session, filled, now=now)


def _with_preview(session: Session, filled: form_blocks.Filled, *, now: datetime) -> form_blocks.Filled:
    shown = preview.of(session, filled.choice, now=now) if filled.choice.kinds else None
    return replace(filled, preview=shown)


def _kept(view: View) -> Kept:
    """Return what stands in the form."""
    known = json.loads(view.get("private_metadata") or "{}")
    chosen = set()
    labels = {}
    for part, name in form_blocks.TERMS.items():
        for value, label in choices(view, name):
            term = form_blocks.term_of(value)
            labels[term] = label
            chosen.add((part, term))
    rhythm = Rhythm(field(view, form_blocks.RHYTHM) or Rhythm.AT_ONCE)
    weekday = field(view, form_blocks.WEEKDAY)
    start, end = (_clock(field(view, name)) for name in (form_blocks.QUIET_FROM, form_blocks.QUIET_TO))
    is_asked = form_blocks.AT in view["state"]["values"]
    choice = Choice(
        kinds=frozenset(NewsKind(value) for value, _ in choices(view, form_blocks.KINDS)),
        terms=frozenset(chosen),
        rhythm=rhythm,
        weekday=int(weekday) if weekday else 0 if rhythm is Rhythm.WEEKLY else None,
        # Whoever chose and sent at once never saw the field.
        at=_clock(field(view, form_blocks.AT)) if is_asked else subscription_words.NINE,
        layout=Layout(field(view, form_blocks.LAYOUT) or Layout.CARD),
        quiet=(start, end) if start is not None and end is not None else None,
    )
    filled = form_blocks.Filled(
        choice,
        field(view, form_blocks.CHANNEL),
        labels,
        subscription_id=known.get("id"),
        unknown=known.get("unknown", ()),
    )
    return Kept(filled, (start, end))


def _clock(said: str) -> time | None:
    return time.fromisoformat(said) if said else None


def _errors(error: ChoiceError, view: View, filled: form_blocks.Filled, _: Texts) -> dict[str, str]:
    """Say at each field what is wrong with it."""
    named = ", ".join(sorted(filled.labels.get(term, term.value) for term in error.terms))
    sentences = {
        ("kinds", "blank"): _("Please choose at least one kind of news."),
        ("terms", "long"): _("Please choose at most {limit} words.", limit=subscriptions.MAX_TERMS),
        ("terms", "contradiction"): _(
            "{terms} is wanted and unwanted at once. Please take it out of one field.", terms=named
        ),
        ("terms", "never"): _("Nothing is from all of these departments at once: {terms}.", terms=named),
        ("at", "blank"): _("Please choose a time."),
        ("weekday", "blank"): _("Please choose a day."),
        ("quiet", "empty"): _("Please choose two different times."),
    }
    places = form_blocks.field_of(error.fields)
    shown: Mapping[str, Any] = view["state"]["values"]
    return {
        places[name] if places[name] in shown else form_blocks.RHYTHM: sentences[name, reason]
        for name, reason in error.fields.items()
    }


def _saved(filled: form_blocks.Filled, saved: Subscription, _: Texts) -> str:
    said = blocks.choice_words(filled.choice, dict(filled.labels), _)
    where = f"<#{saved.target}>" if filled.channel else _("You")
    return "✅ " + _("{who}: {what}", who=where, what=escape(said))


def _pause(session: Session, value: str, *, by: Person, workdays: Workdays, now: datetime) -> None:  # noqa: ARG001 - as all deeds have it
    subscriptions.pause(session, int(value), by=by, now=now)


def _resume(session: Session, value: str, *, by: Person, workdays: Workdays, now: datetime) -> None:
    subscriptions.resume(session, int(value), by=by, workdays=workdays, now=now)


def _stop(session: Session, value: str, *, by: Person, workdays: Workdays, now: datetime) -> None:  # noqa: ARG001 - as all deeds have it
    subscriptions.stop(session, int(value), by=by, now=now)


def _lock(session: Session, value: str, *, by: Person, workdays: Workdays, now: datetime) -> None:  # noqa: ARG001 - as all deeds have it
    subscriptions.lock(session, value, by=by, now=now)


def _unlock(session: Session, value: str, *, by: Person, workdays: Workdays, now: datetime) -> None:  # noqa: ARG001 - as all deeds have it
    subscriptions.unlock(session, value, by=by, now=now)


def gone(_error: GoneError, _: Texts) -> str:
    """Say that a subscription is gone."""
    return _("Someone has stopped this subscription meanwhile.")


def locked(_error: LockedError, _: Texts) -> str:
    """Say who may change a channel's subscriptions."""
    return _("The administrators have locked this channel's subscriptions. Ask them to change it.")


def others(_error: OthersError, _: Texts) -> str:
    """Say that it is somebody else's own subscription."""
    return _("This is another person's own subscription.")


def too_many(_error: TooManyError, _: Texts) -> str:
    """Say that there is no room for another one."""
    return _(
        "There are {limit} subscriptions here already. Please stop or change one of them first.",
        limit=subscriptions.MAX_PER_TARGET,
    )


Deed = Callable[..., None]
DEEDS: Final[dict[str, Deed]] = {
    blocks.PAUSE: _pause,
    blocks.RESUME: _resume,
    blocks.STOP: _stop,
    blocks.LOCK: _lock,
    blocks.UNLOCK: _unlock,
}
REFUSALS: Final[dict[type[Exception], Callable[[Any, Texts], str]]] = {
    GoneError: gone,
    LockedError: locked,
    OthersError: others,
    TooManyError: too_many,
}
