"""`/metrics` of an assistant at work: what it sent and what came in."""

import socket
from pathlib import Path

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.handlers.chat.conftest import ANN, COMMS, RED, an_office


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


async def figure(port: int, name: str, label: str) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        families = text_string_to_metric_families(await answer.text())
    return next(
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == f"stadtfunk_{name}" and label in sample.labels.values()
    )


async def test_what_an_assistant_sends_and_gets_is_counted(tmp_path: Path):
    port = free_port()
    async with an_office(tmp_path, ops_port=port) as office:
        ann = office.person(ANN)
        await ann.slash("/funk", "idee")
        form = await ann.form()
        await form.submit({form.fields[0]: "Gezählt"})
        await office.person(RED).sees("Gezählt", channel=COMMS)
        await ann.sees("Gezählt")

        assert await figure(port, "inbound_total", "received") >= 2
        assert await figure(port, "inbound_total", "repeated") == 0
        assert await figure(port, "delivery_results_total", "sent") >= 1
