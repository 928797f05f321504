"""A release as its files say it, read with csv and json alone: nothing here is of the atlas."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

SHOWN = ("published", "estimated")
_SUB = "need_index."
UNITS = {
    "count": "",
    "ha": "ha",
    "per_ha": "je ha",
    "percent": "%",
    "percentage_points": "Prozentpunkte",
    "euro": "€",
}


@dataclass(frozen=True)
class Line:
    """One line of ``cells.csv``; ``value`` is ``None`` where the file has none."""

    value: float | None
    status: str
    reason: str

    @property
    def seen(self) -> float | None:
        """What readers may see of it."""
        return self.value if self.status in SHOWN else None


_NOTHING = Line(None, "unavailable", "liegt_nicht_vor")


@dataclass(eq=False)
class Book:
    """One release; other releases of the same city lie beside it."""

    path: Path
    _lines: dict[tuple[str, str, str], dict[str, Line]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with (self.path / "cells.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                value = float(row["value"]) if row["value"] else None
                line = Line(value, row["status"], row["reason"])
                key = (row["kind"], row["group"], row["item"])
                self._lines.setdefault(key, {})[row["area_id"]] = line

    @cached_property
    def info(self) -> dict[str, Any]:
        """What the package says of the release."""
        text = (self.path / "datapackage.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)["atlas"]
        return found

    @property
    def config(self) -> dict[str, Any]:
        """Configuration in force."""
        found: dict[str, Any] = self.info["config"]
        return found

    @property
    def day(self) -> str:
        """Reference date."""
        return str(self.info["reference_date"])

    @cached_property
    def names(self) -> dict[str, dict[str, tuple[str, str]]]:
        """Name and key of the area above, by kind and key."""
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for path in (self.path / "map").glob("*.json"):
            kind = path.name.split(".")[0]
            if kind.startswith("context-"):
                continue
            for one in json.loads(path.read_text(encoding="utf-8"))["features"]:
                of = one["properties"]
                place = (str(of["name"]), str(of["parent"]))
                found.setdefault(kind, {})[str(one["id"])] = place
        return found

    def titles(self, kind: str) -> dict[str, str]:
        """Number and name of every area of a kind."""
        return {
            key: key if name == key else f"{key} {name}"
            for key, (name, _) in self.names.get(kind, {}).items()
        }

    def column(self, kind: str, group: str, item: str) -> dict[str, Line]:
        """Lines of one item."""
        return self._lines.get((kind, "all" if item == "area_ha" else group, item), {})

    def line(self, kind: str, group: str, item: str, area: str) -> Line:
        """One line; what is not there is unavailable."""
        return self.column(kind, group, item).get(area, _NOTHING)

    def city(self, group: str, item: str) -> float | None:
        """Value of the whole city."""
        return self.line("city", group, item, self.config["city"]["key"]).seen

    def holds(self, kind: str, group: str, item: str) -> bool:
        """Whether there is any line of an item."""
        return bool(self.column(kind, group, item))

    def referred(self) -> Iterator["Book"]:
        """Releases whose figures this one uses, as it names them."""
        for name in self.info["references"]:
            yield book_of(self.path.parent / name)

    def label(self, item: str) -> str:
        """What an item is called."""
        bare = item.removesuffix(".change")
        of = self.config["indicators"]
        if bare.startswith(_SUB):
            return f"Teilindex {self._themes[bare]}"
        label = str((of["indicators"].get(bare) or of["measures"][bare])["label"])
        return f"{label} (Veränderung)" if bare != item else label

    def unit(self, item: str) -> str:
        """Unit as a reader sees it."""
        bare = item.removesuffix(".change")
        if bare.startswith(_SUB):
            return ""
        one = self.config["indicators"]["indicators"].get(bare)
        unit = one["unit"] if one else "count"
        return UNITS["percentage_points" if bare != item and unit == "percent" else unit]

    def digits(self, item: str) -> int:
        """Digits that an item is shown with."""
        one = self.config["indicators"]["indicators"].get(item.removesuffix(".change"))
        return int(one["digits"]) if one else 2 * item.startswith(_SUB)

    def indicators(self, group: str) -> list[str]:
        """Indicators of a group."""
        every = self.config["indicators"]["indicators"].items()
        return [name for name, one in every if group in one["groups"]]

    def sub_indices(self, group: str) -> list[str]:
        """Sub-indices of a group."""
        scale = self.config["levels"]["need"].get(group, {})
        return [f"{_SUB}{theme['id']}" for theme in scale.get("themes", ())]

    @cached_property
    def _themes(self) -> dict[str, str]:
        scales = self.config["levels"]["need"].values()
        every = (theme for scale in scales for theme in scale.get("themes", ()))
        return {f"{_SUB}{theme['id']}": str(theme["label"]) for theme in every}

    def plural(self, kind: str) -> str:
        """What areas of a kind are called."""
        return str(self.config["areas"]["kinds"][kind]["plural"])

    @property
    def groups(self) -> dict[str, str]:
        """Groups and what they are called; the customary two where the city names none."""
        own = self.config["indicators"].get("groups") or {}
        if not own:
            return {"all": "Alle Einwohner*innen", "u18": "Kinder und Jugendliche"}
        named = {key: str(one["label"]) for key, one in own.items()}
        return {"all": "Alle Einwohner*innen", **named}


_BOOKS: dict[Path, Book] = {}


def book_of(path: Path) -> Book:
    """Read a release once; a release never changes."""
    if path not in _BOOKS:
        _BOOKS[path] = Book(path)
    return _BOOKS[path]
