"""The generated pictures."""

import gzip
import re
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from pythoughts.avatars.constellation import APART, EDGE, SIDE, STARS, constellation

IDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=64)
CIRCLE = re.compile(r'cx="([\d.]+)" cy="([\d.]+)"')


def test_the_same_person_always_looks_the_same():
    assert constellation("0198-ada") == constellation("0198-ada")
    assert constellation("0198-ada") != constellation("0198-mira")


def test_the_picture_is_the_same_in_every_version():
    """A picture that is cached for ever must not depend on this machine."""
    assert CIRCLE.findall(constellation("ada"))[0] == ("30.9", "16.4")


def test_eight_hues_tell_people_apart():
    papers = {re.search(r'fill="(oklch[^"]*)"', constellation(str(number)))[1] for number in range(200)}
    assert len(papers) == 8


@given(IDS)
def test_stars_keep_their_distance_inside_the_picture(user_id):
    stars = [(float(x), float(y)) for x, y in CIRCLE.findall(constellation(user_id))]
    assert len(stars) == STARS
    for number, (x, y) in enumerate(stars):
        assert EDGE <= x <= SIDE - EDGE
        assert EDGE <= y <= SIDE - EDGE
        assert all((x - left) ** 2 + (y - top) ** 2 > APART**2 for left, top in stars[:number])


@given(IDS)
def test_it_is_small_and_well_formed(user_id):
    drawn = constellation(user_id)
    ET.fromstring(drawn)  # noqa: S314  (our own drawing)
    assert len(gzip.compress(drawn.encode())) < 310
