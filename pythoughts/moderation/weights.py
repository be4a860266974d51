"""How urgent a report is."""

from pythoughts.moderation.models import Category

KINDS = {
    Category.VIOLENCE: 30,
    Category.PRIVATE: 25,
    Category.HARASSMENT: 20,
    Category.SEXUAL: 20,
    Category.SPAM: 10,
    Category.OTHER: 5,
}
ACCURATE = 20  # for somebody with whom staff have always agreed
UNKNOWN = 0.5  # share of agreement of whoever was never decided about
STAFF = 20
WORD_HOLDS, WORD_FLAGS = 15, 10


def weigh(category: Category, accuracy: float | None, *, is_staff: bool) -> int:
    """Kind, how often staff agreed with the reporter (0 to 1, None when unknown), and a bonus for staff."""
    share = UNKNOWN if accuracy is None else accuracy
    return KINDS[category] + round(ACCURATE * share) + (STAFF if is_staff else 0)
