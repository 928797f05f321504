import pandas as pd
import pytest

from atlas.config.indicators import Indicators
from atlas.sentences import Words
from tests.method_tables import levels_of_city

INDICATORS = {
    "format": 1,
    "measures": {
        "residents": {"label": "Einwohner*innen"},
        "migrants": {"label": "Menschen mit Migrationshintergrund", "part_of": "residents"},
        "sgb2": {"label": "Empfänger*innen von SGB II", "part_of": "residents"},
    },
    "indicators": {
        "density": {
            "label": "Einwohnerdichte",
            "numerator": ["residents"],
            "denominator": ["area_ha"],
            "unit": "per_ha",
        },
        "sgb2_share": {
            "label": "SGB-II-Quote",
            "numerator": ["sgb2"],
            "denominator": ["residents"],
        },
        "migration_share": {
            "label": "Migrationsquote",
            "numerator": ["migrants"],
            "denominator": ["residents"],
        },
    },
}


@pytest.fixture
def words() -> Words:
    levels = levels_of_city(
        {"indicators": [{"id": "density"}, {"id": "sgb2_share"}]},
        min_residents=300,
        dynamic={"all": {"indicators": [{"id": "sgb2_share"}], "span_years": 2}},
    )
    return Words(Indicators.model_validate(INDICATORS), levels)


@pytest.fixture
def counts_of() -> object:
    """Builder of count rows: one row per area and measure."""

    def build(area_id: str, **counts: float) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "area_id": area_id,
                "item": list(counts),
                "value": list(counts.values()),
                "status": "published",
                "reason": "",
            }
        )

    return build
