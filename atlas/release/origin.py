"""What two releases follow from, and where it differs: rules, boundaries, deliveries, dates."""

from collections.abc import Sequence

from atlas.config import PublishedConfig
from atlas.release.info import DeliveryInfo, ReleaseInfo
from atlas.release.read import Release
from atlas.words import enumeration

_SECTIONS = {
    "city": "Angaben zur Stadt",
    "areas": "Gebietsarten",
    "indicators": "Indikatoren",
    "levels": "Stufen",
    "former": "frühere Stufen",
    "protection": "Geheimhaltung",
}
BOUNDARIES = "Grenzen oder Namen der Gebiete"
PROGRAM = "Programm"


def what_differs(before: Release, after: Release) -> tuple[str, ...]:
    """Name what the later of two releases follows from and the earlier does not.

    Where nothing of it differs and the cells of one reference date do, it is the program.
    """
    old, new = before.info, after.info
    maps = [[path.name for path in one.map_files.values()] for one in (before, after)]
    found = [
        settings_text(old.config, new.config),
        BOUNDARIES if old.edition != new.edition or maps[0] != maps[1] else "",
        _deliveries_text(old.deliveries, new.deliveries),
        references_text(old, new.references),
    ]
    named = tuple(one for one in found if one)
    is_other = old.reference_date == new.reference_date and not before.cells.equals(after.cells)
    return named or ((PROGRAM,) if is_other else ())


def settings_text(before: PublishedConfig, after: PublishedConfig) -> str:
    """Name the parts of the configuration that differ; empty if none does.

    Which boundaries are in force is no setting of its own, nor which date the comparable index
    refers to.
    """
    old, new = (
        one.model_copy(
            update={
                "areas": one.areas.model_copy(update={"editions": ()}),
                "levels": one.levels.model_copy(update={"fixed": {}}),
            }
        )
        for one in (before, after)
    )
    parts = [
        label for name, label in _SECTIONS.items() if getattr(old, name) != getattr(new, name)
    ]
    return f"Konfiguration ({enumeration(parts)})" if parts else ""


def references_text(before: ReleaseInfo, references: Sequence[str]) -> str:
    """Name the releases of other dates that are referred to now; empty if they are the same."""
    new = [name for name in references if name not in before.references]
    return f"Bezug auf {enumeration(new)}" if new else ""


def _deliveries_text(before: Sequence[DeliveryInfo], after: Sequence[DeliveryInfo]) -> str:
    known = {(one.source, one.reference_date, one.number) for one in before}
    new = [
        one.label for one in after if (one.source, one.reference_date, one.number) not in known
    ]
    return f"Lieferungen ({enumeration(new)})" if new else ""
