"""Retention and keys: persons go, what was counted and published stays."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential.desk import Desk, rotate_person_key
from atlas.confidential.log import events
from atlas.confidential.receive import stored_findings
from atlas.confidential.run import run
from atlas.confidential.store import list_deliveries
from atlas.confidential.upkeep import mend_log, purge, purge_inbox, rotate_key
from atlas.errors import DamageError
from atlas.release import open_release
from tests.factories import DAY, SGB2
from tests.town_office import alw_csv, ba_csv, make_office, put, put_all, put_registers, reopen

RETENTION = 100
LAST_DAY = DAY + timedelta(days=RETENTION)


@pytest.fixture(scope="module")
def kept_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that keeps persons of both registers for 100 days; not to be changed."""

    def keep_short(tables: dict[str, Any]) -> None:
        for layout in tables["deliveries"]["layouts"][:2]:
            layout["retention_days"] = RETENTION

    root = tmp_path_factory.mktemp("kept")
    office = make_office(root, keep_short)
    put_all(office)
    run(office, "")
    return root


@pytest.fixture
def office(kept_root: Path, tmp_path: Path) -> Desk:
    return reopen(Path(shutil.copytree(kept_root, tmp_path / "office")))


def _files(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        (LAST_DAY - timedelta(days=1), []),
        (LAST_DAY, []),
        (LAST_DAY + timedelta(days=1), ["alw 2023-12-31.1", "ewo 2023-12-31.1"]),
    ],
)
def test_rows_go_the_day_after_their_retention(
    office: Desk, today: date, wanted: list[str]
) -> None:
    assert purge(office, today) == wanted
    rows = {one.layout: one.rows_path.exists() for one in list_deliveries(office.store_dir)}
    assert rows == {"alw": not wanted, "ba": True, "ewo": not wanted}
    assert [one.subject for one in events(office.log_path) if one.what == "purged"] == wanted


def test_refused_files_with_persons_go_too(office: Desk) -> None:
    """From the day on which they came, whatever date their name says."""
    refused = put(office, "ewo_2019-12-31.csv", "kaputt\n")
    counts = put(office, "ba_2019-12-31.csv", "kaputt\n")
    came = datetime.fromtimestamp(refused.stat().st_ctime, UTC).date()
    last = came + timedelta(days=RETENTION)
    assert purge_inbox(office, last) == []
    assert purge_inbox(office, last + timedelta(days=1)) == [refused.name]
    assert not refused.exists()
    assert counts.exists()
    purged = [one.subject for one in events(office.log_path) if one.what == "purged"]
    assert purged == [f"inbox {refused.name}"]


def test_after_retention_the_release_comes_out_the_same(office: Desk) -> None:
    """From the counts that were kept, refugees by their linked place among them."""
    release_dir = office.releases_dir / "2023-12-31.1"
    before = _files(release_dir)
    purge(office, LAST_DAY + timedelta(days=1))
    assert run(office, "").is_nothing_new
    shutil.rmtree(release_dir)
    run(office, "")
    assert _files(release_dir) == before


def test_a_correction_of_counts_after_retention(office: Desk) -> None:
    purge(office, LAST_DAY + timedelta(days=1))
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    (release,) = run(office, "").published
    cells = release.cells.set_index(["kind", "area_id", "group", "item"])["value"]
    assert cells["quartier", "11", "all", "sgb2"] == 95
    assert cells["quartier", "11", "all", "residents"] == 300
    assert cells["quartier", "11", "u18", "refugees"] == 6


def test_one_register_may_go_before_the_other(office: Desk, tmp_path: Path) -> None:
    path = office.city_dir / "deliveries.toml"
    text = path.read_text()
    first, _, rest = text.partition(f'"retention_days" = {RETENTION}')
    path.write_text(
        f'{first}"retention_days" = {RETENTION}{rest.replace(str(RETENTION), "9999")}'
    )
    later = reopen(tmp_path / "office")
    assert purge(later, LAST_DAY + timedelta(days=1)) == ["ewo 2023-12-31.1"]
    put(later, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    (release,) = run(later, "").published
    cells = release.cells.set_index(["kind", "area_id", "group", "item"])["value"]
    assert cells["quartier", "11", "all", "refugees"] == 20


def test_purging_twice(office: Desk) -> None:
    purge(office, LAST_DAY + timedelta(days=1))
    assert purge(office, date(2099, 1, 1)) == []


def test_without_retention_nothing_goes(final: Desk) -> None:
    assert purge(final, date(2099, 1, 1)) == []


def test_the_same_register_again_does_not_bring_persons_back(office: Desk) -> None:
    purge(office, LAST_DAY + timedelta(days=1))
    put_registers(office)
    assert run(office, "").is_nothing_new
    assert not [one for one in list_deliveries(office.store_dir) if one.layout == "ewo"][
        0
    ].rows_path.exists()


# ---- keys ---------------------------------------------------------------------------------


def test_registers_of_two_generations_are_not_linked(final: Desk) -> None:
    """Their hashes never match: everybody would silently be unplaced."""
    assert rotate_key(final) == 2
    put(final, f"alw_{DAY}.csv", alw_csv())
    result = run(final, "")
    assert result.published == ()
    assert any("Generation" in str(error) for error in result.errors)
    put_registers(final)
    run(final, "")
    newest = sorted(path.name for path in final.releases_dir.iterdir() if path.is_dir())[-1]
    cells = open_release(final.releases_dir / newest).cells
    refugees = cells[(cells["item"] == "refugees") & (cells["kind"] == "city")]
    assert refugees.set_index("group")["value"]["all"] == 32


def test_a_rotation_is_logged(final: Desk) -> None:
    rotate_key(final)
    assert [one.subject for one in events(final.log_path)][-1] == "generation 2"


def test_a_rotation_that_was_killed_is_finished_once(final: Desk) -> None:
    """The key was made, but the command did not come to say so."""
    rotate_person_key(final.keys_dir)
    assert rotate_key(final) == 2
    assert rotate_key(final) == 3
    assert [one.subject for one in events(final.log_path)][-2:] == [
        "generation 2",
        "generation 3",
    ]


def test_a_generation_in_use_is_not_begun_again(final: Desk) -> None:
    rotate_person_key(final.keys_dir)
    put_registers(final)
    run(final, "")
    assert rotate_key(final) == 3


# ---- findings -----------------------------------------------------------------------------


@pytest.fixture
def with_findings(final: Desk) -> Callable[[str], list[dict[str, Any]]]:
    put(final, "ba_2024-12-31.csv", ba_csv({**SGB2, "GEHEIMORT": ("7777777", 1)}))
    run(final, "")
    return lambda source: stored_findings(final, source)


def test_findings_by_source(with_findings: Callable[[str], list[dict[str, Any]]]) -> None:
    (report,) = with_findings("ba")
    assert report["delivery"] == "ba_2024-12-31.csv"
    assert with_findings("ewo") == []
    assert [one["delivery"] for one in with_findings("")] == ["ba_2024-12-31.csv"]
    assert "GEHEIMORT" not in str(report)
    assert "7777777" not in str(report)


# ---- the log ------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_a_damaged_log_is_chained_anew(final: Desk, place: float) -> None:
    """A line that cannot be read is lost; a figure never changes by it."""
    before = [*events(final.log_path)]
    content = bytearray(final.log_path.read_bytes())
    content[int(len(content) * place)] ^= 0x80
    final.log_path.write_bytes(content)
    with pytest.raises(DamageError, match="doctor --mend-log"):
        run(final, "")
    lost = mend_log(final)
    *after, mended = events(final.log_path)
    assert lost == 1
    assert [one for one in before if one in after] == after
    assert len(after) == len(before) - 1
    assert mended.what == "mended"
    assert final.log_path.with_name(mended.subject).read_bytes() == content
    assert not run(final, "").errors
    assert {path.name for path in final.releases_dir.iterdir()} == {
        "2023-12-31.1",
        "datenstand.json",
    }
