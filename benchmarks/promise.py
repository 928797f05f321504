"""Release after release of random towns, and an independent reader who keeps them all."""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from atlas.confidential.audit import audit
from atlas.confidential.audit.sums import undeclared_sum
from atlas.confidential.own_groups import refuse_small_remainders
from atlas.confidential.protect import protect, related_ages
from atlas.config import ProtectionRules
from atlas.errors import ProtectionError
from benchmarks.promise_reader import Reader
from benchmarks.promise_town import (
    Told,
    Town,
    corrected,
    dealt_anew,
    divided,
    ledger,
    random_town,
)

KEY = b"benchmark"
_MIN_COUNT = 3
_AREAS = ["kind", "area_id"]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--towns", type=int, default=1000, metavar="N")
    arguments.add_argument("--first", type=int, default=0, metavar="SEED")
    arguments.add_argument("--out", type=Path, required=True, metavar="OUT.jsonl")
    given = arguments.parse_args()
    for seed in range(given.first, given.first + given.towns):
        with given.out.open("a", encoding="utf-8") as file:
            for row in play(seed):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(summary(pd.read_json(given.out, lines=True)).to_string())


def play(seed: int) -> list[dict[str, object]]:
    """Publish a town, let things happen to it in random order, and read everything."""
    rng = np.random.default_rng([seed, 12])
    rules = ProtectionRules.model_validate(
        {
            "format": 1,
            "scope": str(rng.choice(["cell", "table"])),
            "min_count": _MIN_COUNT,
            "insider": bool(rng.random() < 0.5),
            "operator_size": 5 if rng.random() < 0.3 else None,
        }
    )
    town, told, rows = random_town(seed), list[Told](), list[dict[str, object]]()
    for number in range(int(rng.integers(1, 5))):
        what = "first"
        if number:
            what = str(rng.choice(["corrected", "dealt anew", "divided"]))
            change = {"corrected": corrected, "dealt anew": dealt_anew, "divided": divided}
            town = change[what](town, rng)
        started = time.process_time()
        row: dict[str, object] = {"seed": seed, "release": number + 1, "what": what}
        row |= {"scope": rules.scope, "schools": bool(town.school)}
        try:
            cells, is_safe, before = publish(town, rules, told)
        except ProtectionError as error:
            rows.append(row | {"refused": str(error)})
            break
        told.append(Told(town, cells))
        row |= {"seconds": round(time.process_time() - started, 2), "told_before": before}
        rows.append(row | {"audit_unsafe": not is_safe} | read(told))
    return rows


def publish(
    town: Town, rules: ProtectionRules, told: Sequence[Told]
) -> tuple[pd.DataFrame, bool, int]:
    """Protect and audit a release as the program does, part by part."""
    counts, areas, indicators = town.counts(), town.areas, town.indicators()
    nesting = {**indicators.nesting(), "refugees.unplaced": None}
    populations = indicators.populations()
    related = related_ages(populations, set(counts["group"]))
    refuse_small_remainders(counts, populations, rules, related)
    if found := undeclared_sum(counts, nesting, populations):
        raise ProtectionError(f"Summe: {sorted(found)}")
    known = ledger(list(told), town)
    frames, is_safe, before = [], True, 0
    is_alone = counts["measure"].str.contains(".", regex=False)
    for own in (counts[~is_alone], counts[is_alone]):
        if own.empty:
            continue
        own = own.reset_index(drop=True)
        names = set(own["measure"])
        about = None if known is None else known[known["measure"].isin(names)]
        part = {name: nesting[name] for name in names}
        protected = protect(own, areas, part, rules, KEY, about, populations)
        proof = protected.certificates
        verdict = audit(protected.cells, own, areas, part, rules, proof, about, populations)
        is_safe &= verdict.is_safe
        before += verdict.figures["told_before"]
        frames.append(protected.cells)
    return pd.concat(frames, ignore_index=True), is_safe, before


def read(told: list[Told]) -> dict[str, object]:
    """Let the reader say of which small counts of the newest release they are sure."""
    started = time.process_time()
    found = Reader(told, _MIN_COUNT).sure()
    return {
        "exact": sum(one.least == one.most for one in found),
        "small": len(found),
        "which": "; ".join(one.cell for one in found[:3]),
        "reader_seconds": round(time.process_time() - started, 2),
        "cells": len(told[-1].cells),
        "shown": int((told[-1].cells["status"] == "published").sum()),
    }


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per place in the chain: releases, refused, exact, certainly small, shown."""
    own = rows.assign(is_refused=rows["refused"].notna() if "refused" in rows else False)
    return own.groupby("release").agg(
        releases=("seed", "size"),
        refused=("is_refused", "sum"),
        unsafe=("audit_unsafe", "sum"),
        told_before=("told_before", "sum"),
        exact=("exact", "sum"),
        small=("small", "sum"),
        cells=("cells", "sum"),
        shown=("shown", "sum"),
        most=("seconds", "max"),
    )


if __name__ == "__main__":
    main()
