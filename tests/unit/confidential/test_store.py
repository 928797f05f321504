"""The store adds and never changes; what is there already is not added again."""

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atlas.confidential import store
from atlas.confidential.store import (
    Arrival,
    Delivery,
    accept,
    current_delivery,
    keep_counts,
    list_deliveries,
)
from atlas.errors import DamageError
from atlas.integrity import FileKind, seal

DAY = date(2024, 12, 31)
ARRIVAL = Arrival("a" * 64, "2025-01-08T09:00:00+00:00", "Amt für Statistik", 1, {"info": 2})
ROWS = pa.table({"area_id": ["01", "02"], "n": [5, 7]})
MORE = pa.table({"area_id": ["01", "02"], "n": [5, 8]})


def _arrival(mark: str) -> Arrival:
    return replace(ARRIVAL, sha256=mark * 64)


def _accept(directory: Path, rows: pa.Table, mark: str, day: date = DAY) -> Delivery | None:
    return accept(directory, "sgb2", day, rows, _arrival(mark))


def _names(directory: Path) -> list[str]:
    return sorted(path.name for path in (directory / "sgb2").iterdir())


def test_a_delivery_comes_back_as_it_was(tmp_path: Path) -> None:
    accepted = accept(tmp_path, "sgb2", DAY, ROWS, replace(ARRIVAL, reason="geprüft – „ja“"))
    assert accepted is not None
    (found,) = list_deliveries(tmp_path)
    assert found == accepted
    assert (found.layout, found.reference_date, found.number) == ("sgb2", DAY, 1)
    assert found.arrival.reason == "geprüft – „ja“"
    assert pq.read_table(found.rows_path).equals(ROWS)


def test_the_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    assert _accept(tmp_path, ROWS, "a") is not None
    assert _accept(tmp_path, ROWS, "a") is None
    assert _names(tmp_path) == ["2024-12-31.1"]


def test_the_same_rows_from_another_file_add_nothing(tmp_path: Path) -> None:
    _accept(tmp_path, ROWS, "a")
    assert _accept(tmp_path, ROWS, "b") is None
    assert _names(tmp_path) == ["2024-12-31.1"]


def test_the_same_file_under_another_layout_is_new(tmp_path: Path) -> None:
    """The office corrects deliveries.toml and imports the file again."""
    _accept(tmp_path, ROWS, "a")
    again = _accept(tmp_path, MORE, "a")
    assert again is not None
    assert again.number == 2
    wider = _accept(tmp_path, MORE.append_column("code", pa.array(["x", "y"])), "a")
    assert wider is not None
    assert wider.number == 3


def test_a_correction_has_the_next_number_and_the_old_one_stays(tmp_path: Path) -> None:
    first, second = _accept(tmp_path, ROWS, "a"), _accept(tmp_path, MORE, "b")
    assert first is not None
    assert second is not None
    assert (first.number, second.number) == (1, 2)
    assert current_delivery(tmp_path, "sgb2", DAY) == second
    assert pq.read_table(first.rows_path).equals(ROWS)


def test_taking_a_correction_back_is_a_correction(tmp_path: Path) -> None:
    for rows, mark in ((ROWS, "a"), (MORE, "b"), (ROWS, "a")):
        _accept(tmp_path, rows, mark)
    current = current_delivery(tmp_path, "sgb2", DAY)
    assert current is not None
    assert current.number == 3
    assert pq.read_table(current.rows_path).equals(ROWS)


def test_tenth_correction_is_newer_than_the_ninth(tmp_path: Path) -> None:
    for n in range(11):
        _accept(tmp_path, pa.table({"n": [n]}), "abcdefghijk"[n])
    current = current_delivery(tmp_path, "sgb2", DAY)
    assert current is not None
    assert current.number == 11
    assert [one.number for one in list_deliveries(tmp_path)] == list(range(1, 12))


def test_numbers_count_per_layout_and_date(tmp_path: Path) -> None:
    earlier = date(2023, 12, 31)
    _accept(tmp_path, ROWS, "a")
    _accept(tmp_path, ROWS, "a", earlier)
    accept(tmp_path, "ewo", DAY, ROWS, ARRIVAL)
    numbers = {
        (one.layout, one.reference_date): one.number for one in list_deliveries(tmp_path)
    }
    assert numbers == {("sgb2", DAY): 1, ("sgb2", earlier): 1, ("ewo", DAY): 1}
    for layout, day in numbers:
        current = current_delivery(tmp_path, layout, day)
        assert current is not None
        assert (current.layout, current.reference_date) == (layout, day)


def test_rows_whose_retention_ended_are_not_taken_again(tmp_path: Path) -> None:
    accepted = _accept(tmp_path, ROWS, "a")
    assert accepted is not None
    accepted.rows_path.unlink()
    assert _accept(tmp_path, ROWS, "a") is None
    assert _accept(tmp_path, ROWS, "b") is None
    assert _accept(tmp_path, MORE, "c") is not None


def test_an_empty_store(tmp_path: Path) -> None:
    assert list_deliveries(tmp_path / "none") == []
    assert current_delivery(tmp_path, "sgb2", DAY) is None


def test_a_killed_run_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever step the power goes at, the delivery is not there; the next run cleans up."""

    def cut(scratch: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "move_in", cut)
        with pytest.raises(KeyboardInterrupt):
            _accept(tmp_path, ROWS, "a")
    assert list_deliveries(tmp_path) == []
    assert _accept(tmp_path, ROWS, "a") is not None
    assert _names(tmp_path) == ["2024-12-31.1"]


def test_leftovers_of_other_processes_are_ignored_and_removed(tmp_path: Path) -> None:
    _accept(tmp_path, ROWS, "a")
    leftover = tmp_path / "sgb2" / f".new-{os.getpid() + 1}"
    leftover.mkdir()
    source = tmp_path / "sgb2" / "2024-12-31.1" / "delivery.json"
    (leftover / "delivery.json").write_bytes(source.read_bytes())
    (leftover / "rows.parquet").write_bytes(b"PAR1 half")
    assert len(list_deliveries(tmp_path)) == 1
    _accept(tmp_path, MORE, "b")
    assert _names(tmp_path) == ["2024-12-31.1", "2024-12-31.2"]


@pytest.mark.parametrize(
    "name", ["2024-13-31.1", "2024-12-31", "Sicherung", "2024-12-31.1.alt"]
)
def test_other_directories_are_no_deliveries(tmp_path: Path, name: str) -> None:
    other = tmp_path / "sgb2" / name
    other.mkdir(parents=True)
    (other / "delivery.json").write_text("{}")
    assert list_deliveries(tmp_path) == []


def test_content_is_the_hash_of_the_rows_alone(tmp_path: Path) -> None:
    one = _accept(tmp_path / "one", ROWS, "a")
    other = _accept(tmp_path / "other", ROWS, "b")
    assert one is not None
    assert other is not None
    assert one.content == other.content


def test_details_are_utf8_whatever_the_locale(tmp_path: Path) -> None:
    accepted = accept(tmp_path, "sgb2", DAY, ROWS, replace(ARRIVAL, reason="„–“"))
    assert accepted is not None
    details = json.loads((accepted.path / "delivery.json").read_bytes().decode("utf-8"))
    assert details["content"]["arrival"]["reason"] == "„–“"


# ---- damage -------------------------------------------------------------------------------


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("file", ["rows.parquet", "delivery.json"])
def test_a_damaged_delivery_fails_alone(tmp_path: Path, file: str) -> None:
    _accept(tmp_path, ROWS, "a")
    other = _accept(tmp_path, ROWS, "b", date(2025, 12, 31))
    (path,) = tmp_path.glob(f"sgb2/2024-12-31.1/{file}")
    for place in range(0, path.stat().st_size, 7):
        _flip(path, place)
        damaged, whole = list_deliveries(tmp_path)
        with pytest.raises(DamageError, match=rf"2024-12-31\.1/{file}"):
            damaged.whole_rows()
        assert whole == other
        assert pq.read_table(whole.whole_rows()).equals(ROWS)
        _flip(path, place)
    assert list_deliveries(tmp_path)[0].whole_rows().is_file()


@pytest.mark.parametrize("file", ["rows.parquet", "delivery.json"])
def test_a_damaged_delivery_is_mended_by_the_file_it_came_from(
    tmp_path: Path, file: str
) -> None:
    _accept(tmp_path, ROWS, "a")
    _flip(tmp_path / "sgb2" / "2024-12-31.1" / file, 40)
    again = _accept(tmp_path, ROWS, "a")
    assert again is not None
    assert again.number == 2
    assert pq.read_table(again.whole_rows()).equals(ROWS)


def test_deliveries_that_changed_places_are_damaged(tmp_path: Path) -> None:
    """A register of another date would become final under this one."""
    _accept(tmp_path, ROWS, "a")
    _accept(tmp_path, ROWS, "b", date(2025, 12, 31))
    names = ("2024-12-31.1", "2025-12-31.1")
    for old, new in ((names[0], "z"), names[::-1], ("z", names[1])):
        (tmp_path / "sgb2" / old).rename(tmp_path / "sgb2" / new)
    for one in list_deliveries(tmp_path):
        with pytest.raises(DamageError, match="gehört zu einer anderen Lieferung"):
            one.whole_rows()


def test_a_delivery_of_before_there_were_seals(tmp_path: Path) -> None:
    accepted = _accept(tmp_path, ROWS, "a")
    assert accepted is not None
    details = json.loads(accepted.details_path.read_text(encoding="utf-8"))["content"]
    accepted.details_path.write_text(json.dumps(details), encoding="utf-8")
    assert list_deliveries(tmp_path) == [accepted]


def test_a_delivery_of_a_later_program(tmp_path: Path) -> None:
    accepted = _accept(tmp_path, ROWS, "a")
    assert accepted is not None
    later = FileKind(store.DETAILS.label, 9)
    accepted.details_path.write_text(seal(later, {}, "7.0"), encoding="utf-8")
    (found,) = list_deliveries(tmp_path)
    with pytest.raises(DamageError, match=r"Format 9, geschrieben von Programmfassung 7\.0"):
        found.whole_rows()


def test_kept_counts_are_found_as_they_were_written(tmp_path: Path) -> None:
    accepted = _accept(tmp_path, ROWS, "a")
    assert accepted is not None
    assert accepted.whole_counts(DAY) is None
    for counts in (ROWS, MORE):
        keep_counts(accepted, DAY, counts)
    path = accepted.whole_counts(DAY)
    assert path is not None
    assert pq.read_table(path).equals(MORE)
    _flip(path, 30)
    with pytest.raises(DamageError, match=r"counts\.2024-12-31\."):
        accepted.whole_counts(DAY)


def test_counts_of_before_names_held_digests(tmp_path: Path) -> None:
    accepted = _accept(tmp_path, ROWS, "a")
    assert accepted is not None
    path = accepted.path / "counts.2024-12-31.parquet"
    pq.write_table(ROWS, path)
    assert accepted.whole_counts(DAY) == path
