"""Colours that apps choose: the page has no inline styles, so they are drawn."""

import re

from markupsafe import Markup

HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
NAMED = {"good": "2eb67d", "warning": "ecb22e", "danger": "e01e5a"}
BAR = Markup(
    '<svg class="bar" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 1 1">'
    '<rect width="1" height="1" fill="#{}"/></svg>'
)
SWATCH = Markup(
    '<svg class="swatch" aria-hidden="true" viewBox="0 0 1 1"><rect width="1" height="1" fill="#{}"/></svg>'
)


def bar(colour: str | None) -> Markup:
    """Return the bar beside an attachment; without a colour, or with one that is none, the page's own."""
    digits = NAMED.get(colour or "", colour or "")
    match = HEX.fullmatch(digits)
    return BAR.format(match[1]) if match else Markup('<span class="bar"></span>')


def swatch(colour: str) -> Markup:
    """Return a colour's code with the colour before it."""
    match = HEX.fullmatch(colour)
    return Markup("{}<code>{}</code>").format(SWATCH.format(match[1]) if match else "", colour)
