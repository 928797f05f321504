"""Inventory of all sentence makers: every template in the source, and how it is proved.

``inventory.txt`` has a line per module and template: module, proof, template, with tabs
between them.
``python -m tests.words.inventory`` adds what the source has and the table lacks, with „?“ as
its proof, and drops what the source has no more.

Proofs: the name of a sentence of the grammar; ``Tabelle`` (``tables.py``); ``Stück`` (part of a
sentence that the grammar reads whole); ``Wort`` (heading or fixed text that speaks of no cell);
``Datenstand`` and ``Befehl`` (speak of runs and files, proved where those are tested);
``offen`` (speaks of cells and is not read back yet: these become fewer, never more).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).parent / "inventory.txt"
OTHER_PROOFS = ("Tabelle", "Stück", "Wort", "Datenstand", "Befehl", "offen")
_MAKERS = (
    "atlas/sentences",
    "atlas/publication/views",
    "atlas/cli/differences.py",
    "atlas/confidential/run.py",
    "atlas/confidential/cause.py",
    "atlas/release/origin.py",
)
_WORDS = re.compile(r"[^\W\d_]{2,}.* .*", re.DOTALL)
_LEAST_WORDS = 4


def templates() -> set[tuple[str, str]]:
    """Every template of the makers: module and text, with ``{}`` for what is put in."""
    found = set()
    for path in _sources():
        module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {(module, text) for text in _texts(tree) if _is_sentence(text)}
    return found


def table() -> dict[tuple[str, str], str]:
    """Proof by module and template, as ``inventory.txt`` says."""
    lines = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    rows = (line.split("\t") for line in lines if line)
    return {(module, text.replace("\\n", "\n")): proof for module, proof, text in rows}


def _sources() -> Iterator[Path]:
    for maker in _MAKERS:
        path = ROOT / maker
        yield from sorted(path.glob("*.py")) if path.is_dir() else [path]


def _texts(tree: ast.Module) -> Iterator[str]:
    """Texts of a module but docstrings; what is joined into an f-string is one text."""
    left_out = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(value) for value in node.values}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values
            )


def _is_sentence(text: str) -> bool:
    """Whether a text says something: it has words, and a place, a full stop or many words."""
    if not _WORDS.search(text.strip()) or " " not in text.strip():
        return False
    return "{}" in text or text.endswith((".", "!", "?")) or len(text.split()) >= _LEAST_WORDS


def write() -> None:
    """Bring the table to what the source has; new templates get „?“."""
    known = table()
    rows = (
        "\t".join((module, known.get((module, text), "?"), text.replace("\n", "\\n")))
        for module, text in sorted(templates())
    )
    TABLE.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    write()
