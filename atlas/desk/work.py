"""A run as a process of its own: it outlives page and server, and of many starts one counts.

The lock lies open in the process that works, so it is gone when that is.
"""

import fcntl
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import atlas
from atlas.confidential.desk import Desk, open_desk
from atlas.confidential.log import Account, acting_as
from atlas.confidential.ripe import still
from atlas.confidential.run import RunResult, run
from atlas.desk.settings import Silent
from atlas.errors import AtlasError
from atlas.home import Home, write_file

_PROJECT_DIR = Path(atlas.__file__).parents[1]
_LOCK, _TOLD = "run.lock", "run.json"


def start_run(office: Desk, account: Account) -> None:
    """Start a run for somebody; it goes on by itself.

    Raises
    ------
    AtlasError
        If one that was started here works still.
    """
    order = {
        "city": str(office.city_dir.resolve()),
        "home": str(office.home.root),
        "name": account.name,
        "login": account.login,
    }
    with (office.private_dir / _LOCK).open("w") as lock:
        if not _take(lock.fileno()):
            raise AtlasError("Lauf: einer arbeitet schon. Erwartet: warten, bis er fertig ist.")
        process = subprocess.Popen(
            [sys.executable, "-m", "atlas.desk.work"],
            cwd=_PROJECT_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(lock.fileno(),),
            start_new_session=True,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(order).encode())
        process.stdin.close()


def is_working(office: Desk) -> bool:
    """Whether a run that was started here works still."""
    path = office.private_dir / _LOCK
    if not path.exists():
        return False
    with path.open("w") as lock:
        return not _take(lock.fileno())


def told_by_last(office: Desk) -> tuple[str, ...]:
    """Sentences on everything that somebody has to mend after the last run started here."""
    try:
        content = json.loads((office.private_dir / _TOLD).read_text(encoding="utf-8"))
        return tuple(map(str, content))
    except (OSError, ValueError, TypeError):
        return ()


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _work(order: dict[str, str]) -> None:
    office = open_desk(Path(order["city"]), Home(Path(order["home"])), Silent())
    told_path = office.private_dir / _TOLD
    told_path.unlink(missing_ok=True)
    with acting_as(Account(order["name"], order["login"])), suppress(AtlasError):
        sentences = list(_sentences(run(office, "", still(office.home.inbox))))
        write_file(told_path, json.dumps(sentences).encode())


def _sentences(result: RunResult) -> Iterator[str]:
    yield from map(str, result.errors)
    for name in result.unknown:
        yield f"Eingang: {name} passt zu keinem Layout dieser Stadt und bleibt liegen."
    yield from result.odd


if __name__ == "__main__":
    _work(json.load(sys.stdin))
