"""How often accounts may be tried, per account or address and per network."""

from pythoughts.limits.use_cases import Hit, Limit, network
from pythoughts.origin import current_origin

SIGN_IN = (Limit("sign-in", 5, 300),)
SIGN_IN_NETWORK = (Limit("sign-in-network", 10, 60), Limit("sign-in-network", 50, 3_600))
SIGN_UP_NETWORK = (Limit("sign-up-network", 5, 3_600), Limit("sign-up-network", 20, 86_400))
CODE_MAIL = (Limit("code-mail", 1, 60), Limit("code-mail", 5, 3_600))
RESET_MAIL = (Limit("reset-mail", 1, 60), Limit("reset-mail", 5, 3_600))
MAIL_NETWORK = (Limit("mail-network", 20, 3_600),)
WRONG_CODE = (Limit("wrong-code", 10, 3_600),)
WRONG_CODE_NETWORK = (Limit("wrong-code-network", 30, 3_600),)

Limits = tuple[Limit, ...]


def hits_of(subject: str, limits: Limits) -> list[Hit]:
    """One act of one account or address."""
    return [Hit(limit, subject) for limit in limits]


def hits_from_here(limits: Limits) -> list[Hit]:
    """One act of the network that the request comes from; jobs and the command line come from none."""
    ip = current_origin().ip_address
    return hits_of(network(ip), limits) if ip else []
