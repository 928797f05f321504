"""Fields for numbers as people here write them: with a decimal comma.

Streamlit's own number field knows the decimal point alone.
"""

import re

import streamlit as st

from atlas.errors import AtlasError
from atlas.publication.dashboard import address
from atlas.words import number_text

_NUMBER = re.compile(r"[-−+]?\d+(?:[.,]\d+)?")
_WIDTH = 170
_MOST_DIGITS = 6


def number_field(label: str, first: tuple[float, ...], key: str, width: int = _WIDTH) -> str:
    """Draw a field that holds numbers; several are apart by semicolons."""
    text = "; ".join(map(_text, first))
    return st.text_input(label, value=text, key=key, width=width)


def kept_number_field(label: str, first: float, address_key: str) -> str:
    """Draw a field for one number that stands in the address once it is typed."""
    key = f"field-{address_key}"
    st.session_state[key] = address.kept(address_key) or _text(first)

    def keep() -> None:
        address.remember(address_key, str(st.session_state[key]))

    return st.text_input(label, key=key, on_change=keep, width=_WIDTH)


def number_of(label: str, text: str) -> float:
    """Read the one number of a field.

    Raises
    ------
    AtlasError
        If it holds none, or several.
    """
    found = numbers_of(label, text)
    if len(found) != 1:
        raise AtlasError(f"Angabe „{label}“: keine Zahl. Erwartet: eine Zahl wie 0,5.")
    return found[0]


def numbers_of(label: str, text: str) -> tuple[float, ...]:
    """Read all numbers of a field.

    Raises
    ------
    AtlasError
        If something else than a number stands between the semicolons.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not all(_NUMBER.fullmatch(part) for part in parts):
        raise AtlasError(
            f"Angabe „{label}“: keine Zahl. Erwartet: Zahlen wie 0,5, mehrere durch "
            "Strichpunkt getrennt."
        )
    return tuple(float(part.replace(",", ".").replace("−", "-")) for part in parts)


def bound_text(number: float | None) -> str:
    """Write a number as one would type it; nothing for none."""
    return "" if number is None else _text(number)


def _text(number: float) -> str:
    """Write a number with the digits that it has, at most six, and no thousands point."""
    text = number_text(number, _MOST_DIGITS).replace(".", "")
    return text.rstrip("0").rstrip(",")
