"""What members and staff do in moderation: report a post or a person, decide about reports."""

from pythoughts.moderation.use_cases import hearing
from pythoughts.moderation.use_cases.deciding import decide
from pythoughts.moderation.use_cases.reporting import report_person, report_post

__all__ = ["decide", "hearing", "report_person", "report_post"]
