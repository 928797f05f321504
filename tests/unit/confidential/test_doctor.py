"""The doctor names what is not whole and what to do, and changes nothing."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from atlas.confidential.desk import Desk, order_key
from atlas.confidential.doctor import Part, examine
from atlas.confidential.log import append
from atlas.confidential.store import DETAILS
from atlas.confidential.withdraw import withdraw
from atlas.integrity import seal, unseal
from atlas.publication.assessments import Assessment, Author, Place, open_store, save
from atlas.publication.planning import Kept, Shelf, keep_new
from tests.command import Command, files_below

Harm = Callable[[Desk], object]


def _broken(desk: Desk) -> list[str]:
    return [sentence for part in examine(desk) for sentence in part.broken]


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def _flip_one(pattern: str) -> Harm:
    return lambda desk: _flip(min(desk.home.root.glob(pattern)))


def test_a_whole_home(final: Desk) -> None:
    before = files_below(final.home.root)
    parts = examine(final)
    assert [part.broken for part in parts if part.broken] == []
    assert [part.notes for part in parts if part.notes] == []
    assert {part.label for part in parts if not part.checked} == {"Bewertungen der Planung"}
    after = files_below(final.home.root)
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} <= {
        "confidential/musterstadt/lock"
    }


_NAME = "2023-12-31.1"
HARM: dict[str, tuple[Harm, str]] = {
    "key": (_flip_one("confidential/*/keys/person.1.key"), r"Schlüssel keys/person\.1\.key"),
    "no keys": (lambda desk: shutil.rmtree(desk.keys_dir), r"keys/order\.key: fehlt"),
    "no person key": (
        lambda desk: [path.unlink() for path in desk.keys_dir.glob("person*")],
        r"keys/person\.1\.key: fehlt",
    ),
    "other key": (
        lambda desk: [
            *(path.unlink() for path in desk.keys_dir.glob("order*")),
            order_key(desk.keys_dir),
        ],
        f"ein anderer als der, mit dem {_NAME} geschützt",
    ),
    "no delivery": (
        lambda desk: shutil.rmtree(desk.store_dir / "ewo" / _NAME),
        f"Lieferung ewo/{_NAME}: liegt nicht mehr im Speicher",
    ),
    "log": (_flip_one("confidential/*/log.jsonl"), r"Protokoll .*log\.jsonl, Zeile \d"),
    "rows": (_flip_one("confidential/*/store/ewo/*/rows.parquet"), r"rows\.parquet"),
    "no rows": (
        lambda desk: min(desk.store_dir.glob("ewo/*/rows.parquet")).unlink(),
        r"rows\.parquet: fehlt",
    ),
    "details": (_flip_one("confidential/*/store/ba/*/delivery.json"), r"delivery\.json"),
    "portrait": (_flip_one("confidential/*/store/ewo/*/portrait.json"), r"portrait\.json"),
    "ledger": (_flip_one("confidential/*/ledger/*.parquet"), "Ledger, Datei"),
    "no ledger": (lambda desk: shutil.rmtree(desk.ledger_dir), f"Ledger: kennt {_NAME} nicht"),
    "proof": (_flip_one("confidential/*/proofs/*/counts.parquet"), r"counts\.parquet"),
    "no proof": (lambda desk: shutil.rmtree(desk.proofs_dir), r"report\.json: fehlt"),
    "rejection": (
        lambda desk: (desk.store_dir / "ba" / _NAME / "rejected.json").write_bytes(b"{"),
        r"rejected\.json",
    ),
    "no mark": (
        lambda desk: [
            withdraw(desk, _NAME, "falsch"),
            *(path.unlink() for path in desk.releases_dir.glob("*.zurueckgezogen.json")),
        ],
        f"Release {_NAME}: zurückgezogen, doch der Vermerk daneben fehlt",
    ),
    "mark": (
        lambda desk: (desk.releases_dir / f"{_NAME}.zurueckgezogen.json").write_bytes(b"{}"),
        f"Release {_NAME}: der Vermerk, dass es zurückgezogen ist, ist beschädigt",
    ),
    "release": (_flip_one("releases/*/*/cells.parquet"), f"Release {_NAME}, Datei cells"),
    "no release": (
        lambda desk: shutil.rmtree(desk.releases_dir / _NAME),
        f"Release {_NAME}: liegt nicht mehr in releases/",
    ),
    "older log": (
        lambda desk: [
            desk.log_path.write_bytes(b""),
            desk.log_path.with_name("log.head").unlink(),
        ],
        f"Release {_NAME}: steht nicht im Protokoll",
    ),
    "cut log": (
        lambda desk: desk.log_path.write_bytes(
            b"".join(desk.log_path.read_bytes().splitlines(keepends=True)[:-2])
        ),
        r"Protokoll .*log\.jsonl: am Ende fehlen Einträge",
    ),
    "no head": (
        lambda desk: desk.log_path.with_name("log.head").unlink(),
        r"Protokoll .*log\.jsonl: der Vermerk, wo es endet",
    ),
    "findings": (_flip_one("confidential/*/findings/ewo/*.json"), "Rückmeldung"),
    "data state": (
        lambda desk: (desk.releases_dir / "datenstand.json").write_bytes(b"{"),
        r"datenstand\.json",
    ),
    "assessments": (
        lambda desk: (desk.home.planning / "a.sqlite").write_bytes(b"SQLite format 3\0x"),
        r"planning/a\.sqlite",
    ),
    "open key": (lambda desk: (desk.keys_dir / "order.key").chmod(0o644), r"Rechte .*order"),
}


@pytest.mark.parametrize("name", HARM)
def test_what_is_not_whole_is_named(final: Desk, name: str) -> None:
    harm, sentence = HARM[name]
    harm(final)
    (found,) = (
        one for one in _broken(final) if not one.startswith("Release 2023-12-31.1: ist")
    )
    assert re.search(sentence, found), found
    assert "rwartet: " in found


def test_a_release_with_other_digests_than_were_published(final: Desk) -> None:
    """All its digests fit each other; the log knows better."""
    (final.releases_dir / _NAME / "notiz.txt").write_text("x")
    assert _broken(final) == [
        f"Release {_NAME}: ist nicht, was veröffentlicht wurde. Erwartet: releases/ und "
        "confidential/ vom selben Stand. Beide aus derselben Sicherung zurückholen."
    ]


def test_deliveries_that_changed_places_are_named(final: Desk) -> None:
    """Whole each by itself, and of a program that did not write the name into them."""
    ewo = final.store_dir / "ewo"
    for path in (*ewo.iterdir(), *final.store_dir.glob("ba/*")):
        details = unseal(DETAILS, path / "delivery.json")
        del details["name"]
        sealed = seal(DETAILS, details, "0.1.0")
        (path / "delivery.json").write_text(sealed, encoding="utf-8")
    assert _broken(final) == []
    (ewo / _NAME).rename(ewo / "z")
    (final.store_dir / "ba" / _NAME).rename(ewo / _NAME)
    (ewo / "z").rename(final.store_dir / "ba" / _NAME)
    (found,) = _broken(final)
    assert found.startswith(
        f"Lieferung ba/{_NAME}, ewo/{_NAME}: ist nicht die, die angenommen wurde."
    )


def test_purged_rows_are_not_missed(final: Desk) -> None:
    min(final.store_dir.glob("ewo/*/rows.parquet")).unlink()
    append(final.log_path, "purged", "ewo 2023-12-31.1", {})
    assert _broken(final) == []


def test_what_should_be_known(final: Desk) -> None:
    (final.releases_dir / _NAME / "datapackage.json.sha256").unlink()
    (final.store_dir / "ewo" / ".new-7").mkdir()
    notes = [note for part in examine(final) for note in part.notes]
    assert any(f"ohne Siegel: {_NAME}" in note for note in notes)
    assert any(note.startswith("1 Rest eines abgebrochenen Laufs") for note in notes)


def test_an_assessment_that_was_changed_is_named(final: Desk) -> None:
    engine = open_store(f"sqlite:///{final.home.planning / 'assessments.sqlite'}")
    place = Place("musterstadt", "11", _NAME)
    save(engine, Assessment(place, 1, "Gut.", Author("Amt", True), datetime.now(UTC)))
    assert _broken(final) == []
    with engine.begin() as connection:
        connection.execute(text("UPDATE assessment_revision SET area_id = '12'"))
    engine.dispose()
    (found,) = _broken(final)
    assert "Quartier 12, 2023-12-31.1: nicht, was geschrieben wurde" in found


def test_own_estimates_and_what_is_kept_are_looked_at_too(final: Desk) -> None:
    engine = open_store(f"sqlite:///{final.home.planning / 'assessments.sqlite'}")
    author, moment = Author("Amt", True), datetime.now(UTC)
    place = Place("musterstadt", "11", _NAME)
    save(engine, Assessment(place, 1, "Gut.", author, moment, own_level=2))
    shelf = Shelf("musterstadt", "own_area", "Gebiet")
    keep_new(engine, shelf, Kept(0, 1, "Nord", {}, author, moment))
    assert _broken(final) == []
    with engine.begin() as connection:
        connection.execute(text("UPDATE kept_revision SET title = 'Süd'"))
    engine.dispose()
    (found,) = _broken(final)
    assert "own_area 1: nicht, was geschrieben wurde" in found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Gut gemeint.", b"Gut\xd5gemeint."),  # no UTF-8
        (b"CREATE TABLE assessment_revision (", b"CREATE TABLE\xd5assessment_revision ("),
        (b"2024-01-02 03:04", b"2024-91-02 03:04"),
    ],
)
def test_an_assessment_that_no_driver_can_read_is_named(
    final: Desk, before: bytes, after: bytes
) -> None:
    path = final.home.planning / "assessments.sqlite"
    engine = open_store(f"sqlite:///{path}")
    when = datetime(2024, 1, 2, 3, 4, tzinfo=UTC)
    place = Place("musterstadt", "11", _NAME)
    save(engine, Assessment(place, 1, "Gut gemeint.", Author("Amt", True), when))
    engine.dispose()
    content = path.read_bytes()
    assert before in content
    path.write_bytes(content.replace(before, after))
    (found,) = _broken(final)
    assert found.startswith("Bewertungen planning/assessments.sqlite")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    part = Part("Schlüssel")
    part.look(lambda: (tmp_path / "weg").read_bytes())
    assert part.broken == [
        "Schlüssel, weg: nicht lesbar. Erwartet: Leserechte und ein Datenträger ohne Fehler. "
        "Rechte und Datenträger prüfen."
    ]


def test_the_command(
    final: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Command(final.home.root, monkeypatch, capsys)
    whole = command.run("doctor", "--city", final.city_dir)
    assert whole.exit_code == 0
    assert whole.out.endswith("Alles ganz.\n")
    _flip(final.keys_dir / "order.key")
    broken = command.run("doctor", "--city", final.city_dir)
    assert broken.exit_code == 1
    assert "Nicht ganz: Schlüssel keys/order.key: die Prüfsumme passt nicht." in broken.out
    assert (
        '"label": "Schlüssel"' in command.run("doctor", "--json", "--city", final.city_dir).out
    )
