"""Flip single bits in a small town's home and see who notices.

Musterstadt with two reference dates, one corrected, and two assessments. Each trial takes a
copy, flips one bit of a file chosen by chance, and runs what reads: every release opened, a
run, the doctor, the assessments; where nobody notices, and in every twentieth trial, every
release is verified and audited too. What is told must be as before, or a sentence must name
the damage.
"""

import argparse
import random
import shutil
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from atlas.confidential.desk import Desk
from atlas.confidential.doctor import examine
from atlas.confidential.protection import audit_release
from atlas.confidential.publish import verify
from atlas.confidential.receive import stored_findings
from atlas.confidential.run import run
from atlas.errors import AtlasError
from atlas.exchange.datastate import read_data_state
from atlas.publication.assessments import Assessment, Author, Place, open_store, save, standing
from atlas.release import in_force, list_releases, open_release, read_boundaries
from atlas.terms import Kind
from tests.factories import DAY, SGB2
from tests.town_office import EARLIER, ba_csv, make_office, put, put_all, reopen

_DEEP_EVERY = 20
_TOLD_EVERY = 50
_TOPS = {"confidential": 9, "releases": 9, "planning": 2}
"""Directories and how often each is hit; the last holds one file."""


Told = dict[str, object]


@dataclass(frozen=True)
class Trial:
    """What became of one flipped bit.

    Attributes
    ----------
    outcome
        ``named``, ``without effect`` (nothing told differs), ``silent`` (something differs and
        nobody says so) or ``traceback``.
    """

    file: str
    bit: int
    outcome: str
    told: str = ""


def make_town(root: Path) -> Desk:
    """Publish two dates, correct the later one, and assess two Quartiere."""
    office = make_office(root)
    for day in (EARLIER, DAY):
        put_all(office, day)
        run(office, "")
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (92, 31)}))
    run(office, "Berichtigung")
    engine = open_store(_database(office))
    for area_id in ("11", "12"):
        place = Place("musterstadt", area_id, f"{DAY}.1")
        now = datetime(2024, 1, 1, tzinfo=UTC)
        save(engine, Assessment(place, 1, "Was die Stufe bedeutet.", Author("Amt", True), now))
    engine.dispose()
    return office


def flipped(root: Path, seed: int, number: int) -> Iterator[Trial]:
    """Try so many bits, each on a copy of its own."""
    chance = random.Random(seed)
    home = root / "home"
    files = {top: sorted(p for p in (home / top).rglob("*") if _counts(p)) for top in _TOPS}
    office = _copy(root, "before")
    before = {**proved(office), **told(office)}
    current = in_force(list_releases(office.releases_dir))
    before |= {f"cells {day}": _cells(ref.path) for day, ref in current.items()}
    for trial in range(number):
        (top,) = chance.choices([*_TOPS], [*_TOPS.values()])
        path = chance.choice(files[top])
        bit = chance.randrange(8 * path.stat().st_size)
        is_deep = trial % _DEEP_EVERY == 0
        yield _trial(root, path.relative_to(root), bit, before, is_deep)


def told(office: Desk) -> Told:
    """Collect what readers and the office are told by subject, or the sentence instead."""
    found: Told = {}
    _tell(found, "findings", lambda: stored_findings(office, ""))
    _tell(found, "assessments", lambda: _assessments(office))
    _tell(found, "data state", lambda: _data_state(office))
    refs = list_releases(office.releases_dir)
    for ref in refs:
        _tell(found, f"open {ref.name}", partial(_seen, ref.path))
    _tell(found, "run", lambda: _run(office))
    for ref in set(list_releases(office.releases_dir)) - {*refs}:  # what a run made of it
        _tell(found, f"cells {ref.reference_date}", partial(_cells, ref.path))
    return found


def proved(office: Desk) -> Told:
    """Collect what the office says of its releases when it looks closely."""
    found: Told = {}
    for ref in list_releases(office.releases_dir):
        _tell(found, f"audit {ref.name}", partial(_audited, office, ref.path))
        _tell(found, f"verify {ref.name}", partial(verify, office, ref.path))
    return found


def _trial(root: Path, name: Path, bit: int, before: Told, is_deep: bool) -> Trial:
    office = _copy(root, "trial")
    path = office.home.root.parent / name
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)
    file = name.relative_to("home").as_posix()
    try:
        sentences = [one for part in examine(office) for one in part.broken]
        after = proved(office) if is_deep or not sentences else {}
        after |= told(office)
    except Exception:  # noqa: BLE001 - what it is, is the result
        return Trial(file, bit, "traceback", traceback.format_exc())
    sentences += [str(one) for one in after.values() if isinstance(one, AtlasError)]
    differing = [key for key in after if before.get(key) != after[key]]
    if sentences:
        return Trial(file, bit, "named", sentences[0])
    return Trial(file, bit, "silent" if differing else "without effect", ", ".join(differing))


def _tell(found: Told, key: str, read: Callable[[], object]) -> None:
    try:
        found[key] = read()
    except AtlasError as error:
        found[key] = error


def _copy(root: Path, name: str) -> Desk:
    copy = root / name
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    shutil.copytree(root / "city", copy / "city")
    shutil.copytree(root / "home", copy / "home")
    return reopen(copy)


def _counts(path: Path) -> bool:
    """Whether anything is read of a file; a lock is only held, the HTML is for people."""
    is_read = path.name != "lock" and path.suffix != ".html"
    return path.is_file() and is_read and path.stat().st_size > 0


def _database(office: Desk) -> str:
    return f"sqlite:///{office.home.planning / 'assessments.sqlite'}"


def _assessments(office: Desk) -> object:
    engine = open_store(_database(office))
    try:
        return standing(engine, "musterstadt")
    finally:
        engine.dispose()


def _seen(path: Path) -> object:
    release = open_release(path)
    areas = read_boundaries(path, Kind.QUARTIER).to_csv()
    maps = {kind: file.read_bytes() for kind, file in release.map_files.items()}
    return release.info, release.cells.to_csv(), areas, maps


def _audited(office: Desk, path: Path) -> object:
    verdict = audit_release(office, open_release(path))
    return verdict.is_safe, dict(verdict.figures)


def _run(office: Desk) -> object:
    result = run(office, "")
    if result.errors:
        raise result.errors[0]
    return len(result.waiting), result.unknown


def _data_state(office: Desk) -> object:
    state = read_data_state(office.releases_dir)
    return state and (state.sources, state.releases, state.last_run)


def _cells(path: Path) -> str:
    return open_release(path).cells.to_csv()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int, nargs="?", default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        make_town(root)
        found = Counter[tuple[str, str]]()
        for count, trial in enumerate(flipped(root, arguments.seed, arguments.number), 1):
            if count % _TOLD_EVERY == 0:
                print(f"{count}: {dict(found)}", flush=True)
            found[trial.file.split("/")[0], trial.outcome] += 1
            if trial.outcome in ("silent", "traceback"):
                print(f"{trial.outcome}: {trial.file}, bit {trial.bit}: {trial.told}")
    for (top, outcome), number in sorted(found.items()):
        print(f"{top:<14} {outcome:<16} {number:>6}")
    print(f"{time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
