"""`/metrics` for Prometheus: what this process did, and how the shared work stands. No person, no channel."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from bot import watch
from bot.delivery import DeliveryState
from bot.watch import Watch
from storage.store import Store

# From an answer at once to the last patience with one message.
SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45)
# What came of a message, by the deed that notes it.
RESULTS: Final = {
    "sent": "sent",
    "edited": "edited",
    "slowed": "slowed",
    "unclear": "retried",
    "put_back": "put_back",
    "failed": "failed",
    "person_gone": "failed",
    "channel_gone": "failed",
    "drop": "dropped",
}
OTHER: Final = "other"


class Metrics:
    """Counts what this process does; what all processes share is asked of the store when someone looks."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._results = Counter(
            "stadtfunk_delivery_results",
            "What came of messages in this process",
            ["result"],
            registry=self._registry,
        )
        for result in (*RESULTS.values(), OTHER):
            self._results.labels(result)
        self._seconds = Histogram(
            "stadtfunk_delivery_seconds",
            "Seconds with Slack for one message, to send or to edit it",
            registry=self._registry,
            buckets=SECONDS,
        )
        self._inbound = Counter(
            "stadtfunk_inbound",
            "What came in from Slack: all that was received, and of that repeated, which acts only once",
            ["outcome"],
            registry=self._registry,
        )
        for outcome in ("received", "repeated"):
            self._inbound.labels(outcome)
        self._store_up = self._gauge("store_up", "Whether the store answers")
        self._states = self._gauge("deliveries", "Messages by state, at most 100000 are counted", "state")
        self._waiting = self._gauge(
            "delivery_oldest_waiting_seconds", "For how long the oldest message waits that is not out"
        )
        self._lanes = self._gauge("lanes_held", "Channels and people to whom something is on its way")
        self._paces = self._gauge(
            "pace_calls_per_minute", "How often a method of Slack's may be called", "method"
        )
        self._slowed = self._gauge(
            "pace_slowed", "Whether Slack wants no call of a method at this moment", "method"
        )
        self._ages = self._gauge(
            "source_last_success_age_seconds", "How long ago a source was last read well", "source"
        )
        self._failures = self._gauge(
            "source_failures", "How often reading a source failed since it last went well", "source"
        )

    def delivered(self, result: str, seconds: float) -> None:
        """Count what came of a message, by the name of the deed that notes it."""
        self._results.labels(RESULTS.get(result, OTHER)).inc()
        self._seconds.observe(seconds)

    def came_in(self, outcome: str) -> None:
        """Count what Slack sent: `received`, and `repeated` too when it was done before."""
        self._inbound.labels(outcome).inc()

    async def scrape(self, _request: web.Request) -> web.Response:
        """Say it all in Prometheus' words; without the store what this process knows."""
        try:
            found = await self._store.read(watch.watch, now=self._clock())
        except Exception:  # noqa: BLE001 - whatever it is, the rest is still worth knowing
            self._forget()
        else:
            self._set(found)
        return web.Response(
            body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"stadtfunk_{name}", words, labels, registry=self._registry)

    def _set(self, found: Watch) -> None:
        self._forget()
        self._store_up.set(1)
        for state in DeliveryState:
            self._states.labels(state.value).set(found.states.get(state, 0))
        self._waiting.set(found.waiting_for.total_seconds())
        self._lanes.set(found.lanes_held)
        for pace in found.paces:
            self._paces.labels(pace.method).set(pace.per_minute)
            self._slowed.labels(pace.method).set(pace.is_slowed)
        for reading in found.readings:
            self._failures.labels(reading.source_id).set(reading.failures)
            if reading.age is not None:
                self._ages.labels(reading.source_id).set(reading.age.total_seconds())

    def _forget(self) -> None:
        """Old figures would look like new ones."""
        self._store_up.set(0)
        self._waiting.set(float("nan"))
        self._lanes.set(float("nan"))
        for gauge in (self._states, self._paces, self._slowed, self._ages, self._failures):
            gauge.clear()
