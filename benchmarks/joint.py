"""Joint robustness of as many areas as England has, beside what one would write for it.

``python -m benchmarks.joint [AREAS] [REPLICATIONS]`` classifies areas of chance by four
indicators and computes their joint shares, ranks and drivers; the usual way, a loop that runs
the rule on a table of pandas once per replication and held factor, is timed on a few
replications. Processor time of all threads, memory at its peak.
"""

import resource
import sys
import time
from datetime import date

import numpy as np
import pandas as pd

from atlas.classify import Noise, Rule, joint_items, level_items, rule_of
from atlas.config.levels import Levels
from atlas.terms import Group

_DAY = date(2024, 12, 31)
_ITEMS = ("a", "b", "c", "d")
_HELD = 5
_TRIED = 10
_MB = 1024


def main(n_areas: int = 32_844, replications: int = 2000) -> None:
    """Time both ways and print their figures."""
    values, residents, noise = _areas(n_areas)
    rule = _rule(replications)
    start = time.process_time()
    items = level_items(values, residents, rule, _DAY)
    classified = time.process_time()
    found = joint_items(values, items, noise, rule)
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB
    _say(f"{n_areas} areas, {replications} replications, {len(found)} figures")
    _say(
        f"classified {classified - start:.1f} s, joint {done - classified:.1f} s, {peak:.0f} MB"
    )
    loop = _seconds_of_a_loop(values, noise)
    _say(f"loop of pandas {loop * replications * (1 + _HELD):.0f} s ({_TRIED} tried)")


def _seconds_of_a_loop(values: pd.DataFrame, noise: Noise) -> float:
    """Seconds of one replication of a plain loop: draw, standardise, add up, cut, rank."""
    random = np.random.default_rng(1)
    table = values.pivot(index="area_id", columns="item", values="value")
    people = noise.fractions.pivot(index="area_id", columns="item", values="denominator")
    start = time.process_time()
    for _ in range(_TRIED):
        drawn = pd.DataFrame(
            random.binomial(people.astype(int), table / 100) / people * 100,
            index=table.index,
            columns=table.columns,
        )
        z = (drawn - drawn.mean()) / drawn.std(ddof=0)
        sums = (z * random.uniform(0.75, 1.25, len(_ITEMS))).sum(axis=1)
        index = (sums - sums.mean()) / sums.std(ddof=0)
        pd.cut(index, [-np.inf, 0.0, 0.5, 1.0, np.inf], labels=False)
        index.rank(ascending=False, method="min")
    return (time.process_time() - start) / _TRIED


def _rule(replications: int) -> Rule:
    robustness = {"replications": replications, "factors": ["method", "chance"]}
    scale = {"preset": "need4", "indicators": [{"id": item} for item in _ITEMS]}
    levels = Levels.model_validate(
        {"format": 1, "need": {"all": scale}, "robustness": robustness}
    )
    return rule_of(levels, "need", Group.ALL)


def _areas(n_areas: int) -> tuple[pd.DataFrame, pd.DataFrame, Noise]:
    """Areas of 1,000 to 3,000 people, as English areas have, and four shares of them."""
    random = np.random.default_rng(20191231)
    areas = [f"E{place:08d}" for place in range(n_areas)]
    people = random.integers(1000, 3000, n_areas)
    shape = np.exp(random.normal(0, 0.5, n_areas))
    frames = []
    for item in _ITEMS:
        share = np.clip(0.12 * shape * random.uniform(0.7, 1.3, n_areas), 0, 0.9)
        counts = random.binomial(people, share)
        frames.append(
            pd.DataFrame(
                {
                    "area_id": areas,
                    "item": item,
                    "value": 100 * counts / people,
                    "status": "published",
                    "reason": "",
                    "series": "zufall",
                    "numerator": counts.astype(float),
                    "denominator": people.astype(float),
                    "is_share": True,
                    "factor": 100.0,
                }
            )
        )
    rows = pd.concat(frames, ignore_index=True)
    residents = pd.DataFrame(
        {"area_id": areas, "value": people.astype(float), "status": "published"}
    )
    values = rows[["area_id", "item", "value", "status", "reason"]]
    return values, residents, Noise(rows.drop(columns=["value", "status", "reason"]))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
