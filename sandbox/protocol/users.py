"""The `users.*` methods."""

from sandbox.protocol import shapes
from sandbox.protocol.call import Call, Method, Methods
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Member


def info(call: Call) -> JSON:
    """Return a person or bot."""
    return {"user": _shown(call, call.workspace.member(call.text("user")))}


def list_(call: Call) -> JSON:
    """Return everybody."""
    found, cursor = call.page(call.workspace.members(), lambda member: member.id, 100, 1000)
    people = [_shown(call, member) for member in found]
    return {
        "members": people,
        "cache_ts": int(call.workspace.clock.time()),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(call: Call) -> JSON:
    """Return the person with this mail address."""
    for member in call.workspace.people():
        if member.email == call.text("email"):
            return {"user": _shown(call, member)}
    raise RefusedError("users_not_found")


def _shown(call: Call, member: Member) -> JSON:
    shown = shapes.user(member)
    scopes = call.workspace.app.scopes
    if not member.is_bot and (not scopes or "users:read.email" in scopes):
        shown["profile"]["email"] = member.email
    if call.is_set("include_locale"):
        shown["locale"] = member.locale
    return shown


READ = ("users:read",)
METHODS: Methods = {
    "users.info": Method(info, ("user",), READ),
    "users.list": Method(list_, scopes=READ),
    "users.lookupByEmail": Method(lookup_by_email, ("email",), ("users:read.email",)),
}
