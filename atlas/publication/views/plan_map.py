"""Posts shared out as a map: how many each Quartier or school gets, in classes."""

from collections.abc import Mapping
from dataclasses import dataclass

from atlas.publication.views.classes import classes_of
from atlas.publication.views.plan_table import PlanView, Receivers
from atlas.publication.views.table import value_of
from atlas.words import number_text


@dataclass(frozen=True)
class PlanMap:
    """Posts per receiver without colours; who gets none has neither step nor label.

    Attributes
    ----------
    title
        What the map says in words.
    steps, labels
        Key to class, counted from 1, and to the number of posts.
    entries
        Text of each class.
    """

    title: str
    steps: Mapping[str, int]
    labels: Mapping[str, str]
    entries: tuple[str, ...]


def plan_map(receivers: Receivers, shared: PlanView) -> PlanMap:
    """Sort those that get posts into at most five classes."""
    table = shared.table
    at = table.place_of("posts")
    item = table.fields[at].item
    digits = 0 if item is None else item.digits
    found = ((str(row[0]), value_of(row[at])) for row in table.rows)
    posts = {key: value for key, value in found if value}
    classes = classes_of(posts.values(), digits)
    return PlanMap(
        title=f"Stellen je {receivers.one}",
        steps={key: classes.step_of(value) for key, value in posts.items()},
        labels={key: number_text(value, digits) for key, value in posts.items()},
        entries=classes.texts(),
    )
