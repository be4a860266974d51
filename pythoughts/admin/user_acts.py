"""What staff may do to an account: reset it, ban it, change its role, sign it out, look through it, erase it."""

from datetime import timedelta

from flask import make_response, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from pythoughts.access import Permission, Role, actor, can_act_on
from pythoughts.admin.actions import Answer, PlainForm, Question, ReasonForm, ask, require_rank, storable, way_back
from pythoughts.admin.base import Guarded, page
from pythoughts.admin.person import count_belongings
from pythoughts.auth.browser import session_id, swap
from pythoughts.auth.models import User
from pythoughts.auth.permissions import can_impersonate
from pythoughts.auth.proof import recently_proven
from pythoughts.auth.queries import get_user
from pythoughts.auth.use_cases import (
    Confirmation,
    Delivery,
    Reset,
    ban_user,
    change_role,
    reset_account,
    revoke_sessions,
    start_impersonation,
    unban_user,
)
from pythoughts.avatars.use_cases import remove_picture
from pythoughts.clock import now
from pythoughts.errors import Conflict, NotAllowed
from pythoughts.i18n import Text, _, plural
from pythoughts.privacy.use_cases import PostsFate, anonymise_user
from pythoughts.web import keeps_form

BOTH = ("GET", "POST")
FOREVER = "always"


class ResetForm(ReasonForm):
    """What is chosen about a reset; scrambling the password, signing out and making a link are no choice."""

    link = RadioField(
        _("The link"),
        choices=[
            SelectChoice(Delivery.MAIL, _("Mail it to the owner")),
            SelectChoice(Delivery.SHOW, _("Show it to me, once")),
        ],
        default=Delivery.MAIL,
    )
    verification = RadioField(
        _("Confirmation of the email"),
        choices=[
            SelectChoice(Confirmation.KEEP, _("Leave it as it is")),
            SelectChoice(Confirmation.RESEND, _("Ask for a new confirmation")),
            SelectChoice(Confirmation.MARK, _("Take it as confirmed")),
        ],
        default=Confirmation.KEEP,
    )
    clear_lockout = BooleanField(_("Forget failed tries to sign in"))
    remove_two_factor = BooleanField(
        _("Remove the second factor"),
        description=_("Without this, the link does not get past it."),
    )
    email = StringField(_("New email"), [Optional(), storable], description=_("The old address is told."))

    def chosen(self) -> Reset:
        """The choices as the use case takes them."""
        return Reset(
            reason=self.reason.data,
            link=Delivery(self.link.data),
            clear_lockout=self.clear_lockout.data,
            verification=Confirmation(self.verification.data),
            remove_two_factor=self.remove_two_factor.data,
            email=self.email.data or None,
        )


class BanForm(ReasonForm):
    """How long somebody is kept out."""

    duration = RadioField(
        _("For how long?"),
        choices=[
            SelectChoice("1", _("1 day")),
            SelectChoice("7", _("7 days")),
            SelectChoice("30", _("30 days")),
            SelectChoice(FOREVER, _("Always")),
        ],
        default="7",
    )


class RoleForm(ReasonForm):
    """Which role; an admin is made on the command line, by whoever runs the site."""

    role = RadioField(
        _("Role"), choices=[SelectChoice(Role.MEMBER, _("Member")), SelectChoice(Role.MODERATOR, _("Moderator"))]
    )


class EraseForm(ReasonForm):
    """What becomes of the posts of somebody who is erased."""

    posts = RadioField(
        _("Their thoughts"),
        choices=[
            SelectChoice(PostsFate.KEEP, _("Keep them without a name")),
            SelectChoice(PostsFate.REMOVE, _("Remove their texts too")),
        ],
        default=PostsFate.KEEP,
    )


class UserActs(Guarded):
    """The pages of these acts; mixed into the view of members."""

    @page("/<id:row_id>/reset", Permission.USER_RESET, methods=BOTH)
    @keeps_form
    def reset(self, row_id: str) -> Answer:
        """Ask what to reset, do it, and show the link when that was chosen: on this answer and never again."""
        user = _target(row_id)
        form = ResetForm()

        def act() -> Text | Response:
            link = reset_account(actor=actor(), user=user, reset=form.chosen())
            return self._show_link(user, link) if link else _("The account was reset.")

        title = _("Reset the account of @%(name)s?", name=user.username)
        return ask(self, Question(title, _reset_effects(user), _("Reset account"), _page_of(row_id)), form, act)

    @page("/<id:row_id>/ban", Permission.USER_BAN, methods=BOTH)
    @keeps_form
    def ban(self, row_id: str) -> Answer:
        """Ask why and for how long, then keep them out."""
        user = _target(row_id)
        if user.is_banned:
            raise Conflict(_("They are banned already."))
        form = BanForm()

        def act() -> Text:
            until = None if form.duration.data == FOREVER else now() + timedelta(days=int(form.duration.data))
            ban_user(actor=actor(), user=user, reason=form.reason.data, until=until)
            return _("Banned.")

        title = _("Ban @%(name)s?", name=user.username)
        return ask(self, Question(title, BAN_EFFECTS, _("Ban"), _page_of(row_id)), form, act)

    @page("/<id:row_id>/unban", Permission.USER_BAN, methods=BOTH)
    @keeps_form
    def unban(self, row_id: str) -> Answer:
        """Ask why, then let them in again."""
        user = _target(row_id)
        if not user.is_banned:
            raise Conflict(_("They are not banned any more."))
        form = ReasonForm()

        def act() -> Text:
            unban_user(actor=actor(), user=user, reason=form.reason.data)
            return _("The ban was lifted.")

        title = _("Lift the ban of @%(name)s?", name=user.username)
        effects = (_("They can sign in and post at once."),)
        return ask(self, Question(title, effects, _("Lift ban"), _page_of(row_id), danger=False), form, act)

    @page("/<id:row_id>/remove-picture", Permission.PICTURE_REMOVE, methods=BOTH)
    @keeps_form
    def remove_picture(self, row_id: str) -> Answer:
        """Ask why, then take away the picture that they have uploaded."""
        user = _target(row_id)
        if user.avatar_version > 0:
            raise Conflict(_("Their picture is a drawn one."))
        form = ReasonForm()

        def act() -> Text:
            remove_picture(actor=actor(), user=user, reason=form.reason.data)
            return _("The picture was removed.")

        title = _("Remove the picture of @%(name)s?", name=user.username)
        return ask(self, Question(title, PICTURE_EFFECTS, _("Remove picture"), _page_of(row_id)), form, act)

    @page("/<id:row_id>/role", Permission.USER_PROMOTE, methods=BOTH)
    @keeps_form
    def role(self, row_id: str) -> Answer:
        """Ask which role and why, then change it."""
        user = _target(row_id)
        form = RoleForm(role=user.role)

        def act() -> Text:
            change_role(actor=actor(), user=user, role=Role(form.role.data), reason=form.reason.data)
            return _("The role was changed.")

        title = _("Change the role of @%(name)s?", name=user.username)
        effects = (_("They are signed out everywhere."), _("What their old role allowed, they lose at once."))
        return ask(self, Question(title, effects, _("Change role"), _page_of(row_id), danger=False), form, act)

    @page("/<id:row_id>/sign-out", Permission.SESSION_MANAGE, methods=BOTH)
    @keeps_form
    def sign_out(self, row_id: str) -> Answer:
        """Ask once, then end every session of theirs."""
        user = _target(row_id)

        def act() -> Text:
            ended = revoke_sessions(actor=actor(), user=user)
            return plural("%(num)d session was ended.", "%(num)d sessions were ended.", ended)

        title = _("Sign @%(name)s out everywhere?", name=user.username)
        effects = _sessions_end(count_belongings(user.id).sessions)
        return ask(self, Question(title, effects, _("Sign out everywhere"), _page_of(row_id)), PlainForm(), act)

    @page("/<id:row_id>/impersonate", Permission.USER_IMPERSONATE, methods=BOTH)
    @recently_proven
    @keeps_form
    def impersonate(self, row_id: str) -> Answer:
        """Ask why, then show the site as they see it, to read only."""
        user = _target(row_id)
        if not can_impersonate(actor(), user):
            raise NotAllowed(_("Nobody looks through the eyes of staff."))
        form = ReasonForm()

        def act() -> Response:
            opened = start_impersonation(actor=actor(), session_id=session_id(), user=user, reason=form.reason.data)
            swap(opened, looked_at=user.id)
            return redirect("/", code=303)

        title = _("Look at the site as @%(name)s?", name=user.username)
        return ask(self, Question(title, LOOK_EFFECTS, _("Look"), _page_of(row_id), danger=False), form, act)

    @page("/<id:row_id>/anonymise", Permission.USER_ANONYMISE, methods=BOTH)
    @recently_proven
    @keeps_form
    def anonymise(self, row_id: str) -> Answer:
        """Ask why and what becomes of the posts, then erase the person for good."""
        user = _target(row_id)
        if user.deleted_at is not None:
            raise Conflict(_("They are erased already."))
        form = EraseForm()

        def act() -> Text:
            anonymise_user(actor=actor(), user=user, reason=form.reason.data, posts=PostsFate(form.posts.data))
            return _("Erased.")

        title = _("Erase @%(name)s for good?", name=user.username)
        return ask(self, Question(title, ERASE_EFFECTS, _("Erase"), _page_of(row_id)), form, act)

    def _show_link(self, user: User, link: str) -> Response:
        """Neither a redirect nor a flash: both would leave the link in a cookie or in a history."""
        return make_response(self.answer("backoffice/link.html", "backoffice/link.html", user=user, link=link))


BAN_EFFECTS = (
    _("They are signed out everywhere and can't sign in."),
    _("What they wrote stays."),
    _("They are told the reason when they try to sign in."),
)

PICTURE_EFFECTS = (
    _("It is deleted for good; they are shown with their drawn picture."),
    _("They can send another one."),
)

LOOK_EFFECTS = (
    _("You see what they see, for 15 minutes at most. A bar on every page leads back."),
    _("You can read, but do nothing in their place. Passwords, devices and their data export stay closed."),
    _("They are told by mail and in their sign-in history. Your reason goes to the audit log."),
)

ERASE_EFFECTS = (
    _("Name, address, devices, history and mails go at once, for good."),
    _("They are signed out everywhere, and nobody can sign in to this account again."),
    _("Nothing of this can be undone."),
)


def _target(user_id: str) -> User:
    user = get_user(user_id)
    require_rank(can_act_on(actor(), user))
    return user


def _reset_effects(user: User) -> tuple[Text, ...]:
    belongings = count_belongings(user.id)
    link = _("A link is made that sets a new password. It works once, for one hour.")
    ends = (*_sessions_end(belongings.sessions), *_proofs_end(belongings.verifications))
    stops = _("Their password, passkeys and linked accounts stop working.")
    return (stops, *ends, link, _("%(email)s is told by mail.", email=user.email))


def _sessions_end(count: int) -> tuple[Text, ...]:
    return (plural("%(num)d session ends now.", "%(num)d sessions end now.", count),) if count else ()


def _proofs_end(count: int) -> tuple[Text, ...]:
    if not count:
        return ()
    return (
        plural("%(num)d pending code or link stops working.", "%(num)d pending codes and links stop working.", count),
    )


def _page_of(user_id: str) -> str:
    return way_back(url_for("admin_users.details_view", row_id=user_id))
