"""A run opens files of the project, of its home and of Python; nothing beside them."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.command import PROJECT_DIR

_WATCHED = """
import json, os, sys
opened = set()
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        opened.add(os.path.abspath(os.fsdecode(arguments[0])))
sys.addaudithook(watch)
from atlas.cli import app
app(sys.argv[1:], standalone_mode=False)
print(json.dumps(sorted(opened)))
"""
_SYSTEM_DIRS = ("/usr", "/lib", "/etc", "/proc", "/sys", "/dev")


def test_demo_reads_nothing_beside_itself(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    arguments = ["demo", "--city", "flensburg", "--no-serve", "--home", str(home)]
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, *arguments],
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    opened = json.loads(done.stdout.splitlines()[-1])
    assert any(path.endswith("flensburg/city.toml") for path in opened)
    own = (str(PROJECT_DIR), str(home), sys.prefix, sys.base_prefix, *_SYSTEM_DIRS)
    assert [path for path in opened if not path.startswith(own)] == []
    # A temporary directory of its own would be below none of them.
    assert not tempfile.gettempdir().startswith(own)
