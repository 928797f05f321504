"""Damage a delivery in every way that leaves it readable, and see whether the office stops it.

The demo of Wuppertal: the deliveries of the earlier dates are in force, each damaged one of the
last date is read beside them; the population register of the last date is in force before the
others are damaged. Then a simulated city lives on honestly for ten years, several times with
other chance; whatever is held there is a false alarm.

    python -m benchmarks.damages [--size 0.25] [--source ewo] [--honest-only] [--seeds 1]
                                 [--json FILE]
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from atlas.confidential.delivery import Severity
from atlas.confidential.desk import Desk
from atlas.confidential.receive import layout_of, read, receive
from atlas.errors import AtlasError
from benchmarks.damage import Damage
from benchmarks.damage_counts import damages_of_counts
from benchmarks.damage_reasons import reasons_of
from benchmarks.damage_registers import damages_of_foreigners, damages_of_population
from benchmarks.damage_town import HONEST_YEARS, SOURCES, Town, honest_years, open_town, write

_DAMAGES: dict[str, Callable[..., Iterator[Damage]]] = {
    "ewo": damages_of_population,
    "alw": damages_of_foreigners,
    "sgb2": damages_of_counts,
    "schulen": damages_of_counts,
}


@dataclass(frozen=True)
class Outcome:
    """What became of one damaged file."""

    source: str
    damage: str
    checks: tuple[str, ...]
    is_expected_blind: str

    @property
    def is_held(self) -> bool:
        """Whether the office stopped it."""
        return bool(self.checks)

    @property
    def is_understood(self) -> bool:
        """Whether one of the findings is the right reason."""
        return not reasons_of(self.damage).isdisjoint(self.checks)


def findings_of(office: Desk, path: Path) -> tuple[str, ...]:
    """Find the checks that stop a file: errors and warnings."""
    try:
        found = read(office, path, layout_of(office, path, None), None).findings
    except AtlasError as error:
        return (type(error).__name__,)
    return tuple(sorted({one.check for one in found if one.severity is not Severity.INFO}))


def damaged(office: Desk, tables: Town, source: str, folder: Path) -> Iterator[Outcome]:
    """Read every damaged file of one source."""
    path = folder / f"wuppertal_{source}_{tables.day}.csv"
    kinds = (tables.now, tables.last, tables.first)
    for damage in _DAMAGES[source](*(one[source].to_pandas().astype(str) for one in kinds)):
        write(damage.apply(), path)
        yield Outcome(source, damage.name, findings_of(office, path), damage.blind)


def measure_damages(
    arguments: argparse.Namespace, tell: Callable[[str], None]
) -> list[Outcome]:
    """Damage every source of the last date."""
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        office, tables = open_town(root, arguments.size)
        for source in SOURCES:
            path = root / f"wuppertal_{source}_{tables.day}.csv"
            write(tables.now[source], path)
            if arguments.source in (None, source):
                tell(f"{source}: undamaged {list(findings_of(office, path))}")
                for outcome in damaged(office, tables, source, root):
                    outcomes.append(outcome)
                    tell(f"{source:4} {_mark(outcome):6} {outcome.damage}: {outcome.checks}")
            write(tables.now[source], path)
            if source == SOURCES[0]:
                receive(office, path, layout_of(office, path, None), None, "ehrlich")
    return outcomes


def _mark(outcome: Outcome) -> str:
    if outcome.is_understood:
        return "held"
    return "OTHER" if outcome.is_held else "PASSED"


def measure_honest(size: float, seed: int, tell: Callable[[str], None]) -> int:
    """Let ten honest years pass; give the number of deliveries that were held."""
    alarms = 0
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for office, year, source, table in honest_years(root, size, seed):
            path = root / f"wuppertal_{source}_{year}-12-31.csv"
            write(table, path)
            found = findings_of(office, path)
            alarms += bool(found)
            tell(f"{year} {source}: {list(found)}")
            receive(office, path, layout_of(office, path, None), None, "ehrlich")
    return alarms


def report(outcomes: list[Outcome], tell: Callable[[str], None]) -> None:
    """Write the shares per source and what passed."""
    for source in sorted({one.source for one in outcomes}):
        mine = [one for one in outcomes if one.source == source]
        held = sum(one.is_held for one in mine)
        understood = sum(one.is_understood for one in mine)
        visible = sum(one.is_understood or not one.is_expected_blind for one in mine)
        tell(
            f"{source}: of {len(mine)} held {held}, with the right reason {understood} "
            f"({100 * understood / len(mine):.1f} %; of those that can be seen "
            f"{100 * understood / visible:.1f} %)"
        )
    for one in outcomes:
        if not one.is_understood:
            why = ", ".join(one.checks) or one.is_expected_blind or "?"
            tell(f"  {_mark(one)}: {one.source} {one.damage} - {why}")


def main() -> None:
    """Run the catalogue of damages and the honest years."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, default=0.25, help="share of the real city")
    parser.add_argument("--source", choices=SOURCES)
    parser.add_argument("--honest-only", action="store_true")
    parser.add_argument("--seeds", type=int, default=1, help="honest cities to live through")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()

    def tell(line: str) -> None:
        print(line, flush=True)

    outcomes = [] if arguments.honest_only else measure_damages(arguments, tell)
    report(outcomes, tell)
    if arguments.json:
        entries = [[one.source, one.damage, list(one.checks)] for one in outcomes]
        arguments.json.write_text(json.dumps(entries, indent=1), encoding="utf-8")
    if not arguments.source:
        for seed in range(1, arguments.seeds + 1):
            alarms = measure_honest(arguments.size, seed, tell)
            tell(f"honest years, chance {seed}: {alarms} alarms in {HONEST_YEARS} years")


if __name__ == "__main__":
    main()
