"""Every sentence of every page is read back and proved, for every option of the rules.

``ATLAS_WORDS_TOWNS`` draws so many towns by chance (default 2); ``ATLAS_WORDS_HOME`` names a
work directory whose releases are read too, whatever city they are of.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from atlas.publication.seen import Seen, see
from atlas.release import in_force, list_releases, open_release
from tests.factories import DAY, town_config, town_counts, town_info
from tests.factories import write_town as write_musterstadt
from tests.words import inventory
from tests.words.grammar import Reading
from tests.words.reader import read_pair, read_release
from tests.words.sentences import SENTENCES
from tests.words.towns import OPTIONS, Town, random_town, write_town

_FEW = 2
# Templates that speak of cells and are not read back yet.
_OPEN = 0
_RANDOM = int(os.environ.get("ATLAS_WORDS_TOWNS", str(_FEW)))
_HOME = os.environ.get("ATLAS_WORDS_HOME", "")
# Towns whose first date differs from the others, and is read for that.
_FIRST = ("geliefert",)
# Read at two dates through every group, also where time is short.
_WHOLE = ("schlicht", "fortgeschrieben", *_FIRST)


def read_newest(paths: Sequence[Path], reading: Reading, *, every_group: bool) -> None:
    """Read the newest of some releases, and beside it the one before."""
    before, after = (see(open_release(path)) for path in paths[-2:])
    for group in after.groups if every_group else after.groups[:1]:
        read_release(after.through(group), reading)
        read_pair(before.through(group), after.through(group), reading)


def read_all(paths: Sequence[Path], reading: Reading) -> None:
    """Read releases, and each beside the one before, through every group."""
    seens = [see(open_release(path)) for path in paths]
    for place, seen in enumerate(seens):
        for side in (seen.through(group) for group in seen.groups):
            read_release(side, reading)
            if place:
                read_pair(seens[place - 1].through(side.group), side, reading)


def assert_true(reading: Reading) -> None:
    """Nothing unknown, nothing false."""
    assert not reading.unknown, "\n".join(reading.unknown[:10])
    assert not reading.false, "\n".join(reading.false[:10])


@pytest.mark.parametrize("town", OPTIONS, ids=lambda town: town.name)
def test_every_sentence_is_true_under_every_option(town: Town, tmp_path: Path) -> None:
    paths = write_town(town, tmp_path)
    reading = Reading()
    is_whole = _RANDOM > _FEW or town.name in _WHOLE
    if is_whole:
        read_all(paths[:2] if town.name in _FIRST else paths[1:], reading)
    else:
        read_newest(paths, reading, every_group=False)
    assert_true(reading)
    assert reading.read > 500


@pytest.mark.parametrize("seed", range(100, 100 + _RANDOM))
def test_every_sentence_of_random_towns_is_true(seed: int, tmp_path: Path) -> None:
    reading = Reading()
    read_newest(write_town(random_town(seed), tmp_path), reading, every_group=True)
    assert_true(reading)


def test_every_sentence_of_musterstadt_is_true(tmp_path: Path) -> None:
    """Six Quartiere with blocks, some of them hidden."""
    config = town_config()
    base = town_counts(DAY)
    is_hidden = base["area_id"].isin(["1301", "1302"]) & (base["item"] == "migrants")
    base.loc[is_hidden & (base["group"] == "all"), ["value", "status", "reason"]] = [
        float("nan"),
        "suppressed",
        "geheim",
    ]
    path = write_musterstadt(tmp_path, town_info(config, DAY), base)
    reading = Reading()
    read_all([path], reading)
    assert_true(reading)


@pytest.mark.skipif(not _HOME, reason="ATLAS_WORDS_HOME nennt kein Arbeitsverzeichnis")
def test_every_sentence_of_a_whole_city_is_true() -> None:
    (city_dir,) = (path for path in (Path(_HOME) / "releases").iterdir() if path.is_dir())
    refs = in_force(list_releases(city_dir))
    reading = Reading()
    paths = [ref.path for ref in refs.values()]
    areas: list[Seen] = [see(open_release(path)) for path in paths]
    known = [one.release.path for one in areas if "quartier" in one.kinds]
    read_all(known, reading)
    print(f"{city_dir.name}: {reading.read} gelesen, {len(reading.false)} falsch")  # noqa: T201 - the figure is the result of a long run by hand
    assert_true(reading)


def test_every_template_of_the_source_has_its_proof() -> None:
    """A new sentence comes with its proof: its line in ``inventory.txt`` says which."""
    known, there = inventory.table(), inventory.templates()
    names = {one.name for one in SENTENCES} | set(inventory.OTHER_PROOFS)
    unproved = sorted(there - known.keys())
    assert not unproved, f"python -m tests.words.inventory, then name their proofs: {unproved}"
    assert not known.keys() - there, "no longer in the source; python -m tests.words.inventory"
    assert set(known.values()) <= names
    assert list(known.values()).count("offen") <= _OPEN
