"""Methods about the app, its bot and the team: `api.test`, `auth.*`, `apps.*`, `bots.*`, `team.*`."""

from sandbox.protocol import shapes
from sandbox.protocol.call import Call, Method, Methods
from sandbox.state.app import BOT_ID, BOT_USER_ID, TEAM_ID
from sandbox.state.errors import RefusedError
from sandbox.state.records import JSON


def api_test(call: Call) -> JSON:
    """Return the arguments, or refuse as asked."""
    error = call.text("error")
    return {**({"ok": False, "error": error} if error else {}), "args": call.args}


def auth_test(call: Call) -> JSON:
    """Return whom the token belongs to."""
    return {
        "url": call.desk.page_url,
        "team": call.workspace.team,
        "user": call.workspace.app.bot_name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> JSON:
    """Take the bot's token back, unless this is a test."""
    if call.is_set("test"):
        return {"revoked": False}
    call.workspace.revoke_tokens()
    return {"revoked": True}


def open_connection(call: Call) -> JSON:
    """Return the address of a websocket."""
    return {"url": call.desk.socket_url()}


def bot_info(call: Call) -> JSON:
    """Return the bot."""
    if call.text("bot") not in {"", BOT_ID}:
        raise RefusedError("bot_not_found")
    profile = shapes.bot_profile(call.workspace)
    kept = ("id", "deleted", "name", "updated", "app_id", "icons")
    return {"bot": {**{key: profile[key] for key in kept}, "user_id": BOT_USER_ID}}


def team_info(call: Call) -> JSON:
    """Return the team."""
    workspace = call.workspace
    is_other = call.text("domain") not in {"", workspace.domain} or call.text("team") not in {"", TEAM_ID}
    if is_other:
        raise RefusedError("team_not_found")
    return {
        "team": {
            "id": TEAM_ID,
            "name": workspace.team,
            "url": call.desk.page_url,
            "domain": workspace.domain,
            "email_domain": "sandbox.example",
            "icon": {"image_default": True},
            "avatar_base_url": "",
            "is_verified": False,
        }
    }


READ_USERS = ("users:read",)
METHODS: Methods = {
    "api.test": Method(api_test),
    "auth.revoke": Method(auth_revoke),
    "auth.test": Method(auth_test),
    "apps.connections.open": Method(open_connection, is_for_app=True),
    "bots.info": Method(bot_info, scopes=READ_USERS),
    "team.info": Method(team_info, scopes=("team:read",)),
}
