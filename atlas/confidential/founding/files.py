"""The six TOML files of a new city: each choice with its reason, each gap as unsure."""

from collections.abc import Mapping
from dataclasses import dataclass

from atlas.confidential.founding.look import Look
from atlas.confidential.suggest.suggestion import Value, key_text, value_text
from atlas.confidential.suggest.vocabulary import CONCEPTS, Concept
from atlas.terms import Kind
from atlas.words import counted

_UNSURE = "# unsicher:"
_HEAD = (
    "# Erster Entwurf von atlas new-city. Hinter einer Wahl steht, warum sie so ist; was\n"
    "# niemand aus den Dateien wissen konnte, beginnt mit „unsicher“.\n"
)
_SGB2 = "sgb2_recipients"
_RESIDENTS = "residents"
_WAITING = """
# Noch keine Probe: die Datei der Bundesagentur für Arbeit. Bis sie da ist, bleibt jeder
# Stichtag vorläufig. Mit einer Probe schlägt atlas layout die richtigen Spalten vor; hat die
# Stadt keine solchen Zahlen, fällt der Abschnitt weg.
[[layouts]]
id = "sgb2"
source = "sgb2"
label = "Grundsicherung nach SGB II"
supplier = "Statistik der Bundesagentur für Arbeit"
shape = "counts"
file = "sgb2_{date}.csv"
kind = "quartier"
due_days = 181                        # sie kommt etwa sechs Monate später
withheld = ["*"]                      # die BA sperrt kleine Anzahlen

[layouts.columns]
# unsicher: Spaltennamen der Datei, die noch fehlt
GEBIET = { role = "area" }
RLB = { role = "count", item = "sgb2_recipients" }
"""


@dataclass(frozen=True)
class Answers:
    """What the office says of its city; empty where nobody answered."""

    name: str
    key: str = ""
    label: str = ""
    plural: str = ""
    credit: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Drafted:
    """Texts of the files by name, and what could not be known."""

    texts: Mapping[str, str]
    unknown: tuple[str, ...]


def draft_files(look: Look, answers: Answers, city_id: str) -> Drafted:
    """Write the six files of a city."""
    waits = _waits_for_sgb2(look)
    texts = {
        "city": _city(look, answers, city_id),
        "areas": _areas(look, answers),
        "indicators": _indicators(look, waits),
        "levels": _levels(look, waits),
        "protection": _protection(),
        "deliveries": _deliveries(look, waits),
    }
    lines = [(name, line) for name, text in texts.items() for line in text.splitlines()]
    unknown = [
        f"{name}.toml: {line.removeprefix(_UNSURE).strip()}"
        for name, line in lines
        if line.startswith(_UNSURE)
    ]
    named = {f"{name}.toml": text for name, text in texts.items()}
    return Drafted(named, tuple(dict.fromkeys(unknown)))


def _city(look: Look, answers: Answers, city_id: str) -> str:
    zone = "33: östlich von 12° Ost" if look.areas.crs.endswith("33") else "32"
    lines = [_HEAD, "format = 1", "", f"id = {value_text(city_id)}"]
    if not answers.key:
        lines.append(
            f"{_UNSURE} der Amtliche Gemeindeschlüssel (acht Stellen) steht in keiner Datei"
        )
    lines += [
        f"key = {value_text(answers.key or '00000000')}",
        f"name = {value_text(answers.name)}",
        f"title = {value_text(f'Sozialatlas {answers.name}')}",
        f"crs = {value_text(look.areas.crs)}                    # UTM-Zone {zone}",
        "",
        "# Bis die Stadt die Einstufung beschlossen hat, sagt jede Seite: „Einstufung des",
        "# Programms, nicht der Stadt“.",
        "is_adopted = false",
        "",
    ]
    if not answers.credit or not answers.licence:
        lines.append(
            f"{_UNSURE} Quellenvermerk und Lizenz der Grenzen; sie stehen auf jeder Karte"
        )
    lines += [
        "[[credits]]",
        f"text = {value_text(answers.credit or f'Stadt {answers.name}')}",
        f"licence = {value_text(answers.licence or 'unbekannt')}",
    ]
    return "\n".join(lines) + "\n"


def _areas(look: Look, answers: Answers) -> str:
    areas = look.areas
    tables = areas.layer_tables()
    lines = [_HEAD, "format = 1", ""]
    for kind in tables:
        layer = next((one for one in areas.layers if one.kind == kind), None)
        one, many, is_told = layer.labels if layer is not None else ("Bezirk", "Bezirke", False)
        if kind == Kind.QUARTIER and answers.label:
            one, many, is_told = answers.label, answers.plural or answers.label, True
        lines += [] if is_told else [f"{_UNSURE} wie die Gebiete dieser Ebene heißen"]
        lines += [
            f"[kinds.{kind}]",
            f"label = {value_text(one)}",
            f"plural = {value_text(many)}",
            "",
        ]
    lines += ["[kinds.city]", 'label = "Stadt"', 'plural = "Städte"', "", "[[editions]]"]
    lines.append(
        f"{_UNSURE} seit wann diese Grenzen gelten; für Stichtage davor gelten sie auch"
    )
    lines.append(f"id = {areas.edition}")
    for kind, table in tables.items():
        lines += ["", *_layer(look, kind, table)]
    return "\n".join(lines) + "\n"


def _layer(look: Look, kind: str, table: Mapping[str, Value]) -> list[str]:
    layer = next((one for one in look.areas.layers if one.kind == kind), None)
    lines = []
    if layer is None:
        lines.append("# ohne file: aus den kleineren Gebieten zusammengefasst")
    else:
        lines.append(f"# {counted(len(set(layer.keys)), 'Gebiet', 'Gebiete')} in der Datei")
        lines += [f"{_UNSURE} {doubt}" for doubt in layer.doubts]
    lines.append(f"[editions.{kind}]")
    notes = {
        "parent": "Spalte mit dem Schlüssel der nächstgrößeren Ebene",
        "parent_pattern": "der Schlüssel beginnt mit dem der nächstgrößeren Ebene",
        "filter": "diese Fläche bedeckt alle anderen",
        "repair": "ohne ging es nicht; was sich ändert, sagt jeder Lauf",
    }
    for key, value in table.items():
        if key == "names":
            continue
        note = f"      # {notes[key]}" if key in notes else ""
        lines.append(f"{key} = {value_text(value)}{note}")
    names = table.get("names")
    if names is None and layer is not None and "name" not in table:
        names = look.names(kind)
    if isinstance(names, Mapping) and names:
        lines += ["", "# aus Grenzen oder Proben, weil die Datei keine hat"]
        lines += [f"[editions.{kind}.names]"]
        lines += [f"{key_text(key)} = {value_text(name)}" for key, name in names.items()]
    return lines


def _waits_for_sgb2(look: Look) -> bool:
    """Whether the source that usually comes last is not among the samples."""
    return _SGB2 not in {item for item, _ in look.items()}


def _concepts(look: Look, waits: bool) -> list[Concept]:
    items = {item for item, _ in look.items()} | {_RESIDENTS} | ({_SGB2} if waits else set())
    return [one for one in CONCEPTS if one.id in items]


def _indicators(look: Look, waits: bool) -> str:
    concepts = _concepts(look, waits)
    known = {one.id for one in CONCEPTS}
    lines = [_HEAD, "format = 1", ""]
    if (_RESIDENTS, "all") not in look.items():
        lines.append(
            f"{_UNSURE} keine Probe bringt Einwohner*innen; ohne sie gibt es keinen Stichtag"
        )
    for one in reversed(concepts):
        lines += [f"[measures.{one.id}]", f"label = {value_text(one.label)}"]
        lines += [f"definition = {value_text(one.definition)}"] if one.definition else []
        part_of = one.part_of
        if one.id == "foreigners" and any(other.id == "migrants" for other in concepts):
            part_of = "migrants"
        lines += [f"part_of = {value_text(part_of)}"] if part_of else []
        lines.append("")
    for item in sorted({item for item, _ in look.items()} - known):
        lines += [f"{_UNSURE} was {item} zählt und wovon es Teil ist (part_of)"]
        lines += [f"[measures.{item}]", f"label = {value_text(item)}", ""]
    lines += _density(look)
    for one in concepts:
        if one.share:
            lines += _share(look, one)
    return "\n".join(lines)


def _density(look: Look) -> list[str]:
    return [
        "[indicators.density]",
        'label = "Einwohnerdichte"',
        'short_label = "Dichte"',
        'definition = "Einwohner*innen je Hektar Gebietsfläche."',
        'numerator = ["residents"]',
        'denominator = ["area_ha"]',
        'unit = "per_ha"',
        *_groups(look, _RESIDENTS),
        "",
    ]


def _share(look: Look, one: Concept) -> list[str]:
    return [
        f"[indicators.{one.id}_share]",
        f"label = {value_text(one.share)}",
        f"definition = {value_text(f'{one.label} in Prozent aller Einwohner*innen.')}",
        f"numerator = [{value_text(one.id)}]",
        'denominator = ["residents"]',
        *_groups(look, one.id),
        "",
    ]


def _has_children(look: Look, item: str) -> bool:
    return {(item, "u18"), (_RESIDENTS, "u18")} <= look.items()


def _groups(look: Look, item: str) -> list[str]:
    return ['groups = ["all", "u18"]'] if _has_children(look, item) else []


def _levels(look: Look, waits: bool) -> str:
    shares = [one for one in _concepts(look, waits) if one.share]
    # Of two that hold almost the same people one is enough.
    if any(one.id == "migrants" for one in shares):
        shares = [one for one in shares if one.id != "foreigners"]
    if waits and len(shares) > 1:
        shares = [one for one in shares if one.id != _SGB2]
    young = [one for one in shares if _has_children(look, one.id)]
    lines = [
        _HEAD,
        "format = 1",
        "",
        f"{_UNSURE} ab wie vielen Einwohner*innen ein Gebiet eine Stufe hat (min_residents)",
        "",
        "# Summe der z-Werte mit den Grenzen 0; 0,5; 1. Jedes Gewicht ist 1, bis die Stadt",
        "# anders entscheidet.",
        *_scale("all", [one.id for one in shares]),
    ]
    if waits and all(one.id != _SGB2 for one in shares):
        lines.append('# Sobald SGB II da ist, gehört { id = "sgb2_recipients_share" } dazu.')
    if young:
        lines += ["", *_scale("u18", [one.id for one in young])]
    return "\n".join(lines) + "\n"


def _scale(group: str, items: list[str]) -> list[str]:
    names = ["density", *(f"{item}_share" for item in items)]
    lines = [f"[need.{group}]", 'preset = "need4"', "indicators = ["]
    return [*lines, *(f"  {{ id = {value_text(name)} }}," for name in names), "]"]


def _protection() -> str:
    return (
        f"{_HEAD}format = 1\n\n"
        f"{_UNSURE} die Regel Ihres Hauses; 3 heißt: 1 und 2 erfährt niemand\n"
        "min_count = 3\n"
    )


def _deliveries(look: Look, waits: bool) -> str:
    texts = [_HEAD.rstrip(), "format = 1"]
    texts += [tried.suggestion.text().rstrip() for _, tried in look.samples]
    if waits:
        texts.append(_WAITING.strip())
    return "\n\n".join(texts) + "\n"
