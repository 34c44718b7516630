from datetime import time
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.settings import PREFIX, Settings, UnreadableSettingsError, load, weekday_and_time


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def toml(folder: Path, *lines: str) -> None:
    (folder / "stadtfunk.toml").write_text("\n".join(lines))


def dotenv(folder: Path, *lines: str) -> None:
    (folder / ".env").write_text("\n".join(lines))


def test_without_anything_set_the_defaults_count(tmp_path: Path):
    found = load(tmp_path)

    assert found.database_url == "sqlite:///var/stadtfunk.sqlite"
    assert (found.locale, found.timezone, found.holidays) == ("de", "Europe/Berlin", "DE-BY:public,catholic")
    assert (found.web_host, found.ops_host, found.admins, found.fetch_allow) == (
        "127.0.0.1",
        "127.0.0.1",
        (),
        (),
    )
    assert found.site_url == "http://127.0.0.1:8080"


def test_the_environment_beats_dotenv_and_dotenv_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    toml(tmp_path, "web_port = 1", "ops_port = 1", 'locale = "en"')
    assert (load(tmp_path).web_port, load(tmp_path).ops_port, load(tmp_path).locale) == (1, 1, "en")

    dotenv(tmp_path, "STADTFUNK_WEB_PORT=2", "STADTFUNK_OPS_PORT=2")
    monkeypatch.setenv("STADTFUNK_WEB_PORT", "3")

    found = load(tmp_path)
    assert (found.web_port, found.ops_port, found.locale) == (3, 2, "en")


def test_lists_are_written_with_commas_and_in_the_file_as_lists_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    toml(tmp_path, 'admins = ["U9"]', 'fetch_allow = "10.1.0.0/16, fd00::/8"')
    assert load(tmp_path).admins == ("U9",)
    assert load(tmp_path).fetch_allow == (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))

    monkeypatch.setenv("STADTFUNK_ADMINS", " U1, U2,,")
    assert load(tmp_path).admins == ("U1", "U2")


def test_the_public_address_has_no_slash_at_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STADTFUNK_PUBLIC_URL", "https://digital.stadt.example/")

    assert load(tmp_path).site_url == "https://digital.stadt.example"


def test_tokens_do_not_show_when_settings_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STADTFUNK_SLACK_BOT_TOKEN", "xoxb-geheim")

    found = load(tmp_path)

    assert "geheim" not in f"{found!r} {found}"
    assert found.slack_bot_token.get_secret_value() == "xoxb-geheim"


def test_variables_of_other_programs_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-other")
    monkeypatch.setenv("WEB_PORT", "nonsense")
    dotenv(tmp_path, "OTHER=1", "STADTFUNK_UNKNOWN=1")

    assert load(tmp_path).slack_bot_token.get_secret_value() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "achtzig"),
        ("WEB_PORT", "70000"),
        ("OPS_PORT", "-1"),
        ("TIMEZONE", "Europa/München"),
        ("LOCALE", "bairisch"),
        ("DIGEST_AT", "Montag 9 Uhr"),
        ("DIGEST_AT", "Mon"),
        ("DIGEST_AT", "Mon 25:00"),
        ("ROUND_RHYTHM", "weekly"),
        ("ROUND_DAYS", "0"),
        ("FETCH_ALLOW", "10.0.0.0/99"),
        ("FETCH_ALLOW", "192.168.0.0/16, nonsense"),
        ("HOLIDAYS", "Bayern"),
        ("HOLIDAYS", "DE-XX"),
        ("HOLIDAYS", "DE-BY:pastafarian"),
    ],
)
def test_a_wrong_value_is_named_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    monkeypatch.setenv(PREFIX + name, value)
    monkeypatch.setenv("STADTFUNK_SLACK_BOT_TOKEN", "xoxb-geheim")

    with pytest.raises(UnreadableSettingsError) as refused:
        load(tmp_path)

    sentence = str(refused.value)
    assert sentence.startswith(f"{PREFIX}{name}: ")
    assert sentence.count(PREFIX) == 1
    assert "geheim" not in sentence
    assert "\n" not in sentence


def test_all_wrong_values_are_named_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STADTFUNK_WEB_PORT", "x")
    toml(tmp_path, 'locale = "fr"')

    with pytest.raises(UnreadableSettingsError, match=r"WEB_PORT.*LOCALE|LOCALE.*WEB_PORT"):
        load(tmp_path)


def test_a_secret_of_the_wrong_kind_is_not_repeated(tmp_path: Path):
    toml(tmp_path, 'slack_bot_token = ["xoxb-geheim"]', 'database_url = ["postgresql://u:geheim@h/d"]')

    with pytest.raises(UnreadableSettingsError) as refused:
        load(tmp_path)

    assert "STADTFUNK_SLACK_BOT_TOKEN" in str(refused.value)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    "content", [b"web_port = = 1", b'slack_bot_token = "xoxb-geheim', b"name = \xfc", b"\x00"]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes):
    (tmp_path / "stadtfunk.toml").write_bytes(content)

    with pytest.raises(UnreadableSettingsError, match=r"stadtfunk\.toml") as refused:
        load(tmp_path)

    assert "geheim" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_dotenv_in_another_encoding_is_named(tmp_path: Path):
    (tmp_path / ".env").write_bytes(b"STADTFUNK_PUBLIC_URL=https://m\xfcnchen.example")

    with pytest.raises(UnreadableSettingsError, match=r"\.env"):
        load(tmp_path)


def test_a_weekday_and_a_time_are_read():
    assert weekday_and_time("Mon 09:00") == (0, time(9))
    assert weekday_and_time("Sun 23:59") == (6, time(23, 59))


def test_servers_of_sources_are_told_whom_they_can_ask():
    assert Settings(public_url="https://digital.stadt.example/").user_agent == (
        "Stadtfunk/0.1 (+https://digital.stadt.example)"
    )
    assert Settings().user_agent == "Stadtfunk/0.1"
