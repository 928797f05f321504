"""A real Apache on loopback, with the recipe that operators read."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.command import PROJECT_DIR
from tests.nginx import wait_for

MISSING = "Apache is missing (Debian: apache2-bin)"
_MODULES = Path("/usr/lib/apache2/modules")
_NEEDED = ("mpm_event", "authz_core", "headers", "proxy", "proxy_http")
_RECIPE = re.compile(r"```apache\n(.*?)```", re.DOTALL)


def apache_program() -> str | None:
    """Where Apache is, if it is."""
    return shutil.which("apache2", path="/usr/sbin:/usr/bin")


def start_apache(
    program: str, directory: Path, port: int, server: int, user: str = ""
) -> subprocess.Popen[bytes]:
    """Start Apache with the recipe of the documentation, without TLS.

    Parameters
    ----------
    server
        Port of the dashboard's process.
    user
        Whom the proxy vouches for, in the group of the same name; empty: for nobody.
    """
    page = (PROJECT_DIR / "docs" / "betrieb.md").read_text(encoding="utf-8")
    (recipe,) = _RECIPE.findall(page)
    recipe = re.sub(r"\n *SSL\S+ .*", "", recipe).replace("*:443", f"127.0.0.1:{port}")
    recipe = recipe.replace("127.0.0.1:8501", f"127.0.0.1:{server}")
    if user:
        recipe = re.sub(r"unset (Remote-\w+)", rf'set \1 "{user}"', recipe)
    loaded = "\n".join(f"LoadModule {one}_module {_MODULES}/mod_{one}.so" for one in _NEEDED)
    account = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    (directory / "apache.conf").write_text(
        f"{loaded}\n{account}ServerRoot {directory}\nPidFile {directory}/pid\n"
        f"ErrorLog {directory}/apache.log\nServerName localhost\n"
        f"Listen 127.0.0.1:{port}\n{recipe}"
    )
    process = subprocess.Popen(
        [program, "-X", "-f", str(directory / "apache.conf")],
        stdin=subprocess.DEVNULL,
        stderr=(directory / "stderr.log").open("wb"),
    )
    wait_for(port, process, directory / "stderr.log")
    return process
