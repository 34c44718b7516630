"""The benchmarks' command line and their output; no test here looks at how long anything takes."""

import json
import re

import pytest

from benchmarks import clicks, deliveries, pitches, sandbox, sources, sources_parsing
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.deliveries_schedule import Flood
from benchmarks.figures import Figure, as_line, as_table

REACHED = Figure("clicks: one click", 2.5, 3, "lower", "a bare app: 12.5 ms", unit="ms", spread=(2.25, 2.75))
MISSED = Figure("public: pages a second", 0.2, 0.3, "higher", "nginx")
TOLD = Figure("sandbox: memory", 107.1, None, "lower", "one string: 9.8 MB", unit="MB")


def test_every_benchmark_is_listed(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    assert ended.value.code == 0
    assert "{start,clicks,sandbox,deliveries,sources,pitches}" in capsys.readouterr().out
    assert list(BENCHMARKS) == ["start", "clicks", "sandbox", "deliveries", "sources", "pitches"]


def test_an_unknown_name_ends_with_status_two(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["clikcs"])

    assert ended.value.code == 2
    assert "clikcs" in capsys.readouterr().err


def test_without_a_name_all_run_one_after_the_other_and_a_missed_goal_is_no_failure(capsys, monkeypatch):
    async def reached():
        return [REACHED]

    async def missed():
        return [MISSED]

    async def told():
        return [TOLD]

    monkeypatch.setitem(BENCHMARKS, "start", reached)
    monkeypatch.setitem(BENCHMARKS, "clicks", missed)
    monkeypatch.setitem(BENCHMARKS, "sandbox", told)
    monkeypatch.delitem(BENCHMARKS, "deliveries")
    monkeypatch.delitem(BENCHMARKS, "sources")
    monkeypatch.delitem(BENCHMARKS, "pitches")

    main([])

    rows = capsys.readouterr().out.splitlines()
    assert [row.split("  ")[0] for row in rows] == ["figure", REACHED.name, MISSED.name, TOLD.name]


def test_with_json_each_figure_is_one_line_with_the_agreed_names(capsys, monkeypatch):
    async def measured():
        return [REACHED, MISSED]

    monkeypatch.setitem(BENCHMARKS, "start", measured)

    main(["start", "--json"])

    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {
        "figure": "clicks: one click",
        "value": 2.5,
        "goal": 3,
        "better": "lower",
        "baseline": "a bare app: 12.5 ms",
    }
    assert second["better"] == "higher"


def test_the_table_marks_a_missed_goal_in_either_direction():
    _head, reached, missed = as_table([REACHED, MISSED]).splitlines()

    assert "2.50 ms  ≤ 3 ms  ok" in reached
    assert "2.25 – 2.75" in reached
    assert "0.20     ≥ 0.3   MISSED" in missed


def test_the_table_calls_a_figure_without_a_goal_neither_reached_nor_missed():
    _head, told = as_table([TOLD]).splitlines()

    assert re.split("  +", told) == ["sandbox: memory", "107.10 MB", "one string: 9.8 MB"]


def test_a_figure_without_a_goal_says_so_in_json():
    assert json.loads(as_line(TOLD))["goal"] is None


def test_a_figure_of_rounds_is_their_median_with_the_extremes_beside_it():
    figure = Figure.of_rounds("ratio", [1.5, 1.0, 1.2], goal=1.3, baseline="another")

    assert figure.is_reached
    assert json.loads(as_line(figure))["value"] == 1.2
    assert figure.spread == (1.0, 1.5)


async def test_the_clicks_are_real_ones_that_the_assistant_and_the_bare_apps_take():
    figures = await clicks.measure(rounds=1, presses=2)

    assert [figure.goal for figure in figures] == [3, 1.5]
    assert all(figure.value > 0 for figure in figures)


async def test_the_sandbox_is_measured_by_real_presses_messages_and_starts():
    figures = await sandbox.measure(rounds=1, presses=12, messages=20, starts=1, shown=60, paints=1, posts=2)

    assert {figure.name: figure.goal for figure in figures} == {
        "sandbox: envelopes_ratio": 0.5,
        "sandbox: envelopes_per_second": None,
        "sandbox: envelopes_per_second_bare": None,
        "sandbox: memory_of_10000_messages": None,
        "sandbox: start_ms": 500,
        "sandbox: start_ratio": None,
        "sandbox: start_with_imports_ms": None,
        "sandbox: start_with_imports_ratio": None,
        "sandbox: first_paint_of_60_ratio": 1.5,
        "sandbox: largest_paint_of_60_ratio": None,
        "sandbox: message_on_page_ms_p99": 200,
        "sandbox: message_on_page_ms": None,
    }


async def test_deliveries_are_measured_by_messages_that_really_leave():
    floods = [
        Flood("few", messages=20, targets=4, prefix="C0", speed=50),
        Flood("many", messages=30, targets=30, prefix="U0", speed=50),
    ]

    figures = await deliveries.measure(
        floods=floods, press_for_s=0.2, background=10, rounds=1, messages=20, few=150, many=300, batches=1
    )

    assert {figure.name: figure.goal for figure in figures} == {
        "deliveries: makespan_few": 1.05,
        "deliveries: makespan_many": 1.05,
        "deliveries: makespan_to_sandbox_bucket": None,
        "deliveries: share_of_429": 0.1,
        "deliveries: urgent_in_flood": 2,
        "deliveries: ack_p99_ratio": 3,
        "deliveries: ack_p99": None,
        "deliveries: ack_p50": None,
        "deliveries: ack_slowest": 250,
        "deliveries: cpu_ratio": 2.5,
        "deliveries: cpu_ms": None,
        "deliveries: growth_sqlite_50_targets": 1.5,
        "deliveries: claims_per_second_sqlite_50_targets": None,
        "deliveries: growth_sqlite_own_targets": 1.5,
        "deliveries: claims_per_second_sqlite_own_targets": None,
        "deliveries: growth_postgresql_50_targets": 1.5,
        "deliveries: claims_per_second_postgresql_50_targets": None,
        "deliveries: growth_postgresql_own_targets": 1.5,
        "deliveries: claims_per_second_postgresql_own_targets": None,
    }


async def test_pitches_are_measured_by_real_questions_and_forms_that_open():
    figures = await pitches.measure(few=5, many=80, rounds=1, presses=2)

    assert {figure.name: figure.goal for figure in figures} == {
        "pitches: digest_growth": 2,
        "pitches: calendar_growth": 2,
        "pitches: duplicates_growth": None,
        "pitches: form_p99": 300,
    }
    assert all(figure.value > 0 for figure in figures)


# The feeds stand on fifty hosts, all of this machine.
@pytest.mark.allow_hosts(["localhost", "127.0.0.0/8"])
async def test_sources_are_measured_by_feeds_that_are_really_read(tmp_path, capsys):
    found = await sources.measure(
        feeds=tmp_path / "nowhere",
        sources=60,
        rounds=1,
        press_for_s=0.3,
        posts=2,
        matched=(20, 12),
        readings=1,
    )

    figures = {figure.name.removeprefix("sources: "): figure for figure in found}
    assert list(figures) == [
        "cpu_ratio",
        "cpu_per_poll",
        "unchanged_share",
        "memory_ratio",
        "ack_p99_ratio",
        "ack_p99",
        "news_ratio",
        "news_p50",
        "matching_growth",
        "matching_us",
    ]
    assert figures["unchanged_share"].value == 1
    assert all(figure.value > 0 for figure in found)
    assert "there is no folder" in capsys.readouterr().err


async def test_a_feed_that_lost_an_item_is_counted(tmp_path):
    feed = "<rss version='2.0'><channel><title>T</title><item><title>Da</title></item></channel></rss>"
    items = [{"title": title, "link": "", "date": None} for title in ("Da", "Weg")]
    (tmp_path / "a.xml").write_text(feed)
    (tmp_path / "consensus.json").write_text(json.dumps({"a.xml": {"kind": "feed", "items": items}}))

    _, lost = await sources_parsing.measure(tmp_path, rounds=1)

    assert (lost.value, lost.is_reached) == (1, False)
