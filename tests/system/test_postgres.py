"""PostgreSQL, a real server: the same counts as DuckDB, deliveries from tables and views."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atlas.confidential.aggregate import (
    count_city,
    count_linked,
    count_persons,
    count_unplaced,
    link_report,
)
from atlas.confidential.desk import Desk, open_desk
from atlas.confidential.engine import open_tables
from atlas.confidential.run import run
from atlas.config import Layout
from atlas.config.groups import DEFAULT_GROUPS, memberships_of
from atlas.errors import ConfigError
from atlas.home import Home
from tests.command import Command, files_below
from tests.factories import BLOCKS, SGB2
from tests.system.postgres import Server, running_server
from tests.town_office import (
    LAYOUTS,
    Watcher,
    alw_csv,
    ba_csv,
    ewo_csv,
    office_tables,
    write_city,
)
from tests.year_town import lay_in

DAY = "2023-12-31"
DUCKDB = "duckdb://"
GROUPS = memberships_of(DEFAULT_GROUPS)
KEYS = [str(number) for number in range(40)]
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def password(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PGPASSWORD", server.password)
    return server.password


def make_office(root: Path, change: Change) -> Desk:
    tables = office_tables()
    change(tables)
    return open_desk(write_city(root / "city", tables), Home(root / "home"), Watcher())


# ---- the same counts ----


def write_registers(directory: Path) -> dict[str, Path]:
    """Two registers as the store keeps them, with every gap that occurs there."""
    draw = np.random.default_rng(7)
    people = 5000
    persons = pd.Series([f"h{n}" for n in range(people)], dtype=object)
    ewo = pd.DataFrame(
        {
            "person": persons.mask(draw.random(people) < 0.02),
            "area_id": pd.Series(draw.choice(KEYS, people)).mask(draw.random(people) < 0.02),
            "age": pd.Series(draw.integers(0, 100, people), dtype="Int16"),
            "STAAT": pd.Series(draw.choice(["000", "163", "423"], people)).mask(
                draw.random(people) < 0.05
            ),
        }
    )
    ewo = pd.concat([ewo, ewo.sample(30, random_state=1).assign(area_id="3")])
    extract = draw.integers(0, people + 400, 900)
    alw = pd.DataFrame(
        {
            "person": pd.Series([f"h{n}" for n in extract]).mask(draw.random(900) < 0.03),
            "TITEL": pd.Series(draw.choice(["24", "Y55", "FZ", 'a"b,c\n'], 900)).mask(
                draw.random(900) < 0.05
            ),
        }
    )
    types = {"age": pa.int16()}
    paths = {}
    for name, frame in (("ewo", ewo), ("alw", alw)):
        schema = pa.schema([(c, types.get(c, pa.string())) for c in frame.columns])
        paths[name] = directory / f"{name}.parquet"
        pq.write_table(pa.Table.from_pandas(frame, schema, preserve_index=False), paths[name])
    return paths


def layouts() -> tuple[Layout, Layout]:
    ewo = {
        **LAYOUTS[0],
        "columns": {
            "ID": {"role": "person"},
            "BLOCK": {"role": "area"},
            "ALTER": {"role": "age"},
            "STAAT": {"role": "code"},
        },
        "measures": {"residents": "every_row", "migrants": [{"STAAT": {"not_in": ["000"]}}]},
    }
    alw = {
        **LAYOUTS[1],
        "measures": {
            "refugees": [{"TITEL": {"is_in": ["24", "Y55"]}}],
            "untitled": [{"TITEL": {"is_filled": False}}, {"TITEL": {"is_in": ['a"b,c\n']}}],
        },
    }
    return Layout.model_validate(ewo), Layout.model_validate(alw)


def everything_counted(tables: dict[str, ir.Table]) -> list[Any]:
    """All that the aggregation can say about both registers, as plain values."""
    ewo, alw = layouts()
    placed = count_persons(tables["ewo"], ewo, KEYS, GROUPS)
    linked = count_linked(tables["alw"], tables["ewo"], alw, KEYS, GROUPS)
    return [
        placed.to_dict("list"),
        linked.to_dict("list"),
        count_unplaced(tables["ewo"], ewo, placed),
        count_unplaced(tables["alw"], alw, linked),
        count_city(tables["alw"], alw, "C").to_dict("list"),
        link_report(tables["alw"], tables["ewo"], alw),
    ]


@pytest.mark.usefixtures("password")
def test_same_rows_same_counts(server: Server, tmp_path: Path) -> None:
    paths = write_registers(tmp_path)
    with open_tables(DUCKDB, paths, tmp_path) as tables:
        expected = everything_counted(tables)
    with open_tables(server.url, paths, tmp_path) as tables:
        assert everything_counted(tables) == expected
    report = expected[-1]
    figures = (report.matched, report.not_matched, report.matched_twice, report.not_placeable)
    assert min(figures) > 0  # every way that a link can end occurs in the rows


@pytest.mark.usefixtures("password")
def test_nothing_stays_on_the_server(server: Server, tmp_path: Path) -> None:
    with open_tables(server.url, write_registers(tmp_path), tmp_path) as tables:
        assert tables["ewo"].count().to_pyarrow().as_py() == 5030
    query = "SELECT count(*) FROM pg_class WHERE relname IN ('ewo', 'alw')"
    with server.connect() as connection:
        assert connection.execute(query).fetchone() == (0,)


@pytest.mark.usefixtures("password")
def test_release_is_the_same_to_the_byte(server: Server, tmp_path: Path) -> None:
    files = {
        f"ewo_{DAY}.csv": ewo_csv(),
        f"alw_{DAY}.csv": alw_csv(),
        f"ba_{DAY}.csv": ba_csv(),
    }
    releases = []
    keys_dir: Path | None = None
    for name, url in (("duckdb", DUCKDB), ("postgres", server.url)):
        office = make_office(
            tmp_path / name, lambda t, url=url: t["city"].update(aggregate_url=url)
        )
        if keys_dir is not None:
            shutil.copytree(keys_dir, office.keys_dir)
        lay_in(office.home.root, files)
        assert not run(office, "Prüfung").errors
        keys_dir = office.keys_dir
        found = files_below(office.releases_dir)
        del found["datenstand.json"]  # holds the time of the run
        releases.append(found)
    assert releases[0] == releases[1]
    assert not any(str(server.port).encode() in content for content in releases[1].values())


def test_engine_that_does_not_answer(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "falsch-4711")
    with (
        pytest.raises(ConfigError, match="aggregate_url.*antwortet nicht") as caught,
        open_tables(server.url, {}, tmp_path),
    ):
        pass
    assert "4711" not in str(caught.value)
    assert caught.value.__suppress_context__


# ---- deliveries from tables and views ----


def from_database(tables: dict[str, Any]) -> None:
    """The register comes from a view that says its date, the BA from a table that does not."""
    ewo, alw, ba = tables["deliveries"]["layouts"]
    for layout, table in ((ewo, "amt.einwohner"), (ba, "amt.sgb2")):
        del layout["file"]
        layout["table"] = table
    ewo["columns"]["STICHTAG"] = {"role": "date", "format": "%Y-%m-%d"}
    tables["deliveries"]["layouts"] = [ewo, alw, ba]


def fill(server: Server) -> None:
    """Put the register and the counts of the BA into the database, typed as a database is."""
    with server.connect() as connection:
        connection.execute("DROP SCHEMA IF EXISTS amt CASCADE")
        connection.execute("CREATE SCHEMA amt")
        connection.execute(
            'CREATE TABLE amt.alle ("ID" text, "BLOCK" integer, "ALTER" smallint, '
            '"MIGRATION" integer, "STICHTAG" date, name_nicht_lesen text)'
        )
        connection.execute(
            "CREATE VIEW amt.einwohner AS SELECT * FROM amt.alle WHERE name_nicht_lesen = 'x'"
        )
        connection.execute(
            'CREATE TABLE amt.sgb2 ("QUARTIER" integer, "SGB2" bigint, "SGB2_U18" numeric)'
        )
        rows = [line.split(";") for line in ewo_csv().splitlines()[1:]]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO amt.alle VALUES (%s, %s, %s, %s, %s, 'x')",
                [(*row, DAY) for row in rows],
            )
            cursor.execute("INSERT INTO amt.alle VALUES ('P0', 1101, 40, 0, %s, 'y')", (DAY,))
            cursor.executemany(
                "INSERT INTO amt.sgb2 VALUES (%s, %s, %s)",
                [(key, *counts) for key, counts in SGB2.items()],
            )


def test_deliveries_from_a_view_and_a_table(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fill(server)
    monkeypatch.setenv("ATLAS_DATABASE_URL", server.url_with_password)
    office = make_office(tmp_path / "database", from_database)
    lay_in(office.home.root, {f"alw_{DAY}.csv": alw_csv()})
    first = run(office, "Prüfung")  # the view says its date, so the run reads it
    assert not first.errors
    assert [one.info.missing for one in first.published] == [("SGB II",)]
    monkeypatch.setenv("ATLAS_CITY", str(office.city_dir))
    command = Command(office.home.root, monkeypatch, capsys)
    done = command.run("import", "amt.sgb2", "--date", DAY)
    assert done.exit_code == 0, done.err
    (final,) = run(office, "").published
    assert final.info.missing == ()
    counts = final.cells[(final.cells["kind"] == "quartier") & (final.cells["group"] == "all")]
    for item, expected in (
        ("residents", {q: sum(BLOCKS[b][0] for b in BLOCKS if b[:2] == q) for q in SGB2}),
        ("sgb2", {key: everyone for key, (everyone, _) in SGB2.items()}),
    ):
        found = counts[counts["item"] == item].set_index("area_id")["value"]
        assert found.to_dict() == expected
    assert run(office, "").is_nothing_new
    held = b"".join(files_below(office.home.root).values())
    assert server.password.encode() not in held
    assert b"name_nicht_lesen" not in held


def test_missing_credentials_and_wrong_ones_name_the_variable(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office(tmp_path, from_database)
    monkeypatch.delenv("ATLAS_DATABASE_URL", raising=False)
    (error,) = run(office, "").refused
    assert "Umgebungsvariable ATLAS_DATABASE_URL fehlt" in str(error)
    wrong = server.url.replace("atlas@", "atlas:falsch-4711@")
    monkeypatch.setenv("ATLAS_DATABASE_URL", wrong)
    (error,) = run(office, "").refused
    assert "antwortet nicht" in str(error)
    held = b"".join(files_below(office.home.root).values())
    assert b"falsch-4711" not in held
    assert "4711" not in str(error)
