"""Method examples as text tables: what goes in left of the arrow, what comes out right of it.

```
area  residents    a      b    | a.z   need_level  reason
01        500      2      1    | -1.5      1       -
02        500      geheim 2    |  -        -       geheim
```
A word instead of a value is a status; ``-`` is nothing.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from atlas.classify import Rule, level_items, rule_of
from atlas.config.levels import Levels
from atlas.terms import Group, Reason, Status

DAY = date(2024, 12, 31)
DATA_DIR = Path(__file__).parent / "data"
_STATUSES = {
    "geheim": (Status.SUPPRESSED, Reason.CONFIDENTIAL),
    "gesperrt": (Status.WITHHELD, Reason.SUPPLIER),
    "ausstehend": (Status.MISSING, Reason.PENDING),
    "fehlt": (Status.UNAVAILABLE, Reason.NOT_DELIVERED),
    "klein": (Status.NOT_MEANINGFUL, Reason.SMALL_DENOMINATOR),
    "unbewohnt": (Status.UNINHABITED, Reason.UNINHABITED),
    "verschoben": (Status.NOT_CLASSIFIED, Reason.BOUNDARY_CHANGED),
}


def levels_of_city(scale: Mapping[str, object], **options: object) -> Levels:
    return Levels.model_validate({"format": 1, "need": {"all": scale}, **options})


def need_rule(
    ids: str = "a b", *, options: Mapping[str, object] | None = None, **scale: object
) -> Rule:
    """Rule for indicators named by words, of equal weight unless ``scale`` says otherwise."""
    if "themes" not in scale:
        scale.setdefault("indicators", [{"id": name} for name in ids.split()])
    return rule_of(levels_of_city(scale, **(options or {})), "need", Group.ALL)


def read_table(text: str) -> pd.DataFrame:
    """Rows of a text table; columns left of the bar, then right of it."""
    lines = [line.replace("|", " ").split() for line in text.strip().splitlines()]
    return pd.DataFrame(lines[1:], columns=lines[0])


def inputs_of(table: pd.DataFrame, items: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Values of the indicators and residents, as ``level_items`` takes them."""
    frames = [_value_rows(table["area"], table[item], item) for item in items]
    people = table.get("residents", pd.Series("500", index=table.index))
    residents = _value_rows(table["area"], people, "residents")
    return pd.concat(frames, ignore_index=True), residents[["area_id", "value", "status"]]


def classify_table(
    text: str, rule: Rule, city: Mapping[str, float] | None = None
) -> pd.DataFrame:
    values, residents = inputs_of(read_table(text), rule.items)
    return level_items(values, residents, rule, DAY, city)


def assert_table(
    text: str, rule: Rule, city: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Check every expected figure of a table to its last digit; give back the items."""
    items = classify_table(text, rule, city)
    table = read_table(text).set_index("area")
    values = items.pivot(index="area_id", columns="item", values="value")
    reasons = items.pivot(index="area_id", columns="item", values="reason")[rule.level]
    header = text.strip().splitlines()[0]
    for column in header.split("|")[1].split():
        for area_id, expected in table[column].items():
            if column == "reason":
                assert (reasons[area_id] or "-") == expected, (area_id, column)
            elif expected == "-":
                assert np.isnan(values.loc[area_id, column]), (area_id, column)
            else:
                digits = len(expected.partition(".")[2])
                found = values.loc[area_id, column]
                assert abs(found - float(expected)) <= 0.5000001 * 10**-digits, (
                    area_id,
                    column,
                )
    return items


def column_of(items: pd.DataFrame, item: str) -> pd.Series:
    """Values of one item by area, the city's row left out."""
    chosen = items[(items["item"] == item) & (items["area_id"] != "")]
    return chosen.set_index("area_id")["value"]


def city_of(items: pd.DataFrame) -> pd.Series:
    """Values of the city's rows by item."""
    return items[items["area_id"] == ""].set_index("item")["value"]


def berlin_values() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Values, residents and published classes of the Berlin monitoring 2021."""
    table = pd.read_csv(DATA_DIR / "berlin" / "mss_2021.csv", dtype={"PLR_ID": str})
    names = ["S1", "S3", "S4", "D1", "D3", "D4"]
    values = table.melt("PLR_ID", names, var_name="item").rename(columns={"PLR_ID": "area_id"})
    is_gap = values["value"] == -9999
    values = values.assign(
        item=values["item"].str.lower(),
        value=values["value"].mask(is_gap),
        status=np.where(is_gap, Status.UNAVAILABLE.value, Status.PUBLISHED.value),
        reason=np.where(is_gap, Reason.NOT_DELIVERED.value, ""),
    )
    status = np.where(table["EW"].isna(), Status.UNAVAILABLE.value, Status.PUBLISHED.value)
    residents = pd.DataFrame(
        {"area_id": table["PLR_ID"], "value": table["EW"], "status": status}
    )
    return values, residents, table.set_index("PLR_ID")


def berlin_levels() -> Levels:
    return Levels.model_validate(
        {
            "format": 1,
            "min_residents": 300,
            "exclusions": [{"area_id": "10100205", "reason": "Ausreißer"}],
            "need": {"all": {"preset": "mss", "indicators": _ids("s1 s3 s4")}},
            "dynamic": {"all": {"indicators": _ids("d1 d3 d4")}},
        }
    )


def flensburg_values(year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three classic indicators of the 13 Stadtteile, from counts."""
    table = pd.read_csv(DATA_DIR / "flensburg" / "stadtteile.csv")
    table = table[table["year"] == year]
    migrants = table["foreign_nationals"] + table["germans_with_migration_background"]
    under_65 = table["residents"] - table["residents_65plus"]
    columns = {
        "density": table["residents"] / table["area_ha"],
        "migration_share": 100 * migrants / table["residents"],
        "sgb2_share": 100 * table["sgb2_recipients"] / under_65,
    }
    frames = [
        pd.DataFrame({"area_id": table["area_id"], "item": item, "value": column})
        for item, column in columns.items()
    ]
    values = pd.concat(frames, ignore_index=True).assign(
        status=Status.PUBLISHED.value, reason=Reason.NONE.value
    )
    residents = pd.DataFrame(
        {"area_id": table["area_id"], "value": table["residents"].astype(float)}
    ).assign(status=Status.PUBLISHED.value)
    return values, residents.reset_index(drop=True)


def pennsylvania_values() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Values, residents and published ranks of the Social Vulnerability Index, theme 1."""
    table = pd.read_csv(DATA_DIR / "us" / "svi_2018_pennsylvania.csv")
    frames = [
        pd.DataFrame({"area_id": table["county"], "item": item, "value": table[f"ep_{item}"]})
        for item in ("pov", "unemp", "pci", "nohsdp")
    ]
    values = pd.concat(frames, ignore_index=True).assign(
        status=Status.PUBLISHED.value, reason=Reason.NONE.value
    )
    residents = pd.DataFrame({"area_id": table["county"], "value": 10_000.0})
    return values, residents.assign(status=Status.PUBLISHED.value), table.set_index("county")


def flensburg_rule() -> Rule:
    return need_rule("density migration_share sgb2_share", preset="mss")


def _ids(names: str) -> list[dict[str, str]]:
    return [{"id": name} for name in names.split()]


def _value_rows(area_ids: pd.Series, texts: pd.Series, item: str) -> pd.DataFrame:
    states = [_STATUSES.get(text, (Status.PUBLISHED, Reason.NONE)) for text in texts]
    return pd.DataFrame(
        {
            "area_id": area_ids.to_numpy(),
            "item": item,
            "value": [np.nan if text in _STATUSES else float(text) for text in texts],
            "status": [status.value for status, _ in states],
            "reason": [reason.value for _, reason in states],
        }
    )
