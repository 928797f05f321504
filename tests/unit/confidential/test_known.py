"""What others printed of a date is what readers know, and takes the place of a missing sum."""

from pathlib import Path

import pandas as pd
import pytest

from atlas.confidential.audit import audit
from atlas.confidential.day import look
from atlas.confidential.desk import Desk
from atlas.confidential.known import enter_known, read_known, with_known_sums
from atlas.confidential.ledger import read_ledger
from atlas.confidential.protect import protect
from atlas.confidential.run import run
from atlas.errors import DeliveryError
from atlas.release import open_release
from tests.block_town import CELL, KEY, NESTING, rules, status_of, town
from tests.factories import CITY_KEY, DAY, SGB2
from tests.town_office import ba_csv, ewo_csv, make_office, make_small, put

RULES = rules(scope="cell", insider=False)


def table(path: Path, *rows: str, head: str = "kind;area_id;measure;n") -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    return make_office(tmp_path, make_small)


def test_a_total_of_others_stands_where_one_star_cost_the_city_its_figure(office, tmp_path):
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "22": ("*", "*")}))
    run(office, "")

    def benefits(number: int) -> pd.DataFrame:
        cells = open_release(office.releases_dir / f"{DAY}.{number}").cells
        own = cells[(cells["item"] == "sgb2") & (cells["group"] == "all")]
        return own.set_index("area_id")

    assert benefits(1).loc[CITY_KEY, "status"] == "withheld"
    assert (benefits(1).loc[["11", "12", "13"], "status"] == "published").all()
    total = sum(n for n, _ in SGB2.values()) - 1
    printed = table(tmp_path / "bericht.csv", f"city;{CITY_KEY};sgb2;{total}")
    assert enter_known(office, printed, DAY, "BA, Kreisreport") == 1
    assert not look(office).day(DAY).is_published
    (release,) = run(office, "").published
    shown = benefits(2)
    assert shown.loc[CITY_KEY, "value"] == total
    assert shown.loc["22", "status"] == "withheld"
    assert release.info.audit.verdict == "sicher"
    assert run(office, "").is_nothing_new


def test_a_known_total_protects_the_star_by_hiding_another():
    counts, areas = town(
        {q: {"sgb2_recipients": [n]} for q, n in zip("AB", (1, 30), strict=True)}
    )
    counts = counts[counts["kind"] != "block"].reset_index(drop=True)
    areas = areas[areas["kind"] != "block"]
    is_star = counts["area_id"] == "A"
    counts["status"] = counts["status"].mask(is_star, "withheld")
    counts["n"] = counts["n"].mask(is_star)
    found = protect(counts, areas, NESTING, RULES, KEY)
    assert status_of(found.cells, "B", "sgb2_recipients") == "suppressed"


def test_what_others_printed_binds_what_is_hidden():
    """The 2 of Ab0 is hidden beside Ab1; whoever reads 12 for Ab1 elsewhere would know it."""
    counts, areas = town({"A": {"residents": [2, 12, 20]}, "B": {"residents": [20, 30]}})
    told = pd.DataFrame([("block", "Ab1", "all", "residents", 12)], columns=[*CELL, "n"])
    told = told.astype({"n": "Int64"}).assign(release=f"{DAY}.0", parts=None)
    for key in (b"1", b"2", b"3"):
        found = protect(counts, areas, NESTING, RULES, key, told)
        assert status_of(found.cells, "Ab2", "residents") == "suppressed"
        proof = found.certificates
        assert audit(found.cells, counts, areas, NESTING, RULES, proof, told).is_safe


def test_a_star_itself_is_never_replaced(office):
    rows = [("quartier", "11", "all", "sgb2", pd.NA, "withheld", "x")]
    rows += [("city", "C", "all", "sgb2", pd.NA, "withheld", "x")]
    counts = pd.DataFrame(rows, columns=[*CELL, "n", "status", "reason"]).astype({"n": "Int64"})
    known = pd.DataFrame([(*row[:4], 9) for row in rows], columns=[*CELL, "n"])
    found = with_known_sums(counts, known)
    assert found["status"].tolist() == ["withheld", "published"]


def test_known_counts_are_release_nought_of_the_ledger(office, tmp_path):
    enter_known(office, table(tmp_path / "a.csv", f"city;{CITY_KEY};sgb2;137"), DAY, "BA")
    known = read_known(office, DAY)
    assert known is not None
    assert set(known["release"]) == {f"{DAY}.0"}
    ledger = read_ledger(office, DAY, office.config.areas.edition_of(DAY).id)
    assert ledger is not None
    assert ledger["n"].tolist() == [137]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (f"city;{CITY_KEY};kosten;3", "Kennzahl kosten fehlt"),
        ("quartier;99;sgb2;3", "Gebiet quartier 99 fehlt"),
        (f"city;{CITY_KEY};sgb2;viele", "ganze Zahlen ab 0"),
        (f"city;{CITY_KEY};sgb2;-1", "ganze Zahlen ab 0"),
    ],
)
def test_an_unfit_table_gets_its_sentence(office, tmp_path, row, sentence):
    with pytest.raises(DeliveryError, match="Bekannte Anzahlen bericht.csv") as error:
        enter_known(office, table(tmp_path / "bericht.csv", row), DAY, "BA")
    assert sentence in str(error.value)
    assert read_known(office, DAY) is None
