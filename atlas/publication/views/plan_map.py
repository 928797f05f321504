"""Posts shared out as a map: how many each Quartier gets, in classes."""

from collections.abc import Mapping
from dataclasses import dataclass

from atlas.publication.seen import Seen
from atlas.publication.views.classes import classes_of
from atlas.publication.views.resources import PlanView
from atlas.publication.views.table import value_of
from atlas.terms import Kind
from atlas.words import number_text


@dataclass(frozen=True)
class PlanMap:
    """Posts per Quartier without colours; who gets none has neither step nor label.

    Attributes
    ----------
    title
        What the map says in words.
    steps, labels
        Area key to class, counted from 1, and to the number of posts.
    entries
        Text of each class.
    """

    title: str
    steps: Mapping[str, int]
    labels: Mapping[str, str]
    entries: tuple[str, ...]


def plan_map(seen: Seen, shared: PlanView) -> PlanMap:
    """Sort the Quartiere that get posts into at most five classes."""
    table = shared.table
    at = table.place_of("posts")
    item = table.fields[at].item
    digits = 0 if item is None else item.digits
    found = ((str(row[0]), value_of(row[at])) for row in table.rows)
    posts = {key: value for key, value in found if value}
    classes = classes_of(posts.values(), digits)
    return PlanMap(
        title=f"Stellen je {seen.singular(Kind.QUARTIER)}",
        steps={key: classes.step_of(value) for key, value in posts.items()},
        labels={key: number_text(value, digits) for key, value in posts.items()},
        entries=classes.texts(),
    )
