"""How posts look in the chat."""

from dataclasses import dataclass

from bot.people import Department
from bot.posts import Post
from bot.subscriptions import Layout
from bot.texts import Texts
from handlers.chat.blocks.kit import Message, bold, context, escape, link, plain, struck, words


@dataclass(frozen=True)
class PostCard:
    """A post, whose it is, and how it is to look."""

    post: Post
    department: Department | None = None
    layout: Layout = Layout.CARD


def post_card(card: PostCard, _: Texts) -> Message:
    """Announce a post, or say in the same place that it was withdrawn."""
    post = card.post
    if post.withdrawn_at:
        parts = (struck(post.title), plain("\n"), plain(_("This post was withdrawn.")))
        return Message(_("Withdrawn: {title}", title=escape(post.title)), [words(*parts)])
    title = link(post.title, post.url) if post.url else bold(post.title)
    blocks = [words(title, plain(f"\n{post.teaser}")) if post.teaser else words(title)]
    about = [_("New post")]
    if post.published_at:
        about.append(_.day(post.published_at))
    about += [f"#{escape(tag.lstrip('#'))}" for tag in post.tags.split()[:5]]
    blocks.append(context(" · ".join(about)))
    return Message(_("New post: {title}", title=escape(post.title)), blocks)
