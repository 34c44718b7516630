"""Whether Slack takes the app's token; while it does not, nothing is sent and nothing given up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.chat.refusals import ACCOUNT, reason_of

log = structlog.get_logger(__name__)

ASKED_EVERY: Final = timedelta(minutes=1)


class Access:
    """What Slack last said about the token.

    Attributes:
        refused: Slack's word for why it takes nothing from us, such as `token_revoked`; None while it does.
    """

    def __init__(self, client: AsyncWebClient, clock: Callable[[], datetime]) -> None:
        """Begin with a token that is taken: whoever starts the assistant has asked."""
        self.refused: str | None = None
        self._client, self._clock = client, clock
        self._ask_at = clock()

    def lose(self, reason: str) -> None:
        """Keep that Slack refuses the token."""
        if self.refused is None:
            log.error("slack_access_lost", reason=reason)
            self._ask_at = self._clock() + ASKED_EVERY
        self.refused = reason

    async def is_granted(self) -> bool:
        """Say whether the token is taken; while it is not, Slack is asked once a minute."""
        if self.refused is None:
            return True
        if self._clock() < self._ask_at:
            return False
        self._ask_at = self._clock() + ASKED_EVERY
        try:
            await self._client.auth_test()
        except SlackApiError as error:
            reason, _ = reason_of(error)
            self.refused = reason if reason in ACCOUNT else self.refused
            return False
        except (SlackClientError, aiohttp.ClientError, TimeoutError):
            return False
        log.info("slack_access_back", reason=self.refused)
        self.refused = None
        return True
