from pathlib import Path

import pytest

from bot.sources import FetchError, Offer, Reason
from bot.sources.opml import subscriptions

FILES = Path(__file__).parent / "files"


def test_subscriptions_are_found_in_every_folder_each_once() -> None:
    assert subscriptions((FILES / "abos.opml").read_bytes()) == (
        Offer("feed", "https://digital.example/feed/", "Der Blog & mehr"),
        Offer("feed", "https://digital.example/reihe.atom", "Reihe"),
        Offer("calendar", "https://stadt.example/termine.ics", "Termine"),
        Offer("calendar", "https://stadt.example/barcamp.ics", "BarCamp"),
        Offer("ckan", "https://daten.stadt.example/api/3/action/package_search", "Daten"),
    )


def test_a_mistake_costs_only_what_it_touches() -> None:
    body = b'<opml><body><outline text="A & B" xmlUrl="https://a.example/feed"/><outline xmlUrl="https://b.example/feed"/>'

    assert [one.url for one in subscriptions(body)] == ["https://a.example/feed", "https://b.example/feed"]


def test_no_file_is_read_that_the_document_names(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("https://geheim.example/")
    body = f'<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{secret}">]><opml><body><outline text="&x;" xmlUrl="https://a.example/feed"/></body></opml>'

    assert "geheim" not in str(subscriptions(body.encode()))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<rss/>",
        b"{}",
        b"\x00\xff",
        b"<",
        b"<html><body><outline xmlUrl='https://a.example/'/></body></html>",
    ],
)
def test_what_is_no_opml_is_refused(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        subscriptions(body)

    assert caught.value.reason is Reason.NOT_OPML
