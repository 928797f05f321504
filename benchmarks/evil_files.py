"""Throw evil files at a living ``atlas watch``, then an honest one; and measure bombs.

``python -m benchmarks.evil_files --files 1000``: files of a fixed seed in rounds, under names
that layouts recognise and names that nobody should give. Afterwards the service lives, and an
honest register is published. Bombs are read one by one.
"""

import argparse
import io
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from atlas.confidential.delivery import (
    Copy,
    KnownAreas,
    ReadingEndedError,
    Request,
    read_apart,
)
from atlas.config import Layout
from atlas.home import Home
from tests.town_office import LAYOUTS, alw_csv, ba_csv, ewo_csv, office_tables, write_city

SEED = 20241231
ROUND = 25
FIRST = date(2001, 12, 31)
PATIENCE = 300
_EVIL_NAMES = (
    b"ba_\xfc.csv",
    b"ewo_" + b"x" * 247 + b".csv",
    b"-rf.csv",
    b"ba\x1b[2J.csv",
    b"a..csv",
    b"ewo_\xe2\x80\xaevsc.exe",
    b"ba_2001-12-31\n.csv",
)

_SHEET = "xl/worksheets/sheet1.xml"
_SHEET_HEAD = (
    b'<?xml version="1.0"?><worksheet '
    b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)

Damage = Callable[[random.Random, bytes], bytes]


def flip(draw: random.Random, content: bytes) -> bytes:
    """Change some bytes."""
    changed = bytearray(content)
    for _ in range(draw.randint(1, 40)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def cut(draw: random.Random, content: bytes) -> bytes:
    """Leave out the end."""
    return content[: draw.randrange(len(content))]


def repeat(draw: random.Random, content: bytes) -> bytes:
    """Put a piece of the content many times somewhere into it."""
    at, length = draw.randrange(len(content)), draw.randint(1, 60)
    piece = content[at : at + length] * draw.choice((2, 50, 2000))
    return content[:at] + piece + content[at:]


def noise(draw: random.Random, content: bytes) -> bytes:
    """Write nothing that anybody meant."""
    return draw.randbytes(draw.randint(0, 5000))


def quote(draw: random.Random, content: bytes) -> bytes:
    """Open quotation marks that nobody closes."""
    at = draw.randrange(len(content))
    return content[:at] + b'"' + content[at:] + b"\n" * draw.choice((0, 10_000))


DAMAGES: tuple[Damage, ...] = (flip, cut, repeat, noise, quote)


def honest_contents() -> dict[str, bytes]:
    """One small honest delivery per type of file."""
    rows = [line.split(";") for line in ba_csv().splitlines()]
    columns = {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}
    parquet = io.BytesIO()
    pq.write_table(pa.table(columns), parquet)
    return {
        "ba.csv": ba_csv().encode(),
        "alw.csv": alw_csv().encode(),
        "ewo.csv": ewo_csv().encode(),
        "ba.parquet": parquet.getvalue(),
        "ba.xlsx": workbook(
            [
                b"<row><c t='str'><v>QUARTIER</v></c><c t='str'><v>SGB2</v></c></row>",
                *(b"<row><c t='str'><v>%d</v></c><c><v>3</v></c></row>" % n for n in (11, 12)),
            ]
        ),
    }


def workbook(rows: list[bytes]) -> bytes:
    """Make a workbook of one sheet with these rows."""
    whole, content = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(whole) as made:
        made.add_worksheet("a")
    with (
        zipfile.ZipFile(whole) as before,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name != _SHEET:
                after.writestr(name, before.read(name))
        with after.open(_SHEET, "w", force_zip64=True) as sheet:
            sheet.write(_SHEET_HEAD)
            for row in rows:
                sheet.write(row)
            sheet.write(b"</sheetData></worksheet>")
    return content.getvalue()


def throw(inbox: Path, draw: random.Random, number: int) -> None:
    """Lay one evil thing into the inbox."""
    folder = os.fsencode(inbox)
    kind = draw.random()
    if kind < 0.15:
        name = draw.choice(_EVIL_NAMES)
        path = Path(os.fsdecode(folder + b"/" + name))
        path.write_bytes(draw.randbytes(20))
    elif kind < 0.22:
        _throw_no_file(inbox / f"ba_{FIRST + timedelta(days=number)}.csv", draw)
    else:
        name, content = draw.choice(sorted(honest_contents().items()))
        layout, _, suffix = name.partition(".")
        path = inbox / f"{layout}_{FIRST + timedelta(days=number)}.{suffix}"
        path.write_bytes(draw.choice(DAMAGES)(draw, content))


def _throw_no_file(path: Path, draw: random.Random) -> None:
    what = draw.choice(("folder", "pipe", "link", "loop", "socket"))
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "link":
        path.symlink_to("/etc/passwd")
    elif what == "loop":
        path.symlink_to(path)
    else:
        with socket.socket(socket.AF_UNIX) as one, suppress(OSError):
            one.bind(str(path))


def last_run(home: Path) -> dict[str, Any]:
    """Read what Datenstand says of the last run."""
    path = home / "releases" / "musterstadt" / "datenstand.json"
    with suppress(OSError):
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["last_run"]
        return found
    return {"result": ""}


def plain_files(inbox: Path) -> set[str]:
    """Names of the plain files that lie in the inbox."""
    return {p.name for p in inbox.iterdir() if p.is_file() and not p.is_symlink()}


def wait_for(process: "subprocess.Popen[bytes]", what: Callable[[], bool]) -> None:
    """Wait for the living service."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert process.poll() is None, "the service has ended"
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)


def throw_all(root: Path, files: int) -> None:
    """Run the service, throw the files, lay in an honest one, print what became of them."""
    tables = office_tables()
    tables["deliveries"]["layouts"][2]["file"] = "ba_{date}.*"
    city_dir = write_city(root / "city", tables)
    home = root / "home"
    Home(home).create("musterstadt")
    begin = time.monotonic()
    command = ("watch", "--city", str(city_dir), "--home", str(home), "--settle", "0")
    with (root / "watch.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "atlas", *command], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        stayed = _throw_rounds(process, home, files)
        (home / "inbox" / "ewo_2023-12-31.csv").write_text(ewo_csv(), encoding="utf-8")
        wait_for(process, lambda: _is_answered(home, "2023-12-31"))
        peak = _peak_mb(process.pid)
    finally:
        process.kill()
        process.wait(timeout=30)
    seconds = time.monotonic() - begin
    log_text = (home / "confidential/musterstadt/log.jsonl").read_text(encoding="utf-8")
    print(f"{files} files in {seconds:.0f} s; alive; peak of the service {peak} MB")
    print(
        f"last run: {last_run(home)['message']} Stayed with a sentence {stayed}, accepted "
        f"{log_text.count('accepted')}, put aside {len(plain_files(home / 'inbox/abgelehnt'))}"
    )


def _is_answered(home: Path, day: str) -> bool:
    """Whether the honest register is published, or Datenstand says why it is not."""
    is_published = (home / "releases" / "musterstadt" / f"{day}.1").is_dir()
    run = last_run(home)
    is_told = f"ewo_{day}.csv" in str(run.get("message"))
    return run["result"] not in ("", "running") and (is_published or is_told)


def _throw_rounds(process: "subprocess.Popen[bytes]", home: Path, files: int) -> int:
    """Throw the files; give how many stayed in the inbox after their round."""
    inbox, draw, stayed = home / "inbox", random.Random(SEED), 0
    for number in range(files):
        throw(inbox, draw, number)
        if number % ROUND == ROUND - 1 or number == files - 1:
            (home / "requests" / "neu-berechnen").touch()
            wait_for(process, lambda: not any((home / "requests").glob("neu*")))
            wait_for(process, lambda: last_run(home)["result"] not in ("", "running"))
            stayed += len(plain_files(inbox))
            _clear(inbox)
    return stayed


def _clear(inbox: Path) -> None:
    for path in inbox.iterdir():
        if path.name == "abgelehnt":
            continue
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)


def _peak_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def bombs(root: Path) -> dict[str, Path]:
    """Small files that become large in memory."""
    cell = b"<row r='1'><c r='A1' t='inlineStr'><is><t>" + b"A" * 1_500_000_000
    row = b"<row>" + b"<c><v>1</v></c>" * 26 + b"</row>"
    made = {
        "one cell of 1.5 GB (XLSX)": ("a.xlsx", lambda: workbook([cell])),
        "26 million cells without a place (XLSX)": (
            "b.xlsx",
            lambda: workbook([row] * 1_000_000),
        ),
        "40 MB of separators (CSV)": ("c.csv", lambda: b"QUARTIER;SGB2\n" + b";" * 40_000_000),
        "10 million short rows (CSV)": (
            "d.csv",
            lambda: b"QUARTIER;SGB2\n" + b"1;1\n" * 10_000_000,
        ),
        "one column of 2 GB (Parquet)": ("e.parquet", _parquet_bomb),
    }
    paths = {}
    for what, (name, make) in made.items():
        (root / name).write_bytes(make())
        paths[what] = root / name
    return paths


def _parquet_bomb() -> bytes:
    content = io.BytesIO()
    text = pa.array(["A" * 1_000_000]).dictionary_encode()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 2000, pa.int32()), text.dictionary)
    pq.write_table(pa.table({"QUARTIER": column, "SGB2": column}), content)
    return content.getvalue()


def read_bombs(root: Path) -> None:
    """Read each bomb in a child; print seconds, peak of the child and the sentence."""
    layout = {**LAYOUTS[2], "file": "*"}
    layout["columns"] = {k: v for k, v in layout["columns"].items() if k != "SGB2_U18"}
    areas = KnownAreas(FIRST, frozenset({"11"}))
    request = Request(Layout.model_validate(layout), FIRST, b"k", lambda day: areas)
    for what, path in bombs(root).items():
        size, begin = path.stat().st_size, time.perf_counter()
        with path.open("rb") as content, _peaks() as peaks:
            try:
                reading = read_apart(Copy(path.name, content, size), request, root)
                end = ", ".join(one.check for one in reading.findings) or "read"
            except ReadingEndedError as error:
                end = str(error)
                peaks.append(error.ending.peak_mb)
        seconds = time.perf_counter() - begin
        print(
            f"{what}, {size / 1e6:.1f} MB: {seconds:.1f} s, {max(peaks)} MB: {end}", flush=True
        )


@contextmanager
def _peaks() -> Iterator[list[int]]:
    """Look again and again how much memory the processes that read have taken."""
    peaks, is_over = [0], Event()

    def look() -> None:
        while not is_over.wait(0.02):
            for process in Path("/proc").glob("[0-9]*"):
                with suppress(OSError, IndexError):
                    if b"delivery.room" in (process / "cmdline").read_bytes():
                        peaks.append(_peak_mb(int(process.name)))

    thread = Thread(target=look, daemon=True)
    thread.start()
    yield peaks
    is_over.set()
    thread.join()


def main() -> None:
    """Print what became of the files and of the bombs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--only", choices=("bombs", "files"))
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="evil-"))
    try:
        if arguments.only != "files":
            read_bombs(root)
        if arguments.only != "bombs":
            throw_all(root, arguments.files)
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
