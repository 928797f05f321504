"""Secret keys: made once, kept, private; a new generation on demand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.confidential.desk import order_key, person_key, rotate_person_key
from atlas.errors import DamageError


def test_a_key_is_made_once(tmp_path: Path) -> None:
    generation, key = person_key(tmp_path / "keys")
    assert generation == 1
    assert len(key) == 32
    assert person_key(tmp_path / "keys") == (1, key)


def test_keys_differ(tmp_path: Path) -> None:
    keys = {
        person_key(tmp_path / "a")[1],
        person_key(tmp_path / "b")[1],
        order_key(tmp_path / "a"),
    }
    assert len(keys) == 3
    assert order_key(tmp_path / "a") == order_key(tmp_path / "a")


def test_a_rotation_begins_a_generation_and_keeps_the_old_key(tmp_path: Path) -> None:
    _, first = person_key(tmp_path)
    assert rotate_person_key(tmp_path) == 2
    generation, second = person_key(tmp_path)
    assert generation == 2
    assert second != first
    assert (tmp_path / "person.1.key").read_bytes() == first


def test_the_tenth_generation_is_newer_than_the_ninth(tmp_path: Path) -> None:
    for _ in range(10):
        rotate_person_key(tmp_path)
    assert person_key(tmp_path)[0] == 10


def test_rotation_before_the_first_use(tmp_path: Path) -> None:
    assert rotate_person_key(tmp_path) == 1
    assert person_key(tmp_path)[0] == 1


def test_only_the_owner_reads_keys(tmp_path: Path) -> None:
    person_key(tmp_path)
    order_key(tmp_path)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_other_files_are_no_keys(tmp_path: Path) -> None:
    for name in ("person.x.key", "person.7.key.alt", "person.9.new"):
        (tmp_path / name).write_bytes(b"no key")
    assert person_key(tmp_path)[0] == 1


def test_a_killed_run_leaves_no_key_in_half(tmp_path: Path) -> None:
    (tmp_path / "order.new").write_bytes(b"half")
    assert len(order_key(tmp_path)) == 32


# ---- damage -------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [person_key, order_key])
def test_a_changed_key_is_noticed(tmp_path: Path, read: Callable[[Path], object]) -> None:
    """Another person key links nobody; another order key hides other cells."""
    read(tmp_path)
    (path,) = tmp_path.glob("*.key")
    key = path.read_bytes()
    for wrong in (b"", key[:-1], key + b"x", bytes([key[0] ^ 1]) + key[1:]):
        path.write_bytes(wrong)
        with pytest.raises(DamageError, match=f"Schlüssel .*{path.name}"):
            read(tmp_path)
    path.unlink()
    with pytest.raises(DamageError, match=f"{path.name}: fehlt"):
        read(tmp_path)
    path.write_bytes(key)
    read(tmp_path)


def test_a_changed_check_is_noticed(tmp_path: Path) -> None:
    order_key(tmp_path)
    check = tmp_path / "order.key.sha256"
    check.write_bytes(check.read_bytes()[:-1])
    with pytest.raises(DamageError, match=r"order\.key: die Prüfsumme passt nicht"):
        order_key(tmp_path)


def test_a_key_of_before_there_were_checks_gets_one(tmp_path: Path) -> None:
    (tmp_path / "order.key").write_bytes(b"k" * 32)
    assert order_key(tmp_path) == b"k" * 32
    assert (tmp_path / "order.key.sha256").is_file()


def test_a_lost_key_is_not_replaced_by_an_older_one(tmp_path: Path) -> None:
    person_key(tmp_path)
    rotate_person_key(tmp_path)
    (tmp_path / "person.2.key").unlink()
    with pytest.raises(DamageError, match=r"person\.2\.key: fehlt"):
        person_key(tmp_path)
