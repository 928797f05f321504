"""What ``method.md`` says of the comparable index, and the words that a city may choose."""

import re

_NAME = r"[0-9-]+\.[0-9]+"
_FORMER = "Frühere Regel: "
# What cities say that speak of attention.
_OTHER_WORDS = (
    ("Anlass zu Aufmerksamkeit", "Bedarf"),
    ("## Aufmerksamkeit\n", "## Handlungsbedarf\n"),
    (f"## {_FORMER}Aufmerksamkeit\n", f"## {_FORMER}Handlungsbedarf\n"),
)
COMPARABLE = "Vergleichbarer Index (`need_index.fixed`) mit seiner Stufe (`need_level.fixed`)"
_OWN = (
    f"{COMPARABLE}: hier Index und Stufe selbst; spätere Stichtage richten sich damit nach "
    "diesem"
)
_COMPARABLE = (
    r": dieselbe Rechnung mit Mitten und Standardabweichungen der Indikatoren und der "
    r"Summen(?:, auch der Teilindizes)?(?:, dazu die Grenzen des Index)? vom \S+(?: "
    rf"\(Veröffentlichung (?P<name>{_NAME})\); fehlt dort eine|; er ist nicht veröffentlicht), "
    r"hat niemand sie \(`bezugswert_fehlt`\)\. Die Stufe folgt weiter aus dem Index"
)


class NotUnderstoodError(Exception):
    """A sentence of the method that is none of those known."""


def in_plain_words(text: str) -> str:
    """Write need where a city speaks of attention: the rule is the same."""
    for theirs, plain in _OTHER_WORDS:
        text = text.replace(theirs, plain)
    return text


def read_comparable(text: str) -> str:
    """Release of the date whose scale is kept: "" its own, "-" none."""
    found = re.fullmatch(_COMPARABLE, text.removeprefix(COMPARABLE))
    if found is None and text != _OWN:
        raise NotUnderstoodError(text)
    return (found["name"] or "-") if found else ""
