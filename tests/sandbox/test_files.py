"""Files: uploaded in three steps by the app, shared by people, kept, and given only to who may have them."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import BOT_USER_ID, Sandbox, Seed
from sandbox.protocol.files import slack_file_faults
from sandbox.state.errors import RefusedError
from sandbox.state.files import LARGEST_FILE
from sandbox.state.workspace import Workspace
from tests.sandbox.likeness import assert_like
from tests.sandbox.subscribed import seed
from tests.sandbox.wire import wired

JSON = dict[str, Any]
CSV = b"Datum;Thema\n23.11.;Rad\n"


@pytest.fixture
def sandbox_seed() -> Seed:
    return seed()


async def uploaded(client: AsyncWebClient, data: bytes = CSV, name: str = "plan.csv") -> str:
    """Take the first two steps of an upload, and return the file's id."""
    asked = await client.files_getUploadURLExternal(filename=name, length=len(data))
    async with aiohttp.ClientSession() as session, session.post(asked["upload_url"], data=data) as answer:
        assert answer.status == 200
    return str(asked["file_id"])


async def fetched(url: str, token: str | None) -> tuple[int, aiohttp.ClientResponse, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status, answer, await answer.read()


def shared(sandbox: Sandbox, person_id: str = "U_ANN", channel_id: str = "C_ALL") -> JSON:
    """Share a file as a person and return what the message keeps of it."""
    message = sandbox.workspace.share_file(person_id, channel_id, "plan.csv", CSV)
    reference: JSON = message.files[0]
    return reference


async def test_the_sdk_uploads_a_file_into_a_thread(sandbox: Sandbox, client: AsyncWebClient) -> None:
    root = sandbox.workspace.post("U_ANN", "C_ALL", "Wer hat den Plan?")

    answer = await client.files_upload_v2(
        filename="plan.csv",
        content=CSV,
        title="Der Plan",
        channel="C_ALL",
        initial_comment="Hier *ist* er",
        thread_ts=root.ts,
    )

    assert answer["file"]["title"] == "Der Plan"
    replies = await client.conversations_replies(channel="C_ALL", ts=root.ts)
    said = replies["messages"][1]
    assert (said["user"], said["text"], "subtype" in said) == (BOT_USER_ID, "Hier *ist* er", False)
    assert [file["id"] for file in said["files"]] == [answer["file"]["id"]]


async def test_the_sdk_uploads_several_files_at_once(sandbox: Sandbox, client: AsyncWebClient) -> None:
    uploads = [{"filename": "a.txt", "content": "A"}, {"filename": "b.txt", "content": "B"}]

    await client.files_upload_v2(file_uploads=uploads, channel="C_ALL")

    said = sandbox.workspace.history("C_ALL")[-1]
    assert [file["name"] for file in said.files] == ["a.txt", "b.txt"]


async def test_where_a_file_is_shared_is_told_by_its_info(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.files_upload_v2(filename="plan.csv", content=CSV, channel="C_ALL")
    assert (answer["file"]["channels"], answer["file"]["shares"]) == ([], {})

    info = await client.files_info(file=answer["file"]["id"])

    assert info["file"]["channels"] == ["C_ALL"]
    ts = sandbox.workspace.history("C_ALL")[-1].ts
    assert info["file"]["shares"]["public"]["C_ALL"][0]["ts"] == ts


async def test_a_file_without_a_channel_stays_with_the_bot(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.files_upload_v2(filename="plan.csv", content=CSV)

    info = await client.files_info(file=answer["file"]["id"])

    assert info["file"].items() >= {"channels": [], "groups": [], "ims": [], "is_public": False}.items()
    assert sandbox.workspace.history("C_ALL") == []


async def test_a_file_goes_to_a_person_by_their_id(sandbox: Sandbox, client: AsyncWebClient) -> None:
    file_id = await uploaded(client)

    await client.files_completeUploadExternal(files=[{"id": file_id}], channels=["U_ANN", "C_ALL"])

    direct = sandbox.workspace.open_dm("U_ANN", BOT_USER_ID)
    assert [one.files[0]["id"] for one in sandbox.workspace.history(direct)] == [file_id]
    assert [one.files[0]["id"] for one in sandbox.workspace.history("C_ALL")] == [file_id]


async def test_blocks_come_with_a_file_when_there_is_no_comment(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    file_id = await uploaded(client)
    blocks = json.dumps([{"type": "divider"}])

    await client.files_completeUploadExternal(files=[{"id": file_id}], channel_id="C_ALL", blocks=blocks)

    assert [block["type"] for block in sandbox.workspace.history("C_ALL")[-1].blocks] == ["divider"]


async def test_a_form_can_carry_the_bytes(sandbox: Sandbox, client: AsyncWebClient) -> None:
    asked = await client.files_getUploadURLExternal(filename="plan.csv", length=len(CSV))
    form = aiohttp.FormData()
    form.add_field("filename", CSV, filename="plan.csv")

    async with aiohttp.ClientSession() as session, session.post(asked["upload_url"], data=form) as answer:
        assert answer.status == 200

    await client.files_completeUploadExternal(files=[{"id": asked["file_id"]}])
    assert sandbox.workspace.files.contents(asked["file_id"]) == CSV


async def test_an_upload_address_works_once(client: AsyncWebClient) -> None:
    asked = await client.files_getUploadURLExternal(filename="plan.csv", length=len(CSV))

    async with aiohttp.ClientSession() as session:
        statuses = []
        for _ in range(2):
            async with session.post(asked["upload_url"], data=CSV) as answer:
                statuses.append(answer.status)

    assert statuses == [200, 404]


async def test_an_upload_has_the_length_that_was_said(client: AsyncWebClient) -> None:
    asked = await client.files_getUploadURLExternal(filename="plan.csv", length=len(CSV))

    async with (
        aiohttp.ClientSession() as session,
        session.post(asked["upload_url"], data=CSV + b"!") as answer,
    ):
        assert answer.status == 400


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"length": 0}, "invalid_arguments"),
        ({"length": LARGEST_FILE + 1}, "file_upload_size_restricted"),
        ({"length": 2_000_000, "snippet_type": "python"}, "snippet_too_large"),
        ({"snippet_type": "what ever"}, "unknown_snippet_type"),
        ({"alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ],
)
async def test_an_upload_is_refused_in_slacks_words(client: AsyncWebClient, args: JSON, error: str) -> None:
    with pytest.raises(SlackApiError) as refusal:
        await client.api_call(
            "files.getUploadURLExternal", params={"filename": "plan.csv", "length": 4, **args}
        )

    assert refusal.value.response["error"] == error


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"files": [{"id": "F_NONE"}]}, "file_not_found"),
        ({"files": "[]"}, "invalid_arguments"),
        ({"channel_id": "C_NOWHERE"}, "channel_not_found"),
        ({"channel_id": "C_ELSE"}, "not_in_channel"),
        ({"channel_id": "C_ALL", "thread_ts": "1.000001"}, "invalid_arguments"),
        ({"channel_id": "C_ALL", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
    ],
)
async def test_a_completion_is_refused_in_slacks_words(
    client: AsyncWebClient, args: JSON, error: str
) -> None:
    file_id = await uploaded(client)

    with pytest.raises(SlackApiError) as refusal:
        await client.api_call("files.completeUploadExternal", json={"files": [{"id": file_id}], **args})

    assert refusal.value.response["error"] == error


async def test_only_what_was_uploaded_is_completed_and_only_once(client: AsyncWebClient) -> None:
    asked = await client.files_getUploadURLExternal(filename="plan.csv", length=4)
    with pytest.raises(SlackApiError, match="file_update_failed"):
        await client.files_completeUploadExternal(files=[{"id": asked["file_id"]}])

    file_id = await uploaded(client)
    await client.files_completeUploadExternal(files=[{"id": file_id}])
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": file_id}])


async def test_the_app_downloads_what_people_share(sandbox: Sandbox, client: AsyncWebClient) -> None:
    info = await client.files_info(file=shared(sandbox)["id"])

    for url in (info["file"]["url_private"], info["file"]["url_private_download"]):
        status, answer, contents = await fetched(url, sandbox.bot_token)
        assert (status, contents, answer.content_type) == (200, CSV, "text/csv")


async def test_nobody_downloads_without_the_token(sandbox: Sandbox, client: AsyncWebClient) -> None:
    info = await client.files_info(file=shared(sandbox)["id"])

    for token in (None, "xoxb-wrong", sandbox.app_token):
        status, answer, _ = await fetched(info["file"]["url_private"], token)
        assert (status, answer.headers["Location"].startswith("/?redir=")) == (302, True)


async def test_the_app_gets_no_file_from_where_it_is_not(sandbox: Sandbox, client: AsyncWebClient) -> None:
    file = shared(sandbox, "U_CEM", "C_SECRET")

    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_info(file=file["id"])
    url = f"{sandbox.page_url}files-pri/{sandbox.team_id}-{file['id']}/plan.csv"
    assert (await fetched(url, sandbox.bot_token))[0] == 404


async def test_a_page_that_was_uploaded_is_never_shown_as_one(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    message = sandbox.workspace.share_file("U_ANN", "C_ALL", "böse.html", b"<script>alert(1)</script>")
    info = await client.files_info(file=message.files[0]["id"])

    _, answer, _ = await fetched(info["file"]["url_private"], sandbox.bot_token)

    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''b%C3%B6se.html")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_deleted_file_leaves_a_stone(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.files_upload_v2(filename="plan.csv", content=CSV, channel="C_ALL")
    file_id = answer["file"]["id"]

    await client.files_delete(file=file_id)

    history = await client.conversations_history(channel="C_ALL")
    assert history["messages"][0]["files"] == [{"id": file_id, "mode": "tombstone"}]
    with pytest.raises(SlackApiError, match="file_deleted"):
        await client.files_info(file=file_id)


async def test_the_bot_deletes_nobody_elses_file(sandbox: Sandbox, client: AsyncWebClient) -> None:
    file = shared(sandbox)

    with pytest.raises(SlackApiError, match="cant_delete_file"):
        await client.files_delete(file=file["id"])


async def test_the_app_hears_of_files(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async with wired(sandbox) as wire:
        message = sandbox.workspace.share_file("U_ANN", "C_ALL", "plan.csv", CSV, "Der *Plan*")
        file_id = message.files[0]["id"]
        said = await wire.event("message", subtype="file_share")
        heard = await wire.event("file_shared", channel_id="C_ALL")
        changed = await wire.event("file_change", file_id=file_id)
        own = await client.files_upload_v2(filename="b.csv", content=CSV)
        created = await wire.event("file_created", file_id=own["file"]["id"])
        await client.files_delete(file=own["file"]["id"])
        deleted = await wire.event("file_deleted")

    assert_like("event_message_file_share", said)
    assert said["event"]["text"] == "Der *Plan*"
    assert heard["event"].items() >= {"file_id": file_id, "user_id": "U_ANN"}.items()
    assert changed["event"]["file"] == {"id": file_id}
    assert created["event"]["user_id"] == BOT_USER_ID
    assert deleted["event"]["file_id"] == own["file"]["id"]


async def test_a_message_needs_no_words_beside_its_file(sandbox: Sandbox, client: AsyncWebClient) -> None:
    shared(sandbox)

    history = await client.conversations_history(channel="C_ALL")

    assert (history["messages"][0]["text"], "blocks" in history["messages"][0]) == ("", False)


def test_a_refused_message_leaves_no_file() -> None:
    workspace = Workspace(seed())

    with pytest.raises(RefusedError, match="not_in_channel"):
        workspace.share_file("U_CEM", "C_ALL", "plan.csv", CSV)

    assert workspace.files.all() == []
    workspace.close()


def test_the_store_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.state.files.LARGEST_STORE", 3)
    workspace = Workspace(seed())
    workspace.share_file("U_ANN", "C_ALL", "a.bin", b"aa")

    with pytest.raises(RefusedError, match="storage_limit_reached"):
        workspace.share_file("U_ANN", "C_ALL", "b.bin", b"bb")
    workspace.close()


def test_a_restart_keeps_files(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    workspace = Workspace(seed(), path)
    message = workspace.share_file("U_ANN", "C_ALL", "plan.csv", CSV)
    workspace.close()

    workspace = Workspace(seed(), path)
    file = workspace.files.kept(message.files[0]["id"])
    contents = workspace.files.contents(file.id)
    workspace.close()

    assert (file.places, contents) == ((("C_ALL", message.ts),), CSV)


def test_a_picture_in_blocks_is_one_the_bot_can_see() -> None:
    workspace = Workspace(seed())
    picture = workspace.share_file("U_ANN", "C_ALL", "rad.png", b"png").files[0]["id"]
    text = workspace.share_file("U_ANN", "C_ALL", "plan.csv", CSV).files[0]["id"]

    def faults(**named: str) -> list[str]:
        block = {"type": "image", "alt_text": "Rad", "slack_file": named}
        return slack_file_faults(workspace, [{"type": "divider"}, block])

    wrong = ["[ERROR] invalid slack file [json-pointer:/blocks/1/slack_file]"]
    url = f"{workspace.address}files-pri/T0SANDBOX-{picture}/rad.png"
    permalink = f"{workspace.address}files/U_ANN/{picture}/rad.png"
    assert [faults(id=picture), faults(url=url), faults(url=permalink)] == [[], [], []]
    assert [faults(id=text), faults(id="F_NONE"), faults(url="https://stadt.example/")] == [wrong] * 3
    workspace.close()
