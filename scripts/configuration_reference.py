"""Writes docs/konfiguration.md from the models that check the configuration.

.venv/bin/python scripts/configuration_reference.py
"""

import typing
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from atlas.config import (
    Access,
    Areas,
    City,
    Deliveries,
    Indicators,
    Levels,
    MapContext,
    ProtectionRules,
    Reports,
    Subscriptions,
)
from atlas.config.groups import DEFAULT_GROUPS
from atlas.terms import Group, Kind

PAGE_PATH = Path(__file__).resolve().parents[1] / "docs" / "konfiguration.md"
_FILES: dict[str, tuple[type[BaseModel], str]] = {
    "city.toml": (City, "Die Stadt und die Hausregeln ihrer Statistikstelle."),
    "areas.toml": (Areas, "Gebietsarten, ihre Namen und die Gebietsstände der Grenzen."),
    "indicators.toml": (Indicators, "Kennzahlen (Anzahlen) und die Indikatoren daraus."),
    "levels.toml": (Levels, "Vom Indikator zum Handlungsbedarf."),
    "protection.toml": (ProtectionRules, "Was die Statistikstelle verlassen darf."),
    "deliveries.toml": (Deliveries, "Was jede Quelle liefert, wie die Datei aussieht, wann."),
    "context.toml": (
        MapContext,
        "Was zwischen den Gebieten liegt: Flüsse, Bahn, Straßen, Grün, Schulen. Die Datei darf "
        "fehlen; dann zeigt die\nKarte nur Gebiete, und die Suche findet nur sie.",
    ),
    "reports.toml": (
        Reports,
        "Berichte, die die Stadt selbst zusammenstellt. Die Datei darf fehlen; in keiner "
        "Veröffentlichung steht etwas davon.",
    ),
    "subscriptions.toml": (
        Subscriptions,
        "Wer regelmäßig welche Berichte und Dateien bekommt. Die Datei darf fehlen "
        "([betrieb.md](betrieb.md), Abschnitt\n„Berichte und Abos“).",
    ),
    "access.toml": (
        Access,
        "Wer sich an einem Server anmeldet, und als was. Die Datei gehört dem Server, nicht "
        "der Stadt: `ATLAS_ACCESS`\nnennt sie ([betrieb.md](betrieb.md), Abschnitt „Anmeldung "
        "und Rollen“).",
    ),
}
_INTRODUCTION = """\
# Konfiguration

Jede Stadt hat sechs Dateien, und wenn sie will `context.toml`, `reports.toml` und
`subscriptions.toml`: im Ordner `config/<stadt>/` oder in einem eigenen Ordner, den `--city`
nennt. Diese Seite listet jeden Schlüssel. Wie man eine Stadt Schritt für Schritt anlegt, steht
in [neue-stadt.md](neue-stadt.md).

- Die Dateien sind TOML in UTF-8. Ein unbekannter Schlüssel ist ein Fehler: So bleibt kein
  Tippfehler unbemerkt.
- Ein Fehler beendet das Programm mit Exit-Code 10 und nennt Datei, Tabelle und Schlüssel.
- Daten stehen ohne Anführungszeichen: `2024-12-31`. Gebietsschlüssel sind Text: `"01"`.
- *Name* heißt: nur Kleinbuchstaben, Ziffern und Unterstrich, beginnend mit einem Buchstaben.
- Wer Schlüssel ändert, ändert Ergebnisse: Der nächste Lauf baut jeden Stichtag neu und
  veröffentlicht, was sich dadurch ändert. Nur `[base_map]`, `[classes]`, `[open_data]`
  und `frame_ancestors` verändern keine Veröffentlichung; sie wirken beim nächsten `atlas run`.

Erzeugt aus den Modellen in `atlas/config` mit `scripts/configuration_reference.py`; Änderungen
gehören dorthin.
"""
_TYPES = {
    str: "Text",
    int: "ganze Zahl",
    float: "Zahl",
    bool: "true/false",
    date: "Datum",
}
_LIMITS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


ROLES = {
    "area": "Gebietsschlüssel",
    "address": "Adressschlüssel; das Adressverzeichnis (`addresses`) gibt das Gebiet",
    "x": "Ostwert der Adresse (`crs`); aufbewahrt wird nur das Gebiet",
    "y": "Nordwert der Adresse",
    "person": "gemeinsamer Schlüssel einer Person; aufbewahrt wird nur ein Hash mit Schlüssel",
    "birth_date": "Geburtsdatum (`format`); aufbewahrt wird nur das Alter am Stichtag",
    "age": "Alter am Stichtag in Jahren",
    "code": "Schlüssel oder Kennzeichen, auf das sich Kennzahlen beziehen",
    "date": "Stichtag der Zeile (`format`)",
    "item": "Name der Kennzahl der Zeile (lange Tabelle, `items`)",
    "dimension": "teilt eine Anzahl auf (Würfel); über ihre Texte wird addiert",
    "count": "Anzahl",
    "value": "fertig gelieferter Anteil oder Wert",
}
_NOTES = {
    "groups.<name>": "Wer zu einer Bezugsgruppe gehört. Fehlen alle Abschnitte, gibt es `all` "
    "und `u18`, wie im Beispiel; wer\neine nennt, nennt alle, die es geben soll (`all` gibt "
    "es immer). Die Reihenfolge gilt auch in der Auswahl der Seiten.\n\n```toml\n"
    '[groups.u18]\nlabel = "Kinder und Jugendliche"\nshort_label = "Kinder"\nmax_age = 17\n\n'
    '[groups.a65plus]\nlabel = "Ältere ab 65"\nshort_label = "Ältere"\nmin_age = 65\n\n'
    '[groups.girls]\nlabel = "Mädchen"\npart_of = "u18"\n'
    'where = [{ GESCHLECHT = { is_in = ["w"] } }]\n```\n\n'
    "Register zählen eine Gruppe, wenn sie Alter (`birth_date`, `age`) und Spalten haben, nach "
    "denen sie fragt; ein\nverknüpftes Register fragt zuerst das, das den Ort gibt. Eine "
    "Gruppe ohne Alter und `where` kommt nur aus\nLieferungen von Anzahlen (`group` oder "
    "`Kennzahl@gruppe`). Was kein Layout gibt, ist ein Fehler.\n",
    "levels.toml: editions[]": "Eine neue Regel gilt ab einem Stichtag; die alte bleibt "
    "darüber stehen, und was nach ihr veröffentlicht\nist, bleibt, wie es war. Am ersten "
    "Stichtag der neuen wird nach beiden gerechnet: Die Veröffentlichung nennt auch die\nStufe "
    "nach der früheren Regel, und die Seite Entwicklung trennt, was die Regel und was die "
    "Zahlen verändert haben.\n\n```toml\n[need.all]\n"
    'preset = "need4"\nindicators = [{ id = "density" }, '
    '{ id = "sgb2_share" }]\n\n[[editions]]\nid = 2024-12-31\n\n[editions.need.all]\n'
    'preset = "need4"\nindicators = [{ id = "sgb2_share", weight = 2.0 }, '
    '{ id = "migration_share" }]\n```\n',
    "need.<name>.themes[]": "Ein Index kann aus Teilindizes entstehen, jeder aus eigenen "
    "Indikatoren und mit eigenem Gewicht. Sie\nwerden veröffentlicht wie der Index selbst "
    "(`need_index.<name>`, mit Rang), und `indicators` entfällt:\n\n```toml\n[need.all]\n"
    'method = "zscore"\n\n[[need.all.themes]]\nid = "armut"\nlabel = "Armut"\nweight = 2.0\n'
    'indicators = [{ id = "sgb2_share" }, { id = "sgb2_u18_share" }]\n\n'
    '[[need.all.themes]]\nid = "wohnen"\nlabel = "Wohnen"\n'
    'indicators = [{ id = "density" }]\n```\n\nEine Robustheit wird für einen Index aus '
    "Teilindizes nicht gerechnet; die Dynamik hat keine Teilindizes.\n",
    "areas.toml: editions[]": "Weitere Gebietsarten aus `[kinds.…]` stehen hier ebenso, z. B. "
    "`[editions.social_space]` mit denselben\nSchlüsseln wie `[editions.district]`.\n",
    "base_map": "Kartenbilder unter den Gebieten. Sie kommen nicht vom Atlas: Solange jemand "
    "die Hintergrundkarte\neingeschaltet hat, nennt dessen Browser dem fremden Rechner seine "
    "Adresse und den angesehenen Ausschnitt.\nDie Seite sagt das, schaltet von sich aus nichts "
    "ein und erlaubt dem Browser genau diesen einen Rechner.\nBilder und Dateien zum "
    "Herunterladen enthalten sie nicht.\n\n```toml\n[base_map]\n"
    'url = "https://kacheln.example.de/grau/{z}/{x}/{y}.png"\n'
    'credit = "© Beispielamt 2025"\nmax_zoom = 18\n```\n\n'
    "Erwartet wird ein Dienst im Schema `{z}/{x}/{y}` (Web Mercator; die Reihenfolge in der "
    "Adresse ist frei), auch\neiner im eigenen Netz; kein WMS, keine Anmeldung, kein Schlüssel "
    "in der Adresse. Den Quellenvermerk gibt der\nDienst vor. Eine Änderung wirkt mit dem "
    "nächsten `atlas run` und veröffentlicht keinen Stichtag neu.\n",
    "open_data": "Was Portale wissen müssen, bevor sie einen Datensatz aufnehmen. Mit diesem "
    "Abschnitt schreibt\n`atlas export --public` auch Metadaten nach DCAT-AP.de 3.0; `licence` "
    "muss dann eine von `CC0-1.0`, `CC-BY-4.0`,\n`CC-BY-SA-4.0`, `dl-de/by-2-0`, "
    "`dl-de/zero-2-0` sein. Die Dateien eines Datensatzes liegen unter\n"
    "`<url>/<Stadt>-<Veröffentlichung>/`. Eine Änderung veröffentlicht keinen Stichtag "
    "neu.\n\n```toml\n[open_data]\n"
    'url = "https://daten.musterstadt.de/sozialatlas"\npublisher = "Stadt Musterstadt"\n'
    'contact = "Statistikstelle"\nemail = "statistik@musterstadt.de"\n```\n',
    "layers[]": "Die Dateien liegen bei den Grenzen, in denselben Formaten und "
    "Koordinatensystemen, und werden ebenso geprüft:\n"
    "Spalten, Art der Geometrie, gültige Flächen, Lage in der Stadt. Alle Fehler "
    "stehen auf einmal da.\n\n"
    "| `shows` | Geometrie | auf der Karte |\n"
    "|---|---|---|\n"
    "| `water` | Linien oder Flächen | graublaue Linien |\n"
    "| `railway` | Linien | graue Linie mit hellen Strichen |\n"
    "| `roads` | Linien | helle Linien |\n"
    "| `green` | Flächen | grüner Rand, keine Füllung: Farben der Gebiete bleiben |\n"
    "| `schools`, `kitas`, `youth_centres`, `advice_centres`, `places` | Punkte | ■ ● "
    "▲ ◆ ✚ |\n"
    "| `streets` | Linien oder Punkte | nichts; die Suche findet sie |\n\n"
    "```toml\n"
    "[[layers]]\n"
    'id = "schulen"\n'
    'label = "Schulen"\n'
    'shows = "schools"\n'
    'file = "schulen.geojson"\n'
    'name = "NAME"\n'
    'note = "ANSCHRIFT"\n'
    'credit = "Datenquelle: Stadt Musterstadt"\n'
    'licence = "dl-de/by-2-0"\n'
    "```\n\n"
    "Jede Veröffentlichung nimmt die Ebenen auf, wie sie beim Bauen waren: Linien und "
    "Flächen auf die Stadt und 500 m\n"
    "darum beschnitten und auf 5 m vereinfacht, Punkte und Straßen mit dem Quartier, "
    "in dem sie liegen, zusammen\n"
    "höchstens 2 MB. Eine geänderte Datei macht wie geänderte Grenzen jeden Stichtag "
    "neu. Was hier steht, ist für alle\n"
    "sichtbar: keine Unterkünfte, keine Anschriften von Menschen.\n\n"
    "Eine Ebene von Schulen kann Schulnummer, Schüler\\*innen und Sozialindex nennen; dann "
    "verteilt *Vergleich* Stellen\nauch auf Schulen:\n\n"
    "```toml\n"
    'pupils = { key = "SCHULNR", count = "SCHUELER", social_index = "SOZIALINDEX" }\n'
    "```\n\n"
    "Eine leere Zelle heißt „nicht bekannt“. Steht irgendwo eine Zahl von 1 bis "
    "`min_count` − 1, hält der Lauf an und\nsagt, in wie vielen Zeilen: So kleine Zahlen "
    "von Menschen verlassen das Amt nicht. Der Index ist umso höher, je "
    "mehr\nBedarf die Schule hat; wo die Stadt anders herum zählt, in der Datei umdrehen.\n",
    "weekly": "Ein Bericht hat Abschnitte, jeder mit Text, Linien und Tabellen:\n\n"
    "```toml\n[weekly]\n"
    'title = "Bevölkerung aktuell"\nsource = "woche"\n\n[[weekly.sections]]\n'
    'title = "Einwohner*innen der Stadt"\nseries = ["residents", "residents@u18"]\n\n'
    '[[weekly.sections]]\ntitle = "Im Blick: Geflüchtete"\ntext = "gefluechtete.txt"\n'
    'areas = ["refugees"]\n```\n\nDie Nummer ist die Kalenderwoche des Stichtags. Ein Wert, '
    "den eine Veröffentlichung nicht zeigt, steht als\nZeichen da. Zahlen in eigenen Texten "
    "prüft niemand: Sie gehören in Tabellen.\n",
    "subscriptions[]": "```toml\n[mail]\n"
    'host = "post.stadt.example.de"\nsender = "statistik@stadt.example.de"\n\n'
    '[[subscriptions]]\nid = "ablage"\nreports = ["edition", "weekly"]\n'
    'tables = ["xlsx"]\nfolder = "ablage/berichte"\n\n[[subscriptions]]\nid = "rat"\n'
    'reports = ["weekly"]\nrhythm = "monthly"\nto = ["rat@stadt.example.de"]\n'
    'link = "https://intranet.stadt.example.de/berichte/{file}"\n```\n',
    "layouts[].columns.<name>": "`<name>` ist der Spaltenkopf der Datei. Spalten, die hier "
    "nicht stehen, werden nicht gelesen.\n\n| `role` | Inhalt der Spalte |\n|---|---|\n"
    + "".join(f"| `{role}` | {about} |\n" for role, about in ROLES.items()),
    "layouts[].measures.<name>[].<name>": "Der erste `<name>` ist die Kennzahl, der zweite die "
    "Spalte. Eine Zeile zählt, wenn eine der Bedingungen zutrifft; stehen in einer Bedingung "
    "mehrere Spalten, müssen alle zutreffen:\n\n```toml\n[layouts.measures]\n"
    'residents = "every_row"\nmigrants = [\n  { NATION = { not_in = ["000"] } },\n'
    '  { GEBURTSLAND = { is_filled = true }, NATION = { is_in = ["000"] } },\n]\n```\n',
}


def page() -> str:
    """Whole reference as Markdown."""
    parts = [_INTRODUCTION]
    for file, (model, about) in _FILES.items():
        parts.append(f"## {file}\n\n{about}\n")
        paths: dict[type[BaseModel], list[str]] = {}
        for path, below in _sections(model, ""):
            paths.setdefault(below, []).append(path)
        parts += [_section(file, below, places) for below, places in paths.items()]
    return "\n".join(parts)


def _sections(model: type[BaseModel], path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    yield path, model
    for name, field in model.model_fields.items():
        for below, suffix in _models(field.annotation):
            yield from _sections(below, f"{path}.{name}{suffix}".lstrip("."))


def _models(annotation: Any) -> Iterator[tuple[type[BaseModel], str]]:
    """Models inside an annotation, with what their path gets: ``[]`` list, ``.<…>`` table."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, ""
        return
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    suffix = {tuple: "[]", dict: ".<name>"}.get(origin, "")
    for argument in inner:
        for model, deeper in _models(argument):
            yield model, suffix + deeper


def _section(file: str, model: type[BaseModel], paths: list[str]) -> str:
    titles = ", ".join(f"`{_toml_path(path)}`" for path in paths)
    parts = [f"### {titles}\n"] if paths[0] else []
    keys = [key for path in paths for key in (path, f"{file}: {path}") if key in _NOTES]
    parts += [_NOTES[key] for key in keys]
    rows = ["| Schlüssel | Art | Vorgabe | Bedeutung |", "|---|---|---|---|"]
    fields = model.model_fields.items()
    rows += [_row(*one) for one in fields if not (paths[0] and _is_version(one[1]))]
    return "\n".join([*parts, *rows]) + "\n"


def _toml_path(path: str) -> str:
    return f"[[{path[:-2]}]]" if path.endswith("[]") else f"[{path}]".replace("[]", "")


def _row(name: str, field: FieldInfo) -> str:
    meaning = "Fassung dieser Datei, immer 1" if _is_version(field) else field.description
    if meaning is None:
        raise ValueError(f"{name}: description is missing")
    cells = (f"`{name}`", _kind(field), _default(field), meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _is_version(field: FieldInfo) -> bool:
    return typing.get_args(field.annotation) == (1,)


def _kind(field: FieldInfo) -> str:
    limits = [
        f"{sign} {getattr(limit, key)}".replace(".", ",")
        for limit in field.metadata
        for key, sign in _LIMITS.items()
        if hasattr(limit, key)
    ]
    is_name = any("_check_identifier" in repr(one) for one in field.metadata)
    kind = "Name" if is_name else _kind_name(field.annotation)
    return " ".join([kind, ", ".join(limits)]).strip()


def _kind_name(annotation: Any) -> str:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        is_name = any("identifier" in repr(one) for one in inner[1:])
        return "Name" if is_name else _kind_name(inner[0])
    if origin is Literal:
        return " / ".join(_literal(value) for value in inner)
    if origin in (Union, UnionType):
        return " oder ".join(_kind_name(one) for one in inner if one is not NoneType)
    if origin is tuple:
        return f"Liste: {_kind_name(inner[0])}"
    if origin is dict:
        return f"Tabelle: {_kind_name(inner[0])} auf {_kind_name(inner[1])}"
    return _plain_name(annotation)


def _plain_name(annotation: Any) -> str:
    if issubclass(annotation, BaseModel):
        return "Tabelle"
    if issubclass(annotation, (Kind, Group)):
        return "Name"
    if issubclass(annotation, Enum):
        return " / ".join(f"`{member.value}`" for member in annotation)
    return _TYPES[annotation]


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined:
        return "*nötig*"
    if isinstance(value, BaseModel):
        return "siehe unten"
    if value in (None, "", (), {}):
        return "–"
    if value == DEFAULT_GROUPS:
        return ", ".join(f"`{name}`" for name in value)
    return _literal(value)


def _literal(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_literal(one)}" for key, one in value.items())
    if isinstance(value, tuple):
        return ", ".join(_literal(one) for one in value)
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    text = str(getattr(value, "value", value))
    return f"`{text}`" if text.strip() else "leer" if text == "" else "Leerzeichen"


if __name__ == "__main__":
    PAGE_PATH.write_text(page(), encoding="utf-8")
