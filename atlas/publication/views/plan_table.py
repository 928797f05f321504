"""Posts shared out as table, sums, settings and sentences, whoever gets them.

Published numbers alone: who takes no part because a number is not shown is named.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from atlas.classify import Basis, Plan
from atlas.publication.seen import Cell
from atlas.publication.views.items import Item
from atlas.publication.views.present_posts import Present
from atlas.publication.views.table import Entry, Field, Gap, Table, cells, text
from atlas.sentences import ROUNDING_LABELS
from atlas.terms import STATUS_SYMBOLS, Reason, Status, Unit
from atlas.words import enumeration, number_text

PLAN_NAME = "Stellen verteilen"
NOT_ASKED = Cell(None, Status.NOT_MEANINGFUL, Reason.NONE)
_QUOTA = Item("quota", "Rechnerisch", "Rechnerisch", Unit.COUNT, 2)


@dataclass(frozen=True)
class PlanView:
    """Posts shared out.

    Attributes
    ----------
    left_out
        Sentence that names those who take no part; empty if all do.
    table
        One row per receiver.
    settings
        What was asked for.
    sums
        Row that adds up the table, with the same fields.
    """

    summary: str
    left_out: str
    table: Table
    settings: Table
    sums: tuple[Entry, ...]


@dataclass(frozen=True)
class Receivers:
    """Who may get posts, and what one may ask for them.

    Attributes
    ----------
    one, several
        What a receiver is called, and many of them.
    titles
        By key.
    places
        Longitude and latitude by key; empty: they are the areas of the map.
    bases
        What a claim may rest on, with labels; empty where there is one thing only.
    least_label, least
        What the least factor is called, and its choices with labels.
    about
        What is shared out by what, as sentences.
    hindrance
        Sentence that says why nothing can be shared out; empty if it can.
    """

    one: str
    several: str
    titles: Mapping[str, str]
    places: Mapping[str, tuple[float, float]]
    bases: Mapping[Basis, str]
    least_label: str
    least: Mapping[str, str]
    about: str
    hindrance: str
    share: Callable[[Plan, Present], PlanView]


@dataclass(frozen=True)
class Share:
    """What one receiver gets.

    Attributes
    ----------
    known
        What the claim follows from, in the order of the fields of its own.
    quota
        Posts before rounding, or why there are none.
    present
        Posts that are there; None: nothing was said.
    """

    key: str
    name: str
    title: str
    known: tuple[Entry, ...]
    quota: Cell
    posts: float
    present: float | None
    reason: str
    takes_part: bool
    is_fixed: bool


@dataclass(frozen=True)
class Asked:
    """What is shared out among whom, in words.

    Attributes
    ----------
    one, several
        What a receiver is called, and many of them.
    measure
        What a claim is, e.g. ``Kinder × Stufe``.
    least_label
        What the least factor of the plan is called.
    fields
        Of number and name, and of what the claim follows from.
    about
        First rows of the settings: what the numbers are.
    """

    plan: Plan
    present: Present
    title: str
    one: str
    several: str
    measure: str
    least_label: str
    fields: tuple[Field, ...]
    about: tuple[tuple[str, str], ...]
    symbols: Mapping[Status, str] = field(default_factory=lambda: STATUS_SYMBOLS)


def shown(value: float) -> Cell:
    """Cell of a number that follows from published ones."""
    return Cell(value, Status.PUBLISHED, Reason.NONE)


def gap_of(cells: Sequence[Cell]) -> Cell:
    """Gap with the status of the first number that is not shown."""
    gap = next(cell for cell in cells if cell.value is None)
    return Cell(None, gap.status, gap.reason)


def told_plan(asked: Asked, shares: Sequence[Share]) -> PlanView:
    """Tell what everybody gets."""
    table = _table(asked, shares)
    has_present = bool(asked.present.posts)
    return PlanView(
        summary=_summary(asked, shares),
        left_out=_left_out(shares),
        table=table if has_present else table.without("present").without("more"),
        settings=_settings(asked, shares),
        sums=_sums(asked, shares),
    )


def _digits(plan: Plan) -> int:
    return 0 if float(plan.step).is_integer() else 2


def _summary(asked: Asked, shares: Sequence[Share]) -> str:
    plan, digits = asked.plan, _digits(asked.plan)
    served = [share for share in shares if share.posts > 0]
    floor = f", Sockel {number_text(plan.floor, digits)}" if plan.floor else ""
    return (
        f"{number_text(plan.posts, digits)} Stellen; {asked.several} mit Stellen: "
        f"{len(served)} von {len(shares)}. Maßstab: {asked.measure}, "
        f"{ROUNDING_LABELS[plan.rounding]}{floor}."
    )


def _left_out(shares: Sequence[Share]) -> str:
    names = [one.title for one in shares if not (one.takes_part or one.is_fixed)]
    if not names:
        return ""
    return f"Nicht beteiligt, von Hand zu entscheiden ({len(names)}): {enumeration(names)}."


def _posts(share: Share) -> Cell:
    return shown(share.posts) if share.takes_part or share.is_fixed else share.quota


def _more(share: Share) -> Cell:
    """Give the posts that come or go."""
    posts = _posts(share)
    return posts if posts.value is None else shown(posts.value - (share.present or 0.0))


def _table(asked: Asked, shares: Sequence[Share]) -> Table:
    posts = Item("posts", "Stellen", "Stellen", Unit.COUNT, _digits(asked.plan))
    more = replace(posts, id="more", label="Unterschied", is_difference=True)
    items = (_QUOTA, posts, replace(posts, id="present", label="Vorhanden"), more)
    fields = (
        *asked.fields,
        *(replace(cells(item), gap=Gap.DASH) for item in items),
        text("reason", "Begründung"),
    )
    return Table(asked.title, fields, tuple(map(_row, shares)), PLAN_NAME, asked.symbols)


def _row(share: Share) -> tuple[Entry, ...]:
    there = shown(share.present or 0.0)
    figures = (share.quota, _posts(share), there, _more(share))
    return (share.key, share.name, *share.known, *figures, share.reason)


def _sums(asked: Asked, shares: Sequence[Share]) -> tuple[Entry, ...]:
    """Add up posts, those there are, and the difference of both."""
    posts = math.fsum(one.posts for one in shares)
    there = math.fsum(one.present or 0.0 for one in shares)
    beside = (shown(there), shown(posts - there)) if asked.present.posts else ()
    # No sum of what claims follow from: it would tell a number that is not shown.
    empty = ["" if one.is_text else NOT_ASKED for one in asked.fields[2:]]
    return ("Summe", "", *empty, NOT_ASKED, shown(posts), *beside, "")


def _settings(asked: Asked, shares: Sequence[Share]) -> Table:
    plan, digits = asked.plan, _digits(asked.plan)
    there = math.fsum(one.present or 0.0 for one in shares)
    told = (
        *asked.about,
        ("Stellen", number_text(plan.posts, digits)),
        ("Kleinste Einheit", number_text(plan.step, digits)),
        (f"Sockel je {asked.one}", number_text(plan.floor, digits)),
        ("Maßstab", asked.measure),
        ("Rundung", ROUNDING_LABELS[plan.rounding]),
        (asked.least_label, str(plan.least_level)),
        ("Fest", enumeration([one.title for one in shares if one.is_fixed]) or "–"),
        ("Vorhanden zusammen", number_text(there, digits)),
    )
    fields = (text("setting", "Vorgabe"), text("value", "Wert"))
    return Table("Vorgaben", fields, told, "Vorgaben")
