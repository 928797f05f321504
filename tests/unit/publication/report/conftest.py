from collections.abc import Callable

import pytest

from atlas.publication.report.document import Paper
from atlas.publication.report.edition import edition_paper
from atlas.publication.report.profile import profile_paper
from atlas.publication.seen import Seen, see
from atlas.release import Release
from atlas.terms import Kind


@pytest.fixture(scope="session")
def past(before: Release, release: Release) -> tuple[Seen, Seen]:
    return see(before), see(release)


@pytest.fixture(scope="session")
def profiles(past: tuple[Seen, Seen]) -> Paper:
    keys = [area.id for area in past[-1].areas(Kind.QUARTIER)]
    return profile_paper(past, keys)


@pytest.fixture(scope="session")
def edition(past: tuple[Seen, Seen]) -> Paper:
    return edition_paper(past)


@pytest.fixture(params=["profiles", "edition"])
def paper(request: pytest.FixtureRequest) -> Paper:
    get: Callable[[str], Paper] = request.getfixturevalue
    return get(request.param)
