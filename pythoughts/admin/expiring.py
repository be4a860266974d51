"""What lists of things that belong to a member and end by themselves have in common: sessions and verifications."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, or_

from pythoughts.admin.columns import both_ways, named
from pythoughts.admin.keyset import Order
from pythoughts.admin.listing import ListView


class ExpiringView(ListView):
    """A list that can be sorted by when things were made and when they end, and searched by whose they are."""

    column_details_list = ()
    column_searchable_list = ("id",)
    column_sortable_list = ("created_at", "expires_at")
    column_export_list = ()
    phone_columns: ClassVar = frozenset({"member"})

    def search_for(self, words: str) -> ColumnElement[bool]:
        """Any part of a member's name, or the whole id; nothing else can be searched."""
        return or_(self.model.id == words, self.model.user_id.in_(named(words)))


def by_making_and_ending(model: Any) -> Mapping[str, Order]:
    """The four orders of such a list, the newest first being the first."""
    return both_ways("created_at", model.id) | both_ways("expires_at", model.expires_at, model.id)
