"""A real identity provider for tests: npm's oidc-provider, installed beside the project."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parent / "oidc"
MISSING = "node or npm is missing, or no package index answers"
_FILES = ("package.json", "package-lock.json")


def installed_modules() -> Path | None:
    """Directory with oidc-provider, installed once per lock; ``None`` where that fails."""
    if not (shutil.which("node") and shutil.which("npm")):
        return None
    lock = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    target = cache / "social-space-atlas" / f"oidc-{lock}"
    if target.is_dir():
        return target
    scratch = target.with_name(f".{target.name}.{os.getpid()}")
    scratch.mkdir(parents=True)
    for name in _FILES:
        shutil.copy(SOURCE / name, scratch)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=scratch, capture_output=True, check=False)
    if done.returncode == 0 and not target.exists():
        scratch.rename(target)
    shutil.rmtree(scratch, ignore_errors=True)
    return target if target.is_dir() else None


@dataclass
class Identity:
    """A running provider."""

    issuer: str
    process: subprocess.Popen[str]

    def tell(self, **changes: Any) -> dict[str, Any]:
        """Change people, who signs in next, or faults; give how often tokens were asked for."""
        request = urllib.request.Request(f"{self.issuer}/test", json.dumps(changes).encode())
        with urllib.request.urlopen(request, timeout=5) as answer:
            return dict(json.load(answer))

    def stop(self) -> None:
        """End the provider."""
        self.process.terminate()
        self.process.wait(timeout=10)


def start_identity(modules: Path, clients: Sequence[dict[str, Any]], log: Path) -> Identity:
    """Start a provider on loopback; it signs in whomever a test names."""
    port = free_port()
    program = [str(SOURCE / "provider.mjs"), str(modules), str(port), json.dumps(clients)]
    process = subprocess.Popen(
        ["node", *program],
        stdout=subprocess.PIPE,
        stderr=log.open("w"),
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready", log.read_text()
    return Identity(f"http://127.0.0.1:{port}", process)


def free_port() -> int:
    """Give a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
