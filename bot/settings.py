"""What can be set: environment beats `.env` beats `stadtfunk.toml`, each name with STADTFUNK_ before it."""

from collections.abc import Mapping, Sequence
from datetime import time
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

__all__ = ["Settings", "UnreadableSettingsError", "load", "weekday_and_time"]

PREFIX = "STADTFUNK_"
USER_AGENT = "Stadtfunk/0.1"
DATABASE = "sqlite:///var/stadtfunk.sqlite"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Rhythm = Literal["monthly", "quarterly", "half-yearly", "yearly"]


class UnreadableSettingsError(Exception):
    """The settings can't be used; the message names each and says what is wrong with it.

    Attributes:
        kinds: name of a setting to pydantic's kinds of error with it; empty when a file can't be read.
    """

    def __init__(self, message: str, kinds: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.kinds = kinds or {}


class Settings(BaseSettings):
    """All settings with their defaults. Every name is documented in docs/betreiben.md and .env.example."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    database_url: str = DATABASE
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    ops_host: str = "127.0.0.1"
    ops_port: int = Field(default=8081, ge=0, le=65535)
    ops_url: str = ""
    public_url: str = ""
    timezone: str = "Europe/Berlin"
    holidays: str = "DE-BY:public,catholic"
    locale: Literal["de", "en"] = "de"
    comms_channel: str = ""
    review_channel: str = ""
    admin_channel: str = ""
    admins: Annotated[tuple[str, ...], NoDecode] = ()
    fetch_allow: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    digest_at: str = "Mon 09:00"
    digest_undecided_days: int = Field(default=7, ge=1, le=365)
    digest_silent_weeks: int = Field(default=8, ge=1, le=104)
    digest_when_empty: Literal["line", "nothing"] = "line"
    ask_departments_weeks: int = Field(default=8, ge=0, le=104)
    round_rhythm: Rhythm = "quarterly"
    round_days: int = Field(default=14, ge=1, le=90)

    @field_validator("admins", "fetch_allow", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("no such time zone; write it like Europe/Berlin")
        return value

    @field_validator("holidays")
    @classmethod
    def _known_holidays(cls, value: str) -> str:
        # Imported only here: it is slow, and the default needs no check.
        from bot.workdays import Workdays  # noqa: PLC0415 - see above

        try:
            Workdays(value, ZoneInfo("UTC"))
        except (NotImplementedError, ValueError) as error:
            raise ValueError("no such place or category; write it like DE-BY:public,catholic") from error
        return value

    @field_validator("digest_at")
    @classmethod
    def _weekday_and_time(cls, value: str) -> str:
        weekday_and_time(value)
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def site_url(self) -> str:
        """Where citizens reach the public site, without a slash at its end."""
        return (self.public_url or f"http://{self.web_host}:{self.web_port}").rstrip("/")

    @property
    def ops_address(self) -> str:
        """Where colleagues reach what is served beside the public site, without a slash at its end."""
        return (self.ops_url or f"http://{self.ops_host}:{self.ops_port}").rstrip("/")

    @property
    def user_agent(self) -> str:
        """How we introduce ourselves to servers of sources: with the city's own address, if it is known."""
        return f"{USER_AGENT} (+{self.site_url})" if self.public_url else USER_AGENT

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the sources into their order."""
        del file_secret_settings
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)


def load(folder: Path = Path()) -> Settings:
    """Read the settings of this process from the environment and the two files in `folder`.

    Raises:
        UnreadableSettingsError: a file can't be read or a value can't be used.
    """

    class Here(Settings):
        model_config = SettingsConfigDict(toml_file=folder / "stadtfunk.toml")

    try:
        return Here(_env_file=folder / ".env")  # type: ignore[call-arg]
    except ValidationError as error:
        wrong: dict[str, list[str]] = {}
        kinds: dict[str, list[str]] = {}
        for detail in error.errors(include_input=False):
            name = f"{PREFIX}{detail['loc'][0]}".upper()
            wrong.setdefault(name, []).append(detail["msg"])
            kinds.setdefault(name, []).append(detail["type"])
        sentences = (f"{name}: {', '.join(dict.fromkeys(reasons))}" for name, reasons in wrong.items())
        raise UnreadableSettingsError("; ".join(sentences), kinds) from error
    except (SettingsError, ValueError, OSError) as error:
        raise UnreadableSettingsError(f"stadtfunk.toml or .env: {error}") from error


def weekday_and_time(words: str) -> tuple[int, time]:
    """Return weekday (Monday is 0) and time of day of words like `Mon 09:00`.

    Raises:
        ValueError: the words are not of that form.
    """
    day, _, clock = words.partition(" ")
    if day not in WEEKDAYS:
        raise ValueError("write a weekday and a time like Mon 09:00")
    return WEEKDAYS.index(day), time.fromisoformat(clock)
