"""The log as the command shows it: searched, proved, and never read past what is missing."""

import json
from pathlib import Path

import pytest

from atlas.confidential.run import run
from tests.command import Command
from tests.factories import DAY
from tests.town_office import make_office, make_small, put_small


def test_log_is_searched_and_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office = make_office(tmp_path, make_small)
    put_small(office)
    run(office, "")
    monkeypatch.setenv("ATLAS_CITY", str(tmp_path / "city"))
    atlas = Command(office.home.root, monkeypatch, capsys)
    done = atlas.run("log")
    head = done.out.strip().rpartition("Kopf: ")[2]
    assert done.exit_code == 0
    assert len(head) == 64
    found = atlas.run("log", "--search", f"VERÖFFENTLICHT {DAY}.1", "--json")
    assert [one["what"] for one in json.loads(found.out)] == ["published"]
    assert atlas.run("log", "--since", head).exit_code == 0
    assert atlas.run("log", "--since", "0" * 64).exit_code == 15
    lines = office.log_path.read_bytes().splitlines(keepends=True)
    office.log_path.write_bytes(b"".join(lines[:-1]))
    cut = atlas.run("log")
    assert cut.exit_code == 15
    assert "am Ende fehlen Einträge" in cut.err
