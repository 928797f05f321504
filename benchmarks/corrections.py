"""Correct a date already published, release after release; what is refused, told, shown.

Towns by the plain rules of the scope that is asked for, Wuppertal by those of its demo.
"""

import argparse
import json
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from atlas.confidential.audit import audit
from atlas.confidential.protect import Protected, protect
from atlas.config import ProtectionRules
from atlas.errors import ProtectionError
from benchmarks.correction_town import (
    KEY,
    NESTING,
    Town,
    corrected_blocks,
    corrected_persons,
    nasty_town,
    wuppertal,
)

RELEASES = 4
"""The first and three corrections in a row."""

_COLUMNS = ["kind", "area_id", "group", "measure", "n"]
_MOST_PERSONS = 3_000
_DEMO_RULES = Path("config/wuppertal/protection.toml")

Correct = Callable[[Town, np.random.Generator], Town]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--towns", type=int, default=200, metavar="N")
    arguments.add_argument("--wuppertal", type=int, default=0, metavar="CHAINS")
    arguments.add_argument("--first", type=int, default=0, metavar="SEED")
    arguments.add_argument("--scope", choices=("cell", "table"), default="cell")
    arguments.add_argument("--out", type=Path, required=True, metavar="OUT.jsonl")
    given = arguments.parse_args()
    rules = ProtectionRules.model_validate({"format": 1, "scope": given.scope})
    seeds = range(given.first, given.first + given.towns)
    for seed in seeds:
        for share in (0.05, 0.2):
            steps = _chain(nasty_town(seed), rules, (f"towns {share:.0%}", seed), _some(share))
            _append(given.out, (row for row, _ in steps))
    if given.wuppertal:
        _wuppertal(given.out, range(given.first, given.first + given.wuppertal))
    print(summary(pd.read_json(given.out, lines=True)).to_string())


def _wuppertal(path: Path, seeds: range) -> None:
    """Correct the demo, chain after chain; its first release is always the same."""
    town = wuppertal()
    rules = ProtectionRules.model_validate(tomllib.loads(_DEMO_RULES.read_text("utf-8")))
    first = list(_chain(town, rules, ("wuppertal", seeds.start), _any_number, last=1))
    _append(path, (row for row, _ in first))
    for seed in seeds:
        later = _chain(town, rules, ("wuppertal", seed), _any_number, told=first[0][1])
        _append(path, (row for row, _ in later))


def _some(share: float) -> Correct:
    return lambda town, rng: corrected_blocks(town, share, rng)


def _any_number(town: Town, rng: np.random.Generator) -> Town:
    """One to 3,000 persons, small numbers as often as large ones."""
    number = round(float(np.exp(rng.uniform(0, np.log(_MOST_PERSONS)))))
    return corrected_persons(town, number, rng)


def _chain(  # noqa: PLR0913 - where a chain starts and ends
    town: Town,
    rules: ProtectionRules,
    name: tuple[str, int],
    correct: Correct,
    told: pd.DataFrame | None = None,
    last: int = RELEASES,
) -> Iterator[tuple[dict[str, object], pd.DataFrame | None]]:
    """Publish a town and correct it, each time beside all that was told."""
    rng = np.random.default_rng([name[1], 7])
    for number in range(1 if told is None else 2, last + 1):
        town = town if number == 1 else correct(town, rng)
        row, protected = _published(town, rules, told)
        if protected is not None:
            new = protected.cells[_COLUMNS].assign(release=f"2024-12-31.{number}")
            told = new if told is None else pd.concat([told, new], ignore_index=True)
        yield {"what": name[0], "seed": name[1], "release": number} | row, told


def _published(
    town: Town, rules: ProtectionRules, told: pd.DataFrame | None
) -> tuple[dict[str, object], Protected | None]:
    """Protect and attack one release."""
    started = time.process_time()
    counts = town.counts()
    try:
        protected = protect(counts, town.areas, NESTING, rules, KEY, told)
    except ProtectionError as error:
        return {"refused": True, "why": str(error)}, None
    seconds = time.process_time() - started
    proof = protected.certificates
    verdict = audit(protected.cells, counts, town.areas, NESTING, rules, proof, told)
    row = {
        "refused": False,
        "safe": verdict.is_safe,
        "why": "; ".join(verdict.disclosures[:3]),
        "told_before": verdict.figures.get("told_before", 0),
        "seconds": round(seconds, 2),
        "audit_seconds": round(time.process_time() - started - seconds, 2),
    }
    return row | _figures(protected, counts), protected


def _figures(protected: Protected, counts: pd.DataFrame) -> dict[str, object]:
    """Count what a reader sees, by kind of area, and the steps that were needed."""
    is_shown = protected.cells["status"] == "published"
    hidden = ~is_shown & (counts["status"] == "published").to_numpy()
    kinds = protected.cells["kind"]
    return {
        "cells": int((kinds == "block").sum()),
        "shown": int((is_shown & (kinds == "block")).sum()),
        "hidden_above": int((hidden & (kinds != "block")).sum()),
        "tables": len(protected.withheld_tables),
        **{str(k): v for k, v in dict(protected.figures.get("steps", {})).items()},
    }


def _append(path: Path, rows: Iterator[dict[str, object]]) -> None:
    with path.open("a", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per set and place in the chain: releases, refused, disclosed, shown, seconds."""
    own = rows.assign(disclosed=rows["safe"].eq(False), is_refused=rows["refused"].astype(bool))
    return own.groupby(["what", "release"]).agg(
        releases=("seed", "size"),
        refused=("is_refused", "sum"),
        disclosed=("disclosed", "sum"),
        told_before=("told_before", "sum"),
        cells=("cells", "sum"),
        shown=("shown", "sum"),
        hidden_above=("hidden_above", "sum"),
        tables=("tables", "sum"),
        seconds=("seconds", "median"),
        most=("seconds", "max"),
    )


if __name__ == "__main__":
    main()
