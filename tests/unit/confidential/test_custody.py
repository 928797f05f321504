"""Key, log and ledger belong to the releases: without them nothing is taken in or built."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from atlas.confidential.day import look
from atlas.confidential.desk import Desk, key_check, open_desk, order_key
from atlas.confidential.ledger import ledger_check, read_ledger
from atlas.confidential.log import events, rewrite
from atlas.confidential.recipe import make_draft
from atlas.confidential.run import run
from atlas.confidential.withdraw import withdraw
from atlas.errors import ConfigError, DamageError, ProtectionError, ReleaseError
from atlas.home import Home
from atlas.release import list_releases, open_release, read_checks
from atlas.release.whole import write_seal
from tests.factories import DAY, SGB2
from tests.town_office import Watcher, ba_csv, put, put_all

KEY = "keys/order.key"


def _refusal(office: Desk) -> str:
    """Sentence with which the run stops; it has taken nothing in and built nothing."""
    before = _state(office)
    with pytest.raises(ProtectionError) as caught:
        run(office, "")
    assert _state(office) == before
    return str(caught.value)


def _state(office: Desk) -> list[str]:
    paths = [*office.home.inbox.iterdir(), *office.releases_dir.iterdir()]
    return sorted(path.name for path in paths)


def _events(office: Desk, what: str) -> list[str]:
    return [one.subject for one in events(office.log_path) if one.what == what]


def _exchange_key(office: Desk) -> None:
    """Give an office a key of its own, whole and with its check."""
    for path in office.keys_dir.glob("order.key*"):
        path.unlink()
    order_key(office.keys_dir)


def _second_home(office: Desk, root: Path) -> Desk:
    """Open another home of the same city, in front of the releases of the first."""
    other = open_desk(office.city_dir, Home(root / "second"), Watcher())
    shutil.copytree(office.releases_dir, other.releases_dir, dirs_exist_ok=True)
    return other


def _without_checks(release: Path) -> None:
    path = release / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    del package["atlas"]["key_check"], package["atlas"]["ledger_check"]
    path.write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_seal(release)


def test_a_release_says_by_which_key_and_ledger(final: Desk) -> None:
    checks = read_checks(final.releases_dir / f"{DAY}.1")
    assert checks == (key_check(final.keys_dir), ledger_check(final, DAY, 1))
    assert [len(one) for one in checks] == [16, 16]
    assert order_key(final.keys_dir).hex()[:16] != checks[0]
    assert ledger_check(final, DAY, 2) != checks[1]


def test_a_second_home_with_its_own_key_stops(final: Desk, tmp_path: Path) -> None:
    other = _second_home(final, tmp_path)
    shutil.copytree(final.private_dir, other.private_dir, dirs_exist_ok=True)
    _exchange_key(other)
    put(other, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    assert _refusal(other).startswith(
        f"Veröffentlichung {DAY}.1: mit einem anderen Schlüssel geschützt als dem dieser "
        "Statistikstelle (confidential/musterstadt/keys/order.key). Erwartet: derselbe;"
    )
    put(final, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    assert [one.info.name for one in run(final, "").published] == [f"{DAY}.2"]


def test_a_city_under_another_short_name_stops(final: Desk) -> None:
    """It would begin anew with keys of its own, beside its own releases."""
    path = final.city_dir / "city.toml"
    text = path.read_text(encoding="utf-8").replace('"musterstadt"', '"neustadt"')
    path.write_text(text, encoding="utf-8")
    office = open_desk(final.city_dir, final.home, Watcher())
    put_all(office, DAY)
    with pytest.raises(
        ConfigError, match="„neustadt“ ist neu, aber unter releases/musterstadt"
    ):
        run(office, "")
    assert not [*office.releases_dir.glob("20*")]


def test_a_second_home_that_never_built_stops(final: Desk, tmp_path: Path) -> None:
    other = _second_home(final, tmp_path)
    put_all(other, DAY)
    sentence = _refusal(other)
    assert sentence.startswith(
        "Schlüssel der Geheimhaltung confidential/musterstadt/keys/order.key: fehlt, obwohl es "
        f"Veröffentlichungen gibt ({DAY}.1). Erwartet: der Schlüssel, mit dem sie geschützt"
    )
    assert sentence.endswith("Sicherung von confidential/ zurückspielen (atlas restore).")


def test_deleted_and_delivered_again_it_stops(final: Desk) -> None:
    shutil.rmtree(final.private_dir)
    office = open_desk(final.city_dir, final.home, Watcher())
    put_all(office, DAY)
    assert "order.key: fehlt" in _refusal(office)
    assert not office.keys_dir.exists()  # the key that it lacks is not made


def test_without_the_key_of_its_persons_it_stops(final: Desk) -> None:
    """A new key would link nobody: every right register would look like a false one."""
    for path in final.keys_dir.glob("person*"):
        path.unlink()
    put_all(final, date(2024, 12, 31))
    assert _refusal(final).startswith(
        "Personenschlüssel confidential/musterstadt/keys/person.1.key: fehlt, obwohl es "
        "Lieferungen gibt"
    )
    assert not [*final.keys_dir.glob("person*")]


@pytest.mark.parametrize("content", [b"", b"k" * 31, b"k" * 32, b"k" * 33])
def test_a_damaged_key_stops(final: Desk, content: bytes) -> None:
    (final.private_dir / KEY).write_bytes(content)
    with pytest.raises(DamageError, match=r"^Schlüssel keys/order\.key: "):
        run(final, "")


def test_an_older_state_than_the_releases_stops(final: Desk, tmp_path: Path) -> None:
    backup = shutil.copytree(final.private_dir, tmp_path / "backup")
    put(final, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    run(final, "")
    shutil.rmtree(final.private_dir)
    shutil.copytree(backup, final.private_dir)
    assert _refusal(final).startswith(
        f"Veröffentlichung {DAY}.2: das Protokoll dieser Statistikstelle kennt sie nicht, "
        "confidential/musterstadt/ ist also älter als releases/"
    )


def test_a_run_killed_before_it_noted_the_release_goes_on(final: Desk) -> None:
    lines = final.log_path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if '"published"' not in line]
    rewrite(final.log_path, "".join(kept).encode())
    assert run(final, "").is_nothing_new
    assert [ref.name for ref in list_releases(final.releases_dir)] == [f"{DAY}.1"]


def test_releases_of_an_older_program_are_adopted_once(final: Desk) -> None:
    _without_checks(final.releases_dir / f"{DAY}.1")
    for _ in range(2):
        assert run(final, "").is_nothing_new
    assert _events(final, "adopted") == [f"{DAY}.1"]
    _exchange_key(final)
    assert f"{DAY}.1: mit einem anderen Schlüssel" in _refusal(final)


def test_a_lost_log_begins_anew_with_the_releases_of_its_key(final: Desk) -> None:
    final.log_path.unlink()
    run(final, "")
    assert [ref.name for ref in list_releases(final.releases_dir)] == [f"{DAY}.1"]
    assert _events(final, "adopted") == [f"{DAY}.1"]
    assert run(final, "").is_nothing_new


def test_a_lost_log_does_not_bring_back_what_was_withdrawn(final: Desk) -> None:
    withdraw(final, f"{DAY}.1", "falsch")
    final.log_path.unlink()
    for _ in range(2):
        assert run(final, "").held == (DAY,)
    put(final, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    assert [one.info.name for one in run(final, "").published] == [f"{DAY}.2"]


def test_a_lost_ledger_is_filled_from_the_releases(final: Desk) -> None:
    before = {path.name: path.read_bytes() for path in final.ledger_dir.iterdir()}
    shutil.rmtree(final.ledger_dir)
    assert run(final, "").is_nothing_new
    assert {path.name: path.read_bytes() for path in final.ledger_dir.iterdir()} == before
    assert _events(final, "refilled") == [f"{DAY}.1"]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def _exchange(path: Path) -> None:
    """Leave a whole file that says something else than its name."""
    (other,) = (one for one in path.parent.iterdir() if one != path)
    shutil.copy(other, path)


@pytest.mark.parametrize("damage", [_cut, _exchange])
def test_a_damaged_entry_is_made_anew(final: Desk, damage: Callable[[Path], None]) -> None:
    put(final, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    run(final, "")
    first = sorted(final.ledger_dir.iterdir())[0]
    before = first.read_bytes()
    damage(first)
    put(final, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (96, 30)}))
    run(final, "")
    assert first.read_bytes() == before
    assert _events(final, "refilled") == [f"{DAY}.1"]


def test_what_no_release_gives_back_stops_its_date(final: Desk) -> None:
    put(final, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    run(final, "")
    shutil.rmtree(final.ledger_dir)
    shutil.rmtree(final.releases_dir / f"{DAY}.1")
    put(final, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (96, 30)}))
    (error,) = run(final, "").failed
    assert isinstance(error, ProtectionError)
    assert str(error).startswith(
        f"Gedächtnis der Geheimhaltung zum Stichtag {DAY}: Einträge fehlen, die beim Bau der "
        f"Veröffentlichung {DAY}.2 da waren"
    )
    assert not (final.releases_dir / f"{DAY}.3").exists()


def test_a_damaged_entry_without_release_stops(final: Desk) -> None:
    (entry,) = final.ledger_dir.iterdir()
    _cut(entry)
    shutil.rmtree(final.releases_dir / f"{DAY}.1")
    with pytest.raises(DamageError, match="^Ledger, Datei ledger/"):
        make_draft(final, look(final).day(DAY))


def test_a_lost_release_that_comes_out_otherwise_takes_a_new_number(final: Desk) -> None:
    shutil.rmtree(final.releases_dir / f"{DAY}.1")
    put(final, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    assert [one.info.name for one in run(final, "").published] == [f"{DAY}.2"]
    release = open_release(final.releases_dir / f"{DAY}.2")
    told = read_ledger(final, DAY, release.info.edition)
    assert told is not None
    assert set(told["release"]) == {f"{DAY}.1", f"{DAY}.2"}


def test_a_number_that_only_the_ledger_remembers_is_not_used_again(final: Desk) -> None:
    shutil.rmtree(final.releases_dir / f"{DAY}.1")
    final.log_path.unlink()
    put(final, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    assert [one.info.name for one in run(final, "").published] == [f"{DAY}.2"]


def test_a_release_under_the_name_of_another_does_not_open(final: Desk) -> None:
    """Whole each by itself, but readers would see the figures of another date."""
    later = date(2024, 12, 31)
    other = final.releases_dir / f"{later}.1"
    shutil.copytree(final.releases_dir / f"{DAY}.1", other)
    with pytest.raises(
        ReleaseError, match=rf"^Release {later}\.1: in seinem Ordner liegt {DAY}"
    ):
        open_release(other)
