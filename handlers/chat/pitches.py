"""Pitches in Slack: four ways to the form."""

from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import people, pitches
from bot.people import Person
from bot.pitches import MAX_STORY, MAX_TITLE
from bot.texts import Texts
from handlers.chat import home
from handlers.chat.answers import View, field, plain_text
from handlers.chat.blocks import pitches as blocks
from handlers.chat.inbound import InboundStore

FROM_MESSAGE: Final = "pitch_from_message"


def register(app: AsyncApp) -> None:
    """Connect the listeners."""
    app.shortcut(blocks.NEW)(open_form)
    app.action(blocks.NEW)(open_form)
    app.shortcut(FROM_MESSAGE)(open_form_from_message)
    app.view(blocks.FORM)(submit)


async def open_form(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, store: InboundStore, person: Person, _: Texts
) -> None:
    """Someone has an idea: show the form."""
    await show_form(body["trigger_id"], client=client, store=store, person=person, _=_)
    await ack()


async def open_form_from_message(
    ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, store: InboundStore, person: Person, _: Texts
) -> None:
    """A message is worth a story: show the form with its words and keep where it stands."""
    channel, message = body["channel"]["id"], body["message"]
    link = await client.chat_getPermalink(channel=channel, message_ts=message["ts"])
    story = plain_text(message.get("text", ""))
    await show_form(
        body["trigger_id"],
        client=client,
        store=store,
        person=person,
        _=_,
        title=story.splitlines()[0] if story else "",
        story=story,
        permalink=link["permalink"],
    )
    await ack()


async def show_form(
    trigger_id: str,
    *,
    client: AsyncWebClient,
    store: InboundStore,
    person: Person,
    _: Texts,
    title: str = "",
    story: str = "",
    permalink: str = "",
) -> None:
    """Open the pitch form, also for the slash command."""
    departments = await store.read(people.departments)
    view = blocks.pitch_form(
        _, departments, title=title, story=story, department_id=person.department_id, permalink=permalink
    )
    await client.views_open(trigger_id=trigger_id, view=view)


async def submit(
    ack: AsyncAck,
    view: View,
    context: AsyncBoltContext,
    store: InboundStore,
    person: Person,
    _: Texts,
    now: datetime,
) -> None:
    """The pitch form was sent: keep the pitch; the thanks to its author go out with it."""
    department = field(view, blocks.DEPARTMENT)
    try:
        await store.run(
            pitches.submit,
            title=field(view, blocks.TITLE),
            story=field(view, blocks.STORY),
            pitcher=person,
            permalink=view["private_metadata"] or None,
            department_id=int(department) if department else None,
            now=now,
        )
    except pitches.TitleError:
        hint = _("Please give your idea a title of at most {limit} characters.", limit=MAX_TITLE)
        await ack(response_action="errors", errors={blocks.TITLE: hint})
        return
    except pitches.TooLongError:
        hint = _("Please use at most {limit} characters.", limit=MAX_STORY)
        await ack(response_action="errors", errors={blocks.STORY: hint})
        return
    await ack()
    home.renew_soon(context)
