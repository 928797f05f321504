"""How many people live in the areas of each level: sums of published counts, nothing else."""

from collections.abc import Mapping

from atlas.publication.seen import Area, Cell, Seen
from atlas.publication.views.items import level_text
from atlas.publication.views.table import Entry, Table, number, text
from atlas.terms import NEED_LEVEL, RESIDENTS, Group, Kind
from atlas.words import enumeration

_NONE = 0


def people_table(seen: Seen) -> Table | None:
    """Tabulate areas and residents of every group by level, the highest first.

    A sum leaves out what is not published and says of how many areas that is; whoever adds the
    published cells gets the same. ``None`` where the group has no levels.
    """
    if not seen.has_levels or not seen.holds(Kind.QUARTIER, NEED_LEVEL):
        return None
    columns = {
        group: seen.through(group).column(Kind.QUARTIER, RESIDENTS) for group in seen.groups
    }
    plural = seen.plural(Kind.QUARTIER)
    fields = [text("level", "Stufe"), number("areas", plural)]
    fields += [
        number(f"residents_{group}", _people(seen, group), digits=0) for group in columns
    ]
    fields.append(text("left_out", "nicht enthalten"))
    areas = seen.areas(Kind.QUARTIER)
    steps = [*sorted(seen.config.levels.labels, reverse=True), _NONE]
    by_step = {step: [a for a in areas if _step(seen, a) == step] for step in steps}
    rows = tuple(
        _row(seen, step, inside, columns)
        for step, inside in by_step.items()
        if inside or step != _NONE
    )
    title = f"Menschen je Stufe ({seen.group_label}), {seen.day}"
    return Table(title, tuple(fields), rows, f"Menschen je Stufe {seen.group_short}")


def _people(seen: Seen, group: Group) -> str:
    return seen.config.indicators.groups[group].label


def _step(seen: Seen, area: Area) -> int:
    level = seen.value(area, NEED_LEVEL)
    return _NONE if level is None else int(level)


def _row(
    seen: Seen, step: int, inside: list[Area], columns: Mapping[Group, Mapping[str, Cell]]
) -> tuple[Entry, ...]:
    sums: list[float | None] = []
    hidden = []
    for group, column in columns.items():
        cells = [column[area.id] for area in inside]
        shown = [cell.value for cell in cells if cell.value is not None]
        sums.append(sum(shown) if shown or not cells else None)
        if len(shown) < len(cells):
            hidden.append(f"{_people(seen, group)} von {len(cells) - len(shown)}")
    left_out = f"{enumeration(hidden)} {seen.plural(Kind.QUARTIER)}" if hidden else ""
    return level_text(seen.config, NEED_LEVEL, step), len(inside), *sums, left_out
