"""Square codes that phones read, as part of a page."""

import segno
from markupsafe import Markup


def qr_picture(text: str) -> Markup:
    """`text` as an inline SVG that takes the size of its place; black on white in the dark theme too, for cameras."""
    square = segno.make(text, error="m", micro=False)
    svg: str = square.svg_inline(border=4, dark="#000", light="#fff", svgclass="qr-code", lineclass=None, omitsize=True)
    return Markup(svg)  # noqa: S704  (segno writes shapes only; the text is not in it)
