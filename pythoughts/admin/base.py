"""What every page of the back office shares: who may open it, which of its addresses exist, how it is shown."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar, cast

from flask import g
from flask_admin import Admin, AdminIndexView, BaseView, expose
from flask_admin.theme import Theme
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from pythoughts.access import Permission, grants, reader
from pythoughts.clock import now
from pythoughts.errors import DomainError
from pythoughts.htmx import wants_partial

Method = TypeVar("Method", bound=Callable[..., Any])

THEME = Theme(folder="none", base_template="backoffice/base.html")  # Flask-Admin's own templates stay out of reach


def page(
    rule: str, permission: Permission | None = None, *, methods: Sequence[str] = ("GET",)
) -> Callable[[Method], Method]:
    """Answer `rule`, below the address of the view, with the method.

    Args:
        rule: as Flask writes it: "/", "/<id:row_id>/remove".
        permission: who may; when not given, whoever may open the view's list.
        methods: HTTP methods that it answers.
    """

    def mark(method: Method) -> Method:
        method.needs = permission  # type: ignore[attr-defined]
        return cast("Method", expose(rule, methods)(method))

    return mark


class Guarded:
    """Access, addresses and rendering; mixed into each of Flask-Admin's kinds of view.

    Attributes:
        permission: what its holder needs to find the view in the menu and to open its first page.
    """

    permission: ClassVar[Permission]

    def access_of(self, name: str) -> Permission | None:
        """What the view function `name` asks for; None for all that is not marked with `@page`."""
        method: Any = getattr(self, name, None)
        return (method.needs or self.permission) if hasattr(method, "needs") else None

    def is_accessible(self) -> bool:
        """Whether the signed-in person may open the view; the menu shows nothing else."""
        me = reader()
        return me is not None and grants(me.role, self.permission)

    def create_blueprint(self, admin: Admin) -> Any:
        """Leave out every address that is not marked: Flask-Admin's editing, deleting, export, lookups and files."""
        kind = cast("Any", type(self))
        self._urls = [rule for rule in kind._urls if self.access_of(rule[1])]
        self.static_folder = None
        blueprint = super().create_blueprint(admin)  # type: ignore[misc]
        blueprint.after_request(_never_stored)
        return blueprint

    def answer(self, template: str, partial: str, **values: Any) -> str:
        """The fragment when htmx asks for one, else the whole page."""
        return self.render(partial if wants_partial() else template, **values)  # type: ignore[attr-defined, no-any-return]

    def _run_view(self, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run it once: Flask-Admin would answer a TypeError with a second try and hide the first message.

        Raises:
            CSRFError: the form has no valid token, and there is no page to show it on again.
        """
        try:
            return view(self, *args, **kwargs)
        except DomainError:
            if g.get("csrf_failed"):
                raise CSRFError from None
            raise


class Page(Guarded, BaseView):  # type: ignore[misc]  # Flask-Admin is untyped
    """A page that is no list."""


class FirstPage(Guarded, AdminIndexView):  # type: ignore[misc]  # Flask-Admin is untyped
    """The page at /admin/."""


def ahead(moment: datetime) -> str:
    """How long until then: "in 58m", "in 3h", "in 6d", or that it is over."""
    left = moment - now()
    if left <= timedelta(0):
        return str(gettext("over"))
    if left < timedelta(hours=1):
        return str(gettext("in %(n)dm", n=left // timedelta(minutes=1)))
    if left < timedelta(days=1):
        return str(gettext("in %(n)dh", n=left // timedelta(hours=1)))
    return str(gettext("in %(n)dd", n=left.days))


def _never_stored(response: Response) -> Response:
    """Keep pages about people out of every cache, the browser's too."""
    response.headers["Cache-Control"] = "no-store"
    return response
