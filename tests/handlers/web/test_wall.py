"""What must never be on the public site, looked for on every page there is."""

import re

import pytest
from sqlmodel import Session

from storage.delivery import Delivery, Place
from storage.people import Person
from storage.pitches import Pitch
from storage.radar import AnswerKind, AnswerState, MeasureOwner, Round, Status
from storage.sources import Source, SourceKind
from storage.store import Store
from storage.subscriptions import Subscription
from tests.handlers.web.conftest import NOW, OWN_SCRIPT, Site, add, answer, event, measure, post

SECRET = re.compile("geheim", re.IGNORECASE)
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')


def plant(session: Session) -> None:
    """Fill everything that is not public with a word that is looked for."""
    add(
        session,
        Person(id=1, chat_id="UGEHEIM1", name="Geheime Person", source="geheim", created_at=NOW),
        measure("m", id=1, title="Offen", status=Status.PLANNED, source="geheime Quelle"),
        measure("n", id=2, title="Ohne Rückmeldung"),
        Source(
            id=1,
            kind=SourceKind.FEED,
            name="geheim",
            url="https://x.example/?token=geheim",
            host="geheim.example",
            interval_s=900,
            next_poll_at=NOW,
            created_at=NOW,
            origin="geheim",
        ),
    )
    add(session, Round(id=1, name="Geheime Runde", due_at=NOW, origin="geheim"))
    add(
        session,
        MeasureOwner(measure_id=1, person_id=1, origin="geheim"),
        Place(name="comms", channel_id="CGEHEIM"),
        Delivery(key="geheim", kind="geheim", subject_id=1, target="CGEHEIM", due_at=NOW, created_at=NOW),
        Subscription(kinds="post", target="CGEHEIM", created_at=NOW, origin="geheim"),
        Pitch(title="Geheime Idee", story="geheim", pitcher_id=1, created_at=NOW),
        post("Offener Beitrag", source_id=1, origin="geheim"),
        event("treff", source_id=1, uid="geheim@x", origin="geheim"),
        event("damals", days=-9, uid="geheim2@x", origin="geheim"),
        *(
            answer(
                1,
                state=state,
                person_id=1,
                decided_by_id=1,
                status=Status.COMPLETED,
                progress_percent=77,
                achievements="geheim",
                outlook="geheim",
                highlight="geheim",
                internal_note="geheim",
                return_words="geheim",
                origin="geheim",
            )
            for state in AnswerState
            if state is not AnswerState.RELEASED
        ),
        answer(1, person_id=1, internal_note="geheim", return_words="geheim", outlook="Freigegeben"),
        answer(2, kind=AnswerKind.UNCHANGED, person_id=1, internal_note="geheim", origin="geheim"),
    )


async def every_answer(site: Site) -> dict[str, str]:
    """Follow every link from the start page on, in both languages, and return what the site sent."""
    sent: dict[str, str] = {}
    waiting = ["/", "/en/", "/api/v1/measures", "/healthz", "/nix", "/radar?suche=e", "/beitraege?seite=9"]
    waiting += ["/api/v1/measures/n", "/api/v1/nix"]
    while waiting:
        path = waiting.pop()
        response = await site.get(path)
        sent[path] = f"{response.headers}\n{await response.text()}"
        waiting += [link for link in LINK.findall(sent[path]) if link not in sent and link not in waiting]
    return sent


async def test_no_person_chat_id_note_or_unreleased_answer_is_anywhere_on_the_site(
    store: Store, site: Site
) -> None:
    store.do(plant)

    sent = await every_answer(site)

    assert {path for path, words in sent.items() if SECRET.search(words)} == set()
    assert {"/massnahmen/m", "/en/massnahmen/n", "/termine/treff.ics", "/api/v1/measures/m"} <= set(sent)
    assert "Freigegeben" in sent["/massnahmen/m"]
    # Nor does an unreleased figure or status show.
    assert '"progress_percent": 77' not in sent["/api/v1/measures/m"]
    assert '"completed"' not in sent["/api/v1/measures/m"]


@pytest.mark.parametrize("path", ["/", "/radar", "/nix", "/api/v1/measures", "/healthz", "/radar/"])
async def test_every_answer_is_hardened_and_sets_no_cookie(site: Site, path: str) -> None:
    response = await site.get(path, allow_redirects=False)

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Set-Cookie" not in response.headers
    assert "Python" not in response.headers["Server"]


async def test_no_page_loads_anything_from_elsewhere_or_any_script_but_our_own(
    store: Store, site: Site
) -> None:
    store.do(plant)

    for path, sent in (await every_answer(site)).items():
        words = re.sub(OWN_SCRIPT, "", sent)
        assert not re.search(r"<script|<style| style=| on[a-z]+=|<iframe|<img", words), path
        assert not re.search(r'(?:src|<link rel="(?:icon|stylesheet)" href)="(?:https?:)?//', words), path
