"""A delivery against the one before: totals, single areas, age structure; warnings mostly."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.delivery.counts import KEY
from atlas.confidential.delivery.findings import Finding, Severity, find
from atlas.confidential.delivery.request import Profile
from atlas.config import Layout
from atlas.terms import Group, Kind, Status
from atlas.words import first_few

ROWS = "Zeilen"
# Between eight and twelve times is a slipped digit; smaller totals swing by themselves.
_SLIPPED = 8
_MIN_TOTAL = 50
_MIN_AREA_DIFFERENCE = 50
_AGE_STEP = 10
_NAMED_AREAS = 5
_FEW_BLOCKS = 5
_MAX_AGE_SHIFT = 5  # percent of persons who would have to change their age group


def profile(part: pa.Table, layout: Layout) -> Profile:
    """Figures of one reference date to compare the next delivery with."""
    if layout.shape == "persons":
        return _profile_persons(part)
    totals: dict[str, float] = {}
    by_area: dict[tuple[str, str], float] = {}
    rows = part.filter(pc.equal(part["status"], Status.PUBLISHED.value))
    names = (*KEY, "value")
    for area_id, item, group, value in zip(
        *(rows[name].to_pylist() for name in names), strict=True
    ):
        series = item if group == Group.ALL else f"{item}@{group}"
        totals[series] = totals.get(series, 0.0) + abs(value)
        by_area[series, area_id] = value
    return Profile(totals, by_area)


def _profile_persons(part: pa.Table) -> Profile:
    by_area: dict[tuple[str, str], float] = {}
    ages: dict[int, int] = {}
    if "area_id" in part.column_names:
        for entry in pc.value_counts(part["area_id"].drop_null()).to_pylist():
            by_area[ROWS, entry["values"]] = float(entry["counts"])
    if "age" in part.column_names:
        for entry in pc.value_counts(part["age"].drop_null()).to_pylist():
            group = entry["values"] // _AGE_STEP
            ages[group] = ages.get(group, 0) + entry["counts"]
    return Profile({ROWS: float(part.num_rows)}, by_area, ages)


def check_slipped(new: Profile, old: Profile) -> tuple[Finding, ...]:
    """Report totals that are about ten times too large or too small: errors."""
    findings = []
    for series, total in sorted(new.totals.items()):
        before = old.totals.get(series, 0.0)
        if min(total, before) <= 0 or max(total, before) < _MIN_TOTAL:
            continue
        if max(total / before, before / total) >= _SLIPPED:
            size = "groß" if total > before else "klein"
            hint = (
                f"Summe {_name(series)} ist etwa zehnmal so {size} wie am Stichtag davor. "
                "Erwartet: dieselbe Größenordnung. decimal und thousands in deliveries.toml "
                "und die Vollständigkeit prüfen."
            )
            findings.append(find("total_slipped", Severity.ERROR, "", hint))
    return tuple(findings)


def check_change(new: Profile, old: Profile, layout: Layout) -> tuple[Finding, ...]:
    """Report changes beyond the layout's limits: warnings."""
    return (
        *_check_totals(new, old, layout.total_change),
        *_check_areas(new, old, layout),
        *_check_ages(new.ages, old.ages),
    )


def _check_totals(new: Profile, old: Profile, limit: float) -> tuple[Finding, ...]:
    findings = []
    for series, before in sorted(old.totals.items()):
        total = new.totals.get(series, 0.0)
        is_small = max(total, before) < _MIN_TOTAL
        is_slipped = min(total, before) > 0 and max(total / before, before / total) >= _SLIPPED
        if is_small or is_slipped or abs(total - before) <= before * limit / 100:
            continue
        hint = (
            f"Summe {_name(series)} weicht um mehr als {limit:g} % von der vorigen Lieferung "
            "ab. Vollständigkeit und Abgrenzung prüfen."
        )
        findings.append(find("total_changed", Severity.WARNING, "", hint))
    return tuple(findings)


def _check_areas(new: Profile, old: Profile, layout: Layout) -> tuple[Finding, ...]:
    """Report areas that grew or shrank; one new house fills a block, so a few are life."""
    limit = layout.area_change
    few = _FEW_BLOCKS if layout.kind == Kind.BLOCK else 0
    changed: dict[str, list[str]] = {}
    for (series, area_id), before in old.by_area.items():
        difference = abs(new.by_area.get((series, area_id), 0.0) - before)
        if difference >= _MIN_AREA_DIFFERENCE and difference > before * limit / 100:
            changed.setdefault(series, []).append(area_id)
    return tuple(
        find(
            "area_changed",
            Severity.WARNING if len(areas) > few else Severity.INFO,
            "",
            f"{_name(series)} weicht um mehr als {limit:g} % von der vorigen Lieferung ab, "
            f"Zahl der Gebiete: {len(areas)} ({first_few(sorted(areas), _NAMED_AREAS)}). "
            "Gebietsstand und Verortung prüfen.",
        )
        for series, areas in sorted(changed.items())
    )


def _check_ages(new: Mapping[int, int], old: Mapping[int, int]) -> tuple[Finding, ...]:
    persons_new, persons_old = sum(new.values()), sum(old.values())
    if not persons_new or not persons_old:
        return ()
    # Half the sum of differences between shares, in whole numbers: the limit is exact.
    shift = sum(
        abs(new.get(group, 0) * persons_old - old.get(group, 0) * persons_new)
        for group in {*new, *old}
    )
    if 100 * shift <= 2 * _MAX_AGE_SHIFT * persons_new * persons_old:
        return ()
    hint = (
        "Altersaufbau weicht deutlich von der vorigen Lieferung ab. Spalte des Geburtsdatums "
        "und ihr Format prüfen."
    )
    return (find("ages_changed", Severity.WARNING, "", hint),)


def _name(series: str) -> str:
    return f"„{series}“"
