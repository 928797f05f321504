import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from atlas.config import Reports
from atlas.publication.report.document import Paper
from atlas.publication.report.edition import edition_paper
from atlas.publication.report.press import Press
from atlas.publication.report.profile import profile_paper
from atlas.publication.seen import Seen, see
from atlas.release import Release
from atlas.terms import Group, Kind
from tests.series_town import write_series

FIRST_SUNDAY, WEEKS = date(2024, 1, 7), 12
TEXT = "Ein Text von *Menschen*,\nnicht <b>gestaltet</b>.\n\nNoch ein Absatz."
REPORTS = Reports.model_validate(
    {
        "format": 1,
        "weekly": {
            "title": "Bevölkerung aktuell",
            "source": "alw",
            "last": 8,
            "sections": [
                {"title": "Die Stadt", "series": ["migrants", "sgb2", "migrants@u18"]},
                {"title": "Stadtbezirke", "areas": ["residents", "migration_share"]},
            ],
        },
        "yearly": {
            "title": "Migrationsbericht",
            "source": "alw",
            "sections": [
                {"title": "Zur Einführung", "text": "einfuehrung.txt"},
                {"title": "Jahre", "dates": ["residents", "migration_share@u18", "density"]},
                {"title": "Quartiere", "kind": "quartier", "areas": ["migrants@u18"]},
            ],
        },
    }
)


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


@pytest.fixture(scope="session")
def series_dir(releases_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town with twelve weeks of a source of the city; a figure of one of them is hidden."""
    path = tmp_path_factory.mktemp("series")
    shutil.copytree(releases_dir / "musterstadt", path / "musterstadt")
    for n in range(WEEKS):
        day = FIRST_SUNDAY + timedelta(days=7 * n)
        hidden = None if n == 5 else 98.0 + n % 4
        values = {
            ("migrants", Group.ALL): 200.0 + n * 3 % 17,
            ("sgb2", Group.ALL): hidden,
            ("migrants", Group.U18): 60.0,
        }
        write_series(path, day, ("alw",), values)
    return path / "musterstadt"


@pytest.fixture(scope="session")
def press(series_dir: Path) -> Press:
    return Press(series_dir, REPORTS, lambda report: {"einfuehrung.txt": TEXT})


@pytest.fixture(scope="session")
def weekly(press: Press) -> Paper:
    return press.weekly().paper


@pytest.fixture(scope="session")
def yearly(press: Press) -> Paper:
    return press.yearly().paper


@pytest.fixture(params=["profiles", "edition", "weekly", "yearly"])
def paper(request: pytest.FixtureRequest) -> Paper:
    get: Callable[[str], Paper] = request.getfixturevalue
    return get(request.param)
