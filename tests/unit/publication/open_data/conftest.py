import pytest

from atlas.config import City, OpenData
from atlas.publication.open_data import public_set
from atlas.publication.open_data.files import DataFile
from atlas.release import Release
from tests.factories import town_config

OPEN_DATA = OpenData(
    url="https://daten.musterstadt.example/sozialatlas",
    publisher="Stadt Musterstadt",
    contact="Statistikstelle",
    email="statistik@musterstadt.example",
    contributor_id="http://dcat-ap.de/def/contributors/musterstadt",
)


@pytest.fixture(scope="session")
def city() -> City:
    return town_config().city.model_copy(update={"open_data": OPEN_DATA})


@pytest.fixture(scope="session")
def files(release: Release, city: City) -> dict[str, DataFile]:
    """The public data set of 2023, by name of the file."""
    return {one.name: one for one in public_set(release, city)}
