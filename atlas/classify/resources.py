"""Share out posts, e.g. of school social work, over Quartiere by need and number of children.

Every Quartier with a level and with children takes part; its claim is children × factor. Posts
follow the claims, nobody who takes part gets less than the floor, and what rounding leaves is
settled by a method known from elections, so that everybody can check it with pencil and paper.
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import pandas as pd

from atlas.errors import AtlasError
from atlas.words import number_text

Basis = Literal["level", "index"]
Rounding = Literal["hamilton", "sainte_lague"]


@dataclass(frozen=True)
class Plan:
    """What is to be shared out, and how.

    ``posts`` in units of ``step`` (0.5 for half posts); ``floor``: least number of posts per
    Quartier; ``by``: factor of a child is its Quartier's level (1 to 4), or how far the index
    lies above the lowest of the city; ``least_level``: Quartiere below it get none.
    """

    posts: float
    step: float = 1.0
    floor: float = 0.0
    by: Basis = "level"
    rounding: Rounding = "hamilton"
    least_level: int = 1


def share_out(plan: Plan, quartiere: pd.DataFrame) -> pd.DataFrame:
    """Distribute the posts of a plan.

    Parameters
    ----------
    quartiere
        One row per area_id; columns level, index (NaN where not classified), children
        (published count, NaN where hidden); fixed, if it is there: posts that stay, NaN where
        they follow from the claim.

    Returns
    -------
        One row per area_id, sorted; columns area_id, level, index, children, factor, claim,
        quota (posts before rounding and floor), posts, fixed. The posts add up to those of the
        plan, fixed ones included.

    Raises
    ------
    AtlasError
        If the posts are no multiple of the step, do not cover the fixed ones and the floors,
        or nobody has a claim to what is left.
    """
    units, floor = (
        _units(plan.posts, plan.step, "Stellen"),
        _units(plan.floor, plan.step, "Sockel"),
    )
    table = quartiere.sort_values("area_id", ignore_index=True)
    table = table.assign(factor=_factors(table, plan))
    if "fixed" not in table:
        table = table.assign(fixed=math.nan)
    is_free = table["fixed"].isna() & (table["level"] >= plan.least_level)
    takes_part = (is_free & (table["children"] > 0)).to_numpy()
    units -= _fixed_units(table["fixed"], plan.step)
    table["claim"] = (table["children"] * table["factor"]).where(takes_part, 0.0)
    total = math.fsum(table["claim"])
    _check_plan(units, floor, int(takes_part.sum()), total)
    if not total:
        return table.assign(quota=0.0, posts=table["fixed"].fillna(0.0))[["area_id", *_FIGURES]]
    # The most need first, so that a tie in rounding goes to it; then the key decides.
    order = table[takes_part].sort_values(
        ["index", "children", "area_id"], ascending=[False, False, True]
    )
    claims = [Fraction(claim) for claim in order["claim"]]
    shared = pd.Series(_ROUNDINGS[plan.rounding](claims, units, floor), index=order.index)
    table["quota"] = table["claim"] / total * units * plan.step
    free = shared.reindex(table.index, fill_value=0) * plan.step
    table["posts"] = table["fixed"].fillna(free)
    return table[["area_id", *_FIGURES]]


_FIGURES = ("level", "index", "children", "factor", "claim", "quota", "posts", "fixed")


def hamilton(claims: list[Fraction], units: int, floor: int) -> list[int]:
    """Largest remainders: whole quotas first, then the rest by the size of the remainder.

    Who would get less than the floor gets the floor, and the others share what is left. A tie
    goes to the earlier claim. Source: A. Hamilton (1792); Hare/Niemeyer.
    """
    fixed: set[int] = set()
    while True:
        free = [i for i in range(len(claims)) if i not in fixed]
        left = units - floor * len(fixed)
        total = sum((claims[i] for i in free), start=Fraction(0))
        quotas = {i: claims[i] * left / total for i in free}
        shares = _largest_remainders(quotas, left)
        below = {i for i in free if shares[i] < floor}
        if not below:
            return [shares.get(i, floor) for i in range(len(claims))]
        fixed |= below


def sainte_lague(claims: list[Fraction], units: int, floor: int) -> list[int]:
    """Highest averages: every further post to the largest claim / (2 · posts + 1).

    Everybody starts with the floor. A tie goes to the earlier claim. Source: A. Sainte-Laguë
    (1910); Webster, Schepers.
    """
    shares = [floor] * len(claims)
    waiting = [(-claim / (2 * floor + 1), i) for i, claim in enumerate(claims)]
    heapq.heapify(waiting)
    for _ in range(units - floor * len(claims)):
        best = waiting[0][1]
        shares[best] += 1
        heapq.heapreplace(waiting, (-claims[best] / (2 * shares[best] + 1), best))
    return shares


_ROUNDINGS: dict[Rounding, Callable[[list[Fraction], int, int], list[int]]] = {
    "hamilton": hamilton,
    "sainte_lague": sainte_lague,
}


def _largest_remainders(quotas: dict[int, Fraction], units: int) -> dict[int, int]:
    shares = {i: math.floor(quota) for i, quota in quotas.items()}
    remaining = units - sum(shares.values())
    by_remainder = sorted(quotas, key=lambda i: (shares[i] - quotas[i], i))
    for i in by_remainder[:remaining]:
        shares[i] += 1
    return shares


def _units(amount: float, step: float, what: str) -> int:
    units = round(amount / step) if step > 0 else -1
    if units < 0 or not math.isclose(units * step, amount, abs_tol=1e-9):
        raise AtlasError(
            f"Ressourcen, {what}: {number_text(amount, 2)} ist kein Vielfaches der kleinsten "
            f"Einheit {number_text(step, 2)}. Erwartet: eine Anzahl ab 0 in ganzen Einheiten. "
            "Angabe ändern."
        )
    return units


def _fixed_units(fixed: pd.Series, step: float) -> int:
    return sum(_units(amount, step, "feste Stellen") for amount in fixed.dropna())


def _check_plan(units: int, floor: int, n_claims: int, total: float) -> None:
    if units < 0:
        raise AtlasError(
            "Ressourcen: die festen Stellen sind mehr als alle zusammen. Erwartet: höchstens "
            "so viele. Stellen erhöhen oder weniger festhalten."
        )
    if total <= 0 and units:
        raise AtlasError(
            "Ressourcen: niemand hat einen Anspruch. Erwartet: mindestens ein Gebiet mit Stufe "
            "und Kinderzahl oder eine Schule mit beiden Zahlen. Stichtag prüfen."
        )
    if floor * n_claims > units:
        raise AtlasError(
            f"Ressourcen: die Stellen reichen nicht für den Sockel, {n_claims}-mal gebraucht. "
            "Erwartet: mindestens so viele. Sockel senken oder Stellen erhöhen."
        )


def _factors(table: pd.DataFrame, plan: Plan) -> pd.Series:
    index = table["index"].astype(float)
    return table["level"].astype(float) if plan.by == "level" else index - index.min()
