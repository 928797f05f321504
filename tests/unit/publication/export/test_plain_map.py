"""A small map fills the areas it is given, and writes numbers where there is room."""

from atlas.publication import palette
from atlas.publication.export.picture import plain_map, svg_bytes


def test_only_given_areas_are_filled_and_numbered(release):
    looks = {key: palette.class_look(step) for key, step in (("11", 1), ("12", 2), ("13", 2))}
    labels = {"11": "2,5", "12": "1", "21": "7"}
    picture = plain_map(release, "Stellen je Quartier", looks, labels)
    assert [len(layer.areas) for layer in picture.layers] == [1, 2]
    # 21 is not filled, so its number would stand in no class.
    assert {word.text for word in picture.words} == {"2,5", "1"}
    svg = svg_bytes(picture).decode()
    assert "Stellen je Quartier" in svg
    assert svg == svg_bytes(plain_map(release, "Stellen je Quartier", looks, labels)).decode()


def test_a_number_without_room_is_left_out(release):
    looks = {"11": palette.class_look(1)}
    picture = plain_map(release, "Karte", looks, {"11": "1.234.567.890.123.456.789,25 Stellen"})
    assert picture.words == ()
