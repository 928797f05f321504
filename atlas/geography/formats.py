"""What a file of boundaries is, by its content; whoever refers to other places is refused.

Knows no GDAL: what passes here is opened by one of few drivers (``gdal``).
"""

import json
import re
import sqlite3
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Any
from xml.parsers import expat

_HEAD = 4096
_EXPECTED = (
    "Erwartet: GeoPackage, GeoJSON oder Shapefile (auch als ZIP), FlatGeobuf, GML, KML, "
    "MapInfo oder Esri JSON. Datei neu exportieren."
)
_PLACES = (
    "verweist auf andere Dateien oder Rechner ({}). Mit allen Grenzen darin neu exportieren."
)
_CRS_NAME = re.compile(
    r"(urn:(x-)?ogc:def:crs:|https?://www\.opengis\.net/def/crs/|EPSG:|OGC:)[\w:.,/]*", re.I
)
_POINTERS = ("OGRVRTDataSource", "VRTDataset", "OGRWFSDataSource", "WFS_Capabilities")
_VIRTUAL = re.compile(r"create\s+virtual\s+table\b(?!.*\busing\s+rtree\b)", re.I | re.S)
_COMPUTED = re.compile(r"\bgenerated\s+always\b|\)\s*(stored|virtual)\b", re.I)


class Format(StrEnum):
    """Formats that are read; the value is the suffix by which GDAL knows them."""

    GEOPACKAGE = "gpkg"
    SHAPEFILE = "shp"
    GEOJSON = "geojson"
    ESRI_JSON = "json"
    FLATGEOBUF = "fgb"
    GML = "gml"
    KML = "kml"
    TAB = "tab"
    MIF = "mif"
    ZIP = "zip"


class UnfitFileError(Exception):
    """A file that cannot be taken; says why, and what to do."""


class WrongEncodingError(UnfitFileError):
    """Texts that are not in the encoding that the file names, or that its format has."""

    def __init__(
        self, why: str = "mit Texten in einem anderen Zeichensatz als angegeben"
    ) -> None:
        super().__init__(f'{why}. Den Zeichensatz angeben: encoding = "cp1252" in areas.toml.')


def unreadable(why: str = "") -> UnfitFileError:
    """Nothing that is read at all, or broken."""
    return UnfitFileError(f"nicht lesbar{why and f' ({why})'}. {_EXPECTED}")


def format_of(path: Path) -> Format:
    """Recognise a file by its first bytes and look through what could point elsewhere.

    Raises
    ------
    UnfitFileError
        Unknown, broken, or pointing to other files or computers.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x1e")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise unreadable("in UTF-16 statt UTF-8")
    if head.startswith(b"\x1f\x8b"):
        raise unreadable("gepackt; zuerst auspacken")
    if head.startswith(b"SQLite format 3\0"):
        _check_geopackage(path)
        return Format.GEOPACKAGE
    for magic, known in (
        (b"\0\0\x27\x0a", Format.SHAPEFILE),
        (b"fgb\x03fgb", Format.FLATGEOBUF),
        (b"PK\x03\x04", Format.ZIP),
    ):
        if head.startswith(magic):
            return known
    if text.startswith(b"{"):
        return _json_format(path)
    if text.startswith(b"<"):
        return _xml_format(path)
    return _mapinfo_format(path, text.lower())


def _check_geopackage(path: Path) -> None:
    """Refuse tables that compute or fetch what they show."""
    try:
        with closing(sqlite3.connect(path)) as database:
            found = database.execute("select type, name, sql from sqlite_master").fetchall()
            names = {name for _, name, _ in found}
            if not {"gpkg_contents", "gpkg_spatial_ref_sys"} <= names:
                raise unreadable("eine SQLite-Datenbank, kein GeoPackage")
            shown = {
                name for (name,) in database.execute("select table_name from gpkg_contents")
            }
    except (sqlite3.Error, UnicodeDecodeError):  # also its own message may be no text
        raise unreadable("kein heiles GeoPackage") from None
    for kind, name, sql in found:
        if kind == "view" and name in shown:
            raise UnfitFileError(
                _PLACES.format("GeoPackage mit einer Sicht statt einer Tabelle")
            )
        if kind == "table" and (_VIRTUAL.search(sql) or _COMPUTED.search(sql)):
            raise UnfitFileError(_PLACES.format("GeoPackage mit einer virtuellen Tabelle"))


def _json_format(path: Path) -> Format:
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_no_link)
    except UnicodeDecodeError:
        raise WrongEncodingError("nicht in UTF-8") from None
    except (ValueError, RecursionError):
        raise unreadable(_kind_of_broken(path)) from None
    if content.get("type") in ("FeatureCollection", "Feature"):
        return Format.GEOJSON
    if "features" in content and {"geometryType", "spatialReference"} & content.keys():
        return Format.ESRI_JSON
    raise unreadable("TopoJSON" if content.get("type") == "Topology" else "JSON ohne Gebiete")


def _kind_of_broken(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as lines:
        first = lines.readline().lstrip("\x1e")
    try:
        is_feature = json.loads(first).get("type") == "Feature"
    except (ValueError, AttributeError, RecursionError):
        is_feature = False
    return "GeoJSON mit einem Gebiet je Zeile" if is_feature else "kein vollständiges JSON"


def _no_link(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Keep an object of JSON; refuse a CRS that would have to be fetched."""
    for key, value in pairs:
        if key == "crs" and isinstance(value, dict):
            properties = value.get("properties")
            name = properties.get("name") if isinstance(properties, dict) else None
            if value.get("type") != "name" or not _CRS_NAME.fullmatch(str(name)):
                raise UnfitFileError(_PLACES.format("Koordinatensystem als Verweis"))
    return dict(pairs)


def _xml_format(path: Path) -> Format:
    elements: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in _POINTERS or local == "NetworkLink":
            raise UnfitFileError(_PLACES.format(local))
        if not elements:
            elements.append(local)

    def refuse(*_: object) -> None:
        raise UnfitFileError(_PLACES.format("DOCTYPE"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError:
        raise unreadable("kein heiles XML") from None
    if elements[0] == "kml":
        return Format.KML
    if elements[0] == "html":
        raise unreadable("eine Webseite, vielleicht die Anmeldung des Portals")
    return Format.GML


def _mapinfo_format(path: Path, head: bytes) -> Format:
    if re.match(rb"version\s+\d+\s", head):
        return Format.MIF
    if not head.startswith(b"!table"):
        raise unreadable()
    text = path.read_bytes().lower()
    if re.search(rb"create\s+view|isseamless|\btype\s+(?!native\b|dbf\b)\w+|\bfile\s", text):
        raise UnfitFileError(_PLACES.format("MapInfo-Tabelle auf andere Tabellen"))
    return Format.TAB
