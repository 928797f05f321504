"""Let senders who copy slowly, in pieces, twice or anew work against an office.

``python -m benchmarks.copies 200``: so many seeds, each against ``atlas watch`` and against
``atlas run``, some at once. Prints by way of copying how many files were taken in half and how
many were lost unread; there should be none.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.town_office import make_small, office_tables, write_city

AT_ONCE = 4


def run_all(root: Path, number: int) -> list[dict[str, Any]]:
    """Try every seed; give what became of each."""
    tables = office_tables()
    make_small(tables)
    city_dir = write_city(root / "city", tables)
    bounds = [number * n // AT_ONCE for n in range(AT_ONCE + 1)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.copying", city_dir, root, str(a), str(b - a)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for a, b in zip(bounds, bounds[1:], strict=False)
    ]
    return [json.loads(line) for one in processes for line in one.communicate()[0].splitlines()]


def main() -> None:
    """Print a line per office and way of copying."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int, nargs="?", default=200)
    with tempfile.TemporaryDirectory(prefix="copies-") as root:
        trials = run_all(Path(root), parser.parse_args().number)
    totals: dict[tuple[str, str], Counter[str]] = {}
    for trial in trials:
        total = totals.setdefault((trial["office"], trial["way"]), Counter())
        total["trials"] += 1
        total["taken"] += trial["taken"]
        for name in ("halves", "is_lost", "is_void"):
            total["void " + name if trial["is_void"] else name] += int(trial[name])
    for (office, way), total in sorted(totals.items()):
        print(f"{office:6} {way:10}", ", ".join(f"{k} {v}" for k, v in total.items()))


if __name__ == "__main__":
    main()
