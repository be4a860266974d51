"""How often accounts may be tried, per account or address and per network."""

from dataclasses import replace

from pythoughts.i18n import _
from pythoughts.limits.use_cases import Growth, Hit, network, slow_down
from pythoughts.origin import current_origin
from pythoughts.settings.limits import Throttle, throttle
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds

SIGN_IN = (
    throttle(
        "sign-in", 5, 5 * MINUTE, _("Failed sign-ins of one account within 5 minutes before the next has to wait.")
    ),
)
WAIT_FIRST = define(
    "accounts.sign_in_wait_first",
    5,
    _("Seconds to wait after the free failed sign-ins; each further one doubles it."),
    least=1,
    most=HOUR,
)
WAIT_MOST = define(
    "accounts.sign_in_wait_most", 300, _("Seconds that failed sign-ins have to wait at most."), least=1, most=HOUR
)
CONFIRM = (throttle("confirm", 5, 5 * MINUTE, _("Wrong passwords of somebody signed in within 5 minutes.")),)
SIGN_IN_NETWORK = (
    throttle("sign-in-network", 10, MINUTE, _("Failed sign-ins from one network within a minute.")),
    throttle("sign-in-network", 50, HOUR, _("Failed sign-ins from one network within an hour.")),
)
SIGN_UP_NETWORK = (
    throttle("sign-up-network", 5, HOUR, _("New accounts from one network within an hour.")),
    throttle("sign-up-network", 20, DAY, _("New accounts from one network within a day.")),
)
CODE_MAIL = (
    throttle("code-mail", 1, MINUTE, _("Mailed codes to one account within a minute.")),
    throttle("code-mail", 5, HOUR, _("Mailed codes to one account within an hour.")),
)
EMAIL_CHANGE = (throttle("email-change", 5, HOUR, _("Codes for a new address of one account within an hour.")),)
CAPTCHA_NETWORK = (throttle("captcha-network", 30, MINUTE, _("Solved puzzles from one network within a minute.")),)
RESET_MAIL = (
    throttle("reset-mail", 1, MINUTE, _("Mailed reset links to one address within a minute.")),
    throttle("reset-mail", 5, HOUR, _("Mailed reset links to one address within an hour.")),
)
MAIL_NETWORK = (throttle("mail-network", 20, HOUR, _("Codes and links asked for from one network within an hour.")),)
WRONG_CODE = (throttle("wrong-code", 10, HOUR, _("Wrong codes of one account within an hour.")),)
WRONG_CODE_NETWORK = (throttle("wrong-code-network", 30, HOUR, _("Wrong codes from one network within an hour.")),)

PASSKEY_NETWORK = (throttle("passkey-network", 60, HOUR, _("Tries with a passkey from one network within an hour.")),)
SECOND_FACTOR = (throttle("second-factor", 10, HOUR, _("Wrong second-factor codes of one account within an hour.")),)


def slow_down_sign_in(subject: str) -> None:
    """Count a try to sign in: some are free, then each has to wait longer than the one before.

    Raises:
        TooFast: the wait is not over.
    """
    growth = Growth(first=value_of(WAIT_FIRST), most=value_of(WAIT_MOST))
    for each in SIGN_IN:
        slow_down(Hit(each.limit, subject), growth)


def hits_of(subject: str, throttles: tuple[Throttle, ...]) -> list[Hit]:
    """One act of one account or address; whoever may be a program has half of every limit."""
    limits = [each.limit for each in throttles]
    if current_origin().is_unchecked:
        limits = [replace(limit, count=max(1, limit.count // 2)) for limit in limits]
    return [Hit(limit, subject) for limit in limits]


def hits_from_here(throttles: tuple[Throttle, ...]) -> list[Hit]:
    """One act of the network that the request comes from; jobs and the command line come from none."""
    ip = current_origin().ip_address
    return hits_of(network(ip), throttles) if ip else []
