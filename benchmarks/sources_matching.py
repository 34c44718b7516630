"""What it costs to find out who is to hear of new posts, and that it grows with their number and no faster.

Posts and subscriptions are rows as the store gives them; measured is all that lies between them and a list of
who hears of what: the rules are made, the posts are looked at, and each is compared with each. A third of the
subscriptions has no terms, the others have some that have to fit, all of them or one, or must not.

The baseline compares the same sets in bare Python, without making them: no way of comparing each with each
can be cheaper. Growth compares twice as many posts and twice as many subscriptions with four times the time
that the halves take.
"""

import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar

from benchmarks.figures import Figure
from bot import matching
from bot.matching import News, Rule
from bot.posts import Post
from bot.subscriptions import Facet, NewsKind, Part, Subscription
from handlers.run import utc_now
from storage.subscriptions import SubscriptionTerm

MOST_GROWTH: Final = 1.2
TOPICS: Final = 40
DEPARTMENTS: Final = 15
SOURCES: Final = 30

T = TypeVar("T")
Subscribed = tuple[Subscription, Sequence[SubscriptionTerm]]


def measure(*, posts: int, subscriptions: int, rounds: int) -> list[Figure]:
    """Compare so many posts with so many subscriptions, and half of both, in turns."""
    rng = random.Random(1)
    news = [_post(rng, number) for number in range(posts)]
    subscribed = [_subscribed(rng, number) for number in range(1, subscriptions + 1)]
    # Each post meets each subscription here as well: only the number at once is another.
    quarters = [(few, some) for few in _halves(news) for some in _halves(subscribed)]
    compared = _prepared(news, subscribed)
    whole, parts, bare = [], [], []
    for _ in range(rounds):
        whole.append(_timed(lambda: _match(news, subscribed)))
        parts.append(sum(_timed(partial(_match, *quarter)) for quarter in quarters))
        bare.append(_timed(lambda: _compare(*compared)))
    matches = posts * subscriptions
    return [
        Figure(
            "sources: matching_growth",
            min(whole) / min(parts),
            MOST_GROWTH,
            "lower",
            f"4 × {posts // 2} posts for {subscriptions // 2} subscriptions: {min(parts) * 1000:.1f} ms",
        ),
        Figure.of_rounds(
            "sources: matching_us",
            [took / matches * 1e6 for took in whole],
            goal=None,
            baseline=f"the same sets compared in bare Python: {min(bare) / matches * 1e6:.2f} µs a match",
            unit="µs",
        ),
    ]


def _halves(rows: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    middle = len(rows) // 2
    return rows[:middle], rows[middle:]


def _match(news: Sequence[Post], subscribed: Sequence[Subscribed]) -> int:
    rules = [Rule.of(one, terms) for one, terms in subscribed]
    return sum(rule.fits(seen) for seen in map(matching.of_post, news) for rule in rules)


def _prepared(
    news: Sequence[Post], subscribed: Sequence[Subscribed]
) -> tuple[Sequence[News], Sequence[Rule]]:
    return [matching.of_post(post) for post in news], [Rule.of(one, terms) for one, terms in subscribed]


def _compare(news: Sequence[News], rules: Sequence[Rule]) -> int:
    sets = [(rule.kinds, rule.any_of, rule.all_of, rule.none_of) for rule in rules]
    found = 0
    for kind, terms in news:
        for kinds, any_of, all_of, none_of in sets:
            if (
                kind in kinds
                and (not any_of or not any_of.isdisjoint(terms))
                and all_of <= terms
                and none_of.isdisjoint(terms)
            ):
                found += 1
    return found


def _timed(work: Callable[[], int]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _post(rng: random.Random, number: int) -> Post:
    now = utc_now()
    return Post(
        id=number,
        title=f"Beitrag {number}",
        tags=" ".join(f"Thema-{rng.randrange(TOPICS)}" for _ in range(4)),
        series="#ExplainIT" if number % 10 == 0 else "",
        department_id=rng.randrange(DEPARTMENTS),
        source_id=rng.randrange(SOURCES),
        first_seen_at=now,
        changed_at=now,
        origin="benchmark",
    )


def _subscribed(rng: random.Random, number: int) -> Subscribed:
    row = Subscription(
        id=number, target="C0NEWS", kinds=NewsKind.POST, created_at=utc_now(), origin="benchmark"
    )
    if number % 3 == 0:
        return row, ()
    chosen = [(Part.ANY, Facet.TOPIC, f"thema-{topic}") for topic in rng.sample(range(TOPICS), 6)]
    chosen.append((Part.ANY, Facet.SERIES, "explainit"))
    chosen.append((Part.EXCEPT, Facet.SOURCE, str(rng.randrange(SOURCES))))
    if number % 4 == 0:
        chosen.append((Part.ALL, Facet.DEPARTMENT, str(rng.randrange(DEPARTMENTS))))
    return row, [
        SubscriptionTerm(subscription_id=number, part=part, facet=facet, value=value)
        for part, facet, value in chosen
    ]
