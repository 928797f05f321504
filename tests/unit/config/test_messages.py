"""Whatever is wrong in a file, the sentence about it is German and repeats no value."""

import copy
import math
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from atlas.config import load_city, read_parts
from atlas.config._messages import model_sentence, toml_sentence
from atlas.config._model import Model
from atlas.config.areas import Areas
from atlas.config.city import City
from atlas.config.deliveries import Deliveries, Layout
from atlas.config.indicators import Indicators
from atlas.config.levels import Levels
from atlas.config.protection import ProtectionRules
from atlas.errors import ConfigError

CONFIG_DIR = Path(__file__).resolve().parents[3] / "config"
FILES: dict[str, type[Model]] = {
    "city": City,
    "areas": Areas,
    "indicators": Indicators,
    "levels": Levels,
    "protection": ProtectionRules,
    "deliveries": Deliveries,
}
SECRET = "Geheimnis"
BROKEN: tuple[Any, ...] = (
    *(SECRET, "", "Zwei Wörter!", -1, 0, 10**9, 10**30, 1.5, math.nan, math.inf, -math.inf),
    *(
        True,
        date(2020, 1, 1),
        datetime.fromisoformat("2020-01-01T12:00:00"),
        [],
        [SECRET],
        [[]],
        [math.nan],
    ),
    *({}, {SECRET: SECRET}, {"1": 1}, [{}], [{SECRET: 1}], {"all": {}}, {"all": SECRET}),
)
# Words that every text of pydantic or tomllib has at least one of.
ENGLISH = re.compile(
    r"\b(should|input|valid|value|error|must|be|at least|at most|greater|less|than|equal|"
    r"expected|required|permitted|finite|unable|instance|parse|keys?|cannot|characters?|"
    r"type|invalid|unclosed|of|or|is|not)\b",
    re.IGNORECASE,
)
OUR_KEYS = re.compile(r"„[^“]*“|[a-z_]+(\.[a-z_0-9]+)+|\b(role|method|preset|shape) = \w+")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("city", ["berlin", "flensburg", "wuppertal"])
def test_no_english_and_no_value_for_any_broken_key(city: str, file: str) -> None:
    tables = tomllib.loads((CONFIG_DIR / city / f"{file}.toml").read_text(encoding="utf-8"))
    told = 0
    for path in paths_of(tables):
        for value in BROKEN:
            sentence = sentence_for(FILES[file], changed(tables, path, value))
            if sentence is not None:
                told += 1
                said = OUR_KEYS.sub("", sentence)
                assert not ENGLISH.search(said), (path, sentence)
                assert SECRET not in sentence or SECRET in str(keys_of(value)), (path, sentence)
                assert sentence.endswith(". Siehe docs/konfiguration.md.")
    assert told > len(BROKEN)


@pytest.mark.parametrize(
    ("model", "table", "sentence"),
    [
        (ProtectionRules, {"min_count": 1}, "„min_count“: Zahl ab 2 erwartet"),
        (ProtectionRules, {"min_count": 2.5}, "„min_count“: ganze Zahl erwartet"),
        (City, {"approvals": 6}, "„approvals“: Zahl bis höchstens 5 erwartet"),
        (Levels, {"confidence": 0.5}, "„confidence“: Zahl über 0,5 erwartet"),
        (Levels, {"confidence": 1}, "„confidence“: Zahl unter 1 erwartet"),
        (Levels, {"confidence": math.nan}, "„confidence“: endliche Zahl erwartet"),
        (
            Levels,
            {"need": {"all": {"method": "mean", "indicators": [{"id": "a"}]}}},
            "„need.all.method“: kein zulässiger Wert, erwartet: „zscore“ / „quantile“",
        ),
        (
            Levels,
            {"attention": {"levels": [9]}},
            "„attention.levels.0“: kein zulässiger Wert, erwartet: 1 / 2 / 3 / 4",
        ),
        (
            Levels,
            {"exclusions": [{"area_id": "", "reason": "x"}]},
            "„exclusions.0.area_id“: Text mit mindestens 1 Zeichen erwartet",
        ),
        (
            Layout,
            {"measures": {"residents": [{"a": {"is_in": "1"}}]}},
            "„measures.residents.0.a.is_in“: Liste erwartet",
        ),
        (
            Indicators,
            {
                "measures": {"residents": {"label": "Personen"}},
                "indicators": {"a": {"label": "Kosten", "is_delivered": True, "unit": "euro"}},
            },
            "„indicators.a“: base fehlt, erwartet: die Kennzahl der Fälle",
        ),
        (Layout, {"delimiter": ";;"}, "„delimiter“: Text mit höchstens 1 Zeichen erwartet"),
    ],
)
def test_limits_stand_in_the_sentence(
    model: type[Model], table: dict[str, Any], sentence: str
) -> None:
    found = sentences_for(model, table)
    assert sentence in found, found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = 1\nb = = 2\n", "Zeile 2, Spalte 5"),
        ('a = "offen', "am Ende der Datei"),
        ("a = 1\na = 2\n", "Zeile 2, Spalte 6"),
        ("[need.all\n", "Zeile 1"),
    ],
)
def test_broken_toml_names_the_place(text: str, place: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as broken:
        tomllib.loads(text)
    sentence = toml_sentence(broken.value)
    assert place in sentence
    assert not ENGLISH.search(sentence)


def test_directory_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "city.toml").mkdir()
    with pytest.raises(ConfigError, match="city.toml: nicht lesbar"):
        load_city(tmp_path)


def sentence_for(model: type[Model], table: Any) -> str | None:
    try:
        model.model_validate(table)
    except ValidationError as error:
        return model_sentence(error)
    return None


def sentences_for(model: type[Model], table: dict[str, Any]) -> str:
    """Sentence about the given keys alone: what is missing beside them is left out."""
    try:
        model.model_validate({"format": 1, **table})
    except ValidationError as error:
        own = [
            one
            for one in error.errors(include_url=False)
            if one["loc"][0] in table and one["type"] != "extra_forbidden"
        ]
        lines = [{"type": one["type"], "loc": one["loc"], "input": one["input"]} for one in own]
        for line, one in zip(lines, own, strict=True):
            line["ctx"] = one.get("ctx", {})
        return model_sentence(ValidationError.from_exception_data("", lines))
    return ""


def paths_of(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(node, dict | list):
        steps = node.items() if isinstance(node, dict) else enumerate(node)
        for step, child in steps:
            yield from paths_of(child, (*path, step))


def changed(tables: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    copied = copy.deepcopy(tables)
    node: Any = copied
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return copied


def keys_of(value: Any) -> list[Any]:
    """Keys in a broken value: a message may name them, they are where the error is."""
    if isinstance(value, dict):
        return list(value)
    return [key for one in value for key in keys_of(one)] if isinstance(value, list) else []


def test_every_fault_of_every_file_is_told_and_none_hides_another(tmp_path: Path) -> None:
    for path in (CONFIG_DIR / "flensburg").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    _add(tmp_path / "protection.toml", "min_gruppe = 3\nmin_denominator = -1")
    (tmp_path / "levels.toml").write_text("format = 1\n[need.all]\n", encoding="utf-8")
    (tmp_path / "city.toml").write_text("format = 1\nid = ", encoding="utf-8")
    (tmp_path / "areas.toml").unlink()
    parts, faults = read_parts(tmp_path)
    assert sorted(parts) == ["deliveries", "indicators"]
    place = f"Konfiguration {tmp_path.name}"
    assert faults == (
        f"{place}/city.toml: kein gültiges TOML (am Ende der Datei). Schreibweise prüfen.",
        f"{place}/areas.toml: Datei fehlt. Siehe docs/neue-stadt.md.",
        f"{place}/levels.toml, Schlüssel „need.all“: indicators: "
        "mindestens ein Eintrag erwartet, oder themes. Siehe "
        "docs/konfiguration.md.",
        f"{place}/protection.toml, Schlüssel „min_gruppe“: unbekannter Schlüssel. Siehe "
        "docs/konfiguration.md.",
        f"{place}/protection.toml, Schlüssel „min_denominator“: Zahl ab 0 erwartet. Siehe "
        "docs/konfiguration.md.",
    )


def test_files_that_contradict_each_other_are_told_when_each_is_right(tmp_path: Path) -> None:
    for path in (CONFIG_DIR / "flensburg").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert read_parts(tmp_path)[1] == ()
    _add(tmp_path / "protection.toml", "homogeneity = { residents = 60 }")
    (fault,) = read_parts(tmp_path)[1]
    assert "homogeneity: residents ist kein Merkmal" in fault


def _add(path: Path, text: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
