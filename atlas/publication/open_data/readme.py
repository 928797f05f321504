"""``README.md``: all that a stranger needs to read the data, in German and short English."""

from collections.abc import Sequence

from atlas.config import City
from atlas.publication.export import table_name
from atlas.publication.export.columns import status_codes
from atlas.publication.open_data.about import About
from atlas.publication.open_data.files import DataFile
from atlas.publication.seen import SHOWN, Seen
from atlas.publication.views.definitions import group_text
from atlas.publication.views.notes import release_notes, secret_text
from atlas.terms import STATUS_LABELS, Kind
from atlas.words import enumeration


def readme(
    seen: Seen, city: City, about: About, files: Sequence[DataFile], changes: str
) -> str:
    """Write the page.

    Parameters
    ----------
    changes
        Sentences on what is new since the release before.
    """
    parts = (
        f"# {about.title}",
        _warning(seen),
        about.text,
        "## Dateien",
        _files_table(files),
        _reading(seen),
        "## Spalten",
        _columns(seen),
        "## Status",
        _statuses(seen),
        "## Was sich geändert hat",
        changes,
        "## Quellen, Lizenz, Kontakt",
        _origin(city, about),
        "## In English",
        _english(seen, about),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _warning(seen: Seen) -> str:
    badges = release_notes(seen).badges
    return f"**{'. '.join(badges)}.**" if badges else ""


def _files_table(files: Sequence[DataFile]) -> str:
    rows = [f"| `{one.name}` | {one.title} | {one.format.label} |" for one in files]
    return "\n".join(["| Datei | Inhalt | Format |", "|---|---|---|", *rows])


def _reading(seen: Seen) -> str:
    stem = table_name(seen, Kind.QUARTIER if Kind.QUARTIER in seen.kinds else seen.kinds[0])
    return f"""\
## Lesen

CSV: UTF-8, Komma, Dezimalpunkt, Kopfzeile; ein leeres Feld ist *kein* Wert (nie 0). Nummern von
Gebieten sind Text, führende Nullen gehören dazu. Grenzen: GeoJSON in Grad (WGS 84, RFC 7946),
GeoPackage und GeoParquet in {seen.config.city.crs} (Meter).

```python
import geopandas as gpd
import pandas as pd

tabelle = pd.read_csv("{stem}.csv", dtype={{"area_id": str, "parent_id": str}})
karte = gpd.read_parquet("{stem}.parquet")
zellen = pd.read_csv("cells.csv", dtype={{"area_id": str}})
spalten = pd.read_csv("columns.csv")
```

```r
library(sf)
karte <- st_read("areas.gpkg", layer = "{seen.kinds[0]}")
tabelle <- read.csv("{stem}.csv", colClasses = c(area_id = "character"))
```"""


def _columns(seen: Seen) -> str:
    groups = "; ".join(
        f"`_{group}` = {group_text(seen.config.indicators.groups[group])}"
        for group in seen.groups
    )
    return f"""\
Eine Zeile je Gebiet; `area_id` ist seine Nummer, `parent_id` die des Gebiets, in dem es
liegt. `<Größe>_<Bezugsgruppe>` ist ein Wert, `<Größe>_<Bezugsgruppe>_status` sagt, warum er da
ist oder nicht. Bezugsgruppen: {groups}.
Jede Spalte mit Einheit und Bedeutung steht in `columns.csv`, das Verfahren in `method.md`. In
`cells.csv` steht dasselbe lang: eine Zeile je Gebiet, Bezugsgruppe und Größe."""


def _statuses(seen: Seen) -> str:
    shown = enumeration([f"`{status}` ({STATUS_LABELS[status]})" for status in SHOWN])
    codes = "\n".join(f"- `{code}`: {label}" for code, label in status_codes().items())
    return f"{codes}\n\nNur bei {shown} steht eine Zahl daneben. {secret_text(seen)}"


def _origin(city: City, about: About) -> str:
    lines = [f"- {line}" for line in about.sources]
    if (told := city.open_data) is not None:
        name = told.attribution or told.publisher
        lines += [
            f"- Namensnennung: {name}, {about.title} ({city.licence})",
            f"- Herausgeber: {told.publisher}; Fragen an {told.contact}, {told.email}",
        ]
    lines.append(f"- Diese Fassung heißt {about.version}; wer zitiert, nennt sie.")
    return "\n".join(lines)


def _english(seen: Seen, about: About) -> str:
    city = seen.config.city
    sample = " All figures are synthetic sample data." if city.sample_data else ""
    head = f"Social atlas of {city.name}, reference date {about.day}, version {about.version}."
    return f"""\
{head}{sample}
One row per area in the wide tables, one row per cell in `cells.csv` (`kind`, `area_id`,
`reference_date`, `group`, `item`, `value`, `status`, `reason`). An empty value is never zero:
the column `…_status` says why (`suppressed` = confidential, `withheld` = by the supplier,
`missing` = still to come, `unavailable` = never delivered, `not_meaningful`, `uninhabited`,
`not_classified`). Area keys are text. `need_level` runs from 1 (none) to 4 (high need for
action). Licence: {city.licence}; `columns.csv` is the data dictionary, `datapackage.json`
(Frictionless) and `csv-metadata.json` (CSVW) say the same to programs."""
