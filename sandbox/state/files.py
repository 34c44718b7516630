"""Files of the workspace: asked for, uploaded, kept with their contents, and deleted."""

import base64
import mimetypes
import secrets
from dataclasses import asdict, dataclass, replace
from typing import Literal

from sandbox.state.clock import Clock
from sandbox.state.errors import RefusedError
from sandbox.state.ids import new_id
from sandbox.state.journal import Journal
from sandbox.state.records import JSON

# Slack takes 1 GB a file; the sandbox lives in memory.
LARGEST_FILE = 5_000_000
LARGEST_STORE = 100_000_000
LARGEST_SNIPPET = 1_000_000
# docs.slack.dev/reference/methods/files.getUploadURLExternal
LONGEST_ALT_TEXT = 1_000
UNKNOWN = "application/octet-stream"

State = Literal["awaited", "uploaded", "kept", "deleted"]


@dataclass(frozen=True)
class File:
    """A file and what is known of it.

    Attributes:
        size: bytes, as announced before the upload.
        created: seconds since 1970.
        snippet_type: the language of a snippet; other files have none.
        upload_key: who knows it may upload the contents, once.
        state: `awaited` until it is uploaded, `kept` when its owner has completed the upload.
        places: channel and timestamp of the messages it was shared with.
    """

    id: str
    owner_id: str
    name: str
    title: str
    size: int
    created: int
    alt_text: str = ""
    snippet_type: str = ""
    upload_key: str = ""
    state: State = "awaited"
    places: tuple[tuple[str, str], ...] = ()

    @property
    def mimetype(self) -> str:
        """Its content type, by its name."""
        # Without a folder a name such as "data:text/html,x" would be read as an address that says its type.
        return mimetypes.guess_type(f"./{self.name}")[0] or ("text/plain" if self.snippet_type else UNKNOWN)

    @property
    def filetype(self) -> str:
        """Slack's word for its kind: how its name ends."""
        _, dot, ending = self.name.rpartition(".")
        return self.snippet_type or (ending.lower() if dot and ending else "binary")

    def reference(self) -> JSON:
        """Return what a message keeps of it."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "size": self.size,
        }


class Files:
    """All files, written through to the journal."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        """Read the files of the journal."""
        self._journal = journal
        self._clock = clock
        self._files = {key: _file(body) for key, body in journal.all("file")}
        self._contents = {key: base64.b64decode(body) for key, body in journal.all("contents")}

    def announce(
        self, owner_id: str, name: str, size: int, *, alt_text: str = "", snippet_type: str = ""
    ) -> File:
        """Note that someone wants to upload a file of so many bytes.

        Raises:
            RefusedError: `file_upload_size_restricted`, `snippet_too_large`, `alt_txt_too_large`,
                `storage_limit_reached`.
        """
        if size > LARGEST_FILE:
            raise RefusedError("file_upload_size_restricted")
        if snippet_type and size > LARGEST_SNIPPET:
            raise RefusedError("snippet_too_large")
        if len(alt_text) > LONGEST_ALT_TEXT:
            raise RefusedError("alt_txt_too_large")
        if sum(map(len, self._contents.values())) + size > LARGEST_STORE:
            raise RefusedError("storage_limit_reached")
        file = File(new_id("F"), owner_id, name, name, size, int(self._clock.time()), alt_text, snippet_type)
        return self._put(replace(file, upload_key=secrets.token_urlsafe(18)))

    def all(self) -> list[File]:
        """Return all files, those not uploaded yet and deleted ones too."""
        return list(self._files.values())

    def awaited(self, upload_key: str) -> File | None:
        """Return the file whose contents are to come with this key, while they have not come."""
        waiting = (file for file in self._files.values() if file.state == "awaited")
        return next((file for file in waiting if file.upload_key == upload_key), None)

    def take(self, file: File, contents: bytes) -> File:
        """Keep the contents of a file that was awaited."""
        self._contents[file.id] = contents
        self._journal.put("contents", file.id, base64.b64encode(contents).decode())
        return self._put(replace(file, state="uploaded"))

    def complete(self, file: File, title: str) -> File:
        """Make an uploaded file one that can be shared."""
        return self._put(replace(file, title=title or file.name, state="kept"))

    def get(self, file_id: str) -> File:
        """Return a file, in whatever state.

        Raises:
            RefusedError: `file_not_found`.
        """
        if file_id not in self._files:
            raise RefusedError("file_not_found")
        return self._files[file_id]

    def kept(self, file_id: str) -> File:
        """Return a file that can be seen and shared.

        Raises:
            RefusedError: `file_not_found`, `file_deleted`.
        """
        file = self.get(file_id)
        if file.state != "kept":
            raise RefusedError("file_deleted" if file.state == "deleted" else "file_not_found")
        return file

    def contents(self, file_id: str) -> bytes:
        """Return the bytes of a file that was uploaded."""
        return self._contents[file_id]

    def place(self, file: File, channel_id: str, ts: str) -> File:
        """Note the message a file was shared with."""
        return self._put(replace(file, places=(*file.places, (channel_id, ts))))

    def delete(self, file: File) -> None:
        """Forget the contents of a file; that there was one is remembered."""
        self._contents.pop(file.id, None)
        self._journal.drop("contents", file.id)
        self._put(replace(file, state="deleted"))

    def _put(self, file: File) -> File:
        self._files[file.id] = file
        self._journal.put("file", file.id, asdict(file))
        return file


def _file(body: JSON) -> File:
    return File(**{**body, "places": tuple((channel_id, ts) for channel_id, ts in body["places"])})
