"""Posts that are there already, as planners type or paste them: one receiver a line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from atlas.errors import AtlasError
from atlas.words import number_text

MAX_PRESENT = 20_000
_MOST_POSTS = 5000
_LINE = re.compile(r"(?P<key>\S+)(?: .*?)?? (?P<posts>\d+(?:[.,]\d+)?)(?P<fixed> fest)?", re.I)


@dataclass(frozen=True)
class Present:
    """Posts there are, by receiver; those of ``fixed`` stay where they are."""

    posts: Mapping[str, float] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()


def read_present(titles: Mapping[str, str], text: str) -> Present:
    """Read lines of number, name (if any), posts and perhaps the word ``fest``.

    Parameters
    ----------
    titles
        Of all who may get posts, by their number.

    Raises
    ------
    AtlasError
        If a line cannot be read, or names a number that is not there or named before.
    """
    posts: dict[str, float] = {}
    fixed = set()
    for number, line in enumerate(text.splitlines(), start=1):
        plain = " ".join(line.replace(";", " ").split())
        if not plain:
            continue
        match = _LINE.fullmatch(plain)
        key = match["key"] if match else ""
        if match is None or key in posts or key not in titles:
            raise AtlasError(_told(number, key in posts))
        posts[key] = float(match["posts"].replace(",", "."))
        if posts[key] > _MOST_POSTS:
            raise AtlasError(f"Vorhandene Stellen, Zeile {number}: höchstens {_MOST_POSTS}.")
        if match["fixed"]:
            fixed.add(key)
    return Present(posts, frozenset(fixed))


def every_line(titles: Mapping[str, str], text: str) -> str:
    """Write a line for every receiver, with what the text says of it, else with none.

    Raises
    ------
    AtlasError
        As for ``read_present``.
    """
    present = read_present(titles, text)
    return "\n".join(
        f"{title} {_amount(present.posts.get(key, 0.0))}"
        f"{' fest' if key in present.fixed else ''}"
        for key, title in titles.items()
    )


def _amount(posts: float) -> str:
    text = number_text(posts, 2).replace(".", "")
    return text.rstrip("0").rstrip(",")


def _told(number: int, is_twice: bool) -> str:
    where = f"Vorhandene Stellen, Zeile {number}"
    if is_twice:
        return f"{where}: die Nummer steht schon weiter oben. Eine Zeile löschen."
    return (
        f"{where}: nicht zu lesen oder keine Nummer dieses Stichtags. Erwartet: "
        "Nummer, Stellen und auf Wunsch „fest“, etwa „01 2,5 fest“."
    )
