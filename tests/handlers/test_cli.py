"""The command line as administrators use it: real processes, plain sentences, exit status."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot import people
from bot.settings import Settings
from handlers.opening import open_store
from tests.handlers.commands import bot, refused
from tests.templates import copied

ROOT = Path(__file__).parents[2]


def test_run_without_a_token_points_to_the_setting_and_to_the_demo(tmp_path: Path):
    copied(tmp_path / "var" / "stadtfunk.sqlite")

    sentence = refused(bot(tmp_path, "run"))

    assert "STADTFUNK_SLACK_BOT_TOKEN" in sentence
    assert "python bot.py demo" in sentence


def test_run_before_migrate_says_which_command_is_missing(tmp_path: Path):
    assert "python bot.py migrate" in refused(bot(tmp_path, "run"))


@pytest.mark.parametrize(
    "address", ["kein/pfad", "mysql://localhost/x", "postgresql://nobody@127.0.0.1:1/stadtfunk"]
)
def test_a_wrong_database_address_is_one_sentence(tmp_path: Path, address: str):
    assert "datenbank" in refused(bot(tmp_path, "site", DATABASE_URL=address)).casefold()
    assert "datenbank" in refused(bot(tmp_path, "migrate", DATABASE_URL=address)).casefold()


def test_a_password_in_the_database_address_is_never_printed(tmp_path: Path):
    done = bot(tmp_path, "migrate", DATABASE_URL="postgresql://u:geheim@127.0.0.1:1/stadtfunk")

    assert "geheim" not in done.stdout + done.stderr


def test_an_unreachable_slack_is_one_sentence(tmp_path: Path):
    copied(tmp_path / "var" / "stadtfunk.sqlite")
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}

    sentence = refused(bot(tmp_path, "run", SLACK_API_URL="http://127.0.0.1:1/api/", **tokens))

    assert "http://127.0.0.1:1/api/" in sentence


def test_a_port_in_use_is_one_sentence(tmp_path: Path):
    copied(tmp_path / "var" / "stadtfunk.sqlite")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        sentence = refused(bot(tmp_path, "site", WEB_PORT=port))

    assert port in sentence


def test_unreadable_settings_are_one_sentence_that_names_them(tmp_path: Path):
    (tmp_path / "stadtfunk.toml").write_text("web_port = [")
    assert "stadtfunk.toml" in refused(bot(tmp_path, "migrate"))

    (tmp_path / "stadtfunk.toml").unlink()
    wrong = {"WEB_PORT": "achtzig", "TIMEZONE": "München", "FETCH_ALLOW": "hier", "ROUND_DAYS": "1000"}
    sentence = refused(bot(tmp_path, "migrate", **wrong))
    for hint in (
        "STADTFUNK_WEB_PORT: schreib eine ganze Zahl",
        "STADTFUNK_TIMEZONE: schreib eine Zeitzone wie Europe/Berlin",
        "STADTFUNK_FETCH_ALLOW: schreib Netze wie 10.1.2.0/24",
        "STADTFUNK_ROUND_DAYS: die Zahl liegt außerhalb",
    ):
        assert hint in sentence


def test_a_wrong_database_address_is_said_by_doctor_beside_everything_else(tmp_path: Path):
    done = bot(tmp_path, "doctor", SLACK_API_URL="http://127.0.0.1:1/api/")

    assert done.returncode == 1
    assert "python bot.py migrate" in done.stdout
    assert "STADTFUNK_SLACK_BOT_TOKEN" in done.stdout
    assert "STADTFUNK_COMMS_CHANNEL" in done.stdout


def test_migrate_backup_and_the_lists_work_on_a_new_store(tmp_path: Path):
    assert bot(tmp_path, "migrate").returncode == 0
    assert bot(tmp_path, "people", "add", "U1", "Redaktion").returncode == 0
    assert bot(tmp_path, "people", "role", "U1", "comms").returncode == 0

    listed = bot(tmp_path, "people", "list", "--json")
    assert json.loads(listed.stdout) == {"chat_id": "U1", "name": "Redaktion", "roles": ["comms"]}
    assert bot(tmp_path, "backup", "kopie.sqlite").returncode == 0
    assert "gibt es schon" in refused(bot(tmp_path, "backup", "kopie.sqlite"))
    copy = bot(tmp_path, "people", "list", "--json", DATABASE_URL=f"sqlite:///{tmp_path / 'kopie.sqlite'}")
    assert copy.stdout == listed.stdout

    assert bot(tmp_path, "people", "role", "U1", "comms", "--remove").returncode == 0
    assert json.loads(bot(tmp_path, "people", "list", "--json").stdout)["roles"] == []
    assert "U2" in refused(bot(tmp_path, "people", "role", "U2", "comms"))


def test_sources_are_added_listed_and_woken(tmp_path: Path):
    copied(tmp_path / "var" / "stadtfunk.sqlite")
    added = bot(tmp_path, "sources", "add", "feed", "Blog", "https://stadt.example/feed", "--channel", "C1")
    assert added.returncode == 0
    assert "http" in refused(bot(tmp_path, "sources", "add", "feed", "X", "ftp://stadt.example"))
    comments = ("sources", "add", "comments", "Stimmen", "https://stadt.example/comments/feed/")
    assert "Thread" in refused(bot(tmp_path, *comments, "--channel", "C1"))

    row = json.loads(bot(tmp_path, "sources", "list", "--json").stdout)
    assert (row["kind"], row["name"], row["error"]) == ("feed", "Blog", None)
    assert bot(tmp_path, "sources", "poll", "Blog").returncode == 0
    assert "Nix" in refused(bot(tmp_path, "sources", "poll", "Nix"))


SOURCES = (
    ("feed", "Blog", "https://stadt.example/feed"),
    ("feed", "Doppelt", "https://stadt.example/eins"),
    ("feed", "Doppelt", "https://stadt.example/zwei"),
    ("sitemap", "Portal", "https://stadt.example/sitemap.xml", "--path", "/blog/", "--every", "90"),
)


@pytest.fixture
def with_sources(tmp_path: Path) -> Path:
    copied(tmp_path / "var" / "stadtfunk.sqlite")
    for words in SOURCES:
        assert bot(tmp_path, "sources", "add", *words).returncode == 0
    return tmp_path


def shown(folder: Path, source: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bot(folder, "sources", "show", source, "--json").stdout)
    return found


def test_a_source_is_shown_to_people_and_to_programs(with_sources: Path):
    said = bot(with_sources, "sources", "show", "Portal").stdout
    for line in ("Art: Sitemap", "Nur Pfade, die so beginnen: /blog/", "Abstand: alle 90 Minuten"):
        assert line in said.splitlines()

    found = shown(with_sources, "Portal")
    assert (found["state"], found["path"], found["interval_s"]) == ("new", "/blog/", 5400)
    assert found["items"] == {"posts": 0, "events": 0, "comments": 0}
    listed = bot(with_sources, "sources", "list").stdout
    assert [line.split()[0] for line in listed.splitlines()] == ["id", "1", "2", "3", "4"]


def test_someone_is_entered_with_their_department(tmp_path: Path):
    bot(tmp_path, "migrate")
    store = open_store(Settings(database_url=f"sqlite:///{tmp_path / 'var' / 'stadtfunk.sqlite'}"))
    store.do(people.import_department, name="IT-Referat", short="RIT", kind="Referat", source="test")

    assert "Es gibt: RIT" in refused(bot(tmp_path, "people", "add", "U1", "Kim", "--department", "XYZ"))
    assert bot(tmp_path, "people", "add", "U1", "Kim", "--department", "rit").returncode == 0
    assert bot(tmp_path, "people", "add", "U1", "Kim Beispiel").returncode == 0

    person = store.ask(people.by_chat_id, "U1")
    store.close()
    assert person
    assert (person.name, person.department_id) == ("Kim Beispiel", 1)


def test_a_source_says_what_it_brings_and_of_which_department(tmp_path: Path):
    bot(tmp_path, "migrate")
    store = open_store(Settings(database_url=f"sqlite:///{tmp_path / 'var' / 'stadtfunk.sqlite'}"))
    for name, short in (("Referat für Bildung und Sport", "RBS"), ("Betrieb", None)):
        store.do(people.import_department, name=name, short=short, kind="Referat", source="test")
    store.close()
    feed = ("sources", "add", "feed", "Stellen", "https://stadt.example/jobs")

    assert "Es gibt: Betrieb, RBS" in refused(bot(tmp_path, *feed, "--department", "XYZ"))
    assert bot(tmp_path, *feed, "--brings", "event").returncode == 2
    assert bot(tmp_path, *feed, "--brings", "job", "--department", "rbs", "--channel", "C1").returncode == 0
    said = bot(tmp_path, "sources", "show", "Stellen").stdout.splitlines()
    assert {"Was sie bringt: Stellen", "Referat oder Eigenbetrieb: RBS"} <= set(said)
    assert "RBS" in bot(tmp_path, "sources", "list").stdout
    assert (shown(tmp_path, "Stellen")["brings"], shown(tmp_path, "Stellen")["department"]) == ("job", "RBS")

    assert bot(tmp_path, *feed, "--department", "Betrieb").returncode == 0
    assert (shown(tmp_path, "Stellen")["brings"], shown(tmp_path, "Stellen")["department"]) == (
        None,
        "Betrieb",
    )


def test_a_source_is_paused_and_goes_on(with_sources: Path):
    assert bot(with_sources, "sources", "pause", "Blog").returncode == 0
    assert shown(with_sources, "Blog")["state"] == "paused"

    assert bot(with_sources, "sources", "resume", "1").returncode == 0
    assert shown(with_sources, "Blog")["state"] == "new"


def test_a_source_is_removed_after_a_question(with_sources: Path):
    asked = bot(with_sources, "sources", "remove", "Blog", said="nein\n")
    assert asked.returncode == 1
    assert "Es wurde nichts entfernt." in asked.stderr
    assert bot(with_sources, "sources", "remove", "Blog").returncode == 1

    assert "bleibt" in bot(with_sources, "sources", "remove", "Blog", said="ja\n").stdout
    assert bot(with_sources, "sources", "remove", "4", "--yes").returncode == 0
    left = bot(with_sources, "sources", "list", "--json").stdout.splitlines()
    assert [json.loads(row)["id"] for row in left] == [2, 3]


@pytest.mark.parametrize("command", ["show", "pause", "resume", "poll", "remove"])
def test_a_source_that_is_not_there_or_there_twice_is_one_sentence(with_sources: Path, command: str):
    assert "Nix" in refused(bot(with_sources, "sources", command, "Nix"))
    assert "2, 3" in refused(bot(with_sources, "sources", command, "Doppelt"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("feed", "X", "stadt.example/feed"), "http:// oder https://"),
        (("feed", "X", "https://a:b@stadt.example/feed"), "Passwort"),
        (("feed", "  ", "https://stadt.example/feed"), "höchstens 100 Zeichen"),
        (("feed", "X", "https://stadt.example/feed", "--path", "/blog"), "--path"),
        (("calendar", "X", "https://stadt.example/ics", "--brings", "job"), "--brings"),
        (("feed", "X", "https://stadt.example/feed", "--department", "RBS"), "heißt RBS. Es gibt: –"),
    ],
)
def test_what_can_not_be_added_is_one_sentence(tmp_path: Path, words: tuple[str, ...], sentence: str):
    copied(tmp_path / "var" / "stadtfunk.sqlite")

    assert sentence in refused(bot(tmp_path, "sources", "add", *words))


def test_what_an_address_offers_is_listed_and_an_unreachable_one_is_one_sentence(tmp_path: Path):
    body = b"<rss version='2.0'><channel><title>Stadtblog</title></channel></rss>"
    with serving(body) as url:
        found = bot(tmp_path, "sources", "discover", url, "--json", FETCH_ALLOW="127.0.0.0/8")
    assert json.loads(found.stdout) == {"kind": "feed", "title": "Stadtblog", "url": url}

    with serving(b"Hallo") as url:
        nothing = bot(tmp_path, "sources", "discover", url, FETCH_ALLOW="127.0.0.0/8")
    assert "nichts gefunden" in refused(nothing)
    assert "ins eigene Netz" in refused(bot(tmp_path, "sources", "discover", url))
    assert "keine Verbindung" in refused(bot(tmp_path, "sources", "discover", url, FETCH_ALLOW="127.0.0.0/8"))
    assert "http" in refused(bot(tmp_path, "sources", "discover", "ftp://stadt.example"))


@contextmanager
def serving(body: bytes) -> Iterator[str]:
    """Serve one document on this machine."""

    class Document(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Document)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_rounds_and_deliveries_say_so_when_there_is_nothing(tmp_path: Path):
    copied(tmp_path / "var" / "stadtfunk.sqlite")

    for words in (("rounds", "list"), ("rounds", "preview"), ("deliveries", "list")):
        done = bot(tmp_path, *words)
        assert done.returncode == 0
        assert done.stdout.strip()
        assert bot(tmp_path, *words, "--json").stdout == ""
    assert bot(tmp_path, "rounds", "open", "Probe").stdout.strip() == "0 Personen werden gefragt."
    assert bot(tmp_path, "deliveries", "retry").returncode == 0


def test_the_manifest_is_json(tmp_path: Path):
    assert json.loads(bot(tmp_path, "manifest").stdout)["display_information"]["name"] == "Stadtfunk"


def test_the_manifest_asks_for_links_to_our_site_and_to_what_is_read(tmp_path: Path):
    def domains() -> list[str] | None:
        done = bot(tmp_path, "manifest", PUBLIC_URL="https://www.digital.stadt.example")
        found: list[str] | None = json.loads(done.stdout)["features"].get("unfurl_domains")
        return found

    assert domains() == ["digital.stadt.example"]
    assert not list(tmp_path.rglob("*.sqlite*"))
    assert bot(tmp_path, "migrate").returncode == 0
    assert bot(tmp_path, "sources", "add", "feed", "Portal", "https://www.portal.example/1").returncode == 0
    assert domains() == ["digital.stadt.example", "portal.example"]


def test_an_installation_without_the_demo_says_so(tmp_path: Path):
    copy = tmp_path / "installed"
    copy.mkdir()
    shutil.copy(ROOT / "bot.py", copy)
    for name in ("bot", "storage", "handlers"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "demo"))

    done = subprocess.run(
        [sys.executable, "bot.py", "demo"],
        cwd=copy,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert refused(done) == "Die Demo gehört nicht zu dieser Installation."
