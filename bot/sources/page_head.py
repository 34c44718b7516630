"""What a web page says of itself in its head and in its schema.org data. Runs in the worker process."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Final

from bot.sources.limits import MAX_TEASER, MAX_TITLE
from bot.sources.linked_data import Graph, types
from bot.sources.links import canonical_url, is_same_site, joined, web_link
from bot.sources.moments import moment
from bot.sources.names import keywords, person, topics
from bot.sources.objects import Object, texts, words
from bot.sources.plain import beginning, cut, one_line, plain_if_markup
from bot.sources.records import Entry
from bot.sources.trees import Element, text_of

MAX_ALT: Final = 300
MOST_DIGITS: Final = 6
# What a page is about, the surest first.
ARTICLES = ("NewsArticle", "BlogPosting", "Article", "TechArticle", "Report", "LiveBlogPosting")
PAGES = ("WebPage", "AboutPage", "CollectionPage", "ItemPage")
PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
)
UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
# A date that may be the one or the other.
SOME_DATE = ("date", "dc.date", "dcterms.date", "pubdate")


class Head:
    """What a page says of itself: each value by Open Graph, else by schema.org, else in the plain head."""

    def __init__(self, root: Element, graph: Graph, *, url: str, zone: tzinfo) -> None:
        """Read the page.

        Args:
            root: its tree.
            graph: its schema.org data.
            url: where it was found.
            zone: where times without an offset are at home.
        """
        self._root = root
        self._graph = graph
        self._zone = zone
        self._meta: dict[str, list[str]] = {}
        for meta in root.iter("meta"):
            name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
            if meta.get("content"):
                self._meta.setdefault(name.strip().lower(), []).append(str(meta.get("content")))
        self._about = next(iter(sorted(self._candidates(), key=_rank)), {})
        self.base = _base(root, url)
        self.url = self._canonical(url)

    def entry(self) -> Entry:
        """Return the page as an entry."""
        updated_at = self._moment(UPDATED, "dateModified")
        picture, alt = self._picture()
        return Entry(
            guid=None,
            url=self.url,
            title=cut(self._title(), MAX_TITLE),
            teaser=cut(self._teaser(), MAX_TEASER),
            published_at=self._moment(PUBLISHED, "datePublished") or self._moment(SOME_DATE) or updated_at,
            updated_at=updated_at,
            author=self._author(),
            tags=self._tags(),
            image_url=picture,
            image_alt=alt,
            word_count=self._word_count(),
        )

    def site(self) -> str | None:
        """Return the name of the website."""
        names = (
            self._first("og:site_name"),
            *(words(node, "name") for node in self._graph.nodes if "WebSite" in types(node)),
            self._first("application-name"),
        )
        return next((cut(name, MAX_TITLE) for said in names if (name := plain_if_markup(said))), None)

    def generator(self) -> str:
        """Return the name of the program that made the page."""
        return one_line(self._first("generator"))

    def _candidates(self) -> Iterator[Object]:
        return (node for node in self._graph.nodes if _rank(node) < len(ARTICLES + PAGES))

    def _first(self, *names: str) -> str:
        return next((said for name in names for said in self._meta.get(name, ()) if said.strip()), "")

    def _title(self) -> str:
        in_head = self._root.find(".//title")
        said = (
            self._first("og:title"),
            words(self._about, "headline", "name"),
            self._first("twitter:title", "dc.title"),
            text_of(in_head) if in_head is not None else "",
        )
        return next((title for one in said if (title := plain_if_markup(one))), "")

    def _teaser(self) -> str:
        said = (
            self._first("og:description"),
            words(self._about, "description"),
            self._first("twitter:description", "description", "dc.description"),
        )
        return next((teaser for one in said if (teaser := beginning(one, MAX_TEASER))), "")

    def _moment(self, names: tuple[str, ...], in_graph: str = "") -> datetime | None:
        said = [self._first(name) for name in names]
        said.insert(1, words(self._about, in_graph))
        moments = (moment(one, self._zone) for one in said if one)
        return next((found for found in moments if found), None)

    def _author(self) -> str | None:
        people = [words(one, "name") for one in self._graph.related(self._about, "author", "creator")]
        said = (
            *people,
            *texts(self._about.get("author")),
            self._first("article:author"),
            self._first("author", "dc.creator"),
        )
        return next((name for one in said if (name := person(one))), None)

    def _tags(self) -> tuple[str, ...]:
        if tags := topics(self._meta.get("article:tag", ())):
            return tags
        return keywords(self._about) or topics(
            word for one in self._meta.get("keywords", ()) for word in one.split(",")
        )

    def _word_count(self) -> int | None:
        said = words(self._about, "wordCount").strip()
        return int(said) or None if said.isdecimal() and len(said) <= MOST_DIGITS else None

    def _picture(self) -> tuple[str | None, str | None]:
        for name in ("og:image:secure_url", "og:image", "og:image:url"):
            if link := web_link(self._first(name), base=self.base):
                alt = self._first("og:image:alt")
                return link, cut(one_line(alt), MAX_ALT) if alt else None
        for address, caption in self._pictures():
            if link := web_link(address, base=self.base):
                return link, cut(plain_if_markup(caption), MAX_ALT) if caption else None
        alt = self._first("twitter:image:alt")
        link = web_link(self._first("twitter:image"), base=self.base)
        return link, cut(one_line(alt), MAX_ALT) if link and alt else None

    def _pictures(self) -> Iterator[tuple[str, str]]:
        for name in ("image", "primaryImageOfPage", "thumbnailUrl"):
            yield from ((address, "") for address in texts(self._about.get(name)))
            for one in self._graph.related(self._about, name):
                yield words(one, "url", "contentUrl"), words(one, "caption")

    def _canonical(self, url: str) -> str | None:
        links = (link for link in self._root.iter("link") if "canonical" in rels(link))
        for address in (*(link.get("href", "") for link in links), self._first("og:url")):
            found = web_link(address, base=self.base) if address else None
            if found and is_same_site(found, url):
                return canonical_url(found)
        return web_link(canonical_url(url))


def rels(link: Element) -> list[str]:
    """Return what a link is to the page."""
    return (link.get("rel") or "").lower().split()


def _base(root: Element, url: str) -> str:
    """Return where the page's relative links start."""
    base = root.find(".//base[@href]")
    return joined(url, web_link(base.get("href"), base=url) or "") if base is not None else url


def _rank(node: Object) -> int:
    order = ARTICLES + PAGES
    return min((order.index(name) for name in types(node) if name in order), default=len(order))
