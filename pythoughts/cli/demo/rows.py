"""Put the demo community into the database, in one transaction."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import check_seals, seal
from pythoughts.auth.models import Account, Session, User
from pythoughts.auth.queries import CREDENTIAL
from pythoughts.auth.tokens import digest, new_token
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.auth.use_cases.sessions import LIFETIME, SHORT_LIFETIME
from pythoughts.auth.use_cases.standing import ban_user
from pythoughts.cli.demo.people import (
    BAN_REASON,
    BANNED,
    BROWSERS,
    COMPLAINTS,
    PEOPLE,
    SIGN_INS,
    UNVERIFIED,
    Browser,
    Person,
)
from pythoughts.cli.demo.threads import SPAM, SPAM_REASON, Placed, placed
from pythoughts.clock import now
from pythoughts.db import id_at, transaction
from pythoughts.feed.models import Post, PostState
from pythoughts.feed.use_cases import remove_post
from pythoughts.moderation.use_cases import report_person, report_post
from pythoughts.notifications.models import NoticeKind, Notification
from pythoughts.preferences.use_cases import block_person, ignore_person
from pythoughts.services.passwords import hash_password, unusable_hash
from pythoughts.signals import post_watched
from pythoughts.statistics.use_cases import count_all
from pythoughts.words.judging import judge

TAIL_START = 15  # character of a key at which what isn't time begins
TOLD, UNREAD = timedelta(days=5), timedelta(days=2)  # how long ago people were told of replies, and have not looked
ADMIN, MODERATOR = SIGN_INS[0].username, SIGN_INS[1].username


def make_community() -> None:
    """People, what they said during the last two weeks, and what staff did about it."""
    at = now()
    passwords = {sign_in.username: hash_password(sign_in.password) for sign_in in SIGN_INS}
    nobodys = unusable_hash()
    with transaction() as database:
        people = {person.username: _user(person, at) for person in PEOPLE}
        database.add_all(people.values())
        database.flush()  # everything else refers to people
        database.add_all(_account(user, passwords.get(name, nobodys)) for name, user in people.items())
        database.add_all(_session(browser, people[browser.username], at) for browser in BROWSERS)
        _talk(database, people, at)
        _act(database, people)
    count_all()
    seal()
    check_seals()


def tail_of(username: str) -> str:
    """The end of the key of one of the demo's people: the same whenever the demo was made."""
    return _key(f"user {username}", now())[TAIL_START - 1 :]


def _talk(database: Database, people: dict[str, User], at: datetime) -> None:
    thoughts = list(placed())
    keys = [_key(f"post {post.index}", _written(post, at)) for post in thoughts]
    answers = Counter(post.parent for post in thoughts)
    database.add_all(
        Post(
            id=keys[post.index],
            message=post.message,
            user_id=people[post.author].id,
            reply_to_id=None if post.parent is None else keys[post.parent],
            root_id=None if post.root is None else keys[post.root],
            depth=post.depth,
            reply_count=answers[post.index],
            state=PostState.HELD if judge(post.message).holds else PostState.LIVE,
            created_at=_written(post, at),
            updated_at=_written(post, at),
        )
        for post in thoughts
    )
    database.flush()  # staff look at them
    _report(people, {keys[post.index]: post for post in thoughts})
    database.add_all(_notices(thoughts, keys, people, at))
    spam = next(keys[post.index] for post in thoughts if post.message == SPAM)
    remove_post(actor=people[MODERATOR], post_id=spam, reason=SPAM_REASON)


def _notices(
    thoughts: Sequence[Placed], keys: Sequence[str], people: dict[str, User], at: datetime
) -> Iterator[Notification]:
    """What people were told of the replies of the last days; the earlier ones they have read."""
    ignored = {(person.username, name) for person in PEOPLE for name in person.ignores}
    for post in thoughts:
        author = None if post.parent is None else thoughts[post.parent].author
        moment = _written(post, at)
        if author in {None, post.author} or (author, post.author) in ignored or moment < at - TOLD:
            continue
        yield Notification(
            id=_key(f"notification {post.index}", moment),
            user_id=people[str(author)].id,
            kind=NoticeKind.REPLY,
            person_id=people[post.author].id,
            post_id=keys[post.index],
            created_at=moment,
            updated_at=moment,
            read_at=None if moment > at - UNREAD else min(at, moment + timedelta(hours=3)),
        )


def _act(database: Database, people: dict[str, User]) -> None:
    for person in PEOPLE:
        for name in person.ignores:
            ignore_person(actor=people[person.username], username=name)
        for name in person.blocks:
            block_person(actor=people[person.username], username=name)
    send_code(database, people[UNVERIFIED])
    ban_user(actor=people[ADMIN], user=people[BANNED], reason=BAN_REASON)


def _report(people: dict[str, User], thoughts: dict[str, Placed]) -> None:
    """What members complained about, and what the word filter held back."""
    for each in COMPLAINTS:
        said: dict[str, Any] = {"actor": people[each.reporter], "category": each.category, "details": each.details}
        if not each.words:
            report_person(username=each.author, **said)
            continue
        found = (key for key, post in thoughts.items() if post.author == each.author and each.words in post.message)
        report_post(post_id=next(found), **said)
    for key, post in thoughts.items():
        if held := judge(post.message).holds:
            post_watched.send(key, word_id=held.word.id, is_held=True)


def _user(person: Person, at: datetime) -> User:
    joined = at - timedelta(days=person.joined)
    seen = [browser.seen for browser in BROWSERS if browser.username == person.username]
    wrote = [post.minutes for post in placed() if post.author == person.username]
    return User(
        id=_key(f"user {person.username}", joined),
        name=person.name,
        username=person.username,
        display_username=person.username,
        email=person.email,
        email_verified=person.verified,
        role=person.role,
        bio=person.bio or None,
        last_seen_at=at - timedelta(minutes=min([*seen, *wrote])),
        created_at=joined,
        updated_at=joined,
    )


def _account(user: User, password: str) -> Account:
    return Account(account_id=user.id, provider_id=CREDENTIAL, user_id=user.id, password=password)


def _session(browser: Browser, user: User, at: datetime) -> Session:
    """A browser whose token nobody has: it can be looked at and revoked, not used."""
    signed_in, seen = at - timedelta(minutes=browser.signed_in), at - timedelta(minutes=browser.seen)
    return Session(
        id=_key(f"session {browser.username} {browser.signed_in}", signed_in),
        token=digest(new_token()),
        user_id=user.id,
        ip_address=browser.ip_address,
        user_agent=browser.user_agent,
        remember=browser.remember,
        expires_at=seen + LIFETIME if browser.remember else signed_in + SHORT_LIFETIME,
        auth_at=signed_in,
        created_at=signed_in,
        updated_at=seen,
    )


def _written(post: Placed, at: datetime) -> datetime:
    """Some seconds before the full minute, but never so many that a reply comes before what it answers."""
    return at - timedelta(minutes=post.minutes, seconds=post.index * 37 % 60)


def _key(name: str, moment: datetime) -> str:
    return id_at(moment, int.from_bytes(blake2b(name.encode(), digest_size=10).digest()))
