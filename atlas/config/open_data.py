"""``[open_data]`` of ``city.toml``: what a portal must know before it takes a data set in."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from atlas.config._model import Model
from atlas.config.access import WebAddress

# Abbreviation of a licence → its address in the vocabulary of DCAT-AP.de.
LICENCES = {
    "CC0-1.0": "http://dcat-ap.de/def/licenses/cc-zero",
    "CC-BY-4.0": "http://dcat-ap.de/def/licenses/cc-by/4.0",
    "CC-BY-SA-4.0": "http://dcat-ap.de/def/licenses/cc-by-sa/4.0",
    "dl-de/by-2-0": "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
    "dl-de/zero-2-0": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
}
_CONTRIBUTOR = re.compile(r"http://dcat-ap\.de/def/contributors/[A-Za-z0-9_-]+")


def _check_line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("Text in einer Zeile erwartet")
    return text.strip()


def _check_email(text: str) -> str:
    name, _, host = text.partition("@")
    if not name or "." not in host or " " in text or "@" in host:
        raise ValueError("erwartet wird eine Adresse wie statistik@stadt.de")
    return text


def _check_contributor(text: str) -> str:
    if text and not _CONTRIBUTOR.fullmatch(text):
        raise ValueError("erwartet wird eine Kennung aus http://dcat-ap.de/def/contributors/")
    return text


Line = Annotated[str, AfterValidator(_check_line)]


class OpenData(Model):
    """Who publishes, who answers questions, and where the files will lie."""

    url: WebAddress = Field(
        description="Adresse des Ordners, in dem die Datensätze im Netz liegen werden"
    )
    publisher: Line = Field(description="Wer veröffentlicht, z. B. Stadt Musterstadt")
    contact: Line = Field(description="Stelle, die Fragen beantwortet")
    email: Annotated[str, AfterValidator(_check_email)] = Field(
        description="E-Mail-Adresse dieser Stelle, keine einer Person"
    )
    attribution: str = Field(
        default="",
        description="Namensnennung, wie die Lizenz sie verlangt; leer: wer veröffentlicht",
    )
    contributor_id: Annotated[str, AfterValidator(_check_contributor)] = Field(
        default="",
        description="Kennung des Datenbereitstellers bei GovData "
        "(http://dcat-ap.de/def/contributors/…); leer: keine",
    )
    level: Literal["municipality", "administrativeDistrict", "state"] = Field(
        default="municipality", description="Ebene der Verwaltung nach DCAT-AP.de"
    )
    frequency: Literal["ANNUAL", "ANNUAL_2", "QUARTERLY", "MONTHLY", "IRREG"] = Field(
        default="ANNUAL", description="Wie oft ein neuer Stichtag erscheint"
    )
    keywords: tuple[Line, ...] = Field(default=(), description="Weitere Schlagwörter")
