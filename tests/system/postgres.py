"""A private PostgreSQL server for tests: loopback, free port, own password, gone at the end."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

MISSING = "PostgreSQL fehlt: als root „apt-get install postgresql“ ausführen."
USER = "atlas"
DATABASE = "postgres"


@dataclass(frozen=True)
class Server:
    """A server that runs; its password is in no address."""

    port: int
    password: str

    @property
    def url(self) -> str:
        """Address for Ibis without a password, which comes from ``PGPASSWORD``."""
        return f"postgres://{USER}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def url_with_password(self) -> str:
        """Address for Ibis as it stands in an environment variable."""
        return self.url.replace(f"{USER}@", f"{USER}:{self.password}@")

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """Connect to fill tables."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            dbname=DATABASE,
            autocommit=True,
        )


@contextmanager
def running_server(tmp_dir: Path) -> Iterator[Server]:
    """Make a cluster, start it and end it; fails in one line where PostgreSQL is missing."""
    bin_dir = _find_bin_dir()
    account = "postgres" if os.getuid() == 0 else None  # the server refuses root
    with _own_directory(tmp_dir, account) as directory:
        data_dir = directory / "cluster"
        data_dir.mkdir()
        password_path = directory / "password"
        server = Server(_free_port(), secrets.token_hex(16))
        password_path.write_text(server.password, encoding="utf-8")
        if account:
            shutil.chown(data_dir, account)
            shutil.chown(password_path, account)
        _call(
            account,
            *(bin_dir / "initdb", "--pgdata", data_dir, "--username", USER, "--no-sync"),
            *("--auth", "scram-sha-256", "--pwfile", password_path, "--encoding", "UTF8"),
        )
        options = (
            f"-c port={server.port} -c listen_addresses=127.0.0.1 -c fsync=off "
            f"-c unix_socket_directories={data_dir}"
        )
        control = (bin_dir / "pg_ctl", "--pgdata", data_dir, "--wait")
        _call(
            account, *control, "--log", data_dir / "server.log", "--options", options, "start"
        )
        try:
            yield server
        finally:
            _call(account, *control, "--mode", "immediate", "stop")


def _find_bin_dir() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = found[-1] if found else shutil.which("initdb")
    if initdb is None:
        pytest.fail(MISSING, pytrace=False)
    return Path(initdb).parent


@contextmanager
def _own_directory(tmp_dir: Path, account: str | None) -> Iterator[Path]:
    """Directory that the account can reach: pytest closes its own to everybody but root."""
    if account is None:
        yield tmp_dir
        return
    directory = Path(tempfile.mkdtemp(prefix="atlas-postgres-"))
    shutil.chown(directory, account)
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _call(account: str | None, *command: object) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=account,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"PostgreSQL: {Path(str(command[0])).name}: {done.stderr}", pytrace=False)
