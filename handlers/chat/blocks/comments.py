"""How reader comments look in the chat: in the thread of their post's announcement."""

from bot.comments import CommentCard
from bot.texts import Texts
from handlers.chat.blocks.kit import Link, Message, Text, bold, context, cut, escape, link, plain, words

MAX_TITLE = 80


def comment_card(card: CommentCard, _: Texts) -> Message:
    """Say what a reader wrote below a post, and where to answer."""
    comment = card.comment
    author = comment.author or _("Someone")
    parts: list[Text | Link] = [bold(author), plain(f"\n{comment.words}")]
    if comment.url:
        parts += [plain("\n"), link(_("Read and answer on the portal"), comment.url)]
    about = [_("New comment")]
    if comment.published_at:
        about.append(_("{day}, {time}", day=_.day(comment.published_at), time=_.time(comment.published_at)))
    said = _(
        "New comment by {author} on “{title}”: {words}",
        author=escape(author),
        title=escape(cut(card.post.title, MAX_TITLE)),
        words=escape(comment.words),
    )
    return Message(said, [words(*parts), context(" · ".join(about))])
