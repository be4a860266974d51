"""One post with its replies, and taking it away."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only, public, reader
from pythoughts.feed import queries, use_cases
from pythoughts.feed.forms import PostForm
from pythoughts.feed.queries import Order
from pythoughts.feed.views.blueprint import bp
from pythoughts.i18n import _
from pythoughts.parameters import cursor
from pythoughts.preferences.choices import my_choices
from pythoughts.web import page_or_partial


@bp.get("/posts/<id:post_id>")
@public
def show(post_id: str) -> str:
    """A thread; later pages of it go on after a reply."""
    order = Order.NEWEST if request.args.get("sort") == Order.NEWEST else Order.OLDEST
    thread = queries.get_thread(post_id, reader=reader(), after=cursor("after"), order=order)
    form = PostForm.for_reader(reader(), reply_to_id=post_id)
    return page_or_partial(
        "feed/show.html", "feed/_replies.html", thread=thread, order=order, form=form, ignored=my_choices().unheard
    )


@bp.get("/posts/<id:post_id>/delete")
@members_only
def delete_form(post_id: str) -> str:
    """Ask before a post is deleted."""
    return render_template("feed/delete.html", post=queries.get_own_post(post_id, author=actor()))


@bp.post("/posts/<id:post_id>/delete")
@members_only
def delete(post_id: str) -> Response:
    """Delete one's own post."""
    use_cases.delete_own_post(actor=actor(), post_id=post_id)
    flash(str(_("Your thought is deleted.")))
    return redirect(url_for(".index"), code=303)
