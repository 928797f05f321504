"""Reads a Dockerfile as far as the project's own uses it: stages, copied files, commands."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path


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
