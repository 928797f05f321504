"""Reads a Dockerfile as far as the project's own uses it: stages, copied files, commands."""

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Python reads it before anything else.
_ONLY_THE_LOCK = """
import json, os, sys
from importlib.metadata import packages_distributions
allowed = set(json.loads(os.environ["LOCKED"]))
owners = {
    module: {one.lower().replace("_", "-") for one in names}
    for module, names in packages_distributions().items()
}
class OnlyTheLock:
    def find_spec(self, name, path=None, target=None):
        if not owners.get(name.partition(".")[0], allowed) & allowed:
            raise ModuleNotFoundError(f"not in the lock: {name}", name=name)
sys.meta_path.insert(0, OnlyTheLock())
"""


@dataclass(frozen=True)
class Stage:
    """One image: its instructions, those of the stages below it first.

    Attributes
    ----------
    instructions
        Pairs of keyword and rest of the line, continued lines joined.
    """

    instructions: tuple[tuple[str, str], ...]

    def all_of(self, keyword: str) -> list[str]:
        """Arguments of every instruction with this keyword, in order."""
        return [rest for word, rest in self.instructions if word == keyword]

    def command(self, keyword: str) -> list[str]:
        """Exec form of ENTRYPOINT, CMD or HEALTHCHECK."""
        (last,) = self.all_of(keyword)
        return [str(part) for part in json.loads(last[last.index("[") :])]

    def environment(self) -> dict[str, str]:
        """Variables that ENV sets."""
        return dict(re.findall(r"(\w+)=(\S+)", " ".join(self.all_of("ENV"))))


def read_stages(dockerfile: Path) -> dict[str, Stage]:
    """Named stages of a Dockerfile."""
    text = re.sub(r"\\\n", " ", dockerfile.read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.splitlines()]
    stages: dict[str, Stage] = {}
    current: list[tuple[str, str]] = []
    for line in (line for line in lines if line and not line.startswith("#")):
        keyword, rest = line.split(maxsplit=1)
        if keyword == "FROM":
            base, _, name = rest.partition(" AS ")
            current = [*stages[base].instructions] if base in stages else [(keyword, base)]
            stages[name] = Stage(())
        else:
            current.append((keyword, " ".join(rest.split())))
        stages[name] = Stage(tuple(current))
    return stages


def copy_files(stage: Stage, context_dir: Path, image_dir: Path) -> None:
    """Do what the stage's COPY instructions do, into a directory in place of WORKDIR."""
    for rest in stage.all_of("COPY"):
        *sources, target = rest.split()
        for source in (path for name in sources for path in context_dir.glob(name)):
            destination = image_dir / target
            if source.is_dir():
                no_caches = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, destination, ignore=no_caches, dirs_exist_ok=True)
            else:
                directory = destination if target.endswith("/") else destination.parent
                directory.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, destination)


def with_packages(names: Iterable[str], directory: Path) -> dict[str, str]:
    """Variables with which Python imports these packages alone, whatever else is installed.

    Parameters
    ----------
    directory
        A new one, for what does it.
    """
    directory.mkdir()
    (directory / "sitecustomize.py").write_text(_ONLY_THE_LOCK)
    locked = json.dumps([*names, "social-space-atlas"])
    return {"PYTHONPATH": str(directory), "LOCKED": locked}
