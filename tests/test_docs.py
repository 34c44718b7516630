import csv
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import SecretStr

from bot.settings import PREFIX, Settings, load
from handlers import cli
from handlers.chat.manifest import SCOPES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "handlers/demo/data/README.md", *DOCS.glob("*.md")]
FIELDS = list(Settings.model_fields)
MANUALS = "\n".join(page.read_text() for page in DOCS.glob("*.md"))


def default_of(field: str) -> str:
    value = Settings.model_fields[field].default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return str(value) if value != () else ""


def settings_table() -> dict[str, str]:
    """Every setting of docs/betreiben.md with the default it gives."""
    rows = re.findall(rf"^\| `{PREFIX}(\w+)` \| (.+?) \|", (DOCS / "betreiben.md").read_text(), re.MULTILINE)
    return {name.lower(): "" if default == "leer" else default.strip("`") for name, default in rows}


def commands(group: Any, path: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        yield f"{path}{name}"
        yield from commands(command, f"{path}{name} ") if hasattr(command, "commands") else ()


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings have where it is read as a web page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()) if "://" not in link]


def test_the_manual_names_every_setting_with_its_default():
    assert settings_table() == {field: default_of(field) for field in FIELDS}


def test_the_template_of_settings_names_every_setting_with_its_default():
    lines = (ROOT / ".env.example").read_text().splitlines()
    found = [line.lstrip("# ").partition("=") for line in lines if re.match(rf"(# )?{PREFIX}\w+=", line)]
    # The first line of a setting gives its default; another one may show a second form.
    first = {name.removeprefix(PREFIX).lower(): value for name, _, value in reversed(found)}

    assert first == {field: default_of(field) for field in FIELDS}


def test_the_template_of_settings_used_as_it_is_changes_nothing(tmp_path, monkeypatch):
    for field in FIELDS:
        monkeypatch.delenv(f"{PREFIX}{field.upper()}", raising=False)
    before = load(tmp_path).model_dump()
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())

    assert load(tmp_path).model_dump() == before


@pytest.mark.parametrize("command", list(commands(typer.main.get_command(cli.app))))
def test_the_manual_names_every_command(command):
    assert re.search(rf"(`|bot\.py ){command}[` \n]", MANUALS)


def test_the_manual_gives_a_reason_for_every_scope_of_the_app_and_names_no_other():
    text = (DOCS / "verbinden.md").read_text()
    assert re.findall(r"^\| `([a-z:.]+)` \| .+ \|$", text, re.MULTILINE) == list(SCOPES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    astray = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            astray.append(link)

    assert astray == []


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md" and page.is_file():
            reached.add(page)
            waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links(page)]

    assert reached >= set(PAGES)


def test_the_readme_names_the_two_commands():
    readme = (ROOT / "README.md").read_text()

    assert "make demo" in readme
    assert "make test" in readme


def test_make_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split()
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert re.findall(r"^ +make (\w+) +\w", shown, re.MULTILINE) == targets


def test_the_demos_data_has_as_many_rows_as_its_page_says():
    data = ROOT / "handlers/demo/data"
    said = re.findall(r"^\| `(\w+\.csv)` \|.*\| (\d+) \|$", (data / "README.md").read_text(), re.MULTILINE)
    rows = {
        file.name: len(list(csv.DictReader(file.read_text().splitlines(keepends=True))))
        for file in data.glob("*.csv")
    }

    assert {name: int(number) for name, number in said} == rows
