"""Making entries of a JSON Feed (version 1.0 and 1.1). Runs in the worker process."""

from bot.sources import objects
from bot.sources.errors import FetchError, Reason
from bot.sources.limits import MAX_TEASER, MAX_TITLE
from bot.sources.links import web_link
from bot.sources.moments import moment
from bot.sources.names import person, topics
from bot.sources.newest import newest
from bot.sources.objects import Object
from bot.sources.pictures import has_video, picture_of
from bot.sources.plain import beginning, cut, one_line, plain_if_markup, word_count
from bot.sources.records import Entry, Feed


def parse_json_feed(body: bytes, *, url: str) -> Feed:
    """Return the JSON Feed in `body`; relative links start at `url`.

    Raises:
        FetchError: it is no JSON Feed.
    """
    feed = objects.read(body)
    if not (isinstance(feed, dict) and is_json_feed(feed)):
        raise FetchError(Reason.NOT_A_FEED)
    read = [_entry(item, feed=feed, base=url) for item in objects.objects(feed.get("items", []))]
    entries = tuple(entry for entry in read if entry.guid or entry.url or entry.title)
    return Feed(
        title=cut(one_line(objects.words(feed, "title")), MAX_TITLE) or None,
        entries=newest(entries, lambda entry: entry.published_at),
    )


def is_json_feed(value: Object) -> bool:
    """Whether a JSON object says that it is a feed, or holds its items as one does."""
    version = value.get("version")
    return (isinstance(version, str) and "jsonfeed.org" in version) or isinstance(value.get("items"), list)


def _entry(item: Object, *, feed: Object, base: str) -> Entry:
    markup = objects.words(item, "content_html")
    text = objects.words(item, "summary", "content_text")
    attached = _attached(item)
    address, alt = _picture(item, markup, attached, base=base)
    updated_at = moment(item.get("date_modified"))
    return Entry(
        guid=objects.name_of(item, "id"),
        url=_link(item, base=base),
        title=cut(plain_if_markup(objects.words(item, "title")), MAX_TITLE),
        teaser=cut(plain_if_markup(text) or beginning(markup, MAX_TEASER), MAX_TEASER),
        published_at=moment(item.get("date_published")) or updated_at,
        updated_at=updated_at,
        author=_author(item) or _author(feed),
        tags=topics(objects.texts(item.get("tags"))),
        image_url=address,
        image_alt=alt,
        word_count=word_count(markup or objects.words(item, "content_text")),
        is_video=has_video(attached),
    )


def _link(item: Object, *, base: str) -> str | None:
    if found := web_link(objects.words(item, "url", "external_url"), base=base):
        return found
    # An id is meant to be the entry's address, as long as it is a whole one.
    return web_link(objects.words(item, "id"))


def _attached(item: Object) -> list[Object]:
    """Return what hangs on the entry, as feeds in XML have it."""
    return [
        {"rel": "enclosure", "type": objects.words(one, "mime_type"), "href": objects.words(one, "url")}
        for one in objects.objects(item.get("attachments"))
    ]


def _picture(
    item: Object, markup: str, attached: list[Object], *, base: str
) -> tuple[str | None, str | None]:
    for name in ("image", "banner_image"):
        if link := web_link(objects.words(item, name), base=base):
            return link, None
    return picture_of({"links": attached, "summary": markup}, base=base)


def _author(record: Object) -> str | None:
    # `author` is what version 1.0 had.
    people = (*objects.objects(record.get("authors")), *objects.objects(record.get("author")))
    names = (person(objects.words(one, "name")) for one in people)
    return next((name for name in names if name), None)
