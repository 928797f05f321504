"""Whether who listens to a paper learns as much as who looks at it."""

from collections.abc import Iterator

from tests.papers.tagged import Element, Tagged

_STANDARDS = ("pdfaid 2", "pdfaid A", "pdfuaid 1")
_HEADS = ("H1", "H2", "H3", "H4", "H5", "H6")


def tree_faults(paper: Tagged) -> Iterator[str]:
    """Say what is missing: title, language, standards, headings, texts of pictures, heads."""
    if not paper.title.strip():
        yield "kein Titel"
    if paper.language.lower() != "de-de":
        yield f"Sprache ist {paper.language}"
    yield from (f"{one}: fehlt" for one in _STANDARDS if one not in paper.standards)
    yield from _heading_faults(list(paper.root.every(*_HEADS)))
    for one in paper.root.every("Figure"):
        if not one.alt.strip():
            yield f"Seite {one.page}: ein Bild ohne Text"
    for table in paper.root.every("Table"):
        yield from _table_faults(table)


def _heading_faults(heads: list[Element]) -> Iterator[str]:
    if not heads:
        yield "keine Überschrift"
    level = 0
    for one in heads:
        if not one.text:
            yield f"Seite {one.page}: eine leere Überschrift"
        own = int(one.tag[1])
        if own > level + 1:
            yield f"Seite {one.page}: {one.tag} nach H{level}"
        level = own


def _table_faults(table: Element) -> Iterator[str]:
    rows = list(table.every("TR"))
    place = f"Seite {table.page}: eine Tabelle"
    if not rows or any(cell.tag != "TH" for cell in rows[0].children):
        yield f"{place} ohne Kopf"
        return
    for head in rows[0].children:
        if head.scope != "Column" or not head.text:
            yield f"{place} mit einem Kopf ohne Spalte oder Text"
    if any(len(row.children) != len(rows[0].children) for row in rows):
        yield f"{place} mit Zeilen verschiedener Länge"
