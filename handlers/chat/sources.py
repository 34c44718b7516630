"""Sources in Slack, for administrators: a page of the App Home, and the form for a new one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import curation, people
from bot.curation import MAX_TITLE, RemovedError, Source, SourceKind
from bot.people import Person, Role
from bot.settings import Settings
from bot.sources import FetchError, Offer, Reason
from bot.texts import Texts
from handlers.chat import home
from handlers.chat.answers import View, field
from handlers.chat.blocks import source_form
from handlers.chat.blocks import sources as blocks
from handlers.chat.inbound import InboundStore
from handlers.source_words import bad_address, bad_title, nothing_found, removed, source_trouble

log = structlog.get_logger(__name__)

# Looks what an address offers: FetchError says why it can't be had.
Discover = Callable[[str], Awaitable[Sequence[Offer]]]
Deed = Callable[..., None]

LOOK_FOR_S: Final = 10
# What is found within a second is shown at once; Slack waits three.
AT_ONCE_S: Final = 1.0
# Slack has to have taken "I am looking" before it is told what was found, or it would show the former last.
TAKEN_S: Final = 0.5


async def nowhere(_url: str) -> Sequence[Offer]:
    """Find nothing: for an app that reads no sources."""
    return ()


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.action(blocks.SHOW)(show)
    app.action(blocks.EARLIER)(turn)
    app.action(blocks.LATER)(turn)
    app.action(blocks.HOME)(go_home)
    for action_id, deed in DEEDS.items():
        app.action(action_id)(_listener(deed))
    app.action(blocks.ADD)(open_address_form)
    app.view(source_form.ADDRESS_FORM)(look)
    app.action(source_form.OFFER)(choose)
    app.view(source_form.OFFER_FORM)(add)


async def show(ack: AsyncAck, context: AsyncBoltContext) -> None:
    """An administrator wants to see the sources."""
    await publish(context, 0)
    await ack()


async def turn(ack: AsyncAck, action: dict[str, Any], context: AsyncBoltContext) -> None:
    """An administrator turns the page."""
    await publish(context, int(action["value"]))
    await ack()


async def go_home(
    ack: AsyncAck,
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
    settings: Settings,
) -> None:
    """Back from the sources to the start page."""
    await home.renew(client, store, person, _, now, settings)
    await ack()


async def open_address_form(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, store: InboundStore, person: Person, _: Texts
) -> None:
    """An administrator wants to add a source: ask for its address."""
    await store.read(people.require, person, Role.ADMIN)
    await client.views_open(trigger_id=body["trigger_id"], view=source_form.address_form(_))
    await ack()


async def look(
    ack: AsyncAck,
    view: View,
    context: AsyncBoltContext,
    store: InboundStore,
    person: Person,
    _: Texts,
    discover: Discover,
) -> None:
    """An address was given: look what is there, and show it at once or as soon as it is known."""
    await store.read(people.require, person, Role.ADMIN)
    try:
        address = curation.pasted_address(field(view, source_form.ADDRESS))
    except curation.AddressError:
        await ack(response_action="errors", errors={source_form.ADDRESS: bad_address(_)})
        return
    task = asyncio.create_task(_found(discover, address))
    await asyncio.wait({task}, timeout=AT_ONCE_S)
    if not task.done():
        await ack(response_action="update", view=source_form.looking(address, _))
        home.do_soon(_show_found(task, view["id"], address, context.client, store, _))
    elif (found := task.result()) is None or isinstance(found, FetchError):
        await ack(response_action="errors", errors={source_form.ADDRESS: _problem(found, _)})
    else:
        await ack(response_action="update", view=await _offer_form(found, store, _))


async def choose(
    ack: AsyncAck,
    action: dict[str, Any],
    body: dict[str, Any],
    client: AsyncWebClient,
    store: InboundStore,
    _: Texts,
) -> None:
    """One of the things that were found was chosen: show the fields that it has."""
    view = body["view"]
    before = source_form.Choice.unpacked(view["private_metadata"])
    choice = replace(before, chosen=_number(action.get("selected_option"), before))
    shown = source_form.offer_form(choice, await store.read(people.departments), _)
    await client.views_update(view_id=view["id"], hash=view["hash"], view=shown)
    await ack()


async def add(
    ack: AsyncAck,
    view: View,
    context: AsyncBoltContext,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
) -> None:
    """The form for a new source was sent: keep it, and show it among the others."""
    before = source_form.Choice.unpacked(view["private_metadata"])
    choice = replace(before, chosen=_number({"value": field(view, source_form.OFFER)}, before))
    is_shown = choice.title_field in view["state"]["values"]
    try:
        await store.run(
            curation.add_found,
            kind=choice.kind,
            # Whoever chose and sent at once never saw the name and the path that go with the choice.
            name=field(view, choice.title_field) if is_shown else choice.title,
            url=choice.offer.url,
            channel=field(view, source_form.CHANNEL) or None,
            path_prefix=field(view, source_form.PATH) if is_shown else choice.path,
            brings=source_form.brought(field(view, choice.brings_field)) if is_shown else choice.brings,
            department_id=_chosen_department(view, choice) if is_shown else choice.department_id,
            by=person,
            now=now,
        )
    except curation.TitleError:
        await ack(response_action="errors", errors={choice.title_field: bad_title(MAX_TITLE, _)})
        return
    except curation.AddressError:
        await ack(response_action="errors", errors={source_form.OFFER: bad_address(_)})
        return
    await ack()
    _publish_soon(context, 0)


async def publish(context: AsyncBoltContext, offset: int) -> None:
    """Publish a page of the sources as an administrator's App Home."""
    store, person, _, now = (context[name] for name in ("store", "person", "_", "now"))
    page = await store.read(_page, person=person, offset=offset, now=now)
    await context.client.views_publish(user_id=person.chat_id, view=blocks.sources_view(page, _))


def removed_already(_error: RemovedError, _: Texts) -> str:
    """Say that someone was quicker."""
    return removed(_)


def _listener(deed: Deed) -> Callable[..., Awaitable[None]]:
    """Return what listens to the button of a deed."""

    async def act(
        ack: AsyncAck,
        action: dict[str, Any],
        body: dict[str, Any],
        context: AsyncBoltContext,
        store: InboundStore,
        person: Person,
        now: datetime,
    ) -> None:
        """An administrator pressed a button of a source."""
        offset = _offset(body)
        try:
            await store.run(_do, deed, action["value"], by=person, now=now)
        except RemovedError:
            _publish_soon(context, offset)
            raise
        await ack()
        _publish_soon(context, offset)

    return act


def _do(session: Session, deed: Deed, mark: str, *, by: Person, now: datetime) -> None:
    source = curation.of_admin(session, mark, by=by)
    deed(session, source, now=now)


def _remove(session: Session, source: Source, *, now: datetime) -> None:  # noqa: ARG001 - as all deeds have it
    curation.remove(session, source)


def _page(session: Session, *, person: Person, offset: int, now: datetime) -> blocks.SourcesPage:
    """Return a page of the sources; if fewer are left, the last one that there is.

    Raises:
        NotAllowedError: the person is no administrator.
    """
    people.require(session, person, Role.ADMIN)
    tally = curation.tally(session, person)
    assert tally is not None
    last = max(0, tally.total - 1) // blocks.PAGE * blocks.PAGE
    offset = min(max(offset, 0), last)
    sources = curation.overview(session, now=now, limit=blocks.PAGE, offset=offset)
    return blocks.SourcesPage(sources, tally, offset, now)


def _offset(body: dict[str, Any]) -> int:
    """Return which page someone was looking at."""
    kept = (body.get("view") or {}).get("private_metadata") or ""
    return int(kept) if kept.isdecimal() else 0


def _number(option: dict[str, Any] | None, choice: source_form.Choice) -> int:
    """Return which of the things that were found was chosen."""
    value = (option or {}).get("value") or ""
    return int(value) if value.isdecimal() and int(value) < len(choice.offers) else choice.chosen


def _chosen_department(view: View, choice: source_form.Choice) -> int | None:
    value = field(view, choice.department_field)
    return int(value) if value.isdecimal() else None


def _publish_soon(context: AsyncBoltContext, offset: int) -> None:
    """Bring the page up to date without keeping anyone waiting, as `home.renew_soon` does."""
    home.do_soon(publish(context, offset))


async def _found(discover: Discover, address: str) -> Sequence[Offer] | FetchError | None:
    """Return what an address offers, why it can't be had, or None when that takes too long or is nothing."""
    known = {kind.value for kind in SourceKind}
    try:
        async with asyncio.timeout(LOOK_FOR_S):
            found = await discover(address)
    except TimeoutError:
        return FetchError(Reason.TIMEOUT)
    except FetchError as error:
        return error
    except Exception:
        log.exception("not_discovered")
        return FetchError(Reason.UNREADABLE)
    return [one for one in found if one.kind in known] or None


async def _show_found(
    task: asyncio.Task[Sequence[Offer] | FetchError | None],
    view_id: str,
    address: str,
    client: AsyncWebClient,
    store: InboundStore,
    _: Texts,
) -> None:
    """Show what was found in the form that says that someone is looking."""
    await asyncio.sleep(TAKEN_S)
    found = await task
    if found is None or isinstance(found, FetchError):
        view = source_form.address_form(_, address=address, problem=_problem(found, _))
    else:
        view = await _offer_form(found, store, _)
    try:
        await client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        # Whoever closed the form does not want to know any more.
        log.info("found_for_nobody", reason=error.response.get("error"))


async def _offer_form(found: Sequence[Offer], store: InboundStore, _: Texts) -> dict[str, Any]:
    """Return the form that shows what was found, and what of it is read already."""
    sources = await store.read(curation.known, [one.url for one in found])
    departments = await store.read(people.departments)
    return source_form.offer_form(source_form.Choice.of(found, sources), departments, _)


def _problem(error: FetchError | None, _: Texts) -> str:
    return source_trouble(error.reason.value, error.detail, _) if error else nothing_found(_)


DEEDS: Final[dict[str, Deed]] = {
    blocks.POLL: curation.poll_now,
    blocks.PAUSE: curation.pause,
    blocks.RESUME: curation.resume,
    blocks.REMOVE: _remove,
}
REFUSALS: Final[dict[type[Exception], Callable[[Any, Texts], str]]] = {RemovedError: removed_already}
