"""The worked example of docs/methode.md comes out of the program."""

from pathlib import Path

import pandas as pd
import pytest

from atlas.classify import level_items
from atlas.config.levels import Robustness
from atlas.config.methods import METHODS
from atlas.sentences import STABILITY_LABELS
from atlas.terms import LEVEL_LABELS
from tests.method_tables import DAY, column_of, need_rule

TEXT = (Path(__file__).parents[2] / "docs" / "methode.md").read_text(encoding="utf-8")
ITEMS = ("sgb2_share", "migration_share", "density")


def table_after(heading: str) -> list[list[str]]:
    """Rows of the first table below a line that begins so, without header and rule."""
    lines = TEXT[TEXT.index(heading) :].splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def number(text: str) -> float:
    return float(text.split(" ")[0].replace("−", "-").replace(",", "."))


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    frames = [
        pd.DataFrame({"area_id": row[0], "item": ITEMS, "value": [number(c) for c in row[1:]]})
        for row in table_after("## Ein Beispiel zum Nachrechnen")
    ]
    values = pd.concat(frames, ignore_index=True).assign(status="published", reason="")
    residents = values.loc[values["item"] == "density", ["area_id", "status"]].assign(
        value=500.0
    )
    return level_items(values, residents, need_rule(" ".join(ITEMS), preset="need4"), DAY)


def test_worked_example(items: pd.DataFrame) -> None:
    names = [*(f"{item}.z" for item in ITEMS), "need_index.sum", "need_index", "need_level"]
    rows = table_after("**z-Werte, Summe, Index.**")
    assert len(rows) == 5
    for area, *cells in rows:
        found = [column_of(items, name)[area] for name in names]
        assert found == pytest.approx([number(cell) for cell in cells[:6]], abs=1e-12)
        distance = column_of(items, "need_index.distance")[area]
        assert abs(distance) == pytest.approx(number(cells[6]), abs=1e-12)
        assert (distance < 0) == ("über" in cells[6])


def test_contributions_of_the_example(items: pd.DataFrame) -> None:
    found = [column_of(items, f"{item}.contribution")["Altstadt"] for item in ITEMS]
    assert found == pytest.approx([0.75, 0.75, -0.25], abs=1e-12)


def test_names_and_presets_are_those_of_the_program() -> None:
    rows = table_after("## Was eine Stufe sagt")
    assert {int(row[0]): row[1] for row in rows} == {int(k): v for k, v in LEVEL_LABELS.items()}
    assert "−1; +1; +1,5" in TEXT
    assert METHODS["zscore"].presets == {"mss": (-1.0, 1.0, 1.5), "need4": (0.0, 0.5, 1.0)}
    assert all(f"`{method}`" in TEXT for method in METHODS)


def test_robustness_is_described_as_it_is_preset() -> None:
    preset = Robustness()
    assert "2.000-mal" in TEXT
    assert preset.replications == 2000
    assert (preset.weight_spread, preset.cut_spread) == (0.25, 0.1)
    assert [row[1] for row in table_after("- jede Grenze um bis zu 0,1")] == list(
        STABILITY_LABELS.values()
    )
