from atlas.sentences import Words
from atlas.sentences.naming import REASON_TEXTS
from atlas.terms import DYNAMIC_LEVEL, NEED_LEVEL, Reason


def test_every_reason_has_words() -> None:
    assert set(REASON_TEXTS) == set(Reason)


def test_words_of_values_and_levels(words: Words) -> None:
    assert words.amount("sgb2_share", 12.34) == "12,3 %"
    assert words.amount("sgb2_share.change", 1.25) == "+1,3 Prozentpunkte"
    assert words.amount("density.change", -1.25) == "−1,3 je ha"
    assert words.name("density.change") == "Einwohnerdichte (Veränderung)"
    assert words.level(NEED_LEVEL, 4) == "Stufe 4 „hoher Handlungsbedarf“"
    assert words.level(DYNAMIC_LEVEL, 3) == "Dynamik 3 „negativ“"
