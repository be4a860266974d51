"""What members and staff do in moderation: report a post or a person, decide about reports, take that back."""

from pythoughts.moderation.use_cases import hearing
from pythoughts.moderation.use_cases.claiming import add_note, claim, let_go
from pythoughts.moderation.use_cases.clearing import decide_about_author
from pythoughts.moderation.use_cases.deciding import Decision, decide
from pythoughts.moderation.use_cases.reporting import report_person, report_post
from pythoughts.moderation.use_cases.undoing import Undone, undo

__all__ = [
    "Decision",
    "Undone",
    "add_note",
    "claim",
    "decide",
    "decide_about_author",
    "hearing",
    "let_go",
    "report_person",
    "report_post",
    "undo",
]
