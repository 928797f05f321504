"""A sender who copies slowly, in pieces, twice or anew, against an office at work.

``python -m tests.copying CITY HOMES FIRST NUMBER``: for every seed from FIRST on one sender, a
process of its own, against ``atlas watch`` and against ``atlas run``; one JSON line each. What
one seed does is always the same, but for the time that it takes.
"""

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from atlas.cli import office
from atlas.confidential.delivery import open_room
from atlas.confidential.desk import open_desk
from atlas.confidential.run import run  # noqa: F401 - imported once, before processes fork
from atlas.confidential.store import list_deliveries
from atlas.errors import AtlasError
from atlas.home import Home
from tests.town_office import Watcher, ewo_csv

NAME = "ewo_2023-12-31.csv"
SETTLE = 0.5  # seconds, as long as ``atlas run`` looks
PATIENCE = 600
WAYS = ("slow", "resumed", "held", "replaced", "truncated", "two", "announced")


@dataclass(frozen=True)
class Trial:
    """What became of the versions of one sender.

    Attributes
    ----------
    halves
        Deliveries that were taken and never whole.
    is_lost
        Whether the last version is not the one in force, or a file is gone unread.
    is_void
        Whether the machine made the sender pause for longer than an office waits.
    """

    way: str
    office: str
    halves: int
    taken: int
    is_lost: bool
    is_void: bool


@dataclass
class Sender:
    """Writes versions of one register into a folder; what chance says is the seed's."""

    draw: random.Random
    inbox: Path
    longest_gap: float = 0.0

    @property
    def path(self) -> Path:
        return self.inbox / NAME

    def version(self) -> bytes:
        """A whole register; a few persons tell it from every other one."""
        more = "".join(f"N{self.draw.randrange(10**9)}-{n};1201;40;0\n" for n in range(5))
        return (ewo_csv() + more).encode()

    def pieces(self, content: bytes) -> list[bytes]:
        """Cut a file, mostly at the end of a line: a half looks as good as the whole."""
        ends = [n + 1 for n, byte in enumerate(content) if byte == ord("\n")]
        cuts = [
            self.draw.choice(ends) - (self.draw.random() < 0.3)
            for _ in range(self.draw.randint(1, 4))
        ]
        bounds = [0, *sorted(cuts), len(content)]
        return [content[a:b] for a, b in zip(bounds, bounds[1:], strict=False)]

    def pause(self, most: float) -> None:
        time.sleep(self.draw.uniform(0, most))

    def write(self, path: Path, content: bytes, most: float) -> None:
        """Write with the file open all the time."""
        with path.open("wb") as file:
            for piece in self.pieces(content):
                file.write(piece)
                file.flush()
                self.pause(most)

    def append(self, content: bytes, most: float) -> None:
        """Write with the file closed in between, as a transfer that is taken up again."""
        self.path.write_bytes(b"")
        for piece in self.pieces(content):
            begin = time.monotonic()
            self.pause(most)
            with self.path.open("ab") as file:
                file.write(piece)
            self.longest_gap = max(self.longest_gap, time.monotonic() - begin)

    def send(self, way: str) -> list[bytes]:
        """Send in one way; give every version that was whole, the last one last."""
        first, second = self.version(), self.version()
        hidden = [self.inbox / f".{NAME}.{n}" for n in range(2)]
        if way == "slow":
            self.write(self.path, first, 2 * SETTLE)
        elif way == "resumed":
            self.append(first, SETTLE / 3)
        elif way == "held":  # whole, and open longer than a file has to lie still
            with self.path.open("wb") as file:
                file.write(first)
                file.flush()
                time.sleep(4 * SETTLE)
        elif way == "truncated":
            with self.path.open("wb") as file:
                file.write(first[: self.draw.randrange(len(first))])
                file.flush()
                self.pause(2 * SETTLE)
                self.write(self.path, second, SETTLE)
            return [second]
        elif way == "announced":
            control = f"{hashlib.sha256(first).hexdigest()}  {NAME}\n"
            (self.inbox / f"{NAME}.ok").write_text(control, encoding="utf-8")
            self.append(first, 3 * SETTLE)
            self.longest_gap = 0.0  # the control file makes up for it
        else:
            self.write(self.path if way == "replaced" else hidden[0], first, SETTLE / 2)
            self.write(hidden[1], second, 0)
            if way == "two":
                hidden[0].replace(self.path)
            self.pause(4 * SETTLE)
            hidden[1].replace(self.path)
            return [first, second]
        return [first]


def try_copy(city_dir: Path, home: Path, how: str, seed: int) -> Trial:
    """Let one sender and one office work at once; then look into the store."""
    Home(home).create("musterstadt")
    way = WAYS[seed % len(WAYS)]
    open_desk(city_dir, Home(home), Watcher())
    told, tell = os.pipe()
    sender = os.fork()
    if sender == 0:
        one = Sender(random.Random(seed), home / "inbox")
        digests = [hashlib.sha256(content).hexdigest() for content in one.send(way)]
        os.write(tell, json.dumps([digests, one.longest_gap]).encode())
        os._exit(0)
    os.close(tell)
    worker = os.fork()
    if worker == 0:
        _work(city_dir, home, how)
    try:
        os.waitpid(sender, 0)
        with os.fdopen(told, "rb") as answer:
            digests, gap = json.loads(answer.read())
        store_dir = Home(home).confidential("musterstadt") / "store"
        taken = _until_taken(store_dir, home / "inbox" / NAME, digests[-1])
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    halves = [one for one in taken if one not in digests]
    is_lost = taken[-1:] != digests[-1:]
    return Trial(way, how, len(halves), len(taken), is_lost, gap >= SETTLE)


def _until_taken(store_dir: Path, path: Path, last: str) -> list[str]:
    """Wait for the last version; give the digest of everything that was taken."""
    end = time.monotonic() + PATIENCE
    taken: list[str] = []
    while time.monotonic() < end and (taken[-1:] != [last] or path.exists()):
        time.sleep(0.05)
        taken = [one.arrival.sha256 for one in list_deliveries(store_dir)]
    return taken


def _last(store_dir: Path) -> str:
    taken = list_deliveries(store_dir)
    return taken[-1].arrival.sha256 if taken else ""


def _work(city_dir: Path, home: Path, how: str) -> None:
    """Be the office until somebody ends it."""
    with Path(os.devnull).open("w", encoding="utf-8") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
    try:
        if how == "watch":
            office.watch(str(city_dir), home, SETTLE)
        while True:
            with suppress(AtlasError):
                office.run(str(city_dir), home)
    finally:
        os._exit(1)


def trials(city_dir: Path, homes: Path, seeds: range) -> Iterator[Trial]:
    """Try every seed against both offices."""
    open_room()
    for seed in seeds:
        for how in ("watch", "run"):
            yield try_copy(city_dir, homes / f"{how}-{seed}", how, seed)


def main() -> None:
    """Print one line per trial."""
    city_dir, homes, first, number = sys.argv[1:]
    seeds = range(int(first), int(first) + int(number))
    for trial in trials(Path(city_dir), Path(homes), seeds):
        sys.stdout.write(json.dumps(asdict(trial)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
