"""Write a post or a reply, once, whatever the network repeats."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pythoughts.access import Role
from pythoughts.auth.models import User
from pythoughts.auth.throttles import hits_from_here, hits_of
from pythoughts.clock import now
from pythoughts.db import db, new_id, transaction
from pythoughts.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, TooFast
from pythoughts.feed.models import MESSAGE_BYTES_MAX, MESSAGE_MAX, Post, PostState
from pythoughts.feed.permissions import is_silenced
from pythoughts.i18n import _, plural
from pythoughts.limits.use_cases import Hit, count
from pythoughts.preferences.queries import is_cut
from pythoughts.settings.limits import throttle
from pythoughts.signals import post_created, post_watched
from pythoughts.text import grapheme_count, is_id, is_storable, normalise
from pythoughts.words.judging import Verdict, judge

NEW_FOR = timedelta(hours=24)  # an account is new for so long
POSTS = throttle("post", 20, 60, _("Posts of one account within a minute."))
POSTS_NEW = throttle("post-new", 5, 60, _("The same, in the first 24 hours of an account."))
POSTS_LONG = throttle("post", 300, 10_800, _("Posts of one account within 3 hours."))
POSTS_NETWORK = (throttle("post-network", 60, 60, _("Posts from one network within a minute.")),)
OPEN_ACCOUNT = (  # made once, as the next one is: everybody who posts sends both
    select(User.id)
    .where(User.id == bindparam("person_id"), User.deleted_at.is_(None), User.delete_after.is_(None))
    .with_for_update(read=True)
)
ONE_FOR_A_KEY = (
    insert(cast("Table", Post.__table__))
    .on_conflict_do_nothing(index_elements=[Post.user_id, Post.idempotency_key])
    .returning(Post.id)
)
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True)
class Draft:
    """What is about to be posted, checked."""

    user_id: str
    message: str
    reply_to_id: str | None
    idempotency_key: str | None
    verdict: Verdict

    @property
    def state(self) -> PostState:
        """Whether everybody sees it at once."""
        return PostState.HELD if self.verdict.holds else PostState.LIVE


def create_post(
    *, author: User, message: str, reply_to_id: str | None = None, idempotency_key: str | None = None
) -> str:
    """Post a thought, or a reply to a live post.

    Args:
        author: whoever writes.
        message: as typed; 1 to MESSAGE_MAX graphemes and at most MESSAGE_BYTES_MAX bytes once normalised.
        reply_to_id: the post to answer.
        idempotency_key: the same key of the same author makes one post, however often it is sent.

    Returns:
        The id of the new post, or of the one that this key made before.

    Raises:
        NotAllowed: the address is not proven, the author is silenced or gone, or there is a block between them and
            whom they answer.
        Invalid: the text is empty, too long, can't be stored or holds a blocked word; or the key is malformed.
        NotFound, Gone: the post to answer isn't there, or was taken away.
        Conflict: the post to answer is held back, or the key was used for another text.
        TooFast: a posting limit is reached.
    """
    require_voice(author)
    text = clean_message(message)
    draft = Draft(author.id, text, reply_to_id, _checked_key(idempotency_key), verdict_on(text, author))
    try:
        count(_hits(author))
    except TooFast:
        if (made := _made_before(draft)) is None:
            raise
        return made
    return _insert(draft)


def clean_message(typed: str) -> str:
    """The text as it is stored.

    Raises:
        Invalid: it is empty, too long, or holds what the database can't keep.
    """
    if not is_storable(typed):
        raise Invalid(_("This text holds characters that cannot be stored."), field="message")
    message = normalise(typed)
    if not message:
        raise Invalid(_("Write something first."), field="message")
    if len(message.encode()) > MESSAGE_BYTES_MAX:
        raise Invalid(_("This text takes too much room. Make it shorter."), field="message")
    over = grapheme_count(message) - MESSAGE_MAX
    if over > 0:
        sentence = plural("This is %(num)d character too long.", "This is %(num)d characters too long.", over)
        raise Invalid(sentence, field="message")
    return message


def verdict_on(message: str, author: User) -> Verdict:
    """What the word filter says; what staff write never waits for staff.

    Raises:
        Invalid: a word in it is blocked.
    """
    verdict = judge(message)
    return verdict if author.role == Role.MEMBER else Verdict()


def require_voice(author: User) -> None:
    """Let those write who are members in good standing.

    Raises:
        NotAllowed: the address is not proven, or the author is silenced or gone.
    """
    if not author.is_active:
        raise NotAllowed(_("This account is closed."), field="message")
    if not author.email_verified:
        raise NotAllowed(
            _("Confirm your email to post: enter the code from our mail, or ask for a new one on the same page."),
            field="message",
        )
    if is_silenced(author):
        raise NotAllowed(_("A moderator has paused your posting for a while."), field="message")


def _checked_key(key: str | None) -> str | None:
    if key and not KEY.fullmatch(key):
        raise Invalid(_("This form was damaged on its way. Send it again."), field="message")
    return key or None


def _hits(author: User) -> list[Hit]:
    """What the act counts against; staff have no limits."""
    if author.role != Role.MEMBER:
        return []
    is_new = author.created_at > now() - NEW_FOR
    return hits_of(author.id, (POSTS_NEW if is_new else POSTS, POSTS_LONG)) + hits_from_here(POSTS_NETWORK)


def _insert(draft: Draft) -> str:
    with transaction() as session:
        hold_author(session, draft.user_id)
        parent = _hold_parent(session, draft.reply_to_id) if draft.reply_to_id else None
        if parent is not None:
            _require_no_block(session, draft, parent)
        post_id = _insert_once(session, draft, parent)
        if post_id is None:
            return _made_with(draft)
        if parent is not None and draft.state == PostState.LIVE:
            counted = update(Post).where(Post.id == parent.id).values(reply_count=Post.reply_count + 1)
            session.execute(counted, execution_options={"synchronize_session": False})
        _tell(post_id, draft)
        return post_id


def _tell(post_id: str, draft: Draft) -> None:
    """Nobody hears of what is held; staff hear of what the word filter noticed."""
    if draft.state == PostState.LIVE:
        post_created.send(post_id, author_id=draft.user_id, reply_to_id=draft.reply_to_id)
    noticed = draft.verdict.holds or draft.verdict.flags
    if noticed:
        post_watched.send(post_id, word_id=noticed.word.id, is_held=draft.state == PostState.HELD)


def hold_author(session: Session, user_id: str) -> None:
    """Let a deletion of the account that runs at the same moment be either before or after this post."""
    if session.scalar(OPEN_ACCOUNT, {"person_id": user_id}) is None:
        raise NotAllowed(_("This account is closed."), field="message")


def _hold_parent(session: Session, post_id: str) -> Post:
    locked = select(Post).where(Post.id == post_id).with_for_update(key_share=True)
    parent = session.scalar(locked.execution_options(populate_existing=True)) if is_id(post_id) else None
    if parent is None:
        raise NotFound(_("What you answer is not there. Copy your text and post it anew."), field="message")
    if parent.state == PostState.HELD:
        raise Conflict(_("What you answer is waiting for a moderator. Try again later."), field="message")
    if parent.state != PostState.LIVE:
        raise Gone(_("What you answer was taken away. Copy your text and post it anew."), field="message")
    return parent


def _require_no_block(session: Session, draft: Draft, parent: Post) -> None:
    """Neither an answer to somebody behind a block, nor one in a thread that they began.

    The author's row is held by now, and so is a block's: it is there already, or comes after this post.
    """
    starter = session.scalar(select(Post.user_id).where(Post.id == parent.root_id)) if parent.root_id else None
    others = {parent.user_id, starter or parent.user_id} - {draft.user_id}
    if others and is_cut(draft.user_id, *others):
        raise NotAllowed(_("There is a block between you and this member, so you can't answer here."), field="message")


def _insert_once(session: Session, draft: Draft, parent: Post | None) -> str | None:
    """The id of the new row, or None when the key has one already."""
    row = {
        "id": new_id(),
        "message": draft.message,
        "user_id": draft.user_id,
        "reply_to_id": draft.reply_to_id,
        "root_id": (parent.root_id or parent.id) if parent else None,
        "depth": parent.depth + 1 if parent else 0,
        "state": draft.state,
        "idempotency_key": draft.idempotency_key,
    }
    return session.scalar(ONE_FOR_A_KEY, row)


def _made_with(draft: Draft) -> str:
    """The post that the key made before."""
    made = _made_before(draft)
    if made is None:
        sentence = _("You have posted with this form already. Send it again to post this text too.")
        raise Conflict(sentence, field="message")
    return made


def _made_before(draft: Draft) -> str | None:
    """The id of the post that was made with the same key from the same text."""
    if draft.idempotency_key is None:
        return None
    found: str | None = db.session.scalar(
        select(Post.id).where(
            Post.user_id == draft.user_id,
            Post.idempotency_key == draft.idempotency_key,
            Post.message == draft.message,
            Post.reply_to_id.is_not_distinct_from(draft.reply_to_id),
        )
    )
    return found
