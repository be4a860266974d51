"""Letters: what each of them says in every language of the site, before anybody is sent one."""

import re
from base64 import b64encode
from hashlib import sha256

from flask import make_response, request
from werkzeug.wrappers import Response

from pythoughts.access import Permission
from pythoughts.admin.base import Page, page
from pythoughts.i18n import languages
from pythoughts.mail.previews import get_kind, get_preview, list_kinds, list_previews
from pythoughts.web import CSP

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
FRAMING = f"{CSP}; frame-src 'self'"


class LettersView(Page):
    """Every letter, filled with made-up values."""

    permission = Permission.OUTBOX_VIEW

    def is_visible(self) -> bool:
        """The outbox leads here; the menu does not."""
        return False

    @page("/")
    def index_view(self) -> str:
        """All of them by name, with their subjects."""
        return self.render("backoffice/letters.html", kinds=list_kinds())  # type: ignore[no-any-return]

    @page("/<path:template>")
    def show(self, template: str) -> Response:
        """One letter as text, and as HTML in a frame that can do nothing."""
        kind, language = get_kind(template), asked_language()
        values = {"previews": list_previews(kind, language), "language": language, "languages": languages()}
        response = make_response(self.render("backoffice/letter.html", kind=kind, **values))
        response.headers["Content-Security-Policy"] = FRAMING
        return response

    @page("/html/<int(max=99):number>/<path:template>")
    def html(self, number: int, template: str) -> Response:
        """What stands in the frame: no script, no address, no style but the letter's own."""
        preview = get_preview(get_kind(template), number, asked_language())
        html = preview.message.html or ""
        response = make_response(html)
        response.headers["Content-Security-Policy"] = policy_for(html)
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response


def asked_language() -> str:
    """The language that the address names, else the site's first."""
    return request.args.get("language") or languages()[0]


def policy_for(html: str) -> str:
    """Allow the styles of exactly this letter, and let only our own pages frame it."""
    hashes = "".join(
        f" 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in STYLE.findall(html)
    )
    styles = f"style-src{hashes}" if hashes else "style-src 'none'"
    return f"default-src 'none'; {styles}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
