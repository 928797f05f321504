"""Figures of the tree: how large the rooms are, how many corridors join them.

``.venv/bin/python -m benchmarks.tree [DIR …]``; without a directory the tree it stands in. One
row a tree, which holds a package ``atlas``. An edge joins two modules of the package, one of
which imports the other or a name out of it, wherever in its text; the depth is the number of
modules on the longest chain of edges. Modules that import one another form a cycle, and each
of them lengthens the chain. The length of a function leaves out its docstring.
"""

import argparse
import ast
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "atlas"
COLUMNS = (
    *("lines", "modules (mean)", "functions median / p90 / max"),
    *("import lines", "edges per module", "import depth", "cycles"),
)

Graph = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Module:
    """A file of the package: dotted name, number of lines, syntax tree."""

    name: str
    is_package: bool
    lines: int
    tree: ast.Module


def modules_of(root: Path) -> dict[str, Module]:
    found = {}
    for path in sorted((root / PACKAGE).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        text = path.read_text(encoding="utf-8")
        found[name] = Module(name, is_package, text.count("\n"), ast.parse(text))
    return found


def imports_of(module: Module) -> list[ast.Import | ast.ImportFrom]:
    return [
        node for node in ast.walk(module.tree) if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def targets_of(module: Module, names: frozenset[str]) -> frozenset[str]:
    """Names of the modules of the package that a module imports."""
    found = set()
    for node in imports_of(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & names
        elif node.level == 0 and node.module in names:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & names
            if inner - names:
                found.add(node.module)
    return frozenset(found - {module.name})


def function_lengths(module: Module) -> Iterator[int]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = lines_of(node.body[0]) if ast.get_docstring(node, clean=False) else 0
            yield lines_of(node) - said


def lines_of(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def components_of(graph: Graph) -> list[frozenset[str]]:
    """Group modules that reach one another; what is imported comes first (Tarjan, 1972)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_ones: list[str] = []
    found: list[frozenset[str]] = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        open_ones.append(name)
        for target in sorted(graph[name]):
            if target not in number:
                visit(target)
            if target in open_ones:
                lowest[name] = min(lowest[name], lowest[target])
        if lowest[name] == number[name]:
            start = open_ones.index(name)
            found.append(frozenset(open_ones[start:]))
            del open_ones[start:]

    for name in sorted(graph):
        if name not in number:
            visit(name)
    return found


def depth_of(graph: Graph, components: list[frozenset[str]]) -> int:
    depth: dict[str, int] = {}
    for component in components:
        beyond = {target for name in component for target in graph[name]} - component
        reached = len(component) + max((depth[target] for target in beyond), default=0)
        depth |= dict.fromkeys(component, reached)
    return max(depth.values(), default=0)


def figures_of(root: Path) -> tuple[str, ...]:
    modules = modules_of(root)
    names = frozenset(modules)
    graph = {name: targets_of(module, names) for name, module in modules.items()}
    components = components_of(graph)
    lines = sum(module.lines for module in modules.values())
    lengths = sorted(length for one in modules.values() for length in function_lengths(one))
    imported = sum(lines_of(node) for one in modules.values() for node in imports_of(one))
    edges = sum(map(len, graph.values())) / len(modules)
    tenth = statistics.quantiles(lengths, n=10, method="inclusive")[-1]
    return (
        f"{lines:,}",
        f"{len(modules)} ({lines / len(modules):.0f})",
        f"{statistics.median(lengths):.0f} / {tenth:.0f} / {lengths[-1]}",
        f"{100 * imported / lines:.1f} %",
        f"{edges:.1f}",
        str(depth_of(graph, components)),
        str(sum(len(component) > 1 for component in components)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trees", nargs="*", type=Path, metavar="DIR")
    trees = parser.parse_args().trees or [Path(__file__).resolve().parent.parent]
    print("| |", " | ".join(COLUMNS), "|")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for root in trees:
        print(f"| {root.resolve().name} |", " | ".join(figures_of(root)), "|")


if __name__ == "__main__":
    main()
