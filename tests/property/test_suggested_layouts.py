"""Whatever shape a table of counts has: what is suggested for it reads it without an error."""

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.confidential.delivery.reading import read_delivery
from atlas.confidential.delivery.request import Request
from atlas.confidential.suggest import suggest_layout
from atlas.confidential.suggest.trial import layout_of_text
from atlas.errors import DeliveryError
from tests.sample_town import DISTRICTS, NAMES, TODAY, places, town

_DAY = date(2023, 12, 31)


@dataclass(frozen=True)
class _Shape:
    """How a table is written."""

    delimiter: str
    encoding: str
    title: int
    area: str
    wide: str
    thousands: str
    total: str
    has_districts: bool
    notes: Sequence[str]
    mark: str
    big: bool

    def area_text(self, key: str) -> str:
        return {
            "key": key,
            "short": key.lstrip("0"),
            "name": NAMES[key],
            "both": f"{key} {NAMES[key]}",
            "prefix": f"9990{key}",
        }[self.area]


_SHAPES = st.builds(
    _Shape,
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    title=st.integers(0, 3),
    area=st.sampled_from(["key", "short", "name", "both", "prefix"]),
    wide=st.sampled_from(["wide", "years", "long", "cube"]),
    thousands=st.sampled_from(["", ".", " "]),
    total=st.sampled_from(["", "Insgesamt", "Stadt Musterstadt"]),
    has_districts=st.booleans(),
    notes=st.lists(st.sampled_from(["Quelle: Amt", "*) vorläufig", "Hinweis"]), max_size=2),
    mark=st.sampled_from(["", "*", "x", "k. A."]),
    big=st.booleans(),
)


def _number(shape: _Shape, number: int) -> str:
    return f"{number:,}".replace(",", shape.thousands) if shape.thousands else str(number)


def _count(shape: _Shape, key: str, part: int) -> int:
    return (1_000 if shape.big else 7) * int(key) + part


def _lines(shape: _Shape) -> list[list[str]]:
    heads = {
        "wide": ["Gebiet", "Einwohner", "SGB II"],
        "years": ["Gebiet", "EW 2022", "EW 2023"],
        "long": ["Gebiet", "Merkmal", "Zahl"],
        "cube": ["Gebiet", "Geschlecht", "Anzahl"],
    }
    texts = {"long": ["Einwohner", "SGB II"], "cube": ["m", "w"]}.get(shape.wide)
    lines = [heads[shape.wide]]
    groups: list[tuple[str, list[str]]] = [(shape.area_text(k), [k]) for k in NAMES]
    if shape.has_districts and shape.area == "key":
        groups += [(f"Bezirk {key}", sorted(own)) for key, own in DISTRICTS.items()]
    if shape.total:
        groups.append((shape.total, list(NAMES)))
    for area, keys in groups:
        cells = [
            _number(shape, sum(_count(shape, key, part) for key in keys)) for part in (1, 2)
        ]
        if texts is None:
            if shape.mark and area == shape.area_text("05"):
                cells[1] = shape.mark
            lines.append([area, *cells])
        else:
            lines += [[area, text, cell] for text, cell in zip(texts, cells, strict=True)]
    return lines


def _whole(suffix: str) -> bytes:
    """A sample as each kind of file holds it."""
    frame = pd.DataFrame({"Gebiet": list(NAMES), "Einwohner": range(101, 106)})
    buffer = io.BytesIO()
    if suffix == ".parquet":
        frame.to_parquet(buffer)
    elif suffix == ".xlsx":
        frame.to_excel(buffer, index=False)
    else:
        frame.to_csv(buffer, sep=";", index=False)
    return buffer.getvalue()


_WHOLE = {suffix: _whole(suffix) for suffix in (".csv", ".parquet", ".xlsx")}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([*_WHOLE, ".xls", ".ods"]), st.randoms(use_true_random=False))
def test_a_damaged_sample_gets_a_suggestion_or_a_sentence(suffix: str, draw: Random) -> None:
    content = _WHOLE.get(suffix, _WHOLE[".xlsx"])
    at = draw.randrange(len(content))
    more = draw.choice([b"", draw.randbytes(20), b'"' + b"x" * 200_000, b"\0;\0\n"])
    rest = content[at:] if draw.random() < 0.5 else b""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"probe_{_DAY}{suffix}"
        path.write_bytes(content[:at] + more + rest)
        try:
            said = suggest_layout(path, town(), TODAY).suggestion.text()
        except DeliveryError as error:
            said = str(error)
    assert path.name in said


@settings(max_examples=100, deadline=None)
@given(_SHAPES)
def test_a_suggestion_reads_its_own_sample(shape: _Shape) -> None:
    width = len(_lines(shape)[0]) - 1
    titles = [[f"Titel {chr(65 + i)}", *[""] * width] for i in range(shape.title)]
    notes = [[note, *[""] * width] for note in shape.notes]
    text = "".join(
        f"{shape.delimiter.join(row)}\n" for row in [*titles, *_lines(shape), *notes]
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("probe.csv" if shape.wide == "years" else f"probe_{_DAY}.csv")
        path.write_bytes(text.encode(shape.encoding))
        tried = suggest_layout(path, town(), TODAY)
        layout = layout_of_text(tried.suggestion.text())
        known = places().kinds[0][1]
        claimed = None if shape.wide == "years" else _DAY
        request = Request(layout, claimed, bytes(32), areas=lambda day: known)
        reading = read_delivery(path, request)
    assert [one for one in reading.findings if one.severity == "error"] == []
    read = reading.parts[_DAY].to_pylist()
    assert {row["area_id"] for row in read} == set(NAMES)
    expected = {
        "wide": _count(shape, "03", 1),
        "years": _count(shape, "03", 2),
        "long": _count(shape, "03", 1),
        "cube": _count(shape, "03", 1) + _count(shape, "03", 2),
    }[shape.wide]
    assert [
        row["value"] for row in read if (row["area_id"], row["item"]) == ("03", "residents")
    ] == [expected]
