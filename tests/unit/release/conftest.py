from pathlib import Path

import pytest

from tests.factories import DAY, town_config, town_counts, town_info, write_town


@pytest.fixture(scope="session")
def town_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of Musterstadt with nothing hidden; not to be changed."""
    directory = tmp_path_factory.mktemp("town_release")
    return write_town(directory, town_info(town_config(), DAY), town_counts(DAY))
