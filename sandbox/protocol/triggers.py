"""Trigger ids: for three seconds, and once, the app may answer a person's deed with a modal."""

import secrets
from dataclasses import dataclass

from sandbox.protocol.expiry import forget_old
from sandbox.state.clock import Clock
from sandbox.state.errors import RefusedError

LIFETIME = 3.0
# Spent and expired ids are remembered this long, so that the app is told which of the two it was.
MEMORY = 60.0


@dataclass
class _Trigger:
    person_id: str
    issued_at: float
    is_spent: bool = False


class Triggers:
    """The trigger ids that were given out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, _Trigger] = {}

    def issue(self, person_id: str) -> str:
        """Return a fresh trigger id for what this person did just now."""
        now = self._clock.time()
        forget_old(self._issued, lambda trigger: now - trigger.issued_at >= MEMORY)
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**13)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = _Trigger(person_id, now)
        return trigger_id

    def spend(self, trigger_id: str) -> str:
        """Use up a trigger id and return the person it belongs to.

        Raises:
            RefusedError: `invalid_trigger_id`, `exchanged_trigger_id`, `expired_trigger_id`.
        """
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise RefusedError("invalid_trigger_id")
        if trigger.is_spent:
            raise RefusedError("exchanged_trigger_id")
        if self._clock.time() - trigger.issued_at > LIFETIME:
            raise RefusedError("expired_trigger_id")
        trigger.is_spent = True
        return trigger.person_id
