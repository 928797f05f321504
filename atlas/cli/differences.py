"""What changed between two releases, said by commands: a summary, and the whole as a file."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from atlas.cli.options import (
    DEFAULT_CITY,
    DEFAULT_HOME,
    City,
    HomeDir,
    find_newest,
    open_city,
    require_writable,
)
from atlas.cli.screen import Screen, out
from atlas.terms import NEED_LEVEL, STATUS_LABELS, Status

if TYPE_CHECKING:
    from atlas.publication.views.changes import Changes
    from atlas.release import Release

_MOST_MOVES, _MOST_CELLS = 5, 40


def diff(
    old: str,
    new: str,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", help="Alle Zellen und Gründe in diese CSV", metavar="DATEI"),
    ] = None,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Sagt, was sich zwischen zwei Veröffentlichungen oder Stichtagen geändert hat."""
    from atlas.release import open_release
    from atlas.release.differing import differing_cells

    if out_file is not None:
        require_writable(out_file)
    desk = open_city(city, home, Screen())
    before, after = (open_release(find_newest(desk, name)) for name in (old, new))
    print_moves(before, after)
    print_cells(before, after)
    changes = differing_cells(before, after)
    is_named = (changes["kind"] != "block") & ~changes["item"].str.contains(".", regex=False)
    named = changes[is_named]
    table = Table("Gebiet", "Bezugsgruppe", "Größe", "vorher", "nachher")
    for row in named.head(_MOST_CELLS).itertuples():
        table.add_row(
            f"{row.kind} {row.area_id}",
            str(row.group),
            str(row.item),
            _shown(row.old_value, row.old_status),
            _shown(row.new_value, row.new_status),
        )
    out.print(table)
    shown = min(len(named), _MOST_CELLS)
    out.print(f"Gezeigt sind {shown} von {len(changes)} verschiedenen Zellen.")
    if out_file is not None:
        count = _write_differences(out_file, before, after)
        out.print(f"{out_file}: {count} Zellen, geänderte Stufen mit ihrem Grund.")


def print_moves(before: "Release", after: "Release") -> None:
    """Print which levels moved, and why; moves to rely on first, the others counted at last."""
    from atlas.release.origin import what_differs

    out.print(f"Was sich von {before.info.name} zu {after.info.name} geändert hat:")
    differing = "; ".join(what_differs(before, after))
    if differing:
        out.print(f"  Andere Grundlagen: {differing}.")
    for label, changes in _level_changes(before, after):
        out.print(f"  {label}: {changes.summary}")
        for sentence in changes.rule:
            out.print(f"    {sentence}")
        for move in changes.moves[:_MOST_MOVES]:
            out.print(f"    {move.text}")
        if left := len(changes.moves[_MOST_MOVES:]):
            out.print(
                f"    Nicht aufgeführt: {left}; alle Gründe mit atlas diff … --out DATEI."
            )


def print_cells(before: "Release", after: "Release") -> None:
    """Print how many cells differ by more than rounding, and how many came or went."""
    from atlas.release.differing import differing_cells, newly_hidden, newly_shown

    differing = differing_cells(before, after)
    came, went = len(newly_shown(differing)), len(newly_hidden(differing))
    out.print(
        f"  Zellen gegenüber {before.info.name}: {len(differing)} verschieden, "
        f"davon {came} neu gezeigt, {went} nicht mehr gezeigt."
    )


def _level_changes(before: "Release", after: "Release") -> Iterator[tuple[str, "Changes"]]:
    """Compare the levels of every group that has them; with what the group is called."""
    from atlas.publication.seen import see
    from atlas.publication.views.changes import level_changes

    first, second = see(before), see(after)
    for group, rule in after.info.config.indicators.groups.items():
        changes = level_changes(first.through(group), second.through(group))
        if changes is not None:
            yield rule.label, changes


def _write_differences(path: Path, before: "Release", after: "Release") -> int:
    """Write every cell that differs, a moved level with its reason; return how many."""
    from atlas.release.differing import differing_cells

    changes = differing_cells(before, after)
    groups = {rule.label: group for group, rule in after.info.config.indicators.groups.items()}
    texts = {
        (str(groups[label]), move.area_id): move.text
        for label, found in _level_changes(before, after)
        for move in found.moves
    }
    is_level = (changes["item"] == NEED_LEVEL).tolist()
    keys = zip(changes["group"], changes["area_id"], is_level, strict=True)
    reasons = [texts.get((group, key), "") if level else "" for group, key, level in keys]
    changes.assign(text=reasons).to_csv(path, index=False)
    return len(changes)


def _shown(value: object, status: object) -> str:
    """Write a value, or the words why there is none; a cell that was not there is empty."""
    if isinstance(value, float) and not math.isnan(value):
        return f"{value:g}"
    return STATUS_LABELS[Status(status)] if isinstance(status, str) else ""
