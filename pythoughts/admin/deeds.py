"""Words and icons for what the audit log calls by code names."""

from dataclasses import dataclass

from pythoughts.i18n import Text, _


@dataclass(frozen=True)
class Deed:
    """How an act is told: "ada removed a thought by @tomasz".

    Attributes:
        words: verb and object; who did it stands before, to whom behind.
        glyph: a Lucide icon.
    """

    words: Text | str
    glyph: str


DEEDS = {
    "job.cancel": Deed(_("cancelled the job"), "timer"),
    "job.retry": Deed(_("ran again the job"), "timer"),
    "mail.retry": Deed(_("sent again the letter"), "mail"),
    "mail.test": Deed(_("asked for a test mail to"), "mail"),
    "post.hold": Deed(_("held back a thought by"), "timer"),
    "post.release": Deed(_("let through a thought by"), "eye"),
    "post.remove": Deed(_("removed a thought by"), "eye-off"),
    "post.restore": Deed(_("restored a thought by"), "eye"),
    "review.agree": Deed(_("agreed with the reports about"), "flag"),
    "review.claim": Deed(_("claimed the item about"), "pin"),
    "review.disagree": Deed(_("disagreed with the reports about"), "check"),
    "review.ignore": Deed(_("ignored the reports about"), "inbox"),
    "review.let_go": Deed(_("gave up the claim of the item about"), "pin"),
    "review.note": Deed(_("left a note about"), "file-text"),
    "review.reopen": Deed(_("took back what was decided about"), "refresh-cw"),
    "session.revoke": Deed(_("ended a session of"), "log-out"),
    "session.revoke_all": Deed(_("ended all sessions of"), "log-out"),
    "setting.choose": Deed(_("changed the setting"), "settings"),
    "setting.reset": Deed(_("went back to the default of the setting"), "settings"),
    "user.add_passkey": Deed(_("added a passkey for"), "fingerprint"),
    "site.import_v2": Deed(_("imported people and posts from"), "history"),
    "user.anonymise": Deed(_("erased the account of"), "trash-2"),
    "user.ban": Deed(_("banned"), "ban"),
    "user.change_password": Deed(_("changed the password of"), "key-round"),
    "user.change_role": Deed(_("changed the role of"), "shield"),
    "user.connect": Deed(_("connected an account elsewhere for"), "link"),
    "user.close": Deed(_("closed the account of"), "log-out"),
    "user.create": Deed(_("made an account for"), "user"),
    "user.disconnect": Deed(_("disconnected an account elsewhere of"), "link"),
    "user.impersonate": Deed(_("looked at the site as"), "eye"),
    "user.impersonate_end": Deed(_("stopped looking at the site as"), "eye-off"),
    "user.remove_passkey": Deed(_("removed a passkey of"), "fingerprint"),
    "user.renew_recovery_codes": Deed(_("made new recovery codes for"), "key-round"),
    "user.export": Deed(_("exported the data of"), "file-text"),
    "user.remove_picture": Deed(_("removed the picture of"), "eye-off"),
    "user.reopen": Deed(_("opened again the account of"), "circle-check"),
    "user.reset": Deed(_("reset the account of"), "key-round"),
    "user.reset_password": Deed(_("set a new password for"), "key-round"),
    "user.sign_up": Deed(_("signed up as"), "user"),
    "user.two_factor_off": Deed(_("turned two-factor sign-in off for"), "smartphone"),
    "user.two_factor_on": Deed(_("turned two-factor sign-in on for"), "smartphone"),
    "user.unban": Deed(_("lifted the ban of"), "circle-check"),
    "user.use_recovery_code": Deed(_("used a recovery code of"), "key-round"),
    "user.verify_email": Deed(_("confirmed the email of"), "mail-check"),
    "verification.resend": Deed(_("mailed a code again to"), "mail"),
    "word.add": Deed(_("watches for the word"), "eye"),
    "word.change": Deed(_("changed the watched word"), "eye"),
    "word.delete": Deed(_("watches no longer for the word"), "eye-off"),
    "verification.revoke": Deed(_("revoked a verification of"), "mail-check"),
}


def deed(action: str) -> Deed:
    """How `action` is told; one that nobody has put into words yet appears under its code name."""
    return DEEDS.get(action, Deed(action, "history"))
