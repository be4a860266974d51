"""A post that is about to change: locked, and counted where it is answered."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from pythoughts.errors import NotAllowed, NotFound
from pythoughts.feed.models import Post, PostState
from pythoughts.i18n import Text, _
from pythoughts.text import is_id


def hold(session: Session, post_id: str) -> Post:
    """Lock the post and what it answers; everybody locks the newer one first, so nobody waits in a circle.

    Raises:
        NotFound: there is no such post.
    """
    answered = select(Post.reply_to_id).where(Post.id == post_id).scalar_subquery()
    both = select(Post).where(or_(Post.id == post_id, Post.id == answered)).order_by(Post.id.desc())
    fresh = both.options(joinedload(Post.author)).execution_options(populate_existing=True)
    locked = session.scalars(fresh.with_for_update(key_share=True, of=Post)).all() if is_id(post_id) else []
    post = next((each for each in locked if each.id == post_id), None)
    if post is None:
        raise NotFound(_("There is no thought at this address."))
    return post


def refuse_stranger(post: Post, sentence: Text) -> None:
    """Say no to somebody who did not write the post, without telling of one that is held.

    Raises:
        NotFound: it is held.
        NotAllowed: it is not, with this sentence.
    """
    if post.state == PostState.HELD:
        raise NotFound(_("There is no thought at this address."))
    raise NotAllowed(sentence)


def move(session: Session, post: Post, state: str) -> None:
    """Change the state, and with it how many live replies the answered post has."""
    step = (state == PostState.LIVE) - (post.state == PostState.LIVE)
    answered = session.get(Post, post.reply_to_id) if post.reply_to_id and step else None
    if answered is not None:
        answered.reply_count += step
    post.state = state
    post.version += 1
