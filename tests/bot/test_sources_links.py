from ipaddress import ip_address

import pytest

from bot.sources import canonical_url, identity_of
from bot.sources.links import web_link
from bot.sources.networks import is_public

PUBLIC = """
1.1.1.1 9.9.9.9 8.8.8.8 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 172.15.255.255 172.32.0.1 192.0.1.1
192.31.196.1 192.167.255.255 192.169.0.1 193.0.0.1 198.17.255.255 198.20.0.1 223.255.255.255
2606:4700:4700::1111 2a00:1450:4016::1 2001:200::1 2003::1 2400::1
"""
NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 168.63.129.16
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.9 192.0.0.170 192.0.0.192 192.0.2.1
192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255
:: ::1 ::7f00:1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1:: 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
2002:a00:1::1 3fff::1 4000::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
"""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_an_address_on_the_open_internet_may_be_asked(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_an_address_inside_some_network_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Digital.Example:443/A/b?x=1", "https://digital.example/A/b?x=1"),
        ("http://digital.example:80", "http://digital.example/"),
        ("http://digital.example:8080/a/", "http://digital.example:8080/a/"),
        ("https://d.example/a?utm_source=rss&id=7&UTM_Medium=x&fbclid=1&gclid=2", "https://d.example/a?id=7"),
        ("https://d.example/a?pk_campaign=1&mtm_kwd=2#kommentare", "https://d.example/a"),
        ("https://d.example/a?b=%C3%BC&c", "https://d.example/a?b=%C3%BC&c"),
        ("https://münchen.example/straße", "https://xn--mnchen-3ya.example/stra%C3%9Fe"),
        ("tag:d.example,2026:1", "tag:d.example,2026:1"),
        ("http://[kaputt", "http://[kaputt"),
    ],
)
def test_an_address_is_written_in_one_way(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


def test_a_page_is_known_again_after_its_move_to_https_and_without_www_or_slash() -> None:
    same = {
        "http://www.digital.example/beitraege/portal/",
        "https://digital.example/beitraege/portal",
        "https://DIGITAL.example/beitraege/portal/?utm_campaign=herbst#oben",
    }

    assert {identity_of(url) for url in same} == {"digital.example/beitraege/portal"}
    assert identity_of("https://digital.example/beitraege/portal?seite=2") not in {
        identity_of(url) for url in same
    }


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:redaktion@stadt.example",
        "https://stadt.example@boese.example/",
        "https://",
        "http://[kaputt",
        "https://d.example:99999/",
        "https://d.example/" + "a" * 3000,
        "",
        None,
    ],
)
def test_what_is_no_plain_web_address_is_no_link(link: str | None) -> None:
    assert web_link(link, base="") is None


def test_a_relative_link_starts_at_the_address_of_its_document() -> None:
    assert web_link("../a b", base="https://d.example/x/feed") == "https://d.example/a%20b"
    assert web_link("//andere.example/a", base="https://d.example/x") == "https://andere.example/a"
