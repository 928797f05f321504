"""Counts that make up another one stop until it is said how they lie in each other."""

from typing import Any

from atlas.confidential.run import run
from atlas.errors import ProtectionError
from tests.factories import DAY
from tests.town_office import make_office, put_all


def with_natives(tables: dict[str, Any]) -> None:
    """Count those without a history of migration beside those with one."""
    ewo = tables["deliveries"]["layouts"][0]
    ewo["measures"]["natives"] = [{"MIGRATION": {"is_in": ["0"]}}]
    measures = tables["indicators"]["measures"]
    measures["natives"] = {"label": "Ohne Migrationshintergrund", "part_of": "residents"}


def test_both_halves_of_a_whole_are_not_published(tmp_path):
    office = make_office(tmp_path, with_natives)
    put_all(office, DAY)
    (error,) = run(office, "").errors
    assert isinstance(error, ProtectionError)
    assert "„Ohne Migrationshintergrund“ ist in allen Gebieten „Einwohner*innen“" in str(error)
    assert "eine der Kennzahlen weglassen" in str(error)
    assert not list(office.releases_dir.glob(f"{DAY}.*"))
