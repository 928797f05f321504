import pytest

from atlas.publication.dashboard.writer import login_name


@pytest.mark.parametrize(
    ("headers", "header", "name"),
    [
        ({"X-Remote-User": "planung"}, "X-Remote-User", "planung"),
        ({"X-Remote-User": "  Amt\t für  Jugend "}, "X-Remote-User", "Amt für Jugend"),
        ({"X-Remote-User": "J\u00c3\u00bcrgens"}, "X-Remote-User", "Jürgens"),
        ({"X-Remote-User": "J\u00fcrgens"}, "X-Remote-User", "Jürgens"),
        ({"X-Remote-User": "planung"}, "", ""),
        ({"X-Remote-User": ""}, "X-Remote-User", ""),
        ({}, "X-Remote-User", ""),
        ({"X-Remote-User": "x" * 200}, "X-Remote-User", "x" * 100),
    ],
)
def test_login_counts_only_where_a_header_is_declared_and_sent(headers, header, name):
    assert login_name(headers, header) == name
