"""Making entries of a CKAN catalogue's answer to `package_search`. Runs in the worker process."""

from markdown_it import MarkdownIt

from bot.sources import objects
from bot.sources.errors import FetchError, Reason
from bot.sources.limits import MAX_ENTRIES, MAX_TEASER, MAX_TITLE
from bot.sources.links import web_link
from bot.sources.moments import moment
from bot.sources.names import person, topics
from bot.sources.newest import newest
from bot.sources.objects import Object
from bot.sources.plain import beginning, cut, plain_if_markup
from bot.sources.records import Entry, Feed

# Enough markdown for a teaser, links and all.
_ENOUGH = 3 * MAX_TEASER


def parse_catalogue(body: bytes, *, url: str) -> Feed:
    """Return the datasets in the answer as entries.

    Args:
        body: the answer; its times without a zone are UTC (CKAN's manual, "The Action API").
        url: the address that was asked; the pages of the datasets are on the same host.

    Raises:
        FetchError: it is no such answer, or the catalogue says that it failed.
    """
    answer = objects.read(body)
    result = answer.get("result") if isinstance(answer, dict) and answer.get("success") is True else None
    results = result.get("results") if isinstance(result, dict) else None
    if not isinstance(result, dict) or not isinstance(results, list):
        raise FetchError(Reason.NOT_A_CATALOGUE)
    home = url.partition("?")[0].partition("/api/")[0].rstrip("/")
    markdown = MarkdownIt("commonmark")
    public = [one for one in objects.objects(results) if _is_public(one)]
    kept = newest(public, lambda one: moment(one.get("metadata_created") or one.get("metadata_modified")))
    read = (_entry(one, home=home, markdown=markdown) for one in kept)
    count = result.get("count")
    return Feed(
        title=None,
        entries=tuple(entry for entry in read if entry.guid),
        is_complete=isinstance(count, int) and count <= len(results) <= MAX_ENTRIES,
    )


def _is_public(dataset: Object) -> bool:
    return dataset.get("private") is not True and dataset.get("state", "active") == "active"


def _entry(dataset: Object, *, home: str, markdown: MarkdownIt) -> Entry:
    name = objects.name_of(dataset, "name")
    organisation = dataset.get("organization")
    authors = (
        objects.words(organisation, "title", "name") if isinstance(organisation, dict) else "",
        objects.words(dataset, "author"),
    )
    updated_at = moment(dataset.get("metadata_modified"))
    notes = markdown.render(objects.words(dataset, "notes")[:_ENOUGH])
    return Entry(
        guid=objects.name_of(dataset, "id", "name"),
        url=web_link(f"{home}/dataset/{name}") if name else None,
        title=cut(plain_if_markup(objects.words(dataset, "title", "name")), MAX_TITLE),
        teaser=cut(beginning(notes, MAX_TEASER), MAX_TEASER),
        published_at=moment(dataset.get("metadata_created")) or updated_at,
        updated_at=updated_at,
        author=next((found for words in authors if (found := person(words))), None),
        tags=topics(
            objects.words(tag, "display_name", "name") for tag in objects.objects(dataset.get("tags"))
        ),
        image_url=None,
        image_alt=None,
    )
