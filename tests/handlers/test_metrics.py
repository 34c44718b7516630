"""`/metrics`: what Prometheus reads, over real deliveries, lanes, paces and sources."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from slack_bolt.async_app import AsyncApp
from sqlmodel import Session

from bot import curation, delivery, pace, polling, sending
from bot.sources import FetchError, Reason
from handlers.metrics import Metrics
from handlers.ops import make_ops
from storage.sources import SourceKind
from storage.store import Store
from tests.made import NOW, person

LATER = NOW + timedelta(seconds=90)
Figures = dict[tuple[str, ...], float]


@pytest.fixture
def metrics(store: Store) -> Metrics:
    return Metrics(store, lambda: LATER)


@pytest.fixture
async def prometheus(
    store: Store, metrics: Metrics
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """Whoever asks the operators' port."""
    app = AsyncApp(signing_secret="s3cret", token="xoxb-1")
    async with TestClient(TestServer(make_ops(store, app, metrics=metrics.scrape))) as client:
        yield client


async def figures(client: TestClient[web.Request, web.Application]) -> Figures:
    """Return each figure by its name and labels."""
    answer = await client.get("/metrics")
    assert answer.status == 200
    return {
        (sample.name.removeprefix("stadtfunk_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(await answer.text())
        for sample in family.samples
    }


def some(session: Session) -> None:
    """One message on its way, one that waits, one that was given up."""
    for number in range(2):
        delivery.note(session, "card", number, to="C0GEHEIM", now=NOW)
    gone = delivery.note(session, "card", 1, to=person(session, "U0GEHEIM"), now=NOW)
    delivery.given_up(gone, "user_disabled")
    sending.take(session, now=NOW, slots=1)


async def test_messages_are_counted_by_state(store: Store, prometheus):
    store.do(some)

    found = await figures(prometheus)

    states = {labels[1]: value for labels, value in found.items() if labels[0] == "deliveries"}
    assert states == {"due": 1, "sending": 1, "sent": 0, "cancelled": 0, "failed": 1}


async def test_the_oldest_waiting_message_has_an_age(store: Store, prometheus):
    assert (await figures(prometheus))["delivery_oldest_waiting_seconds",] == 0

    store.do(some)

    assert (await figures(prometheus))["delivery_oldest_waiting_seconds",] == 90


async def test_lanes_that_are_held_are_counted(store: Store, prometheus):
    store.do(some)

    assert (await figures(prometheus))["lanes_held",] == 1


async def test_a_method_that_slack_wants_less_of_is_seen_with_its_pace(store: Store, prometheus):
    def refuse(session: Session) -> None:
        sending.take(session, now=NOW)
        pace.slow_down(session, pace.POST, retry_after=timedelta(minutes=5), now=LATER)

    store.do(refuse)

    found = await figures(prometheus)
    assert found["pace_slowed", pace.POST] == 1
    assert found["pace_slowed", pace.EDIT] == 0
    assert found["pace_calls_per_minute", pace.POST] == pace.START[pace.POST] / 2


async def test_a_source_has_the_age_of_its_last_success_by_its_id(store: Store, prometheus):
    def read(session: Session) -> None:
        for name in ("gut", "nie"):
            url = f"https://{name}.example/"
            kind = SourceKind.FEED
            curation.add(session, kind=kind, name=name, url=url, every_s=60, now=NOW, origin="test")
        good, never = curation.listed(session)
        good.succeeded_at = NOW
        polling.failed(session, never.id or 0, FetchError(Reason.TIMEOUT), now=NOW)

    store.do(read)

    found = await figures(prometheus)
    assert found["source_last_success_age_seconds", "1"] == 90
    assert ("source_last_success_age_seconds", "2") not in found
    assert found["source_failures", "2"] == 1


async def test_what_came_of_messages_is_counted_with_its_seconds(metrics: Metrics, prometheus):
    for deed in ("sent", "sent", "edited", "slowed", "unclear", "failed", "channel_gone", "drop"):
        metrics.delivered(deed, 0.2)

    found = await figures(prometheus)
    results = {labels[1]: value for labels, value in found.items() if labels[0] == "delivery_results_total"}
    assert {name: count for name, count in results.items() if count} == {
        "sent": 2,
        "edited": 1,
        "slowed": 1,
        "retried": 1,
        "failed": 2,
        "dropped": 1,
    }
    assert found["delivery_seconds_count",] == 8
    assert found["delivery_seconds_bucket", "0.1"] == 0
    assert found["delivery_seconds_bucket", "0.25"] == 8


async def test_what_comes_in_is_counted(metrics: Metrics, prometheus):
    metrics.came_in("received")
    metrics.came_in("received")
    metrics.came_in("repeated")

    found = await figures(prometheus)
    assert (found["inbound_total", "received"], found["inbound_total", "repeated"]) == (2, 1)


async def test_no_figure_names_a_person_a_channel_or_a_source(store: Store, prometheus):
    store.do(some)

    answer = await (await prometheus.get("/metrics")).text()

    assert "GEHEIM" not in answer
    assert ".example" not in answer


async def test_without_its_store_it_says_so_and_shows_no_old_figures(
    store: Store, metrics: Metrics, prometheus
):
    store.do(some)
    assert (await figures(prometheus))["store_up",] == 1
    metrics.delivered("sent", 0.2)

    store.close()

    found = await figures(prometheus)
    assert found["store_up",] == 0
    assert found["delivery_results_total", "sent"] == 1
    assert not any(labels[0] == "deliveries" for labels in found)


async def test_without_metrics_there_is_no_such_page(store: Store):
    app = AsyncApp(signing_secret="s3cret", token="xoxb-1")
    async with TestClient(TestServer(make_ops(store, app))) as client:
        assert (await client.get("/metrics")).status == 404
