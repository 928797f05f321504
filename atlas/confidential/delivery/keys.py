"""Checks that persons and counts share: area keys and reference dates."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from atlas.confidential.delivery.dates import formats_of, german_formats, parse_date
from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
    find_rows,
)
from atlas.confidential.delivery.parse import Coded, common_width, encode, pad_keys
from atlas.confidential.delivery.request import KnownAreas, Request
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Layout
from atlas.legible import clean_text, garbled
from atlas.words import ascii_text, day_text

# Days since 1900 or 1904, as sheets store dates.
_SERIAL = re.compile("[2-5][0-9]{4}")
_CONFIG_HINT = "in deliveries.toml prüfen."


def read_area_keys(table: TextTable, layout: Layout, known: KnownAreas | None) -> pa.Array:
    """Area keys as text, zeros in front where the layout or the edition says how many.

    A table without an area column speaks of the city, whose kind has one key.
    """
    name = layout.column_of("area")
    if name is None:
        return _city_key(table, known)
    texts = table.column(name)
    if layout.columns[name].by_name and known is not None:
        return _keys_of_names(texts, known)
    width = layout.columns[name].width
    if not width and table.is_typed and known is not None:
        width = common_width(known.keys)
    keys = pad_keys(texts, width)
    return keys if known is None else _plain_keys(keys, known.keys)


def _plain_keys(texts: pa.Array, keys: frozenset[str]) -> pa.Array:
    """Read ``05 124 000`` and ``101.0`` as the keys that they are; all others stay."""
    width = common_width(keys)
    encoded = texts.dictionary_encode()
    plain = [_plain_key(text, keys, width) for text in encoded.dictionary.to_pylist()]
    return pa.array(plain, pa.large_string()).take(encoded.indices)


def _plain_key(text: str, keys: frozenset[str], width: int) -> str:
    if text in keys:
        return text
    whole = re.sub(r"[.,]0$", "", text)
    joined = text.replace(" ", "")
    if whole != text and whole in keys:
        return whole
    return joined if joined in keys and len(joined) == width else text


def _keys_of_names(texts: pa.Array, known: KnownAreas) -> pa.Array:
    """Key of each name; a text that is no name stays, and so do totals."""
    names = {fold_name(name): key for name, key in known.names.items()}
    encoded = texts.dictionary_encode()
    keys = [names.get(fold_name(text), text) for text in encoded.dictionary.to_pylist()]
    return pa.array(keys, pa.large_string()).take(encoded.indices)


def fold_name(name: str) -> str:
    """Write a name so that ``Süd-Ost``, ``Sued-Ost`` and ``SÜD OST`` are the same."""
    return "".join(letter for letter in ascii_text(clean_text(name)) if letter.isalnum())


def check_area_keys(
    coded: Coded, rows: npt.NDArray[np.int64], layout: Layout, known: KnownAreas | None
) -> tuple[Finding, ...]:
    """Report keys that the edition does not have; empty keys are another check."""
    if known is None:
        return ()
    unknown = {text for text in coded.texts if text and text not in known.keys}
    finding = find(
        "unknown_area",
        Severity.ERROR,
        area_place(layout),
        _unknown_hint(unknown, coded.texts, known),
    )
    return find_rows(finding, rows[coded.where(unknown.__contains__)])


def _unknown_hint(unknown: set[str], texts: Sequence[str], known: KnownAreas) -> str:
    edition = known.edition.isoformat()
    larger = {key for areas in known.above.values() for key in areas}
    if unknown and unknown <= larger:
        return (
            "Schlüssel gehört zu einer größeren Gebietsart. Erwartet: nur Zeilen der "
            "Gebietsart kind. Zeilen anderer Gebietsarten in deliveries.toml unter sums nennen."
        )
    if unknown and all(_would_fit(text, known.keys) for text in unknown):
        width = common_width(known.keys)
        if all(text.zfill(width) in texts for text in unknown):
            return (
                "Schlüssel steht neben demselben mit führenden Nullen, vermutlich eine Zeile "
                "für ein größeres Gebiet. Erwartet: nur Zeilen der Gebietsart kind. Die Zeilen "
                "in deliveries.toml unter sums nennen oder mit ignore weglassen."
            )
        return (
            f"Schlüssel ohne führende Nullen, im Gebietsstand {edition} haben sie welche. "
            "Spalte als Text liefern oder width in deliveries.toml setzen."
        )
    if unknown and all(text.isdigit() and text.lstrip("0") in known.keys for text in unknown):
        width = max(len(text) for text in unknown)
        return (
            f"Schlüssel mit führenden Nullen; in den Grenzen des Gebietsstands {edition} "
            f"fehlen führende Nullen, dort waren die Schlüssel Zahlen. width = {width} in "
            "areas.toml setzen."
        )
    if unknown and all(_has_more_zeros(text, known.keys) for text in unknown):
        digits = common_width(known.keys)
        return (
            f"Schlüssel mit mehr führenden Nullen als im Gebietsstand {edition}. An der Spalte "
            f'pattern = "0*([0-9]{{{digits}}})" in deliveries.toml setzen.'
        )
    if garbled(unknown):
        return (
            "Namen mit falsch gelesenen Umlauten. Erwartet: UTF-8 oder Windows-1252. Datei im "
            "richtigen Zeichensatz neu speichern."
        )
    if 2 * len(unknown) > len(texts):
        return (
            f"die meisten Schlüssel fehlen im Gebietsstand {edition}, vermutlich gehört die "
            "Lieferung zu einem anderen Gebietsstand oder einer anderen Gebietsart. edition, "
            f"kind und Spalte {_CONFIG_HINT}"
        )
    return f"Schlüssel fehlt im Gebietsstand {edition}. Gebietsstand {_CONFIG_HINT}"


def _has_more_zeros(text: str, keys: frozenset[str]) -> bool:
    width = common_width(keys)
    surplus = text[:-width] if width else ""
    return text.isdigit() and surplus.strip("0") == "" != surplus and text[-width:] in keys


def _would_fit(text: str, keys: frozenset[str]) -> bool:
    width = common_width(keys)
    return text.isdigit() and len(text) < width and text.zfill(width) in keys


def split_by_date(
    table: TextTable, request: Request
) -> tuple[Mapping[date, npt.NDArray[np.int64]], tuple[Finding, ...]]:
    """Positions of the rows of every reference date; rows without a date are left out."""
    column = request.layout.column_of("date")
    if column is None:
        if request.claimed is None:
            return {}, (_no_date(),)
        return {request.claimed: np.arange(len(table.rows))}, ()
    coded = encode(table.column(column))
    written = request.layout.columns[column].formats()
    formats = formats_of(table, written)
    dates = coded.parse(lambda text: parse_date(text, formats))
    expected = german_formats(written)
    wrong = [text for text, day in zip(coded.texts, dates, strict=True) if day is None]
    hint = f"kein gültiges Datum. Erwartet: {expected}. {_date_remedy(wrong, any(dates))}"
    invalid = find("invalid_date", Severity.ERROR, column_place(column), hint)
    is_invalid = np.array([found is None for found in dates], dtype=bool)[coded.codes]
    findings = find_rows(invalid, table.rows[is_invalid])
    positions: dict[date, list[npt.NDArray[np.int64]]] = {}
    for code, found in enumerate(dates):
        if found is not None:
            positions.setdefault(found, []).append(np.flatnonzero(coded.codes == code))
    split = {day: np.sort(np.concatenate(positions[day])) for day in sorted(positions)}
    others = _other_dates(split, request)
    usual = {day: rows for day, rows in split.items() if day not in others}
    return usual, (*findings, *_check_claimed(split, others, table, request))


def _date_remedy(wrong: Sequence[str], has_dates: bool) -> str:
    if has_dates:
        return "Lieferung berichtigen oder alle Schreibweisen in format nennen."
    if all(_SERIAL.fullmatch(text) for text in wrong):
        return "Vermutlich Datumszellen ohne Datumsformat: die Spalte als Datum formatieren."
    if all(":" in text for text in wrong):
        return "Datum ohne Uhrzeit liefern."
    return "Lieferung oder format in deliveries.toml berichtigen."


def _other_dates(split: Iterable[date], request: Request) -> list[date]:
    """Dates that may not occur: a register holds one, a continued table none after it."""
    claimed = request.claimed
    if claimed is None:
        return []
    is_register = request.layout.shape == "persons"
    return [day for day in split if day > claimed or (is_register and day != claimed)]


def _check_claimed(
    split: Mapping[date, npt.NDArray[np.int64]],
    others: Sequence[date],
    table: TextTable,
    request: Request,
) -> tuple[Finding, ...]:
    claimed = request.claimed
    if claimed is None or not split:
        return ()
    hint = (
        f"anderer Stichtag als angegeben. Erwartet: {day_text(claimed)}. "
        "Dateinamen oder Angabe --date prüfen."
    )
    place = column_place(request.layout.column_of("date") or "")
    finding = find("other_date", Severity.ERROR, place, hint)
    if others:
        return find_rows(finding, table.rows[np.concatenate([split[day] for day in others])])
    return () if claimed in split else (finding,)


def _no_date() -> Finding:
    return find(
        "no_date",
        Severity.ERROR,
        "",
        "kein Stichtag bekannt. Erwartet: im Dateinamen oder in einer Spalte mit role = date. "
        "Stichtag mit --date angeben.",
    )


def area_place(layout: Layout) -> str:
    """German name of the place of the area column; empty where there is none."""
    name = layout.column_of("area")
    return "" if name is None else column_place(name)


def _city_key(table: TextTable, known: KnownAreas | None) -> pa.Array:
    keys = sorted(known.keys) if known is not None else []
    key = keys[0] if len(keys) == 1 else ""
    return pa.array([key] * len(table.rows), pa.large_string())
