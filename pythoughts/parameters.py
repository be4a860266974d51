"""What the addresses of lists may say."""

import re

from flask import request

from pythoughts.errors import Malformed, NotFound
from pythoughts.i18n import _
from pythoughts.text import is_id

WHOLE_NUMBER = re.compile(r"-?[0-9]+")
DIGITS_MAX = 9  # more belong to no page


def cursor(name: str) -> str | None:
    """The id that a list goes on from, None when the address has none.

    Raises:
        NotFound: it has not the shape of an id.
    """
    given = request.args.get(name)
    if given is not None and not is_id(given):
        raise NotFound(_("There is nothing at this address."))
    return given


def page_number() -> int | None:
    """The `page` of the address, None when it has none; a number far too big becomes one that no list has.

    Raises:
        Malformed: it is no whole number.
    """
    given = request.args.get("page")
    if given is None:
        return None
    if not WHOLE_NUMBER.fullmatch(given):
        raise Malformed(_("A page has a whole number."))
    return int(given) if len(given) <= DIGITS_MAX else 10**DIGITS_MAX
