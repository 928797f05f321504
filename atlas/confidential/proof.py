"""Counts of one date, what may leave of them, the verdict, and what is to be said of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from atlas.confidential.audit import Verdict
from atlas.confidential.protect import Protected
from atlas.release import Audit
from atlas.terms import Kind, Status

_WITHHELD = {
    "withheld_values": "zum Schutz zusätzlich verborgene Werte oberhalb der Blöcke",
    "withheld_measures": "zum Schutz für die ganze Stadt verborgene Kennzahlen je Bezugsgruppe",
}

_TOLD = "durch frühere Ausgaben bekannt, nicht mehr zu schützen"


@dataclass(frozen=True)
class Proof:
    """True counts of one date, what may leave of them, and the verdict; confidential."""

    counts: pd.DataFrame
    protected: Protected
    verdict: Verdict

    def audit(self, areas: pd.DataFrame) -> Audit:
        """Figures that every reader could count; which cells were hidden first stays here."""
        cells = self.protected.cells
        status = cells["status"].value_counts()
        parents = areas[areas["kind"] == str(Kind.BLOCK)].set_index("area_id")["parent_id"]
        blocks = cells[cells["kind"] == str(Kind.BLOCK)]
        blocks = blocks.assign(quartier=blocks["area_id"].map(parents))
        is_hidden = blocks["status"] == str(Status.SUPPRESSED)
        tables = is_hidden.groupby([blocks[name] for name in ("quartier", "measure", "group")])
        return Audit(
            verdict="sicher",
            figures={
                "published": int(status.get(str(Status.PUBLISHED), 0)),
                "suppressed": int(status.get(str(Status.SUPPRESSED), 0)),
                "withheld_tables": int(tables.all().sum()),
                "known_to_insiders": known_to_insiders(self.protected),
                **_known_to_operators(self.verdict),
                **self.withheld,
            },
        )

    @property
    def withheld(self) -> dict[str, int]:
        """What had to be hidden beyond the blocks; empty as a rule."""
        found: Counter[str] = Counter()
        for part in _figures_of_parts(self.protected):
            steps = part.get("steps", {})
            found.update(steps if isinstance(steps, dict) else {})
        return {name: n for name, n in found.items() if n}

    def details(self) -> dict[str, str]:
        """Say the same in the log, without any value; empty as a rule."""
        told = self.verdict.told_before
        cells = ", ".join(f"{name}: {n}" for name, n in told.items())
        counts = {name: str(n) for name, n in self.withheld.items()}
        return counts | ({"told_before": cells} if told else {})

    def remarks(self, labels: Mapping[str, str]) -> list[str]:
        """Say in German what had to be withheld, and what is no longer to be protected.

        Parameters
        ----------
        labels
            Measure -> its name.
        """
        told = self.verdict.told_before
        cells = ", ".join(f"{labels.get(name, name)}: {n}" for name, n in told.items())
        return [
            *(f"{_WITHHELD[name]}: {n}" for name, n in self.withheld.items()),
            *([f"{_TOLD}: {cells}"] if told else []),
        ]


def _figures_of_parts(protected: Protected) -> list[Mapping[str, object]]:
    """Figures of the parts that were protected one by one."""
    parts = protected.figures.get("parts", [protected.figures])
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _known_to_operators(verdict: Verdict) -> dict[str, int]:
    """How many who know one large hidden count learn of a small one, where that was asked."""
    learn = verdict.figures.get("operators_who_learn")
    return {} if learn is None else {"known_to_operators": learn}


def known_to_insiders(protected: Protected) -> int:
    """Count the cells without a proof against whoever alone counts in another one."""
    known = protected.figures.get("known_to_insiders", 0)
    return known if isinstance(known, int) else 0
