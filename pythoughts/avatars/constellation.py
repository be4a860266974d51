"""The picture of a person who has uploaded none: a small constellation, always the same for the same id."""

import hashlib
from collections.abc import Iterator
from functools import partial
from itertools import chain, count
from typing import NamedTuple

STARS = 5
SIDE = 40  # units of the viewBox
EDGE = 8  # units kept free around the stars
APART = 8  # units between two stars at least
SIZES = (3.4, 2.6, 4.2, 2.2, 3.0)  # radii in units
HUES = (  # degree and chroma in OKLCH, eight that are told apart by most eyes
    (258, 0.10),
    (90, 0.11),
    (168, 0.08),
    (20, 0.10),
    (310, 0.08),
    (205, 0.08),
    (130, 0.09),
    (50, 0.10),
)


class Star(NamedTuple):
    """A place in the picture."""

    x: float
    y: float


def constellation(user_id: str) -> str:
    """Draw the picture of `user_id` as an SVG document of about 290 bytes gzipped."""
    seed = hashlib.sha256(user_id.encode()).digest()
    hue, chroma = HUES[seed[0] % len(HUES)]
    paper = f"oklch(0.90 {chroma * 0.45:.3f} {hue})"
    ink = f"oklch(0.45 {chroma * 1.15:.3f} {hue})"
    stars = _stars(seed)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">'
        f'<rect width="{SIDE}" height="{SIDE}" fill="{paper}"/>'
        f'<path d="{_path(stars)}" fill="none" stroke="{ink}" stroke-width="1.6" opacity=".55"/>'
        f'<g fill="{ink}">{_dots(stars)}</g></svg>'
    )


def _stars(seed: bytes) -> list[Star]:
    """The first places that keep their distance from each other."""
    stars: list[Star] = []
    places = _places(seed)
    while len(stars) < STARS:
        place = next(places)
        if all((place.x - star.x) ** 2 + (place.y - star.y) ** 2 > APART**2 for star in stars):
            stars.append(place)
    return stars


def _places(seed: bytes) -> Iterator[Star]:
    """Places without end, each from two bytes of a digest, so that no version of Python draws them otherwise."""
    digests = map(partial(_digest, seed), count())
    bytes_without_end = chain.from_iterable(digests)
    return (Star(_between(x), _between(y)) for x, y in zip(bytes_without_end, bytes_without_end, strict=False))


def _digest(seed: bytes, turn: int) -> bytes:
    return hashlib.sha256(seed + turn.to_bytes(4)).digest()


def _between(byte: int) -> float:
    return round(EDGE + byte / 255 * (SIDE - 2 * EDGE), 1)


def _path(stars: list[Star]) -> str:
    """One line through all stars, from the top left to the bottom right."""
    ordered = sorted(stars, key=lambda star: star.x + star.y)
    return "M" + "L".join(f"{star.x:g} {star.y:g}" for star in ordered)


def _dots(stars: list[Star]) -> str:
    return "".join(
        f'<circle cx="{star.x:g}" cy="{star.y:g}" r="{size:g}"/>' for star, size in zip(stars, SIZES, strict=True)
    )
