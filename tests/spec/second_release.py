"""A release as its reader has it: the text of its method and the cells of its CSV file."""

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.spec.method_reader import Method, read_method

Cell = tuple[float | None, str, str]
"""Value, status, reason."""
Key = tuple[str, str, str, str]
"""Kind, area, group, item."""

AREA, CITY = "quartier", "city"
ABSENT: Cell = (None, "unavailable", "liegt_nicht_vor")


@dataclass
class Published:
    """One release as its reader has it."""

    path: Path

    @cached_property
    def method(self) -> Method:
        return read_method((self.path / "method.md").read_text(encoding="utf-8"))

    @cached_property
    def cells(self) -> dict[Key, Cell]:
        with (self.path / "cells.csv").open(encoding="utf-8", newline="") as file:
            return {
                (row["kind"], row["area_id"], row["group"], row["item"]): (
                    float(row["value"]) if row["value"] else None,
                    row["status"],
                    row["reason"],
                )
                for row in csv.DictReader(file)
            }

    @cached_property
    def areas(self) -> list[str]:
        return sorted(a for k, a, g, i in self.cells if (k, g, i) == (AREA, "all", "residents"))

    @cached_property
    def city(self) -> str:
        return next((area for kind, area, _, _ in self.cells if kind == CITY), "")

    def beside(self, name: str) -> "Published":
        return Published(self.path.parent / name)
