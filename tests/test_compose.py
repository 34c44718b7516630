"""compose.yaml says what the program understands; there is no container engine here to try it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import typer
import yaml

from bot.settings import PREFIX, Settings
from handlers import cli

ROOT = Path(__file__).parent.parent
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if name != "database"}
BOTS = [name for name in OURS if name.startswith("bot-")]
TOKENS = ".env"


def environment(service: dict[str, Any]) -> dict[str, str]:
    """Return the settings a service is given, as far as they stand in compose.yaml itself."""
    given: dict[str, str] = service.get("environment", {})
    # ${NAME:-DEFAULT}
    return {name: re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", value) for name, value in given.items()}


@pytest.mark.parametrize("name", OURS)
def test_every_setting_in_it_exists_and_has_a_value_it_may_have(name: str):
    given = environment(OURS[name])
    fields = {key.removeprefix(PREFIX).lower(): value for key, value in given.items()}

    assert fields.keys() <= Settings.model_fields.keys()
    Settings.model_validate(fields)


@pytest.mark.parametrize("name", OURS)
def test_every_service_runs_a_command_that_there_is(name: str):
    command: Any = typer.main.get_command(cli.app)
    interpreter, program, word, *options = OURS[name]["command"]

    assert (interpreter, program) == ("python", "bot.py")
    known = {option for parameter in command.commands[word].params for option in parameter.opts}
    assert set(options) <= known


def test_two_assistants_work_beside_a_public_site():
    words = [OURS[name]["command"][2:] for name in OURS]

    assert words.count(["run", "--no-site"]) == 2
    assert words.count(["site"]) == 1


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_reached_from_outside_this_machine(name: str):
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_no_two_services_take_one_port():
    ports = [port.rpartition(":")[0] for service in SERVICES.values() for port in service.get("ports", [])]

    assert len(ports) == len(set(ports)) == 3


def test_only_the_assistants_are_given_the_tokens():
    assert [name for name in SERVICES if TOKENS in SERVICES[name]["env_file"]] == BOTS


def test_no_secret_stands_in_it():
    assert not re.search(r"PASSWORD:|TOKEN:|SECRET:|DATABASE_URL:", (ROOT / "compose.yaml").read_text())


@pytest.mark.parametrize("name", OURS)
def test_our_services_keep_the_images_own_user_and_gain_no_rights(name: str):
    service = OURS[name]

    assert "user" not in service
    assert "privileged" not in service
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True


def test_everybody_waits_until_the_tables_are_there():
    waiting = {name: service["depends_on"] for name, service in OURS.items()}

    assert waiting.pop("migrate") == {"database": {"condition": "service_healthy"}}
    assert all(
        one == {"migrate": {"condition": "service_completed_successfully"}} for one in waiting.values()
    )


@contextmanager
def a_server_that_says(status: int) -> Iterator[tuple[int, list[str]]]:
    """Listen on a free port and keep which pages were asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port, asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "is_well"), [(200, True), (503, False)])
@pytest.mark.parametrize("name", BOTS)
def test_an_assistant_is_healthy_when_it_says_that_it_is_ready(name: str, status: int, *, is_well: bool):
    way, interpreter, *script = OURS[name]["healthcheck"]["test"]
    assert (way, interpreter) == ("CMD", "python")

    with a_server_that_says(status) as (port, asked):
        settings = {f"{PREFIX}OPS_PORT": str(port)}
        done = subprocess.run([sys.executable, *script], env=settings, capture_output=True, check=False)

    assert (done.returncode == 0) is is_well
    assert asked == ["/readyz"]
