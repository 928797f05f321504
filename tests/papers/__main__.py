"""Reads papers by hand: ``python -m tests.papers PAPER.pdf RELEASE…``, the paper's own last."""

import sys
from pathlib import Path

from tests.papers.proof import prove_paper
from tests.papers.structure import tree_faults
from tests.papers.tagged import read_tagged
from tests.words.books import book_of


def main() -> int:
    """Say how many numbers were found, which not, and what the structure lacks."""
    path, *releases = map(Path, sys.argv[1:])
    paper = read_tagged(path.read_bytes())
    proof = prove_paper(paper, [book_of(one) for one in releases])
    faults = list(tree_faults(paper))
    told = [
        f"{path.name}: {len(paper.feet)} Seiten, {proof.found} Zahlen gefunden, "
        f"{len(proof.strangers)} fremd, {len(faults)} Mängel der Struktur",
        *proof.strangers[:40],
        *faults[:40],
    ]
    sys.stdout.write("\n".join(told) + "\n")
    return bool(proof.strangers or faults)


if __name__ == "__main__":
    sys.exit(main())
