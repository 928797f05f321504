"""The commands that take back: what they say, how they end, what they list."""

import json
import shutil
from pathlib import Path

import pytest

from atlas.exchange.requests import waiting_request
from tests.command import Command
from tests.factories import DAY
from tests.town_office import reopen
from tests.wrong_town import WHY, make_wrong_office


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Musterstadt, published and then published wrongly; not to be changed."""
    root = tmp_path_factory.mktemp("wrong")
    make_wrong_office(root)
    return root


@pytest.fixture
def atlas(
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    office = reopen(Path(shutil.copytree(root, tmp_path / "office")))
    monkeypatch.setenv("ATLAS_CITY", str(office.city_dir))
    monkeypatch.setenv("ATLAS_USER", "Jansen")
    return Command(office.home.root, monkeypatch, capsys)


def test_reject_says_what_follows(atlas: Command) -> None:
    done = atlas.run("reject", f"ba/{DAY}.2", "--reason", WHY)
    assert (done.exit_code, done.out.splitlines()) == (
        0,
        [
            f"Zurückgewiesen: ba/{DAY}.2.",
            f"Es gilt wieder: ba/{DAY}.1.",
            f"Zurückgezogen: {DAY}.2.",
            "Ein laufendes atlas watch baut die Stichtage neu, soweit Lieferungen da sind; "
            "sonst tut es atlas run.",
        ],
    )
    assert waiting_request(atlas.home / "requests") is not None
    listed = json.loads(atlas.run("deliveries", "--json").out)
    states = {one["delivery"]: (one["state"], one["reason"]) for one in listed}
    assert states[f"ba/{DAY}.1"] == ("gilt", "")
    assert states[f"ba/{DAY}.2"][0].startswith("zurückgewiesen von Jansen, 20")
    assert states[f"ba/{DAY}.2"][1] == WHY
    assert f"│ ba/{DAY}.2 " in atlas.run("deliveries").out  # whole beside a long reason


def test_withdraw_says_what_is_in_force_now(atlas: Command) -> None:
    first = atlas.run("withdraw", f"{DAY}.2", "--reason", WHY)
    assert waiting_request(atlas.home / "requests") is not None
    assert f"Es gilt {DAY}.1; ist auch sie falsch, ebenso zurückziehen." in first.out
    second = atlas.run("withdraw", f"{DAY}.1", "--reason", WHY)
    assert "Zu diesem Stichtag gilt keine Veröffentlichung mehr." in second.out
    listed = atlas.run("releases").out
    assert listed.count("zurückgezogen am") == 2
    assert "gilt" not in listed
    assert listed.count(WHY) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("withdraw", f"{DAY}.7", "--reason", WHY), 14, f"Veröffentlichung {DAY}.7: gibt es"),
        (("withdraw", f"{DAY}.1", "--reason", " "), 14, "Begründung fehlt"),
        (("withdraw", f"{DAY}.1"), 2, "die Angabe --reason fehlt"),
        (("reject", f"ba/{DAY}.7", "--reason", WHY), 11, "liegt nicht im Speicher"),
        (("reject", f"ba/{DAY}.1"), 2, "die Angabe --reason fehlt"),
    ],
)
def test_what_cannot_be_taken_back(
    atlas: Command, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    done = atlas.run(*arguments)
    assert (done.exit_code, done.out) == (code, "")
    assert done.err.startswith("Fehler: ")
    assert sentence in done.err


def test_files_of_a_withdrawn_release_come_with_a_warning(
    atlas: Command, tmp_path: Path
) -> None:
    atlas.run("withdraw", f"{DAY}.2", "--reason", WHY)
    done = atlas.run("export", f"{DAY}.2", "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert f"{DAY}.2: zurückgezogen am" in done.err
    assert f"({WHY}); nicht weitergeben." in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",),
        ("build",),
        ("publish",),
        ("import", f"ba_{DAY}.csv"),
        ("reject", f"ba/{DAY}.2", "--reason", WHY),
        ("withdraw", f"{DAY}.2", "--reason", WHY),
    ],
)
def test_without_the_key_nothing_is_done(atlas: Command, arguments: tuple[str, ...]) -> None:
    (atlas.home / "confidential/musterstadt/keys/order.key").unlink()
    done = atlas.run(*arguments)
    assert done.exit_code == 13
    assert done.err.count("Fehler: ") == 1
    assert "order.key: fehlt, obwohl es Veröffentlichungen gibt" in done.err
