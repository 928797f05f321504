from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from atlas.publication import assessments
from atlas.publication.assessments import Assessment, Author, Place

HERE = Place("musterstadt", "11", "2023-12-31.1")
PLANNING = Author("Planungsteam", is_verified=False)

Write = Callable[..., Assessment]


@pytest.fixture
def write() -> Write:
    """One revision; its number is also the hour of writing."""

    def _write(
        text: str = "Etwas.", revision: int = 1, place: Place = HERE, author: Author = PLANNING
    ) -> Assessment:
        moment = datetime(2025, 3, 1, 7 + revision, tzinfo=UTC)
        return Assessment(place, revision, text, author, moment)

    return _write


@pytest.fixture
def engine(tmp_path):
    return assessments.open_store(assessments.store_url(tmp_path))
