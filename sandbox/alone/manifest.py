"""An app's manifest in a file, in the form that Slack itself exports and takes."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.alone.files import read
from sandbox.page.texts import Texts


class _Part(BaseModel):
    # Slack's manifests say more than the sandbox needs to know.
    model_config = ConfigDict(extra="allow")


class _Command(_Part):
    command: Annotated[str, Field(pattern=r"^/\S+$")]
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


class _Shortcut(_Part):
    name: str
    type: Literal["global", "message"]
    callback_id: str
    description: str = ""


class _Bot(_Part):
    display_name: str


class _Features(_Part):
    bot_user: _Bot | None = None
    slash_commands: list[_Command] = []
    shortcuts: list[_Shortcut] = []
    unfurl_domains: list[str] = []
    app_home: dict[str, Any] = {}


class _Information(_Part):
    name: Annotated[str, Field(min_length=1)]


class _Subscriptions(_Part):
    bot_events: list[str] = []


class _Settings(_Part):
    event_subscriptions: _Subscriptions = _Subscriptions()


class _Scopes(_Part):
    bot: list[str] = []


class _OAuth(_Part):
    scopes: _Scopes = _Scopes()


class _Manifest(_Part):
    display_information: _Information
    features: _Features = _Features()
    oauth_config: _OAuth = _OAuth()
    settings: _Settings = _Settings()


def manifest_in(file: Path, _: Texts) -> dict[str, Any]:
    """Return the manifest in a file.

    Raises:
        FileError: it is none.
    """
    return read(file, _Manifest, _)[1]
