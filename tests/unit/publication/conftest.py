from datetime import date
from pathlib import Path

import pytest

from atlas.config.groups import DEFAULT_GROUPS
from atlas.release import Release, open_release
from atlas.terms import Group, Kind, Reason, State, Status
from tests.factories import DAY, Gap, town_config, town_counts, town_info, with_gaps, write_town

HIDDEN_BLOCKS = Gap(Kind.BLOCK, ("1301", "1302"), "migrants", Group.ALL)
HIDDEN_QUARTIER = Gap(Kind.QUARTIER, ("13", "21"), "migrants", Group.U18)


@pytest.fixture(scope="session")
def releases_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2022 with smaller SGB II in Altstadt, 2023 final with gaps, 2024 without SGB II."""
    path = tmp_path_factory.mktemp("releases")
    config = town_config()
    before = date(2022, 12, 31)
    base = town_counts(before)
    is_old = (base["area_id"] == "11") & (base["item"] == "sgb2") & (base["group"] == "all")
    base.loc[is_old, "value"] = 30.0
    write_town(path, town_info(config, before), base)
    gaps = [HIDDEN_BLOCKS, HIDDEN_QUARTIER]
    write_town(path, town_info(config, DAY), with_gaps(town_counts(DAY), gaps))
    later = date(2024, 12, 31)
    pending = [
        Gap(kind, keys, "sgb2", group, Status.MISSING, Reason.PENDING)
        for group in DEFAULT_GROUPS
        for kind, keys in (
            (Kind.QUARTIER, ("11", "12", "13", "21", "22", "23")),
            (Kind.DISTRICT, ("1", "2")),
            (Kind.CITY, (config.city.key,)),
        )
    ]
    info = town_info(config, later).model_copy(
        update={"state": State.PROVISIONAL, "missing": ("SGB II",)}
    )
    write_town(path, info, with_gaps(town_counts(later), pending))
    return path


def _open(releases_dir: Path, name: str) -> Release:
    return open_release(releases_dir / "musterstadt" / name)


@pytest.fixture(scope="session")
def before(releases_dir: Path) -> Release:
    return _open(releases_dir, "2022-12-31.1")


@pytest.fixture(scope="session")
def release(releases_dir: Path) -> Release:
    return _open(releases_dir, "2023-12-31.1")


@pytest.fixture(scope="session")
def provisional(releases_dir: Path) -> Release:
    return _open(releases_dir, "2024-12-31.1")
