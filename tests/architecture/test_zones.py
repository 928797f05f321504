"""What is loaded when a zone is imported: the wall, seen from inside a process."""

import json
import subprocess
import sys

from tests.command import PROJECT_DIR

_LOADED = """
import importlib, json, pkgutil, sys
for name in {packages!r}:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"{{name}}."):
        importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""
_OFFICE_ONLY = {"duckdb", "ibis", "pyrage", "python_calamine", "scipy", "watchfiles"}


def test_dashboard_never_loads_the_confidential_zone() -> None:
    loaded = _loaded_by("atlas.publication")
    assert "atlas.publication.dashboard.web" in loaded
    assert not [
        name for name in loaded if name.startswith(("atlas.confidential", "atlas.demo"))
    ]
    assert not _OFFICE_ONLY & loaded


def test_interface_has_nothing_confidential_in_reach_and_no_page() -> None:
    loaded = _loaded_by("atlas.publication.api")
    assert "atlas.publication.api.server" in loaded
    zones = ("atlas.confidential", "atlas.demo", "atlas.publication.dashboard")
    assert not [name for name in loaded if name.startswith(zones)]
    assert not {"streamlit", "folium", *_OFFICE_ONLY} & loaded


def test_office_never_loads_the_publication_zone() -> None:
    loaded = _loaded_by("atlas.confidential")
    assert "atlas.confidential.run" in loaded
    assert not [name for name in loaded if name.startswith(("atlas.publication", "atlas.demo"))]
    assert not {"streamlit", "folium", "xlsxwriter"} & loaded


def test_process_that_reads_deliveries_loads_no_geography() -> None:
    """It is forked for every file: what it does not need costs time and memory each time."""
    loaded = _loaded_by("atlas.confidential.delivery")
    assert "atlas.confidential.delivery.room" in loaded
    assert not {"atlas.geography", "geopandas", "pandas", "duckdb", "ibis"} & loaded


def test_demo_knows_no_zone() -> None:
    loaded = _loaded_by("atlas.demo")
    zones = ("atlas.confidential", "atlas.publication")
    assert not [name for name in loaded if name.startswith(zones)]


def test_command_line_loads_a_zone_only_inside_a_command() -> None:
    loaded = _loaded_by("atlas.cli")
    zones = ("atlas.confidential", "atlas.publication", "atlas.demo")
    assert not [name for name in loaded if name.startswith(zones)]
    assert not {"streamlit", *_OFFICE_ONLY} & loaded


def _loaded_by(*packages: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(packages=packages)],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))
