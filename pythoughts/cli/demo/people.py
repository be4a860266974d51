"""Who lives in the demo community."""

from dataclasses import dataclass

from pythoughts.access import Role

DAY = 24 * 60  # minutes
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
EDGE = f"{CHROME} Edg/142.0.0.0"
SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.1 Safari/605.1.15"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.1 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
)


@dataclass(frozen=True)
class Person:
    """Somebody who lives here.

    Attributes:
        username: the name in addresses and mentions.
        name: what people call them.
        bio: what they say of themselves.
        joined: days ago.
        role: their rank.
        verified: whether the address is proven.
        ignores: usernames that they no longer want to read.
        blocks: usernames that they keep away.
    """

    username: str
    name: str
    bio: str
    joined: float
    role: Role = Role.MEMBER
    verified: bool = True
    ignores: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """An address under a domain that nobody owns (RFC 2606)."""
        return f"{self.username}@example.org"


@dataclass(frozen=True)
class Browser:
    """One place where somebody is signed in; times are minutes ago, addresses come from RFC 5737 and RFC 3849."""

    username: str
    user_agent: str
    ip_address: str
    signed_in: int
    seen: int
    remember: bool = True


@dataclass(frozen=True)
class SignIn:
    """What a newcomer types to look around as somebody."""

    username: str
    password: str
    role: Role


SIGN_INS = (
    SignIn("priya", "quiet-otter-lantern", Role.ADMIN),
    SignIn("kenji", "brass-kettle-monsoon", Role.MODERATOR),
    SignIn("ada", "paper-comet-juniper", Role.MEMBER),
)

PEOPLE = (
    Person("priya", "Priya Raman", "I run this place. Ask me when I last restored a backup.", 511, Role.ADMIN),
    Person(
        "kenji",
        "Kenji Watanabe",
        "Keeps the lights on and the threads kind. PostgreSQL by day, ramen by night.",
        480,
        Role.MODERATOR,
    ),
    Person("ada", "Ada Moreau", "Compilers, choirs, cold brew.", 402, ignores=("quickdeals",)),
    Person("mira", "Mira Osei", "Data journalist. I ask spreadsheets uncomfortable questions.", 388),
    Person("tomasz", "Tomasz Zieliński", "Deleting code since 2009.", 380, ignores=("quickdeals",)),
    Person("leila", "Leila Haddad", "I teach Python to fourteen-year-olds and they teach me everything else.", 220),
    Person("noah", "Noah Lindqvist", "Python where it barely fits. Solder burns on request.", 150),
    Person("sofia", "Sofia Conti", "Type hints are letters to whoever comes next.", 410, blocks=("quickdeals",)),
    Person("ivo", "Ivo Petrov", "Packaging, mostly. Yes, on Fridays.", 240),
    Person(
        "juno", "Juno Baptiste", "Tiny games, late nights, questionable physics.", 96, ignores=("quickdeals", "tomasz")
    ),
    Person("wren", "Wren Callahan", "Allotment with sensors. The beans have better uptime than I do.", 61),
    Person("hana", "Hana Kim", "", 0.02, verified=False),
    Person("quickdeals", "Quick Deals", "Best prices every day", 0.4),
)

BROWSERS = (
    Browser("priya", SAFARI, "192.0.2.10", 5 * DAY, 12),
    Browser("priya", IPHONE, "2001:db8:4::21", 2 * DAY, 190),
    Browser("kenji", FIREFOX, "192.0.2.31", 3 * DAY, 6),
    Browser("kenji", ANDROID, "198.51.100.7", DAY, 640),
    Browser("ada", FIREFOX, "198.51.100.23", 6 * DAY, 3),
    Browser("ada", IPHONE, "203.0.113.80", 4 * DAY, 85),
    Browser("ada", EDGE, "203.0.113.9", 8 * 60, 7 * 60, remember=False),
    Browser("mira", SAFARI, "2001:db8:17::5", 2 * DAY, 175),
    Browser("tomasz", CHROME, "192.0.2.77", 5 * DAY, 40),
    Browser("leila", CHROME, "203.0.113.41", DAY, 22),
    Browser("noah", FIREFOX, "2001:db8:90::3", 6 * DAY, 9),
    Browser("sofia", SAFARI, "198.51.100.150", 3 * DAY, 2),
    Browser("juno", ANDROID, "203.0.113.66", 2 * DAY, 11),
    Browser("wren", FIREFOX, "192.0.2.140", 4 * DAY, 15),
    Browser("hana", ANDROID, "198.51.100.201", 28, 5),
)


@dataclass(frozen=True)
class Complaint:
    """What somebody reported: the thought that begins with `words`, or its author when there are none."""

    reporter: str
    author: str
    category: str
    details: str = ""
    words: str = ""


COMPLAINTS = (
    Complaint("ada", "quickdeals", "spam", "The third thread with the same text.", "Servers too slow"),
    Complaint("tomasz", "quickdeals", "spam", words="Servers too slow"),
    Complaint("leila", "quickdeals", "spam", "Joined an hour ago and only advertises."),
    Complaint("mira", "juno", "other", "A joke, I think, but newcomers may not see that.", "I own a laptop"),
    Complaint("wren", "ivo", "harassment", "Tired rather than mean. Please have a look.", "I am going outside"),
)
BANNED = "quickdeals"
BAN_REASON = "Advertising only: the same text in several threads within an hour of joining."
UNVERIFIED = "hana"
