"""Addresses of a list: what they may say, and what one of them asks for.

What is not understood is refused: to answer with all rows would mislead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from pythoughts.admin.filters import ListFilter
from pythoughts.admin.keyset import Order
from pythoughts.errors import Malformed
from pythoughts.i18n import _
from pythoughts.text import is_storable

SEARCH_MAX = 200  # characters
OWN_NAMES = frozenset({"search", "sort", "before", "after"})
NAME_SHOWN = 40  # characters of a wrong name that the error page repeats


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list, every part checked.

    Attributes:
        order: how to sort.
        sort: the name of that order, None for the list's own.
        search: the words, empty for none.
        filters: typed value by the name of its filter.
        cursor: key of the row that the page borders on, None for the first page.
        backwards: whether the page before that row is wanted.
    """

    order: Order
    sort: str | None = None
    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict, hash=False)
    cursor: tuple[Any, ...] | None = None
    backwards: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether some rows are left out."""
        return bool(self.search or self.filters)

    @property
    def first_page(self) -> "Asked":
        """The same list from its beginning."""
        return replace(self, cursor=None, backwards=False)

    def but(self, **changes: str | None) -> dict[str, str]:
        """Arguments of the first page of the same list with some changed, or left out when None."""
        now = {**self.filters, "search": self.search, "sort": self.sort}
        return {name: value for name, value in (now | changes).items() if value}


@dataclass(frozen=True)
class Vocabulary:
    """What the addresses of one list may say.

    Attributes:
        filters: by the name that each owns.
        orders: by name; the first one is the list's own.
        searchable: whether there is a search.
    """

    filters: Mapping[str, ListFilter]
    orders: Mapping[str, Order]
    searchable: bool

    def read(self, arguments: MultiDict[str, str]) -> Asked:
        """Understand an address.

        Raises:
            Malformed: it says something unknown, something twice, or a value that means nothing.
        """
        said = {name: self._only(name, values) for name, values in arguments.lists()}
        said = {name: value for name, value in said.items() if value}  # a form sends the fields left empty, too
        filters = {name: self._filter(name, value) for name, value in said.items() if name not in OWN_NAMES}
        order = self._order(said.get("sort"))
        return Asked(
            order=order,
            sort=said.get("sort"),
            search=self._search(said.get("search", "")),
            filters=filters,
            cursor=_cursor(order, said),
            backwards="before" in said,
        )

    def _only(self, name: str, values: Sequence[str]) -> str:
        if name not in OWN_NAMES and name not in self.filters:
            raise Malformed(_("This list has no filter “%(name)s”.", name=name[:NAME_SHOWN]))
        if len(values) != 1 or not is_storable(values[0]):
            raise Malformed(_("“%(name)s” must be given once, as plain text.", name=name))
        return values[0].strip()

    def _filter(self, name: str, value: str) -> str:
        if not self.filters[name].validate(value):
            raise Malformed(_("The filter “%(name)s” does not know this value.", name=name))
        return value

    def _order(self, sort: str | None) -> Order:
        if sort is None:
            return next(iter(self.orders.values()))
        if sort not in self.orders:
            raise Malformed(_("This list can't be sorted like that."))
        return self.orders[sort]

    def _search(self, words: str) -> str:
        if words and (not self.searchable or len(words) > SEARCH_MAX):
            raise Malformed(_("This list can't be searched for that."))
        return words


def _cursor(order: Order, said: Mapping[str, str]) -> tuple[Any, ...] | None:
    if "before" in said and "after" in said:
        raise Malformed(_("A page lies either before a row or after it."))
    text = said.get("before") or said.get("after")
    try:
        return order.cursor_from(text) if text else None
    except ValueError:
        raise Malformed(_("There is no such page. Start again from the first one.")) from None
