"""Lists of the back office: Flask-Admin's model view, closed by default, paged by key, counted up to a cap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import request, url_for
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import ColumnElement, Row, Select, Subquery, func, literal, literal_column, select
from wtforms import Form

from pythoughts.admin.asking import Asked, Vocabulary
from pythoughts.admin.base import Guarded, page
from pythoughts.admin.columns import may_act_on
from pythoughts.admin.filters import ListFilter
from pythoughts.admin.keyset import Order, Window
from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.i18n import Text, _, plural

PAGE_SIZE = 25  # rows
COUNT_CAP = 10_000  # rows; beyond, "10,000+" is all that anybody needs to know
ALLOW_LISTS = (
    "column_list",
    "column_details_list",
    "column_searchable_list",
    "column_filters",
    "column_sortable_list",
    "column_export_list",
)


def capped(statement: Select[Any]) -> Subquery:
    """The rows of a statement, to be counted in a time that does not grow with the table."""
    return statement.limit(COUNT_CAP + 1).subquery()


@dataclass(frozen=True)
class Heading:
    """The head of a column.

    Attributes:
        label: its name.
        is_number: whether it is set to the right.
        on_phones: whether it stays on a narrow screen.
        sorted: value of aria-sort, None for a column that can't be sorted.
        next_sort: the order that a click asks for.
    """

    label: Text
    is_number: bool
    on_phones: bool
    sorted: str | None
    next_sort: str


class ListView(Guarded, ModelView):  # type: ignore[misc]  # Flask-Admin is untyped
    """A table to look at. Nothing is saved here: what changes a row is a page that calls a use case.

    Each view lists all that may be shown, searched, filtered, sorted and exported, and does not start otherwise.
    `rows()` may select these columns only; a part of one is named after it, as `author_id` belongs to `author`.

    Attributes:
        orders: how it can be sorted: by a column's name, with "-" in front for descending. The first is its own.
        phone_columns: columns that stay on a narrow screen.
        number_columns: columns that are set to the right.
    """

    can_create = can_edit = can_delete = can_export = can_view_details = False
    list_template = "backoffice/list.html"
    page_size = PAGE_SIZE

    orders: ClassVar[Mapping[str, Order]]
    phone_columns: ClassVar[frozenset[str]] = frozenset()
    number_columns: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, model: type[Any], name: Text, **options: Any) -> None:
        self._require_allow_lists()
        super().__init__(model, db, name=name, **options)
        self._require_listed_columns()
        filters = {key: entry[1] for key, entry in (self._filter_args or {}).items()}
        self.vocabulary = Vocabulary(filters, self.orders, bool(self.column_searchable_list))

    def rows(self) -> Select[Any]:
        """What is selected for a row: its id and the listed columns."""
        raise NotImplementedError

    def details(self) -> Select[Any]:
        """What is selected for the page of one row: its id and the listed details."""
        return self.rows()

    def scope(self) -> Sequence[ColumnElement[bool]]:
        """Conditions that every row meets, in the list and when asked for by its id."""
        return ()

    def search_hint(self) -> Text:
        """What the search box asks for."""
        raise NotImplementedError

    def search_for(self, words: str) -> ColumnElement[bool]:
        """The condition that finds `words`."""
        raise NotImplementedError

    @page("/")
    def index_view(self) -> str:
        """The table, narrowed and turned to the page that the address names."""
        asked = self.vocabulary.read(request.args)
        return self.render(  # type: ignore[no-any-return]
            self.list_template,
            asked=asked,
            window=self.get_list(asked),
            size=self.size(self.get_count(asked)),
            may_act_on=may_act_on,
            **self.beside(),
        )

    def beside(self) -> dict[str, Any]:
        """What the page of this list shows besides the table."""
        return {}

    @property
    def address(self) -> str:
        """The first page with every row."""
        return url_for(f"{self.endpoint}.index_view")

    def at(self, asked: Asked, **changes: str | None) -> str:
        """The first page of what is asked for, with some of it changed."""
        return url_for(f"{self.endpoint}.index_view", **asked.but(**changes))  # type: ignore[arg-type]

    def size(self, total: int) -> Text:
        """The count in words, "10,000+" when it is beyond the cap."""
        shown = f"{COUNT_CAP:,}+" if total > COUNT_CAP else f"{total:,}"
        return plural("%(shown)s entry", "%(shown)s entries", total, shown=shown)

    def headings(self, asked: Asked) -> list[Heading]:
        """What stands above the columns."""
        current = asked.sort or next(iter(self.orders))
        return [self._heading(name, label, current) for name, label in self._list_columns]

    def _heading(self, name: str, label: Text, current: str) -> Heading:
        directions = {f"-{name}": "descending", name: "ascending"}
        sortable = name in self.column_sortable_list
        return Heading(
            label=label,
            is_number=name in self.number_columns,
            on_phones=name in self.phone_columns,
            sorted=directions.get(current, "none") if sortable else None,
            next_sort=name if current == f"-{name}" else f"-{name}",
        )

    def get_list(self, asked: Asked) -> Window:
        """The rows of a page: one range of an index, however deep it lies."""
        statement = self._turned_to(self._narrowed(self.rows(), asked), asked)
        if asked.is_narrowed:  # few rows are found first: joined before, whole tables would be read for them
            found = self._turned_to(self._narrowed(select(self.model.id), asked), asked)
            statement = asked.order.sort(self.rows().where(self.model.id.in_(found)), backwards=asked.backwards)
        rows = db.session.execute(statement).all()
        started = asked.cursor is not None
        return asked.order.window(rows, self.page_size, started=started, backwards=asked.backwards)

    def _turned_to(self, statement: Select[Any], asked: Asked) -> Select[Any]:
        """The page that is asked for, and one row more; not knowing how many, PostgreSQL would keep no plan."""
        if asked.cursor is not None:
            statement = statement.where(asked.order.beyond(asked.cursor, backwards=asked.backwards))
        return asked.order.sort(statement, backwards=asked.backwards).limit(literal_column(str(self.page_size + 1)))

    def get_count(self, asked: Asked) -> int:
        """How many rows there are on all pages, at most one more than the cap."""
        statement = self._narrowed(select(literal(1)).select_from(self.model), asked)
        return db.session.scalar(select(func.count()).select_from(capped(statement))) or 0

    def get_one(self, id: Any) -> Row[Any]:  # noqa: A002  (Flask-Admin's name)
        """The row with this id and its details.

        Raises:
            NotFound: there is none, or the list leaves it out.
        """
        statement = self.details().where(*self.scope(), self.model.id == id)
        found = db.session.execute(statement).one_or_none()
        if found is None:
            raise NotFound(_("There is nothing at this address."))
        return found

    def _narrowed(self, statement: Select[Any], asked: Asked) -> Select[Any]:
        statement = statement.where(*self.scope())
        if asked.search:
            statement = statement.where(self.search_for(asked.search))
        for name, value in asked.filters.items():
            chosen = self.vocabulary.filters[name]
            statement = chosen.apply(statement, chosen.clean(value))
        return statement

    # What Flask-Admin asks while it starts.

    def is_valid_filter(self, filter: Any) -> bool:  # noqa: A002  (Flask-Admin's name)
        """Only filters that refuse what they don't know."""
        return isinstance(filter, ListFilter)

    def get_filter_arg(self, index: int, flt: ListFilter) -> str:  # noqa: ARG002  (Flask-Admin's signature)
        """The name of the filter in addresses, the same whatever the order of the filters."""
        return flt.key

    def scaffold_form(self) -> type[Form]:
        """No form is made from the columns: a use case decides what may change."""
        return Form  # type: ignore[no-any-return]

    def scaffold_list_columns(self) -> list[str]:
        """An empty allow-list means nothing, where Flask-Admin would take every column."""
        return []

    def get_export_columns(self) -> list[tuple[str, str]]:
        """The allow-list as it is; Flask-Admin would fall back on the columns of the list."""
        return list(self.get_column_names(self.column_export_list, None))

    def _require_allow_lists(self) -> None:
        own = [kind for kind in type(self).__mro__ if issubclass(kind, ListView) and kind is not ListView]
        missing = [name for name in ALLOW_LISTS if not any(name in vars(kind) for kind in own)]
        if missing:
            raise TypeError(f"{type(self).__name__} does not say its {', '.join(missing)}")
        sortable = {name.removeprefix("-") for name in self.orders}
        if sortable != set(self.column_sortable_list):
            raise TypeError(f"{type(self).__name__} sorts by columns that are not listed: {sorted(sortable)}")

    def _require_listed_columns(self) -> None:
        self._require_listed(self.rows(), self.column_list)
        self._require_listed(self.details(), self.column_details_list or self.column_list)

    def _require_listed(self, statement: Select[Any], names: Sequence[str]) -> None:
        keys = [column.key or "" for column in statement.selected_columns]
        stray = [key for key in keys if not any(f"{key}_".startswith(f"{name}_") for name in ("id", *names))]
        if stray:
            raise TypeError(f"{type(self).__name__} selects columns that are not listed: {', '.join(stray)}")
