"""The `users.*` methods."""

from sandbox.protocol import shapes
from sandbox.protocol.call import Call, Method, Methods
from sandbox.state.app import BOT_USER_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON, Member

# Larger workspaces come in pages whatever the app asks for.
MOST = 1000


def info(call: Call) -> JSON:
    """Return a person or bot."""
    return {"user": _shown(call, call.workspace.member(call.text("user")))}


def list_(call: Call) -> JSON:
    """Return everybody; without a limit all at once."""
    members = call.workspace.members()
    found, cursor = call.page(members, lambda member: member.id, len(members), MOST)
    people = [_shown(call, member) for member in found]
    return {
        "members": people,
        "cache_ts": int(call.workspace.clock.time()),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(call: Call) -> JSON:
    """Return the person with this mail address."""
    asked = call.text("email").casefold()
    for member in call.workspace.people():
        if member.email.casefold() == asked and not member.is_deleted:
            return {"user": _shown(call, member)}
    raise RefusedError("users_not_found")


def profile(call: Call) -> JSON:
    """Return the profile of a person, or of the bot."""
    shown = _shown(call, call.workspace.member(call.text("user") or BOT_USER_ID))["profile"]
    return {"profile": {**shown, "fields": {}}}


def presence(call: Call) -> JSON:
    """Return whether a person is at their desk; of the bot itself a little more."""
    member = call.workspace.member(call.text("user") or BOT_USER_ID)
    is_away = member.is_away or member.is_deleted
    answer: JSON = {"presence": "away" if is_away else "active"}
    if member.id == BOT_USER_ID:
        own = {"online": not is_away, "auto_away": False, "manual_away": is_away}
        answer |= {**own, "connection_count": 1, "last_activity": int(call.workspace.clock.time())}
    return answer


def _shown(call: Call, member: Member) -> JSON:
    shown = shapes.user(member)
    if member.is_deleted:
        del shown["real_name"]
    scopes = call.workspace.app.scopes
    if not member.is_bot and (not scopes or "users:read.email" in scopes):
        shown["profile"]["email"] = member.email
    if call.is_set("include_locale"):
        shown["locale"] = member.locale
    return shown


READ = ("users:read",)
METHODS: Methods = {
    "users.getPresence": Method(presence, scopes=READ),
    "users.info": Method(info, scopes=READ),
    "users.list": Method(list_, scopes=READ),
    "users.lookupByEmail": Method(lookup_by_email, scopes=("users:read.email",)),
    "users.profile.get": Method(profile, scopes=("users.profile:read",)),
}
