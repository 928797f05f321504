"""A delivery is read in a process of its own: what a file breaks is that process alone.

Here is the side that asks. It gives the child one copy of the bytes, which lies under no name;
back come an Arrow file and findings as JSON. The other side is ``room``.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from atlas.confidential.delivery.findings import Finding, Severity
from atlas.confidential.delivery.request import Reading, Request
from atlas.confidential.delivery.room import Job
from atlas.errors import DeliveryError

_PROJECT_DIR = Path(__file__).resolve().parents[3]
_MB = 1024 * 1024
_MEMORY_MB = 1500
# An honest register takes up to 15 times the size of its file, a large one has to fit.
_MEMORY_PER_BYTE = 20
_SECONDS = 60
_SECONDS_PER_MB = 2
# One thread alone: the room forks, and a lock held by another thread would stay locked.
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


@dataclass(frozen=True)
class Ending:
    """How a child ended that gave nothing back; what the makers may read of it.

    Attributes
    ----------
    code
        Exit code, negative for a signal.
    trace
        Kind of the error and the places it came through; empty where it was a signal.
    """

    code: int
    peak_mb: int
    seconds: float
    allowed_mb: int
    size: int
    trace: tuple[str, ...]

    def sentence(self, name: str) -> str:
        """Say in German what a delivery needed too much of, or that reading it failed."""
        return f"Lieferung {name}: {self._what()} Datei prüfen oder neu anfordern."

    def _what(self) -> str:
        is_memory = self.trace[:1] in (("MemoryError",), ("ArrowMemoryError",))
        if is_memory or -self.code in (signal.SIGABRT, signal.SIGKILL):
            return (
                f"Lesen abgebrochen, die Datei braucht mehr als {self.allowed_mb} MB "
                "Arbeitsspeicher. Erwartet: eine Tabelle üblicher Größe."
            )
        if -self.code in (signal.SIGXCPU, signal.SIGALRM):
            return (
                "Lesen abgebrochen, es dauerte zu lange. Erwartet: eine Tabelle üblicher Größe."
            )
        return (
            "Lesen abgebrochen, das Programm ist an der Datei gescheitert. Erwartet: eine "
            "Tabelle, wie das Layout sie beschreibt."
        )


class ReadingEndedError(DeliveryError):
    """A file that ended the process which read it."""

    def __init__(self, name: str, ending: Ending) -> None:
        super().__init__(ending.sentence(name))
        self.ending = ending


@dataclass(frozen=True)
class Copy:
    """The bytes of a delivery as they were at one moment; ``content`` lies under no name."""

    name: str
    content: IO[bytes] = field(repr=False)
    size: int


def read_apart(copy: Copy, request: Request, spool_dir: Path) -> Reading:
    """Read and check a delivery in a child; what is wrong with it is a finding.

    Raises
    ------
    ReadingEndedError
        If the file needs more memory or time than any delivery, or ended the child.
    """
    memory_mb = max(_MEMORY_MB, copy.size * _MEMORY_PER_BYTE // _MB)
    job = _job(copy, request, memory_mb)
    for _ in range(2):
        with tempfile.TemporaryFile(dir=spool_dir) as result:
            with _child(copy.content, result) as (child, report):
                answer = _converse(child, job, request)
                child.close()
                ended = report.read()
            if "read" in answer:
                return _reading(copy.name, answer["read"], result)
        if ended:
            trace = tuple(answer.get("failed", ()))
            if trace[:1] == ("OSError",):
                raise DeliveryError(
                    f"Lieferung {copy.name}: was gelesen wurde, lässt sich nicht ablegen. "
                    "Erwartet: freier Platz unter confidential/. Die Datei bleibt liegen."
                )
            end = Ending(**json.loads(ended), allowed_mb=memory_mb, size=copy.size, trace=trace)
            raise ReadingEndedError(copy.name, end)
        _room.cache_clear()  # the room itself was ended, that is not the fault of the file
    raise DeliveryError(
        f"Lieferung {copy.name}: der Leseprozess startet nicht. Erwartet: freier "
        "Arbeitsspeicher und ein vollständig eingerichtetes Programm. Die Datei bleibt liegen; "
        "den Betrieb fragen."
    )


def _job(copy: Copy, request: Request, memory_mb: int) -> Job:
    return Job(
        name=copy.name,
        layout=request.layout,
        claimed=request.claimed,
        hash_key=request.hash_key,
        addresses=request.addresses,
        nesting=request.nesting,
        holders=request.holders,
        today=request.today,
        memory_mb=memory_mb,
        seconds=_SECONDS + copy.size * _SECONDS_PER_MB // _MB,
    )


@contextmanager
def _child(content: IO[bytes], result: IO[bytes]) -> Iterator[tuple[Connection, IO[bytes]]]:
    """Have a child forked; give the conversation with it and what tells how it ended."""
    ours, theirs = socket.socketpair()
    report, report_end = os.pipe()
    with os.fdopen(report, "rb") as ending, Connection(ours.detach()) as child:
        try:
            _send(theirs.fileno(), content.fileno(), result.fileno(), report_end)
        finally:
            theirs.close()
            os.close(report_end)
        yield child, ending


def _converse(child: Connection, job: Job, request: Request) -> dict[str, Any]:
    """Answer what the child asks until it is done; empty if it ended without a word."""
    try:
        child.send(job)
        while True:
            told: dict[str, Any] = json.loads(child.recv_bytes())
            if "rows" in told:
                request.progress(told["rows"])
            elif "ask" not in told:
                return told
            else:
                ask = {
                    "areas": request.areas,
                    "previous": request.previous,
                    "locate": request.locate,
                }[told["ask"]]
                child.send(ask(date.fromisoformat(told["day"])))
    except (EOFError, ConnectionError):
        return {}


def _reading(name: str, about: dict[str, Any], result: IO[bytes]) -> Reading:
    with pa.memory_map(f"/dev/fd/{result.fileno()}") as mapped:
        whole = mapped.read_buffer()
    parts = {
        date.fromisoformat(day): pa.ipc.open_file(whole.slice(begin, size)).read_all()
        for day, begin, size in about["parts"]
    }
    begin, size = about["findings"]
    found = json.loads(whole.slice(begin, size).to_pybytes())
    findings, refused = (tuple(map(_finding, each)) for each in found)
    twins = {date.fromisoformat(day): count for day, count in about["twins"].items()}
    return Reading(name, parts, findings, about["rows"], about["sha256"], twins, refused)


def _finding(told: dict[str, Any]) -> Finding:
    return Finding(
        **{**told, "severity": Severity(told["severity"]), "rows": tuple(told["rows"])}
    )


def open_room() -> None:
    """Start the process that forks, so that it is ready when the first file has to be read."""
    _room()


def _send(*descriptors: int) -> None:
    """Hand a job to the room; one that was ended from outside is opened anew."""
    try:
        socket.send_fds(_room().control, [b"."], descriptors)
    except ConnectionError:
        _room.cache_clear()
        socket.send_fds(_room().control, [b"."], descriptors)


@dataclass(frozen=True)
class _Room:
    """The running process; it ends when the last copy of ``control`` is closed."""

    process: "subprocess.Popen[bytes]"
    control: socket.socket

    def close(self) -> None:
        """Let the process end and wait for it."""
        self.control.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)


@cache
def _room() -> _Room:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = (sys.executable, "-m", "atlas.confidential.delivery.room", str(theirs.fileno()))
    with theirs:
        process = subprocess.Popen(
            command,
            cwd=_PROJECT_DIR,  # the project lies on the path
            env={**os.environ, **_ONE_THREAD},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # what libraries print when they end may hold a value
            pass_fds=(theirs.fileno(),),
        )
    room = _Room(process, ours)
    atexit.register(room.close)
    return room
