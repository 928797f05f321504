"""Registers of persons, told by their heads; of their values nothing is ever passed on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from atlas.confidential.delivery.dates import compile_formats, parse_birth
from atlas.confidential.suggest.table import Table

_BIRTH = re.compile(r"geb(urts)?[._ ]?(dat|tag)|birth|^geb\.?$|geboren", re.IGNORECASE)
_AGE = re.compile(r"^(alter|age)([._ ]?(in )?jahren?)?$", re.IGNORECASE)
_PERSON = re.compile(
    r"person|ordnungsm|^p?[._]?id$|pers[._ ]?(nr|id)|^pkz$|^pk$|einwohner[._]?(id|nr)",
    re.IGNORECASE,
)
_NATION = re.compile(r"nation|staat|^st[_ .]?ang|^sta[0-9]?$", re.IGNORECASE)
_SECOND = re.compile(r"zweit|weitere|2|andere", re.IGNORECASE)
_CODES = re.compile(
    r"geschl|sex|famst|familienst|geburts?(land|staat)|herkunft|zuzug|titel|migr|konf|relig|hinter",
    re.IGNORECASE,
)
_AREA = re.compile(
    r"block|quartier|bezirk|gebiet|stadtteil|ortsteil|planungsraum|^area|schl(ü|ue)ssel",
    re.IGNORECASE,
)
_X = re.compile(r"^(x|ost(wert)?|rechts(wert)?|e(ast)?|utm_?(e|x|ost))$|easting", re.IGNORECASE)
_Y = re.compile(r"^(y|nord(wert)?|hoch(wert)?|n(orth)?|utm_?(n|y|nord))$|northing", re.I)
_COUNTED = re.compile(r"anzahl|^anz|zahl|count|einwohner$|insgesamt|summe|personen", re.I)
_NAMED = re.compile(
    r"vorname|nachname|familienname|rufname|stra(ß|ss)e$|hausnr|hausnummer|anschrift|telefon",
    re.IGNORECASE,
)
_BIRTH_FORMATS = ("%d.%m.%Y", "%Y-%m-%d", "%Y%m%d", "%d%m%Y", "%d/%m/%Y", "%m/%Y", "%Y")
_LOOKED_AT = 2_000
_MOSTLY = 0.95
_OLDEST = 125
_NOWHERE = re.compile(r"9{2,}|0+|-1|")


@dataclass(frozen=True)
class Register:
    """Positions of the columns of a register of persons."""

    area: int | None = None
    birth: int | None = None
    birth_format: str = ""
    age: int | None = None
    person: int | None = None
    nation: int | None = None
    second_nation: int | None = None
    codes: tuple[int, ...] = ()
    x: int | None = None
    y: int | None = None
    unplaced: tuple[str, ...] = field(default=(), repr=False)
    has_unknown: bool = False


def find_register(table: Table, today: date) -> Register | None:
    """Tell a register by a column of birth or age and one row per person; else None."""
    names = table.names
    taken = {table.area.position} if table.area is not None else set()
    free = [i for i, name in enumerate(names) if name and i not in taken]
    birth, form = _birth(table, free, today)
    age = _first(names, _AGE, free) if birth is None else None
    person = _first(names, _PERSON, [i for i in free if i != birth and _is_key(table, i)])
    if age is not None and not _are_ages(table.columns[age]):
        age = None
    has_sign = birth is not None or (person is not None and age is not None)
    has_sign = has_sign or any(_NAMED.search(name) for name in names)
    has_sign = has_sign or (person is not None and table.area is None)
    if not has_sign and (age is None or not _has_rows_of_persons(table, age)):
        return None
    return _register(table, (free, birth, form), age, person)


def _register(
    table: Table,
    birth_told: tuple[Sequence[int], int | None, str],
    age: int | None,
    person: int | None,
) -> Register:
    free, birth, form = birth_told
    names = table.names
    nations = [i for i in free if _NATION.search(names[i]) and not _CODES.search(names[i])]
    second = next((i for i in nations[1:] if _SECOND.search(names[i])), None)
    others = [i for i in free if _CODES.search(names[i]) and i not in (birth, age, person)]
    places = [i for i in free if _AREA.search(names[i]) and i not in (person, birth, age)]
    known = table.area.position if table.area is not None else None
    unplaced, has_unknown = _unknown(table)
    return Register(
        area=known if known is not None else next(iter(places), None),
        birth=birth,
        birth_format=form,
        age=age,
        person=person,
        nation=nations[0] if nations else None,
        second_nation=second,
        codes=tuple(others),
        x=_first(names, _X, free),
        y=_first(names, _Y, free),
        unplaced=unplaced,
        has_unknown=has_unknown,
    )


def _first(names: Sequence[str], pattern: re.Pattern[str], among: Sequence[int]) -> int | None:
    return next((i for i in among if pattern.search(names[i])), None)


def _birth(table: Table, free: Sequence[int], today: date) -> tuple[int | None, str]:
    for position in free:
        if not _BIRTH.search(table.names[position]):
            continue
        texts = [text for text in table.columns[position][:_LOOKED_AT] if text]
        for form in (*_BIRTH_FORMATS,):
            compiled = compile_formats(form, *(("%Y-%m-%d",) if table.grid.is_typed else ()))
            days = [parse_birth(text, compiled) for text in texts]
            past = sum(day is not None and day <= today for day in days)
            if texts and past >= _MOSTLY * len(texts):
                return position, form
    return None, ""


def _is_key(table: Table, position: int) -> bool:
    """Whether nearly every row has another text."""
    texts = [text for text in table.columns[position][:_LOOKED_AT] if text]
    return bool(texts) and len(set(texts)) >= _MOSTLY * len(texts)


def _are_ages(cells: Sequence[str]) -> bool:
    texts = [text for text in cells[:_LOOKED_AT] if text]
    return bool(texts) and all(text.isdigit() and int(text) <= _OLDEST for text in texts)


def _has_rows_of_persons(table: Table, age: int) -> bool:
    """Whether the same area and age stand in several rows and no column counts."""
    counted = [i for i in table.numeric if i != age and _COUNTED.search(table.names[i])]
    pairs = list(zip(table.places, table.columns[age], strict=True))
    return not counted and len(set(pairs)) < len(pairs)


def _unknown(table: Table) -> tuple[tuple[str, ...], bool]:
    """Keys by which registers customarily say nowhere, and whether there are any others."""
    if table.area is None:
        return (), False
    texts = {text for text, key in zip(table.places, table.keys, strict=True) if not key}
    nowhere = tuple(sorted(text for text in texts if text and _NOWHERE.fullmatch(text)))
    return nowhere, bool(texts - {*nowhere, ""})
