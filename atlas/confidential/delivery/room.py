"""The process in which deliveries are read: every file in a child of its own, within limits.

``python -m atlas.confidential.delivery.room FD`` waits at a socket. What arrives there are four
descriptors: the conversation with whoever asks, the file, the place for what is read, and a
pipe for how the child ended. This process has one thread and no state, so forking it is cheap
and safe; a child that a file ends takes nothing with it.
"""

import gc
import json
import os
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from atlas.confidential.delivery.reading import read_content
from atlas.confidential.delivery.request import Holders, Locate, Reading, Request
from atlas.config import Layout
from atlas.errors import trace_of

DESCRIPTORS = 4
_MB = 1024 * 1024
_ALIGNED = 64
_STATM_DATA = 5  # /proc/self/statm: pages of private writable memory


@dataclass(frozen=True)
class Job:
    """What a child is told before it reads; whatever depends on a date it asks for."""

    name: str
    layout: Layout
    claimed: date | None
    hash_key: bytes = field(repr=False)
    addresses: Mapping[str, str] = field(repr=False)
    nesting: Mapping[str, str | None]
    holders: Holders
    today: date
    memory_mb: int
    seconds: int


def main(control_fd: int) -> None:
    """Fork for every file that arrives, until nobody is left who could send one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for whoever asks
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits here
    _warm_up()
    with socket.socket(fileno=control_fd) as control:
        while True:
            _, descriptors, _, _ = socket.recv_fds(control, 1, DESCRIPTORS)
            if len(descriptors) != DESCRIPTORS:
                return
            if os.fork() == 0:
                control.close()
                os._exit(_watch(descriptors))
            for descriptor in descriptors:
                os.close(descriptor)


def _warm_up() -> None:
    """Read a small table here, so that no child loads again what all of them use."""
    columns = {"id": {"role": "person"}, "area": {"role": "area"}}
    layout = {"id": "a", "source": "a", "label": "a", "shape": "persons", "columns": columns}
    layout |= {"file": "a.csv", "kind": "block", "measures": {"residents": "every_row"}}
    request = Request(Layout.model_validate(layout), date(2000, 1, 1), b"k")
    with tempfile.TemporaryFile() as content:
        content.write(b"id;area\n1;1\n")
        content.flush()
        read_content("a.csv", Path(f"/dev/fd/{content.fileno()}"), request)
    gc.freeze()


def _watch(descriptors: list[int]) -> int:
    """Let a child read, and tell how it ended: exit code, peak of memory, processor time."""
    *work, report = descriptors
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        os.close(report)
        os._exit(_serve(*work))
    for descriptor in work:
        os.close(descriptor)
    _, status, usage = os.wait4(child, 0)
    ended = {
        "code": os.waitstatus_to_exitcode(status),
        "peak_mb": usage.ru_maxrss // 1024,
        "seconds": round(usage.ru_utime + usage.ru_stime, 1),
    }
    os.write(report, json.dumps(ended).encode())
    return 0


def _serve(asker_fd: int, content_fd: int, result_fd: int) -> int:
    """Read one file; whatever ends this is told without a value."""
    with Connection(asker_fd) as asker:
        try:
            job: Job = asker.recv()
            _limit(job)
            reading = read_content(
                job.name, Path(f"/dev/fd/{content_fd}"), _request(job, asker)
            )
            with os.fdopen(result_fd, "wb") as result:
                about = _write(reading, result)
            asker.send_bytes(json.dumps({"read": about}).encode())
        except BaseException as error:  # noqa: BLE001 - also what libraries in Rust raise
            with suppress(OSError):
                asker.send_bytes(json.dumps({"failed": trace_of(error)}).encode())
            return 1
    return 0


def _limit(job: Job) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core holds the delivery
    resource.setrlimit(resource.RLIMIT_CPU, (job.seconds, job.seconds + 5))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(4 * job.seconds)  # the machine may have other work
    with suppress(OSError):  # Linux alone
        statm = Path("/proc/self/statm").read_text(encoding="ascii").split()
        base = int(statm[_STATM_DATA]) * resource.getpagesize()
        most = base + job.memory_mb * _MB
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _request(job: Job, asker: Connection) -> Request:
    def ask(what: str, day: date) -> Any:
        asker.send_bytes(json.dumps({"ask": what, "day": day.isoformat()}).encode())
        return asker.recv()

    def locate(day: date) -> Locate:
        found: Locate = ask("locate", day)
        return found

    return Request(
        layout=job.layout,
        claimed=job.claimed,
        hash_key=job.hash_key,
        areas=lambda day: ask("areas", day),
        previous=lambda day: ask("previous", day),
        addresses=job.addresses,
        locate=locate,
        nesting=job.nesting,
        holders=job.holders,
        progress=lambda rows: asker.send_bytes(json.dumps({"rows": rows}).encode()),
        today=job.today,
    )


def _write(reading: Reading, result: BinaryIO) -> dict[str, Any]:
    """Write the table of each date, one after another, then the findings."""
    parts = []
    for day, table in reading.parts.items():
        result.write(bytes(-result.tell() % _ALIGNED))
        begin = result.tell()
        with pa.ipc.new_file(result, table.schema) as writer:
            writer.write_table(table)
        parts.append((day.isoformat(), begin, result.tell() - begin))
    found = [[asdict(one) for one in each] for each in (reading.findings, reading.refused)]
    findings = json.dumps(found).encode()
    place = (result.tell(), len(findings))
    result.write(findings)
    return {
        "parts": parts,
        "findings": place,
        "rows": reading.rows,
        "sha256": reading.sha256,
        "twins": {day.isoformat(): count for day, count in reading.twins.items()},
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
