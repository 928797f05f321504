"""The compose file: who sees which directory, and what is open to whom."""

import re

import pytest
import yaml

from tests.command import PROJECT_DIR
from tests.system.dockerfile import read_stages

_SERVICES = yaml.safe_load((PROJECT_DIR / "compose.yaml").read_text(encoding="utf-8"))[
    "services"
]
_STAGES = read_stages(PROJECT_DIR / "Dockerfile")


def _mounts(service: str) -> dict[str, str]:
    """Path in the container to ``ro`` or ``rw``."""
    found = {}
    for volume in _SERVICES[service]["volumes"]:
        _, target, mode = re.fullmatch(r"(.+?):(/[^:]+)(?::(\w+))?", volume).groups()
        found[target] = mode or "rw"
    return found


def test_dashboard_reads_releases_and_writes_what_is_its_own() -> None:
    assert _mounts("dashboard") == {
        "/data/releases": "ro",
        "/data/requests": "rw",
        "/data/planning": "rw",
        "/data/sessions": "rw",
        "/app/access.toml": "ro",
    }


def test_office_alone_sees_what_is_confidential() -> None:
    assert _mounts("office") == {
        "/app/config": "ro",
        "/app/geodata": "ro",
        "/data/inbox": "rw",
        "/data/requests": "rw",
        "/data/confidential": "rw",
        "/data/releases": "rw",
        "/data/geodata": "ro",
        "/data/planning": "ro",
    }


def test_desk_sees_what_the_office_sees_and_keeps_new_cities() -> None:
    own = {"/data/config": "rw", "/app/access.toml": "ro"}
    assert _mounts("desk") == {**_mounts("office"), **own}


def test_all_share_the_same_directories() -> None:
    def source(service: str, name: str) -> str:
        volumes = _SERVICES[service]["volumes"]
        (found,) = [one for one in volumes if f":/data/{name}" in one]
        return str(found).split(":/data/")[0]

    for name in ("releases", "requests", "planning"):
        assert source("office", name) == source("dashboard", name) == source("desk", name)
    for name in ("inbox", "confidential"):
        assert source("office", name) == source("desk", name)


def test_what_is_published_is_so_on_this_machine_alone() -> None:
    assert _SERVICES["dashboard"]["ports"] == ["127.0.0.1:8501:8501"]
    assert _SERVICES["desk"]["ports"] == ["127.0.0.1:8502:8502"]
    # The dashboard is on the network that compose makes by itself.
    assert _SERVICES["desk"]["networks"] == ["desk"]
    assert "networks" not in _SERVICES["dashboard"]
    assert _SERVICES["desk"]["profiles"] == ["desk"]
    assert "ports" not in _SERVICES["office"]
    assert _SERVICES["office"]["network_mode"] == "none"


@pytest.mark.parametrize("service", ["office", "desk", "dashboard"])
def test_service_is_built_from_its_stage_and_hardened(service: str) -> None:
    settings = _SERVICES[service]
    assert settings["build"] == {"context": ".", "target": service}
    assert settings["read_only"] is True
    assert settings["cap_drop"] == ["ALL"]
    stage = _STAGES[service]
    assert stage.all_of("USER") == ["atlas"]
    assert len(stage.all_of("HEALTHCHECK")) == 1
    assert stage.all_of("FROM")[0].startswith("python:3.11-slim")


def test_office_watches() -> None:
    assert _STAGES["office"].command("ENTRYPOINT") == ["python", "-m", "atlas"]
    assert _STAGES["office"].command("CMD") == ["watch"]


def test_build_context_holds_what_the_images_copy() -> None:
    ignored = (PROJECT_DIR / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    for stage in ("office", "desk", "dashboard"):
        for rest in _STAGES[stage].all_of("COPY"):
            for source in rest.split()[:-1]:
                assert source.split("/")[0] in allowed
                assert list(PROJECT_DIR.glob(source))
                assert not source.startswith("atlas/demo")
