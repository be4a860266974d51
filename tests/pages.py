"""Words for looking at pages."""

import re

from werkzeug.test import TestResponse

HTMX = {"HX-Request": "true"}


def articles(answer: TestResponse) -> list[str]:
    """The ids of the posts that a page shows, in order."""
    return re.findall(r'<article[^>]* id="post-([^"]+)"', answer.text)
