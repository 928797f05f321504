"""Figures that readers already have, for the sentence about a delivery that is held back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from atlas.confidential.desk import Desk
from atlas.config import Layout
from atlas.errors import ReleaseError
from atlas.release import in_force, list_releases, open_release
from atlas.terms import RESIDENTS, Group, Kind, Status, Unit
from atlas.words import day_text, first_few, unit_text

_NAMED_AREAS = 5


def compared_kind(layout: Layout) -> Kind:
    """Kind of area in which deliveries are compared: blocks are too small for it."""
    kind = layout.kind or Kind.BLOCK
    return Kind.QUARTIER if kind == Kind.BLOCK else kind


def already_out(desk: Desk, day: date, layout: Layout) -> Callable[[str, Sequence[str]], str]:
    """Make the function that tells what readers already have; it opens a release if asked."""

    def tell(series: str, areas: Sequence[str]) -> str:
        shown = in_force(list_releases(desk.releases_dir)).values()
        refs = [ref for ref in shown if ref.reference_date <= day]
        if not refs:
            return ""
        try:
            release = open_release(refs[-1].path)
        except ReleaseError:  # damaged: its date says so
            return ""
        measure, _, group = series.partition("@")
        item, unit, digits = _item_of(desk, measure)
        kind = compared_kind(layout)
        cells = release.cells
        chosen = cells[
            (cells["item"] == item)
            & (cells["group"] == (group or str(Group.ALL)))
            & (cells["status"] == str(Status.PUBLISHED))
            & (cells["kind"] == str(kind if areas else Kind.CITY))
        ].set_index("area_id")["value"]
        values = {str(key): float(n) for key, n in chosen.items()}
        told = _figures(values, areas or [*values], (digits, unit))
        label = desk.config.indicators.indicators.get(item)
        what = label.label if label else desk.config.indicators.measures[item].label
        when = day_text(release.info.reference_date)
        return f"; veröffentlicht zum {when}, {what}: {told}" if told else ""

    return tell


def _figures(values: Mapping[str, float], areas: Iterable[str], form: tuple[int, Unit]) -> str:
    digits, unit = form
    texts = [f"{key} {unit_text(values[key], digits, unit)}" for key in areas if key in values]
    return first_few(texts, _NAMED_AREAS)


def _item_of(desk: Desk, measure: str) -> tuple[str, Unit, int]:
    """Find the rate per resident of a measure; without one the measure itself."""
    for name, indicator in desk.config.indicators.indicators.items():
        if indicator.numerator == (measure,) and indicator.denominator == (RESIDENTS,):
            return name, indicator.unit, indicator.digits
    return measure, Unit.COUNT, 0
