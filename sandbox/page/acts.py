"""What a person does on the page, handed on to the workspace or the app."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from sandbox.page.fields import Fields
from sandbox.page.names import address
from sandbox.page.offers import Offers
from sandbox.page.screen import Shown
from sandbox.page.texts import Texts, texts
from sandbox.protocol.arguments import loaded
from sandbox.protocol.outcome import Outcome
from sandbox.state.errors import RefusedError
from sandbox.state.offers import offered
from sandbox.state.records import JSON, Message


def refusal(code: str, _: Texts) -> str:
    """Return what a person is told when the workspace says no."""
    sentences = {
        "is_archived": _("This channel is archived."),
        "not_in_channel": _("You are not in this channel."),
        "thread_not_found": _("The message of this thread is gone."),
        "message_not_found": _("This message is gone."),
        "not_found": _("That is gone."),
        "file_not_found": _("This file is gone."),
        "file_deleted": _("This file is gone."),
        "account_inactive": _("This account is deactivated."),
        "channel_not_found": _("This channel is gone."),
        "msg_too_long": _("This message is too long: at most 40,000 characters fit."),
        "cant_update_message": _("Only your own messages can be edited."),
        "cant_delete_message": _("Only your own messages can be deleted."),
        "too_many_emoji": _("There are too many different emoji below this message."),
        "too_many_reactions": _("You have put too many emoji below this message."),
    }
    return sentences.get(code) or _("That did not work ({reason}).", reason=code)


def is_from_here(request: web.Request) -> bool:
    """Return whether a request comes from a page of our own, not from another site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.host}"


class Acts:
    """Everything one can do; each act takes the JSON that the page sends and returns an answer for it."""

    def __init__(self, sandbox: Shown) -> None:
        self._sandbox = sandbox
        self._fields = Fields(sandbox.workspace, sandbox.interactions)
        self._acts: dict[str, Callable[[JSON], Awaitable[JSON]]] = {
            "post": self._post,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "join": self._join,
            "read": self._read,
            "open_dm": self._open_dm,
            "home": self._home,
            "slash": self._slash,
            "click": self._click,
            "fill": self._fill,
            "offers": self._offers,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "message_shortcut": self._message_shortcut,
            "control": self._control,
            "forget": self._forget,
            "guide": self._guide,
        }

    async def serve(self, request: web.Request) -> web.Response:
        """Do what a page asks for."""
        if not is_from_here(request) or request.content_type != "application/json":
            raise web.HTTPForbidden
        act = self._acts.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound
        try:
            given = _given(await request.text())
            _ = texts(self._sandbox.workspace.member(given["person"]).locale)
            try:
                answer = await act(given)
            except RefusedError as error:
                answer = {"failure": refusal(error.code, _)}
        except RefusedError as error:
            raise web.HTTPNotFound from error
        except (ValueError, LookupError, TypeError) as error:
            raise web.HTTPBadRequest from error
        return web.json_response(answer)

    async def _post(self, given: JSON) -> JSON:
        self._sandbox.workspace.post(
            given["person"],
            given["channel"],
            given["text"],
            given.get("thread") or None,
            is_broadcast=given.get("broadcast") == "yes",
            client_msg_id=given.get("id"),
        )
        return {}

    async def _edit(self, given: JSON) -> JSON:
        self._sandbox.workspace.edit(given["person"], given["channel"], given["ts"], given["text"])
        return {}

    async def _delete(self, given: JSON) -> JSON:
        self._sandbox.workspace.retract(given["person"], given["channel"], given["ts"])
        return {}

    async def _react(self, given: JSON) -> JSON:
        """Put an emoji below a message, or take it away when the person has put it there before."""
        workspace, person, name = self._sandbox.workspace, given["person"], given["name"]
        has_it = any(one["name"] == name and person in one["users"] for one in self._message(given).reactions)
        change = workspace.unreact if has_it else workspace.react
        change(person, given["channel"], given["ts"], name)
        return {}

    async def _join(self, given: JSON) -> JSON:
        workspace = self._sandbox.workspace
        channel = workspace.conversation(given["with"])
        if not channel.is_public:
            raise RefusedError("not_in_channel")
        workspace.join(channel.id, workspace.active(given["person"]).id)
        return {"go": address(given["person"], channel.id)}

    async def _read(self, given: JSON) -> JSON:
        self._sandbox.workspace.mark_read(given["person"], given["channel"])
        return {}

    async def _open_dm(self, given: JSON) -> JSON:
        channel_id = self._sandbox.workspace.open_dm(given["person"], given["with"])
        return {"go": address(given["person"], channel_id)}

    async def _home(self, given: JSON) -> JSON:
        return _answer(await self._sandbox.interactions.open_home(given["person"], given["tab"]))

    async def _slash(self, given: JSON) -> JSON:
        command, _, text = given["text"].strip().partition(" ")
        return _answer(
            await self._sandbox.interactions.slash(given["person"], given["channel"], command, text.strip())
        )

    async def _click(self, given: JSON) -> JSON:
        where, place = self._where(given), (given["block"], given["action"])
        values = self._fields.values(given["person"], where, given["values"])
        value = self._fields.value(given["person"], where, *place, given.get("value"))
        return _answer(
            await self._sandbox.interactions.click(given["person"], where, *place, value, values=values)
        )

    async def _fill(self, given: JSON) -> JSON:
        """Keep what is typed in a form, so that nothing is lost when the page is left."""
        # The form may be sent, closed or changed in the meantime.
        with suppress(RefusedError):
            values = self._fields.values(given["person"], given["view"], given["values"])
            self._sandbox.interactions.fill(given["person"], given["view"], values)
        return {}

    async def _offers(self, given: JSON) -> JSON:
        offers = Offers(self._sandbox.workspace, self._sandbox.interactions, given["person"])
        return await offers.offered(self._where(given), given["block"], given["action"], given["query"])

    async def _submit(self, given: JSON) -> JSON:
        values = self._fields.values(given["person"], given["view"], given["values"])
        return _answer(await self._sandbox.interactions.submit(given["person"], given["view"], values))

    async def _close(self, given: JSON) -> JSON:
        is_all = given.get("all") == "all"
        return _answer(await self._sandbox.interactions.close(given["person"], given["view"], is_all=is_all))

    async def _shortcut(self, given: JSON) -> JSON:
        return _answer(await self._sandbox.interactions.shortcut(given["person"], given["callback"]))

    async def _message_shortcut(self, given: JSON) -> JSON:
        return _answer(
            await self._sandbox.interactions.message_shortcut(
                given["person"], given["callback"], given["channel"], given["ts"]
            )
        )

    async def _control(self, given: JSON) -> JSON:
        locale = self._sandbox.workspace.member(given["person"]).locale
        controls = offered(self._sandbox.controls, locale)
        control = next((each for each in controls if each.id == given["control"]), None)
        if control is None:
            raise RefusedError("not_found")
        return {"said": await control.run()}

    async def _forget(self, _: JSON) -> JSON:
        self._sandbox.traffic.forget()
        return {}

    async def _guide(self, given: JSON) -> JSON:
        self._sandbox.workspace.hide_guide(is_hidden=given["control"] == "hide")
        self._sandbox.guide_changed()
        return {}

    def _where(self, given: JSON) -> Message | str:
        return given.get("view") or self._message(given)

    def _message(self, given: JSON) -> Message:
        message = self._sandbox.workspace.find(given["channel"], given["ts"])
        if message is None:
            raise RefusedError("message_not_found")
        return message


def _given(text: str) -> JSON:
    """Return what a page sends: texts by name, `value` and, by block and element, `values`; null is nothing.

    Raises:
        ValueError: it is something else.
    """
    said = loaded(text)
    inputs = said.get("values", {}) if isinstance(said, dict) else None
    if not isinstance(inputs, dict) or not all(isinstance(one, dict) for one in inputs.values()):
        raise ValueError("no object, or no values by block")
    given = {name: value for name, value in said.items() if value is not None}
    if not all(isinstance(given[name], str) for name in given.keys() - {"value", "values"}):
        raise ValueError("no texts")
    return given


def _answer(outcome: Outcome) -> JSON:
    return {"errors": outcome.errors, "failure": outcome.failure}
