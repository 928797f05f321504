"""Two indicators of all Quartiere against each other."""

from dataclasses import dataclass

from atlas.publication.views.cells import areas, cell_of, columns_of
from atlas.publication.views.items import Item, group_label, item_of, plural
from atlas.release import Release
from atlas.terms import NEED_LEVEL, Group, Kind
from atlas.words import day_text


@dataclass(frozen=True)
class Spot:
    """One area that shows both values; ``level`` is 0 where it has none."""

    area_id: str
    title: str
    x: float
    y: float
    x_text: str
    y_text: str
    level: int
    level_text: str


@dataclass(frozen=True)
class Scatter:
    """All areas with both values; ``left_out`` counts those that hide one of them."""

    title: str
    x_label: str
    y_label: str
    spots: tuple[Spot, ...]
    left_out: int


def scatter_of(release: Release, group: Group, x_item: str, y_item: str) -> Scatter:
    """Set two indicators of all Quartiere against each other."""
    config = release.info.config
    columns = columns_of(release, Kind.QUARTIER, group)
    x, y = item_of(config, x_item), item_of(config, y_item)
    every = areas(release, Kind.QUARTIER)
    spots = []
    for area in every:
        first = cell_of(columns, x_item, area.id).value
        second = cell_of(columns, y_item, area.id).value
        if first is None or second is None:
            continue
        level = cell_of(columns, NEED_LEVEL, area.id).value
        spots.append(
            Spot(
                area_id=area.id,
                title=area.title,
                x=first,
                y=second,
                x_text=x.value_text(first),
                y_text=y.value_text(second),
                level=0 if level is None else int(level),
                level_text=_level_text(release, level),
            )
        )
    parts = (
        f"{y.label} gegen {x.label}",
        plural(release, Kind.QUARTIER),
        group_label(release, group),
        day_text(release.info.reference_date),
    )
    return Scatter(", ".join(parts), _axis(x), _axis(y), tuple(spots), len(every) - len(spots))


def _axis(item: Item) -> str:
    return item.label_with_unit


def _level_text(release: Release, level: float | None) -> str:
    if level is None:
        return "nicht klassifiziert"
    return f"{int(level)} {release.info.config.levels.labels[int(level)]}"
