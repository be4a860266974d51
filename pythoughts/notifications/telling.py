"""How a notice is worded and where it leads, on pages and in mails alike."""

from pythoughts.feed.queries import Author
from pythoughts.i18n import Text, _, plural
from pythoughts.mail.letters import KINDS
from pythoughts.notifications.models import NoticeKind
from pythoughts.notifications.queries import Bundle, Notice

SENTENCES = {
    NoticeKind.POST_REMOVED: _("A moderator removed your thought"),
    NoticeKind.POST_RESTORED: _("A moderator brought your thought back"),
    NoticeKind.POST_HELD: _("Your thought is hidden until a moderator has looked at it"),
    NoticeKind.POST_RELEASED: _("A moderator looked at your thought: everybody can see it"),
    NoticeKind.REPORT_GONE: _("What you reported is gone: its author took it away"),
}
ABOUT_REPORTS = frozenset({NoticeKind.REPORT_AGREED, NoticeKind.REPORT_DISAGREED, NoticeKind.REPORT_GONE})
"""What was reported may be held by now, or behind a block: these lead nowhere."""


def words(bundle: Bundle) -> Text:
    """What is told, as a sentence without its full stop."""
    notice = bundle.first
    if notice.letter is not None:
        return KINDS[notice.letter].subject
    match notice.kind:
        case NoticeKind.REPLY:
            return _replies(bundle)
        case NoticeKind.MENTION:
            return _("%(name)s mentioned you", name=_name(notice.person))
        case NoticeKind.REPORT_AGREED:
            return _("A moderator agreed with your report about %(name)s and acted", name=_handle(notice.person))
        case NoticeKind.REPORT_DISAGREED:
            return _(
                "A moderator looked at your report about %(name)s and found it within the rules",
                name=_handle(notice.person),
            )
    return SENTENCES[NoticeKind(notice.kind)]


def path_of(notice: Notice) -> str | None:
    """The page that a notice is about, None when its reader would find nothing there."""
    if notice.letter is not None:
        return "/preferences/devices" if notice.letter == "auth/new_device" else "/preferences/history"
    if not notice.is_open or notice.kind in ABOUT_REPORTS:
        return None
    if notice.kind == NoticeKind.REPLY and notice.answered_id:
        return f"/posts/{notice.answered_id}#post-{notice.post_id}"
    return f"/posts/{notice.post_id}"


def _replies(bundle: Bundle) -> Text:
    name, others, times = _name(bundle.first.person), len(bundle.people) - 1, len(bundle.notices)
    if others:
        return plural(
            "%(name)s and %(num)d other person replied to you",
            "%(name)s and %(num)d other people replied to you",
            others,
            name=name,
        )
    if times > 1:
        return plural("%(name)s replied to you %(num)d time", "%(name)s replied to you %(num)d times", times, name=name)
    return _("%(name)s replied to you", name=name)


def _name(person: Author | None) -> str | Text:
    known = person and (person.name or person.display_username or person.username)
    return known or _("deleted member")


def _handle(person: Author | None) -> str | Text:
    return f"@{person.display_username or person.username}" if person and person.username else _("deleted member")
