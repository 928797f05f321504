"""Counts of the kinds that sources deliver to every kind of area; knows no file, no formula.

counts: one row per kind, area_id, group and measure; columns ``n, status, reason``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from atlas.errors import ConfigError, DeliveryError
from atlas.geography import PARTS, chain_of_areas
from atlas.terms import UNPLACED, Group, Kind, Reason, Status, chain_of

COUNT_COLUMNS = ["kind", "area_id", "group", "measure", "n", "status", "reason"]


@dataclass(frozen=True)
class Source:
    """What one layout gives for one reference date.

    Attributes
    ----------
    kind
        Kind of area whose keys it counts by.
    items
        Measures per group that it can give.
    counts
        One row per area_id, group and measure with n (missing where withheld) and status;
        None if the delivery has not arrived.
    unplaced
        Persons per measure whom no area holds.
    is_expected
        Whether the source exists at this reference date.
    """

    kind: Kind
    items: frozenset[tuple[str, Group]]
    counts: pd.DataFrame | None
    unplaced: dict[str, int]
    is_expected: bool


def counts_of(
    sources: Iterable[Source], areas: pd.DataFrame, measures: Iterable[str]
) -> pd.DataFrame:
    """Roll counts up the hierarchy and give every area a row for every measure.

    Parameters
    ----------
    areas
        One row per kind and area_id with parent_id, from small to large kind, and parts where
        there are kinds outside the chain.

    Returns
    -------
    pandas.DataFrame
        counts. A kind below that of its source is ``unavailable``; a source that has not
        arrived is ``missing``; a sum over a withheld part is ``withheld``.
    """
    known = list(sources)
    wanted = list(measures)
    items = sorted({item for one in known for item in one.items if item[0] in wanted})
    frames = [_item_counts(known, areas, name, group) for name, group in items]
    return pd.concat([*frames, _unplaced(known, areas)], ignore_index=True)[COUNT_COLUMNS]


def shares_of(
    sources: Iterable[Source], areas: pd.DataFrame, indicators: Iterable[str]
) -> pd.DataFrame:
    """Give every area a row for every ready-made share; shares are never rolled up.

    Returns
    -------
    pandas.DataFrame
        One row per kind, area_id, group and measure (the indicator); n is the share.
    """
    known = list(sources)
    wanted = list(indicators)
    frames = []
    for name, group in sorted({i for one in known for i in one.items if i[0] in wanted}):
        giving = [one for one in known if (name, group) in one.items]
        for kind in dict.fromkeys(areas["kind"]):
            here = areas.loc[areas["kind"] == kind, ["area_id", "parent_id"]]
            own = [
                rows
                for one in giving
                if one.kind == kind and len(rows := _rows(one, name, group))
            ]
            gap = _gap(giving, [Kind(kind)])
            found = _delivered(own, here, name, group) if own else here.assign(n=np.nan, **gap)
            frames.append(found.assign(kind=kind, group=str(group), measure=name))
    stacked = [frame.astype({"n": float})[COUNT_COLUMNS] for frame in frames]
    return (
        pd.concat(stacked, ignore_index=True)
        if stacked
        else pd.DataFrame(columns=COUNT_COLUMNS)
    )


def _unplaced(sources: list[Source], areas: pd.DataFrame) -> pd.DataFrame:
    city = areas.loc[areas["kind"] == str(Kind.CITY), "area_id"].iloc[0]
    place, shown = (str(Kind.CITY), city, str(Group.ALL)), (str(Status.PUBLISHED), "")
    rows = [
        (*place, f"{name}{UNPLACED}", n, *shown)
        for one in sources
        for name, n in sorted(one.unplaced.items())
    ]
    return pd.DataFrame(rows, columns=COUNT_COLUMNS).astype({"n": "Int64"})


def _item_counts(
    sources: list[Source], areas: pd.DataFrame, name: str, group: Group
) -> pd.DataFrame:
    chain = chain_of(chain_of_areas(areas)["kind"])
    giving = [one for one in sources if (name, group) in one.items]
    frames: list[pd.DataFrame] = []
    below: pd.DataFrame | None = None
    for kind in chain:
        here = areas.loc[areas["kind"] == str(kind), ["area_id", "parent_id"]]
        own = [
            rows for one in giving if one.kind == kind and len(rows := _rows(one, name, group))
        ]
        if own:
            found = _delivered(own, here, name, group)
        elif below is not None and not _is_gap(below):
            found = _sum_of_parts(below, here)
        else:
            found = here.assign(
                n=pd.array([pd.NA] * len(here), "Int64"),
                **_gap(giving, chain[: chain.index(kind) + 1]),
            )
        below = found.astype({"n": "Int64"})
        frames.append(below.assign(kind=str(kind), group=str(group), measure=name))
    frames += _outside(frames[0], areas)
    return pd.concat(frames, ignore_index=True)


def _outside(blocks: pd.DataFrame, areas: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Sum blocks in every kind outside the chain; nobody delivers for it."""
    overlays = areas[areas[PARTS] != ""] if PARTS in areas else areas.iloc[:0]
    for kind, own in overlays.groupby("kind", sort=False):
        here = own[["area_id", "parent_id"]].reset_index(drop=True)
        holder = {
            block: area_id
            for area_id, parts in zip(own["area_id"], own[PARTS], strict=True)
            for block in parts.split()
        }
        inside = blocks.assign(parent_id=blocks["area_id"].map(holder))
        found = _sum_of_parts(inside, here)
        said = {name: blocks[name].iloc[0] for name in ("group", "measure")}
        yield found.astype({"n": "Int64"}).assign(kind=str(kind), **said)


def _is_gap(counts: pd.DataFrame) -> bool:
    return bool(counts["status"].isin([str(Status.UNAVAILABLE), str(Status.MISSING)]).all())


def _gap(giving: list[Source], kinds: Sequence[Kind]) -> dict[str, str]:
    """Say why there is nothing: a source of one of these kinds is still to come, or none is."""
    is_due = any(one.is_expected and one.counts is None and one.kind in kinds for one in giving)
    status, reason = (
        (Status.MISSING, Reason.PENDING)
        if is_due
        else (Status.UNAVAILABLE, Reason.NOT_DELIVERED)
    )
    return {"status": str(status), "reason": str(reason)}


def _rows(source: Source, name: str, group: Group) -> pd.DataFrame:
    """Select one item; a long table may lack at one date what it gives at others."""
    if source.counts is None:
        return pd.DataFrame()
    is_item = (source.counts["measure"] == name) & (source.counts["group"] == str(group))
    return source.counts.loc[is_item, ["area_id", "n", "status"]]


def _delivered(
    own: list[pd.DataFrame], here: pd.DataFrame, name: str, group: Group
) -> pd.DataFrame:
    if len(own) > 1:
        raise ConfigError(
            f"deliveries.toml: {name} ({group}) kommt an einem Stichtag aus mehreren Layouts "
            "derselben Gebietsart. Erwartet: aus einem. items, first_date oder last_date "
            "eines der Layouts ändern."
        )
    if not own[0]["area_id"].isin(here["area_id"]).all():
        raise _lost_areas(f"{name} ({group})")
    found = here.merge(own[0], on="area_id", how="left")
    is_withheld = found["status"] == str(Status.WITHHELD)
    is_absent = found["n"].isna() & ~is_withheld
    status = found["status"].fillna(str(Status.UNAVAILABLE))
    reason = is_withheld.map({True: str(Reason.SUPPLIER), False: str(Reason.NONE)})
    return found.assign(
        status=status.mask(is_absent, str(Status.UNAVAILABLE)),
        reason=reason.mask(is_absent, str(Reason.NOT_DELIVERED)),
    )


def _sum_of_parts(parts: pd.DataFrame, here: pd.DataFrame) -> pd.DataFrame:
    grouped = parts.groupby("parent_id")
    sums = grouped["n"].sum(min_count=1)
    total = here["area_id"].map(sums).astype("Int64").fillna(0)
    status = pd.Series(str(Status.PUBLISHED), index=here.index)
    reason = pd.Series(str(Reason.NONE), index=here.index)
    for gap, why in (
        (Status.WITHHELD, Reason.SUPPLIER),
        (Status.UNAVAILABLE, Reason.NOT_DELIVERED),
        (Status.MISSING, Reason.PENDING),
    ):
        holders = parts.loc[parts["status"] == str(gap), "parent_id"]
        is_gap = here["area_id"].isin(holders)
        status, reason = status.mask(is_gap, str(gap)), reason.mask(is_gap, str(why))
        total = total.mask(is_gap)
    return here.assign(n=total, status=status, reason=reason)


def _lost_areas(what: str) -> DeliveryError:
    """Refuse to count on: whoever lives there would be lost without a word."""
    return DeliveryError(
        f"Lieferung, {what}: Gebietsschlüssel, die bei der Annahme galten, fehlen im "
        "Gebietsstand. edition in deliveries.toml oder areas.toml prüfen."
    )
