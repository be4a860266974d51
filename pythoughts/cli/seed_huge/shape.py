"""Who answers whom: threads whose sizes have a long tail, counted exactly."""

from array import array
from dataclasses import dataclass
from random import Random

from pythoughts.feed.models import PostState

NOBODY = -1  # what a thought answers
ROOT_SHARE = 0.3  # of all posts begin a thread
CROWD_SHARE = 0.02  # of all replies go to the one thread that everybody is in
CROWD_EVERY = 100_000  # posts between one such thread and the next
DIRECT_SHARE = 0.45  # of replies answer the thread's first post
DEPTH_MAX = 40  # levels; conversations of two end somewhere
STATES = (PostState.LIVE, PostState.REMOVED, PostState.DELETED, PostState.HELD)
LIVE, REMOVED, DELETED, HELD = range(4)


@dataclass(frozen=True)
class Shape:
    """All posts by number, the oldest first.

    Attributes:
        parent: what each answers, NOBODY for a thought.
        root: the first post of its thread, NOBODY for a thought.
        depth: levels below the root.
        state: index into STATES.
        replies: how many live posts answer it directly.
    """

    parent: "array[int]"
    root: "array[int]"
    depth: bytearray
    state: bytearray
    replies: "array[int]"


def grow(posts: int, random: Random) -> Shape:
    """Let `posts` people speak one after the other."""
    shape = Shape(_filled(posts, NOBODY), _filled(posts, NOBODY), bytearray(posts), bytearray(posts), _filled(posts, 0))
    crowd = 0
    for number in range(1, posts):
        if number % CROWD_EVERY == 0:
            crowd = number
        elif random.random() >= ROOT_SHARE:
            _answer(shape, number, _answered(shape, number, crowd, random))
    _judge(shape, random)
    return shape


def _filled(size: int, value: int) -> "array[int]":
    return array("i", [value]) * size


def _answered(shape: Shape, number: int, crowd: int, random: Random) -> int:
    """Something recent, so that a busy thread gets busier, or its first post."""
    if random.random() < CROWD_SHARE:
        return crowd
    recent = max(0, number - int(random.paretovariate(0.6)))
    root = shape.root[recent]
    if root != NOBODY and (random.random() < DIRECT_SHARE or shape.depth[recent] >= DEPTH_MAX):
        return root
    return recent


def _answer(shape: Shape, number: int, parent: int) -> None:
    root = shape.root[parent]
    shape.parent[number] = parent
    shape.root[number] = parent if root == NOBODY else root
    shape.depth[number] = shape.depth[parent] + 1
    shape.replies[parent] += 1


def _judge(shape: Shape, random: Random) -> None:
    """Take some posts out of sight, and out of the counts; only what nobody has answered is held back."""
    answered = [count > 0 for count in shape.replies]
    for number, parent in enumerate(shape.parent):
        chance = random.random()
        state = REMOVED if chance < 0.010 else DELETED if chance < 0.022 else HELD if chance < 0.024 else LIVE
        if state == HELD and answered[number]:
            state = LIVE
        shape.state[number] = state
        if state != LIVE and parent != NOBODY:
            shape.replies[parent] -= 1
