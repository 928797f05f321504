"""Protect Wuppertal's demo with many measures in four groups of age, and attack the result.

Residents, migrants in them and refugees in these; every further measure is a share of the
residents of its own, thicker in some blocks than in others.
"""

import argparse
import resource
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from atlas.confidential.protection import MOST_ASKED
from atlas.config import Population, ProtectionRules
from atlas.demo import codes
from atlas.demo.persons import ages, is_migrant
from atlas.terms import Group
from benchmarks.correction_town import KEY, added_up, areas_of, first_year

AGES = {"all": (0, 120), "u18": (0, 17), "a18_64": (18, 64), "a65plus": (65, 120)}
POPULATIONS = tuple(
    Population(
        Group(name), None if name == "all" else years, None if name == "all" else Group.ALL
    )
    for name, years in AGES.items()
)
_SEED = 5
_RAREST, _COMMONEST = 0.002, 0.4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measures", type=int, nargs="*", default=[8, 15])
    parser.add_argument("--scope", choices=("cell", "table"), default="cell")
    parser.add_argument("--thorough", action="store_true", help="attack as atlas audit does")
    given = parser.parse_args()
    blocks, persons, year, _ = first_year()
    areas = areas_of(blocks)
    years = ages(persons["born"].to_numpy(), year)
    for number in given.measures:
        members = dict(_members(persons, year, number))
        own = pd.DataFrame(
            {"area_id": blocks["BAUBLOCK"].astype(str).to_numpy()[persons["block"]]}
        )
        counts = added_up(_block_counts(own, years, members, blocks), areas)
        _measure(counts, areas, number, given)


def _members(persons: pd.DataFrame, year: int, number: int) -> Iterator[tuple[str, np.ndarray]]:
    """Say for each measure who belongs to it."""
    rng = np.random.default_rng(_SEED)
    migrant = is_migrant(persons, year)
    refugee = migrant & codes.IS_REFUGEE_TITLE[persons["title"].to_numpy()]
    yield "residents", np.ones(len(persons), dtype=bool)
    yield "migrants", migrant
    yield "refugees", refugee
    block = persons["block"].to_numpy()
    for i, share in enumerate(np.geomspace(_RAREST, _COMMONEST, max(number - 3, 0))):
        chance = share * rng.gamma(1.0, size=block.max() + 1)[block]
        yield f"share_{i}", rng.random(len(persons)) < chance


def _block_counts(
    own: pd.DataFrame, years: np.ndarray, members: dict[str, np.ndarray], blocks: pd.DataFrame
) -> pd.DataFrame:
    """Count every measure in every group and block, zeros included."""
    ids = blocks["BAUBLOCK"].astype(str)
    frames = []
    for measure, is_member in members.items():
        for group, (first, last) in AGES.items():
            is_in = is_member & (years >= first) & (years <= last)
            n = own["area_id"][is_in].value_counts().reindex(ids, fill_value=0)
            frames.append(
                pd.DataFrame(
                    {
                        "area_id": ids.to_numpy(),
                        "group": group,
                        "measure": measure,
                        "n": n.to_numpy(),
                    }
                )
            )
    return pd.concat(frames, ignore_index=True).assign(kind="block")


def _measure(
    counts: pd.DataFrame, areas: pd.DataFrame, number: int, given: argparse.Namespace
) -> None:
    scope = given.scope
    most_asked = None if given.thorough else MOST_ASKED
    names = list(dict.fromkeys(counts["measure"]))
    nesting = dict.fromkeys(names, "residents") | {"refugees": "migrants"}
    nesting: dict[str, str | None] = {**nesting, "residents": None}
    rules = ProtectionRules.model_validate({"format": 1, "scope": scope})
    begin = time.process_time()
    protected = protect(counts, areas, nesting, rules, KEY, None, POPULATIONS)
    seconds = time.process_time() - begin
    proof = protected.certificates
    begin = time.process_time()
    found = (protected.cells, counts, areas, nesting, rules, proof, None, POPULATIONS)
    verdict = audit(*found, most_asked)
    is_block = protected.cells["kind"] == "block"
    shown = (protected.cells["status"][is_block] == "published").mean()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{number} measures, scope {scope}: protect {seconds:.1f} s, "
        f"attack {time.process_time() - begin:.1f} s, {memory:.0f} MB, "
        f"{'safe' if verdict.is_safe else 'NOT SAFE'}, {shown:.1%} of {is_block.sum()} "
        f"block cells shown, {dict(protected.figures.get('steps', {}))}",
        flush=True,
    )


if __name__ == "__main__":
    main()
