import base64
import json
import zlib
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from atlas.publication.dashboard.map_element import Content, _AtlasMap, pack
from atlas.publication.palette import Look
from atlas.words import number_text

_BLOCKS = 6000
_LIMIT_BYTES = 15_000


def _unpack(content: str) -> dict[str, Any]:
    """As the browser unpacks it, texts written out."""
    head, _, planes = zlib.decompress(base64.b64decode(content)).partition(b"\0")
    unpacked: dict[str, Any] = json.loads(head)
    texts = unpacked["texts"]
    count = len(texts["which"])
    numbers = [int.from_bytes(planes[place::count]) for place in range(count)]
    parts = (texts["templates"][one].partition("\0") for one in texts["which"])
    unpacked["texts"] = [
        f"{before}{number_text(number / 10 ** int(rest[0]), int(rest[0]))}{rest[1:]}"
        if rest
        else before
        for (before, _, rest), number in zip(parts, numbers, strict=True)
    ]
    return unpacked


def _looks(number: int) -> list[Look]:
    return [Look("#ffffff", "#000000", "", f"Klasse {place}") for place in range(number)]


def _content(**changed: Any) -> Content:
    content = Content("Titel", _looks(2), [1, 0], ["a", "b"], ["", "3,0"])
    return replace(content, **changed)


def test_class_numbers_keep_the_order_of_the_file_and_texts_that_of_the_classes() -> None:
    looks = [Look("#111111", "#ffffff", "", "eins"), Look("#ffffff", "#000000", "dots", "…")]
    unpacked = _unpack(pack(_content(looks=looks, texts=["fällt später an", "3,0 %"])))
    assert unpacked == {
        "title": "Titel",
        "looks": [
            {"fill": "#111111", "ink": "#ffffff", "hatch": "", "text": "eins"},
            {"fill": "#ffffff", "ink": "#000000", "hatch": "dots", "text": "…"},
        ],
        "classes": "10",
        "texts": ["3,0 %", "fällt später an"],
        "labels": ["", "3,0"],
    }


def test_text_of_the_legend_is_not_sent_again() -> None:
    unpacked = _unpack(pack(_content(classes=[1, 1, 0], texts=["Klasse 1", "b", "Klasse 1"])))
    assert unpacked["texts"] == ["Klasse 1", "", "b"]


@pytest.mark.parametrize(
    "texts",
    [
        ["18,4 %", "0,0 %", "100,0 %"],
        ["12.345 je ha", "999 je ha", "1.000.000 je ha"],
        ["Stufe 3, Handlungsbedarf", "geheim: Anzahlen von 1 bis 2", "–"],
        # No number as we write them: these stay as they are.
        ["1234 Leute", "007", "1.23 %", "99999999999999999999"],
        ["nichts", "", "5"],
    ],
)
def test_texts_arrive_as_they_were(texts: list[str]) -> None:
    classes, labels = [0] * len(texts), [""] * len(texts)
    content = _content(looks=_looks(1), classes=classes, texts=texts, labels=labels)
    assert _unpack(pack(content))["texts"] == texts


def test_every_look_has_one_character() -> None:
    texts = [""] * 36
    unpacked = _unpack(pack(_content(looks=_looks(36), classes=range(36), texts=texts)))
    assert unpacked["classes"] == "0123456789abcdefghijklmnopqrstuvwxyz"
    with pytest.raises(IndexError):
        pack(_content(looks=_looks(37), classes=[36], texts=[""]))


def test_message_for_six_thousand_blocks_stays_small() -> None:
    draw = Random(7)
    classes = [draw.randrange(8) for _ in range(_BLOCKS)]
    texts = [f"{draw.random() * 60:.1f} %".replace(".", ",") for _ in range(_BLOCKS)]
    content = _content(looks=_looks(8), classes=classes, texts=texts, labels=[""] * _BLOCKS)
    assert len(pack(content)) < _LIMIT_BYTES


def test_same_state_is_the_same_message() -> None:
    assert pack(_content()) == pack(_content())
    assert pack(_content()) != pack(_content(classes=[1, 1]))


def test_map_names_no_other_host() -> None:
    links = [link for _, link in (*_AtlasMap.default_js, *_AtlasMap.default_css)]
    assert links
    assert all(link.startswith("../../teile/") for link in links)
    assert "://" not in _AtlasMap("musterstadt").get_root().render()
