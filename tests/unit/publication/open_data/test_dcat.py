import copy
import json
from typing import Any

import pytest

from tests.unit.publication.open_data.dcat_check import (
    LISTS,
    ONE_OF,
    REQUIRED,
    classes_of,
    nodes,
    violations,
)


@pytest.fixture(scope="session")
def dcat(files) -> dict[str, Any]:
    return json.loads(files["dcat.jsonld"].content)


def test_the_catalogue_of_a_release_has_no_violation(dcat):
    assert violations(dcat) == []


_OMISSIONS = [
    (kind, name)
    for kind, names in REQUIRED.items()
    for name in names
    if kind != "dcat:DataService"
]


@pytest.mark.parametrize(("kind", "name"), _OMISSIONS)
def test_a_planted_omission_is_found(dcat, kind, name):
    broken = copy.deepcopy(dcat)
    node = next(one for one in nodes(broken) if kind in classes_of(one))
    del node[name]
    assert violations(broken) == [f"{kind}: {name} is missing"]


@pytest.mark.parametrize("kind", ONE_OF)
def test_a_period_and_a_contact_without_anything_are_found(dcat, kind):
    broken = copy.deepcopy(dcat)
    node = next(one for one in nodes(broken) if kind in classes_of(one))
    for name in ONE_OF[kind]:
        node.pop(name, None)
    assert len(violations(broken)) == 1


@pytest.mark.parametrize("name", LISTS)
def test_a_value_beside_its_list_is_found(dcat, name):
    broken = copy.deepcopy(dcat)
    node = next(one for one in nodes(broken) if name in one)
    node[name] = {"@id": "https://example.org/own"}
    assert violations(broken) == [f"{name}: not from its list"]


def test_every_file_is_a_distribution_with_size_and_digest(dcat, files):
    (data_set,) = dcat["dcat:dataset"]
    told = {
        way["dcat:downloadURL"]["@id"].rsplit("/", 1)[1]: (
            int(way["dcat:byteSize"]["@value"]),
            way["spdx:checksum"]["spdx:checksumValue"]["@value"],
        )
        for way in data_set["dcat:distribution"]
    }
    there = {
        name: (len(one.content), one.sha256)
        for name, one in files.items()
        if name != "dcat.jsonld"
    }
    assert told == there


def test_a_correction_names_what_it_replaces(dcat):
    (data_set,) = dcat["dcat:dataset"]
    assert data_set["dcat:version"] == "2023-12-31.1"
    assert "adms:versionNotes" not in data_set
    assert data_set["dcterms:temporal"]["dcat:endDate"]["@value"] == "2023-12-31"
