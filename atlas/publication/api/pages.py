"""Answers as pages for people: plain HTML, no script, nothing from outside."""

from collections.abc import Mapping, Sequence
from html import escape

from atlas.publication.api.links import HTML, Link
from atlas.publication.export.columns import STATUS_SUFFIX, Column
from atlas.terms import STATUS_LABELS, Status
from atlas.words import number_text

_MOST_ROWS, _DIGITS = 100, 2
_TEXTS = ("area_id", "name", "parent_name")
_STYLE = (
    "body{font-family:sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;"
    "line-height:1.5;color:#24211c}table{border-collapse:collapse;display:block;"
    "overflow-x:auto}th,td{border:1px solid #cfc8bb;padding:.2rem .5rem;text-align:left;"
    "white-space:nowrap}a{color:#124b5a}dt{font-weight:bold}"
)


def page(title: str, body: str, home: str) -> bytes:
    """Write a whole page."""
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f'<p><a href="{escape(home)}">Startseite</a></p>'
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    ).encode()


def document_body(content: Mapping[str, object]) -> str:
    """Write what a document says: its texts, its links, its collections."""
    texts = "".join(
        f"<p>{escape(str(content[name]))}</p>"
        for name in ("description", "attribution")
        if content.get(name)
    )
    lists = (_listed(content.get("conformsTo")), _collections(content.get("collections")))
    return texts + "".join(lists) + _links(content.get("links"))


def rows_body(
    heads: Sequence[str], rows: Sequence[Sequence[object]], matched: int, links: list[Link]
) -> str:
    """Write a table of features; the first column leads to each."""
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)
    lines = "".join(map(_row, rows[:_MOST_ROWS]))
    told = f"<p>{matched} gefunden, {min(len(rows), _MOST_ROWS)} gezeigt.</p>"
    return f"{told}<table><tr>{head}</tr>{lines}</table>{_links(links)}"


def heads_of(columns: Sequence[Column]) -> list[str]:
    """Name the columns that a page shows: what an area is called, and every value."""
    return [f"{one.title} ({one.unit})" if one.unit else one.title for one in _shown(columns)]


def values_shown(columns: Sequence[Column], row: Mapping[str, object]) -> list[str]:
    """Write one area; where no value is shown, the word of its status."""
    return [_value(one, row) for one in _shown(columns)]


def properties_body(properties: Mapping[str, object], links: list[Link]) -> str:
    """Write one feature as a list."""
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{_cell(value)}</dd>" for name, value in properties.items()
    )
    return f"<dl>{lines}</dl>{_links(links)}"


def _shown(columns: Sequence[Column]) -> list[Column]:
    return [one for one in columns if one.type == "number" or one.name in _TEXTS]


def _value(column: Column, row: Mapping[str, object]) -> str:
    value = row[column.name]
    if value is None:
        return STATUS_LABELS[Status(str(row[column.name + STATUS_SUFFIX]))]
    if not isinstance(value, float):
        return str(value)
    if column.codes:
        return f"{value:.0f} {column.codes[f'{value:.0f}']}"
    return number_text(value, 0 if value.is_integer() else _DIGITS)


def _row(values: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<td>{_cell(one)}</td>' for one in values)}</tr>"


def _cell(value: object) -> str:
    return "" if value is None else escape(str(value))


def _listed(values: object) -> str:
    if not isinstance(values, list):
        return ""
    return f"<ul>{''.join(f'<li>{escape(str(one))}</li>' for one in values)}</ul>"


def _collections(values: object) -> str:
    if not isinstance(values, list):
        return ""
    lines = ""
    for one in values:
        ways = [link for link in one["links"] if link["type"] == HTML]
        own = next(link for link in ways if link["rel"] in ("self", "alternate"))
        lines += f'<li><a href="{escape(own["href"])}">{escape(one["title"])}</a></li>'
    return f"<ul>{lines}</ul>"


def _links(values: object) -> str:
    if not isinstance(values, list):
        return ""
    lines = "".join(
        f'<li><a href="{escape(one["href"])}">{escape(one["title"])}</a> '
        f"({escape(one['rel'].rpartition('/')[2])})</li>"
        for one in values
    )
    return f"<h2>Verweise</h2><ul>{lines}</ul>"
