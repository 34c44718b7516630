"""The sandbox by itself: what its files say, and one clear sentence when they don't."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import BOT_USER_ID
from sandbox.alone.command import main
from sandbox.alone.files import FileError
from sandbox.alone.manifest import manifest_in
from sandbox.alone.seed import seed_of
from sandbox.page.texts import texts

GERMAN = texts("de")
MANIFEST = {"display_information": {"name": "Ideen"}}
SEED = """
[[people]]
handle = "ann.b"
name = "Ann Beispiel"
admin = true

[[people]]
handle = "ben"
locale = "en-GB"
timezone = "Europe/London"

[[channels]]
name = "alle"

[[channels]]
name = "geheim"
private = true
members = ["ben"]
bot = false
"""


@pytest.fixture(autouse=True)
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text)
    return file


def sentence(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert ended.value.code == 2
    return capsys.readouterr().err.strip()


def test_people_and_channels_come_from_a_file(tmp_path: Path) -> None:
    seed = seed_of(MANIFEST, written(tmp_path, "s.toml", SEED), GERMAN)

    ann, ben = seed.members
    everybody, secret = seed.channels
    assert (ann.id, ann.name, ann.real_name, ann.is_admin) == ("U0ANNB", "ann.b", "Ann Beispiel", True)
    assert (ben.real_name, ben.locale, ben.tz) == ("ben", "en-GB", "Europe/London")
    assert everybody.members == (ann.id, ben.id, BOT_USER_ID)
    assert (secret.members, secret.is_private) == ((ben.id,), True)
    assert seed.manifest == MANIFEST


def test_without_a_file_there_are_people_to_begin_with() -> None:
    seed = seed_of(MANIFEST, None, GERMAN)

    assert {member.locale for member in seed.members} == {"de-DE", "en-GB"}
    assert all(BOT_USER_ID in channel.members for channel in seed.channels)


@pytest.mark.parametrize("name", ["m.json", "m.yaml", "m.YML"])
def test_a_manifest_may_be_json_or_yaml_and_keeps_what_the_sandbox_does_not_know(
    tmp_path: Path, name: str
) -> None:
    said = {**MANIFEST, "_metadata": {"major_version": 2}}

    assert manifest_in(written(tmp_path, name, json.dumps(said)), GERMAN) == said


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("m.txt", "", "sollte auf .json, .yaml oder .toml enden"),
        ("m.json", "{", "ist kein gültiges JSON (Zeile 1)"),
        ("m.yaml", "a: [1\nb: }", "ist kein gültiges YAML (Zeile 2)"),
        ("m.yaml", "- a", "sollte Namen und Werte enthalten"),
        ("m.yaml", "a: b", "display_information fehlt"),
        ("m.json", '{"display_information": {}}', "display_information.name fehlt"),
        (
            "m.json",
            '{"display_information": {"name": "A"}, "features": {"slash_commands": [{"command": "x"}]}}',
            "features.slash_commands.1.command stimmt nicht",
        ),
    ],
)
def test_a_wrong_manifest_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    told = sentence(capsys, written(tmp_path, name, text))

    assert said in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people = []", "people stimmt nicht"),
        ("[[people]]\nname = 'Ann'", "people.1.handle fehlt"),
        ("[[people]]\nhandle = 'ann'\ntimezone = 'Mond'", "people.1.timezone stimmt nicht (no time zone)"),
        ("[[people]]\nhandle = 'ann'\nalter = 3", "people.1.alter stimmt nicht"),
        ("[[people]]\nhandle = 'ann'\n[[people]]\nhandle = 'ann'", "ann kommt zweimal vor"),
        (SEED.replace('["ben"]', '["cem"]'), "In #geheim steht cem, aber nicht bei den Personen"),
    ],
)
def test_a_wrong_seed_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FileError, match=said.replace("(", r"\(").replace(")", r"\)")):
        seed_of(MANIFEST, written(tmp_path, "s.toml", text), GERMAN)


def test_a_file_that_is_not_there_or_no_text_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "gibt es nicht" in sentence(capsys, tmp_path / "keins.json")
    (tmp_path / "m.json").write_bytes(b"\xff\xfe")
    assert "nicht in UTF-8" in sentence(capsys, tmp_path / "m.json")
    assert "lässt sich nicht lesen" in sentence(capsys, _folder(tmp_path / "f.json"))


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_switches_that_cannot_be_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = written(tmp_path, "m.json", json.dumps(MANIFEST))
    no_file = written(tmp_path, "kein.sqlite", "nichts dergleichen, nur viele Worte" * 40)

    assert "0 bis 65535" in sentence(capsys, manifest, "--port", 65536)
    assert "http://" in sentence(capsys, manifest, "--request-url", "localhost:3000")
    assert "Den Ordner" in sentence(capsys, manifest, "--path", tmp_path / "nirgends" / "w.sqlite")
    assert "kein aufgehobener Workspace" in sentence(capsys, manifest, "--port", 0, "--path", no_file)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "belegt" in sentence(capsys, manifest, "--port", taken.getsockname()[1])


def test_it_speaks_english_with_those_whose_machine_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    assert sentence(capsys, tmp_path / "none.json").startswith("There is no file")


def test_it_says_what_a_bot_needs_and_ends_when_told(tmp_path: Path) -> None:
    manifest = written(tmp_path, "m.json", json.dumps(MANIFEST))
    command = [sys.executable, "-m", "sandbox", str(manifest), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        lines: list[str] = []
        while "SLACK_SIGNING_SECRET" not in "".join(lines):
            lines.append(running.stdout.readline())
            assert lines[-1], "it ended"
        running.terminate()
        running.communicate()

    said = "".join(lines)
    assert running.returncode == 0
    assert "Im Browser öffnen: http://127.0.0.1:" in said
    assert "Das braucht Ideen:" in said
    assert "SLACK_BOT_TOKEN=xoxb-" in said
    assert "SLACK_APP_TOKEN=xapp-" in said


def test_help_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(switch in said for switch in ("--seed", "--port", "--request-url", "--path", "--json"))
