"""No process of the dashboard sends anything beyond its machine, to whatever address.

The server runs in a network of its own whose only way out is a wire that ends in nothing; the
kernel counts what is put on it, from whichever process.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import leak_town
from tests.command import PROJECT_DIR

_NETWORK = """
set -e
echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
ip link set lo up
ip link add leck type veth peer name ende
ip link set leck arp off
ip link set ende up
ip addr add 192.0.2.1/24 dev leck
ip link set leck up
ip route add default dev leck
"$1" -c "$2" "$3"
"""
_VISIT = """
import json, socket, subprocess, sys
from pathlib import Path
from tests.identity import free_port
from tests.server import ended, start_dashboard
from tests.wire_reader import fetch, wire_reader

def left():
    told = subprocess.run(["ip", "-s", "-j", "link", "show", "leck"], capture_output=True)
    return json.loads(told.stdout)[0]["stats64"]["tx"]["packets"]

home, port = Path(sys.argv[1]), free_port()
server = start_dashboard(home, port)
url, files = f"http://127.0.0.1:{port}", 0
for page in ("", "quartier", "vergleich", "entwicklung", "planung", "tabellen", "methode"):
    with wire_reader(url, {}) as reader:
        for mark in list(reader.open(page, "quartier=Q1").offered.values())[:3]:
            files += fetch(url, reader.press(mark), {}).status_code == 200
for origin in ("https://boese.example", "null"):
    fetch(url, "/_stcore/stream", {"Origin": origin})
ended(server)
before = left()
# The same count sees what does leave.
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("198.51.100.7", 53))
print(json.dumps({"files": files, "left": before, "seen": left() - before}))
"""


def _can_make_networks() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    tried = ["unshare", "-rn", "ip", "link", "add", "leck", "type", "veth"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def test_nothing_leaves_the_machine(tmp_path: Path) -> None:
    if not _can_make_networks():
        pytest.skip("no network of its own can be made here (unshare, iproute2)")
    leak_town.write_town(tmp_path / "releases", "cell")
    (tmp_path / "planning").mkdir()
    command = ["unshare", "-rn", "sh", "-c", _NETWORK, "sh", sys.executable, _VISIT]
    done = subprocess.run(
        [*command, str(tmp_path)], cwd=PROJECT_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["files"] > 10
    assert told["left"] == 0
    assert told["seen"] == 1
