"""How far the rates of one area vary by chance, and the levels they could reach.

Only for releases that hold intervals; the city decides that with ``confidence``.
"""

from dataclasses import dataclass

from atlas.publication.views.cells import cell_of, columns_of, known_area
from atlas.publication.views.items import group_label, indicators
from atlas.publication.views.tables import Column, Table, level_text
from atlas.release import Release
from atlas.terms import NEED_LEVEL, Group, Kind
from atlas.words import day_text, number_text


@dataclass(frozen=True)
class Chance:
    """Intervals of one Quartier; ``level`` is empty where it has none."""

    note: str
    level: str
    table: Table


def chance_of(release: Release, area_id: str, group: Group) -> Chance | None:
    """Intervals of a Quartier; ``None`` if the release holds none or the area shows none.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    confidence = release.info.config.levels.confidence
    area = known_area(release, Kind.QUARTIER, area_id)
    rows = _rows(release, area_id, group)
    if confidence is None or not rows:
        return None
    heads = (
        Column("item", "Indikator", "", is_number=False),
        Column("value", "Wert", "", is_number=True),
        Column("low", "von", "", is_number=True),
        Column("high", "bis", "", is_number=True),
    )
    caption = (
        f"{area.title}: Zufallsschwankung, {group_label(release, group)}, "
        f"{day_text(release.info.reference_date)}"
    )
    note = (
        "Register sind Vollzählungen. Die Spanne sagt, wie weit die Zahl eines kleinen Gebiets "
        f"zufällig schwankt (Vertrauensniveau {number_text(100 * confidence, 0)} %)."
    )
    return Chance(note, _level(release, area_id, group), Table(caption, heads, rows, {}))


def _rows(release: Release, area_id: str, group: Group) -> tuple[tuple[str, ...], ...]:
    columns = columns_of(release, Kind.QUARTIER, group)
    rows = []
    for item in indicators(release.info.config, group):
        names = (item.id, f"{item.id}.low", f"{item.id}.high")
        values = [cell_of(columns, name, area_id).value for name in names]
        known = [value for value in values if value is not None]
        if len(known) == len(names):
            rows.append((item.label, *(item.value_text(value) for value in known)))
    return tuple(rows)


def _level(release: Release, area_id: str, group: Group) -> str:
    columns = columns_of(release, Kind.QUARTIER, group)
    low, high = (
        cell_of(columns, f"{NEED_LEVEL}.{bound}", area_id).value for bound in ("low", "high")
    )
    if low is None or high is None:
        return ""
    if low == high:
        return "Die Stufe bleibt an jeder dieser Grenzen dieselbe, wenn alles andere bleibt."
    return (
        f"An den Grenzen eines einzelnen Indikators reicht die Stufe von "
        f"{level_text(release, NEED_LEVEL, low)} bis {level_text(release, NEED_LEVEL, high)}, "
        "wenn alles andere bleibt."
    )
