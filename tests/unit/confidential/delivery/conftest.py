"""Small layouts and files for the tests of deliveries."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential.delivery import KnownAreas, Reading, Request, read_delivery
from atlas.config import Layout
from atlas.config.groups import DEFAULT_GROUPS, holders_of

DAY = date(2024, 12, 31)
EDITION = KnownAreas(date(2024, 1, 1), frozenset({"0101", "0102", "0103", "NA01"}))

COUNTS: dict[str, Any] = {
    "id": "sgb2",
    "source": "sgb2",
    "label": "SGB II",
    "shape": "counts",
    "file": "sgb2_{date}.csv",
    "kind": "quartier",
    "withheld": ["*"],
    "none": ["-9999"],
    "columns": {
        "Gebiet": {"role": "area"},
        "Personen": {"role": "count", "item": "sgb2_recipients"},
        "Kinder": {"role": "count", "item": "sgb2_recipients", "group": "u18"},
    },
}
PERSONS: dict[str, Any] = {
    "id": "ewo",
    "source": "ewo",
    "label": "Einwohnerregister",
    "shape": "persons",
    "file": "ewo_{date}.csv",
    "kind": "quartier",
    "columns": {
        "Schluessel": {"role": "person"},
        "Gebiet": {"role": "area"},
        "Geburt": {"role": "birth_date", "format": "%d.%m.%Y"},
        "Staat": {"role": "code", "codes": ["000", "163"]},
    },
    "measures": {"residents": "every_row"},
}
LONG: dict[str, Any] = {
    "id": "reihe",
    "source": "reihe",
    "label": "Zeitreihe",
    "shape": "counts",
    "file": "reihe.csv",
    "kind": "quartier",
    "withheld": [""],
    "columns": {
        "Jahr": {"role": "date", "format": "%Y"},
        "Gebiet": {"role": "area"},
        "Merkmal": {
            "role": "item",
            "items": {
                "Einwohner": "residents",
                "Einwohner unter 18": "residents@u18",
                "Ausländer": "migrants",
                "Deutsche mit Migrationshintergrund": "migrants",
            },
        },
        "Anzahl": {"role": "count"},
    },
}

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file and read it by a layout; ``changes`` replace keys of the layout."""

    def read_text(
        layout: dict[str, Any],
        content: str | bytes,
        *,
        name: str = "lieferung.csv",
        changes: dict[str, Any] | None = None,
        **request: Any,
    ) -> Reading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        has_date = any(c["role"] == "date" for c in layout["columns"].values())
        asked = {
            "layout": Layout.model_validate({**layout, **(changes or {})}),
            "claimed": None if has_date else DAY,
            "hash_key": b"k" * 32,
            "areas": lambda day: EDITION,
            "holders": holders_of(DEFAULT_GROUPS),
        }
        return read_delivery(path, Request(**(asked | request)))

    return read_text


@pytest.fixture
def read_counts(read: Read) -> Read:
    return partial(read, COUNTS)


@pytest.fixture
def read_persons(read: Read) -> Read:
    return partial(read, PERSONS)


@pytest.fixture
def read_long(read: Read) -> Read:
    return partial(read, LONG)
