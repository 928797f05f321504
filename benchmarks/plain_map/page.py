"""The map as it is usually written: all boundaries and values in one GeoJSON per run."""

import os
from pathlib import Path

import folium
import geopandas as gpd
import streamlit as st
from streamlit_folium import st_folium

from atlas.release import open_release, read_boundaries
from atlas.terms import Group, Kind

_ITEMS = ("density", "migration_share", "sgb2_share", "refugee_share", "residents")
_COLOURS = ("#e5f0f1", "#b4d3d7", "#79adb7", "#3a7e8d", "#124b5a")
_NONE = "#ffffff"


class _LocalMap(folium.Map):
    default_js = [("leaflet", "../../leaflet/leaflet.js")]
    default_css = [("leaflet_css", "../../leaflet/leaflet.css")]


@st.cache_resource
def _areas(path: str, kind: Kind) -> gpd.GeoDataFrame:
    release = open_release(Path(path))
    areas = read_boundaries(release.path, kind).to_crs("EPSG:4326")
    cells = release.cells
    is_shown = (cells["kind"] == str(kind)) & (cells["group"] == str(Group.ALL))
    values = cells[is_shown].pivot_table("value", "area_id", "item")
    return areas[["area_id", "name", "geometry"]].join(values, on="area_id")


def page() -> None:
    kind = Kind(st.query_params.get("ebene", "quartier"))
    areas = _areas(os.environ["BENCHMARK_RELEASE"], kind)
    item = st.selectbox("Thema", [name for name in _ITEMS if name in areas])
    ranks = areas[item].rank(pct=True)
    shown = areas[["area_id", "name", "geometry"]].assign(
        value=areas[item],
        colour=[_NONE if rank != rank else _COLOURS[min(4, int(rank * 5))] for rank in ranks],
    )
    west, south, east, north = areas.total_bounds
    drawn = _LocalMap(tiles=None)
    folium.GeoJson(
        shown.to_json(),
        style_function=lambda area: {
            "fillColor": area["properties"]["colour"],
            "color": "#4a463f",
            "weight": 0.6,
            "fillOpacity": 1,
        },
        tooltip=folium.GeoJsonTooltip(["area_id", "name", "value"]),
    ).add_to(drawn)
    drawn.fit_bounds([[south, west], [north, east]])
    answer = st_folium(drawn, key="map", height=600, use_container_width=True)
    clicked = (answer or {}).get("last_active_drawing")
    chosen = clicked["properties"]["area_id"] if clicked else "nichts"
    st.html(f'<p id="chosen">{chosen}</p>')


page()
