"""Ids and timestamps in Slack's forms."""

import secrets
import string

from sandbox.state.clock import Clock, stamp

ALPHABET = string.ascii_uppercase + string.digits


def new_id(prefix: str) -> str:
    """Return a fresh id such as `V07A1B2C3D4`."""
    return prefix + "0" + "".join(secrets.choice(ALPHABET) for _ in range(9))


def short_id() -> str:
    """Return a fresh id of five characters, as Slack gives to blocks without one."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(5))


class Stamps:
    """Gives out message timestamps: seconds and microseconds, each later than the one before."""

    def __init__(self, clock: Clock, latest: str = "0.000000") -> None:
        """Start after `latest`, the newest timestamp of the workspace."""
        self._clock = clock
        seconds, micros = latest.split(".")
        self._latest = int(seconds) * 1_000_000 + int(micros)

    def next(self) -> str:
        """Return the next timestamp."""
        self._latest = max(self._clock.micros(), self._latest + 1)
        return stamp(self._latest)
