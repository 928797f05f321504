import pytest

from atlas.publication.dashboard.prose import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Einwohner*innen je Kind*er", "Einwohner\\*innen je Kind\\*er"),
        ("[Klick](http://x)", "\\[Klick\\]\\(http\\://x\\)"),
        ("wuppertal_quartiere", "wuppertal\\_quartiere"),
        ("$x$ `y` <b>", "\\$x\\$ \\`y\\` \\<b\\>"),
        ("Größe, 3 %.", "Größe, 3 %."),
    ],
)
def test_marks_of_markdown_are_escaped(text, expected):
    assert plain(text) == expected
