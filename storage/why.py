"""What is asked to say why something was told, or why not."""

from sqlmodel import Session, col, select

from storage.posts import PostKey
from storage.radar import Answer, AnswerKind, AnswerState


def shown_by(session: Session, post_id: int, mark: str) -> list[str]:
    """Return the keys of a post that begin so: each names a source that shows it beside its own."""
    query = select(PostKey.key).where(
        PostKey.post_id == post_id, col(PostKey.key).startswith(mark, autoescape=True)
    )
    return list(session.exec(query.order_by(PostKey.key)))


def newest_update(session: Session, measure_id: int) -> Answer | None:
    """Return the newest released answer about a measure that brought new words."""
    query = select(Answer).where(
        Answer.measure_id == measure_id,
        Answer.kind == AnswerKind.UPDATE,
        Answer.state == AnswerState.RELEASED,
    )
    return session.exec(query.order_by(col(Answer.decided_at).desc(), col(Answer.id).desc()).limit(1)).first()
