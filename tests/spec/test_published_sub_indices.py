"""Sub-indices that others have published come out again, every row of them.

The data are not part of the project: ``ATLAS_SPEC_PUBLISHED`` names a directory with the files
that ``tests/data/SOURCES.md`` describes.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atlas.classify.methods import score
from atlas.classify.methods.arithmetic import Scores, ranks_of
from atlas.classify.rule import Rule
from tests.method_tables import need_rule

_DIR = Path(os.environ.get("ATLAS_SPEC_PUBLISHED", "."))
pytestmark = pytest.mark.skipif(
    "ATLAS_SPEC_PUBLISHED" not in os.environ, reason="needs the published data of others"
)

SVI = {
    "theme1": ("POV", "UNEMP", "PCI", "NOHSDP"),
    "theme2": ("AGE65", "AGE17", "DISABL", "SNGPNT"),
    "theme3": ("MINRTY", "LIMENG"),
    "theme4": ("MUNIT", "MOBILE", "CROWD", "NOVEH", "GROUPQ"),
}
IMD = {
    "Income": 22.5,
    "Employment": 22.5,
    "Education": 13.5,
    "Health": 13.5,
    "Crime": 9.3,
    "Housing_and_Access": 9.3,
    "Environment": 9.3,
}


@pytest.fixture(scope="module")
def counties() -> pd.DataFrame:
    return pd.read_csv(_DIR / "svi_2018.csv.gz", dtype={"FIPS": str}).replace(-999, np.nan)


@pytest.fixture(scope="module")
def england() -> pd.DataFrame:
    return pd.read_parquet(_DIR / "imd_2019.parquet").astype(float)


def _svi(missing: str) -> Rule:
    themes = [
        {
            "id": name,
            "label": name,
            "indicators": [
                {"id": one.lower(), "direction": "less" if one == "PCI" else "more"}
                for one in ids
            ],
        }
        for name, ids in SVI.items()
    ]
    return need_rule(method="percentile", themes=themes, missing=missing)


def _scored(rule: Rule, values: pd.DataFrame) -> Scores:
    scores = score(values.to_numpy(dtype=float), rule, {})
    assert scores is not None
    return scores


def _wrong(found: np.ndarray, published: pd.Series) -> int:
    """Rows that differ from what is published with four digits; a gap is one in both."""
    return int((~np.isclose(found.round(4), published, atol=1e-9, equal_nan=True)).sum())


def test_every_rank_of_the_social_vulnerability_index(counties: pd.DataFrame) -> None:
    """One county lacks poverty, unemployment and income, and is ranked by the twelve others."""
    ids = [one for inner in SVI.values() for one in inner]
    scores = _scored(_svi("own_areas"), counties[[f"EP_{one}" for one in ids]])
    wrong = {one: _wrong(scores.z[:, j], counties[f"EPL_{one}"]) for j, one in enumerate(ids)}
    for name, theme in zip(SVI, scores.themes, strict=True):
        wrong[name] = _wrong(theme.index, counties[f"RPL_{name.upper()}"])
        wrong[f"sum of {name}"] = _wrong(theme.sums, counties[f"SPL_{name.upper()}"])
    wrong["overall"] = _wrong(scores.index, counties["RPL_THEMES"])
    for one in ids:
        wrong[f"flag {one}"] = _wrong(
            scores.extras[f"{one.lower()}.flag"], counties[f"F_{one}"]
        )
    assert wrong == dict.fromkeys(wrong, 0)
    assert len(counties) == 3142
    assert len(wrong) == 39


def test_ranks_differ_where_the_county_with_a_gap_is_left_out(counties: pd.DataFrame) -> None:
    whole = counties.dropna()
    scores = _scored(
        _svi("leave_out"), whole[[f"EP_{one}" for inner in SVI.values() for one in inner]]
    )
    assert _wrong(scores.themes[0].index, whole["RPL_THEME1"]) == 267
    assert _wrong(scores.index, whole["RPL_THEMES"]) == 471


@pytest.mark.parametrize(
    ("ties", "exact", "largest"), [("average", 32_814, 1), ("highest", 32_736, 2)]
)
def test_every_area_of_the_english_indices(
    ties: str, exact: int, largest: int, england: pd.DataFrame
) -> None:
    """Domains are published as ranks alone, so each is a sub-index of its own rank."""
    themes = [
        {
            "id": name.lower(),
            "label": name,
            "weight": weight,
            "indicators": [{"id": f"{name.lower()}_rank", "direction": "less"}],
        }
        for name, weight in IMD.items()
    ]
    rule = need_rule(method="rank_exponential", themes=themes, ties=ties)
    scores = _scored(rule, england[[f"{name}_rank" for name in IMD]])
    for name in IMD:
        tenths = scores.extras[f"need_index.{name.lower()}.decile"]
        assert (tenths == england[f"{name}_decile"]).all(), name
    assert (scores.extras["need_index.decile"] == england["IMD_decile"]).all()
    apart = np.abs(ranks_of(scores.index) - england["IMD_rank"])
    assert len(apart) == 32_844
    assert ((apart == 0).sum(), apart.max()) == (exact, largest)


@pytest.mark.parametrize(("name", "n_items"), [("Conn", 30), ("Sust", 19)])
def test_every_score_of_asem(name: str, n_items: int) -> None:
    """Weighed by tier the scores of 51 countries come out; all at once they do not."""
    values = pd.read_csv(_DIR / "asem_scores.csv")
    framework = pd.read_csv(_DIR / "asem_framework.csv")
    own = framework[framework["index"] == name]
    themes = [
        {
            "id": theme.lower(),
            "label": theme,
            "indicators": [
                {"id": item.lower(), "direction": "more" if sign > 0 else "less"}
                for item, sign in zip(inner["indicator"], inner["direction"], strict=True)
            ],
        }
        for theme, inner in own.groupby("theme")
    ]
    columns = [item for _, inner in own.groupby("theme") for item in inner["indicator"]]
    scores = _scored(need_rule(method="minmax", themes=themes), values[columns])
    for theme, found in zip(themes, scores.themes, strict=True):
        assert found.index == pytest.approx(values[str(theme["label"])], abs=1e-12)
    assert scores.index == pytest.approx(values[name], abs=1e-12)
    parts = [part for theme in themes for part in theme["indicators"]]  # type: ignore[attr-defined] # lists
    flat = _scored(need_rule(method="minmax", indicators=parts), values[columns])
    assert np.abs(flat.index - values[name]).max() > 5
    assert (len(values), len(columns)) == (51, n_items)
