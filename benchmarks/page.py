"""How fast the workspace's page is: its first paint, and a message of the bot's on it."""

import json
import math
import os
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

import aiohttp
from playwright.async_api import Browser, Page, async_playwright

from benchmarks.cards import CHANNEL, READER
from benchmarks.figures import Figure
from benchmarks.processes import program

CHROMIUM: Final = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
SHOWN: Final = 50
# When the first content was painted, and when the largest: a message, where there are any.
PAINTS: Final = """() => new Promise((resolve) => {
  const first = () => performance.getEntriesByName("first-contentful-paint")[0].startTime;
  new PerformanceObserver((list) => resolve([first(), list.getEntries().at(-1).startTime]))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""
# Notes when each numbered message is in the page, by this machine's clock.
WATCH: Final = """() => {
  window.arrived = {};
  const look = () => {
    const text = [...document.querySelectorAll("main [data-ts]")].at(-1)?.textContent ?? "";
    const number = /Nachricht (\\d+)\\./.exec(text)?.[1];
    if (number) window.arrived[number] ??= Date.now();
  };
  new MutationObserver(look).observe(document.querySelector("main"), { childList: true, subtree: true });
}"""


async def measure(folder: Path, *, messages: int, rounds: int, posts: int) -> list[Figure]:
    """Open a full channel and an empty one in turns, then let the bot write into the full one."""
    async with (
        program("open_page", str(messages), folder=folder) as (_, full_line),
        program("open_page", "0", folder=folder) as (_, empty_line),
        async_playwright() as playwright,
    ):
        full, empty = json.loads(full_line), json.loads(empty_line)
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        try:
            paints = await _paints(browser, full, empty, rounds)
            waits = await _waits(browser, full, posts)
        finally:
            await browser.close()
    return [*_painted(paints, messages), *_arrived(waits, messages)]


async def _paints(
    browser: Browser, full: dict[str, Any], empty: dict[str, Any], rounds: int
) -> list[tuple[list[float], list[float]]]:
    """Return first and largest paint of both pages, round by round."""
    found: list[tuple[list[float], list[float]]] = []
    # The first round finds nothing in the browser's caches and does not count.
    for number in range(rounds + 1):
        sides = [full, empty] if number % 2 else [empty, full]
        times = {side["page_url"]: await _paint(browser, side) for side in sides}
        if number:
            found.append((times[full["page_url"]], times[empty["page_url"]]))
    return found


async def _paint(browser: Browser, side: dict[str, Any]) -> list[float]:
    page = await _open(browser, side)
    paints: list[float] = await page.evaluate(PAINTS)
    await page.close()
    return paints


async def _open(browser: Browser, side: dict[str, Any]) -> Page:
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await page.goto(f"{side['page_url']}?person={READER.id}&channel={CHANNEL}")
    return page


async def _waits(browser: Browser, full: dict[str, Any], posts: int) -> list[float]:
    """Return how many milliseconds each message of the bot's took, from the call to the page."""
    page = await _open(browser, full)
    assert await page.locator("main [data-ts]").count() == SHOWN
    await page.evaluate(WATCH)
    waits: list[float] = []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {full['token']}"}) as session:
        for number in range(posts):
            began = time.time() * 1000
            said = {"channel": CHANNEL, "text": f"Nachricht {number}."}
            async with session.post(f"{full['api_url']}chat.postMessage", json=said) as answer:
                assert (await answer.json())["ok"]
            arrived = await page.wait_for_function("(number) => window.arrived[number]", arg=str(number))
            waits.append(await arrived.json_value() - began)
    await page.close()
    return waits


def _painted(paints: list[tuple[list[float], list[float]]], messages: int) -> list[Figure]:
    firsts = [(full[0], empty[0]) for full, empty in paints]
    largest = [(full[1], empty[1]) for full, empty in paints]
    return [
        Figure.of_rounds(
            f"sandbox: {name}",
            [full / empty for full, empty in pairs],
            goal=goal,
            baseline=f"the page of an empty channel, {what}: {median(empty for _, empty in pairs):.0f} ms",
        )
        for name, pairs, goal, what in (
            (f"first_paint_of_{messages}_ratio", firsts, 1.5, "first contentful paint"),
            (f"largest_paint_of_{messages}_ratio", largest, None, "largest contentful paint"),
        )
    ]


def _arrived(waits: list[float], messages: int) -> list[Figure]:
    ordered = sorted(waits)
    p99 = ordered[math.ceil(len(ordered) * 0.99) - 1]
    baseline = f"{len(waits)} messages of the bot into a channel of {messages}, from the call to the page"
    spread = (ordered[0], ordered[-1])
    return [
        Figure("sandbox: message_on_page_ms_p99", p99, 200, "lower", baseline, unit="ms", spread=spread),
        Figure(
            "sandbox: message_on_page_ms", median(ordered), None, "lower", baseline, unit="ms", spread=spread
        ),
    ]
