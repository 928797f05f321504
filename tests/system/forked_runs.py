"""Runs of an office in processes of their own, forked from one that has imported everything.

``python forked_runs.py CITY HOME``: for every line on standard input one run, killed after so
many seconds as the line says, if it says any; answers with the exit code.
"""

import os
import signal
import sys
import time
from pathlib import Path

from atlas.confidential.delivery import open_room
from atlas.confidential.desk import open_desk
from atlas.confidential.run import run
from atlas.home import Home
from tests.town_office import Watcher


def main(city_dir: Path, home: Path) -> None:
    """Fork one process per line; nothing but imports happened before, so no thread is lost."""
    open_room()  # one for all runs
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            office = open_desk(city_dir, Home(home), Watcher())
            os._exit(len(run(office, "").errors))
        if line.strip():
            time.sleep(float(line))
            os.kill(process, signal.SIGKILL)  # ended or not, nobody else has its number yet
        _, status = os.waitpid(process, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
