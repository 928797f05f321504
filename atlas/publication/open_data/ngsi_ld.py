"""``areas.ngsi-ld.json``: every area as an entity of an urban data platform (NGSI-LD).

Source: ETSI GS CIM 009. A property is there where a value is shown; where none is, the status
stands alone under ``<item>_status``.
"""

from urllib.parse import quote

from atlas.publication.export.geodata import areas_of, rows_of, shapes_in_degrees
from atlas.publication.seen import Seen
from atlas.terms import Kind

_CONTEXT = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"
_TYPE = "StatisticalArea"
_NOT_PROPERTIES = frozenset({"release", "reference_date", "remark", "state"})


def entities(seen: Seen) -> list[dict[str, object]]:
    """Areas of all kinds, from small to large, sorted by key."""
    return [one for kind in seen.kinds for one in _entities_of(seen, kind)]


def _entities_of(seen: Seen, kind: Kind) -> list[dict[str, object]]:
    areas = areas_of(seen, kind)
    observed = f"{seen.info.reference_date.isoformat()}T00:00:00Z"
    return [
        {
            "@context": _CONTEXT,
            "id": f"urn:ngsi-ld:{_TYPE}:{seen.config.city.id}:{kind}:{quote(row['area_id'])}",
            "type": _TYPE,
            "location": {"type": "GeoProperty", "value": shape},
        }
        | {
            name.replace(".", "_"): {"type": "Property", "value": value, "observedAt": observed}
            for name, value in row.items()
            if name not in _NOT_PROPERTIES and value not in (None, "")
        }
        for row, shape in zip(rows_of(areas), shapes_in_degrees(areas), strict=True)
    ]
