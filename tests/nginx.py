"""A real nginx on loopback, with the recipe that operators read."""

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.command import PROJECT_DIR

MISSING = "nginx is missing and could not be installed (Debian: nginx-light)"
_RECIPE = re.compile(r"```nginx\n(.*?)```", re.DOTALL)


def nginx_program() -> str | None:
    """Where nginx is, if it is."""
    return shutil.which("nginx", path="/usr/sbin:/usr/bin")


def start_nginx(
    program: str, directory: Path, port: int, servers: tuple[int, ...], user: str = ""
) -> subprocess.Popen[bytes]:
    """Start nginx with the recipe of the documentation, without TLS.

    Parameters
    ----------
    servers
        Ports of the dashboard's processes.
    user
        Whom the proxy vouches for, in the group of the same name; empty: for nobody.
    """
    page = (PROJECT_DIR / "docs" / "betrieb.md").read_text(encoding="utf-8")
    (recipe,) = _RECIPE.findall(page)
    recipe = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", recipe)
    recipe = re.sub(r"\n *ssl_certificate\S* .*?;", "", recipe)
    listed = "\n".join(f"server 127.0.0.1:{one};" for one in servers)
    recipe = recipe.replace("server 127.0.0.1:8501;", listed)
    for name in ("Remote-User", "Remote-Groups"):
        recipe = recipe.replace(f'{name} ""', f'{name} "{user}"')
    temporary = "\n".join(
        f"{one}_temp_path {directory}/{one};"
        for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (directory / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {directory}/pid; error_log stderr;\n"
        f"events {{ worker_connections 2048; }}\n"
        f"http {{\n{temporary}\naccess_log off;\n{recipe}}}\n"
    )
    process = subprocess.Popen(
        [program, "-p", str(directory), "-c", str(directory / "nginx.conf")],
        stdin=subprocess.DEVNULL,
        stderr=(directory / "nginx.log").open("wb"),
    )
    wait_for(port, process, directory / "nginx.log")
    return process


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a proxy listens."""
    end = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    process.kill()
    raise AssertionError(log.read_text())
