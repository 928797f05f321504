"""Posts on a map say what the table says."""

from atlas.classify import Plan
from atlas.publication.seen import see
from atlas.publication.views.plan_map import plan_map
from atlas.publication.views.resources import plan_view, quartiere_of
from atlas.publication.views.table import value_of


def test_each_quartier_with_posts_has_its_number_and_a_class(release):
    seen = see(release)
    shared = plan_view(seen, Plan(12.0, 0.5, 0.0, "level", "hamilton", 1))
    at = shared.table.place_of("posts")
    posts = {str(row[0]): value_of(row[at]) for row in shared.table.rows}
    found = plan_map(quartiere_of(seen), shared)
    assert found.labels == {
        key: f"{value:.2f}".replace(".", ",") for key, value in posts.items() if value
    }
    assert found.steps.keys() == found.labels.keys()
    most = max(found.steps, key=lambda key: posts[key] or 0)
    assert found.steps[most] == len(found.entries)
    assert sum(value or 0 for value in posts.values()) == 12


def test_nobody_gets_posts_where_there_are_none(release):
    seen = see(release)
    found = plan_map(
        quartiere_of(seen), plan_view(seen, Plan(0.0, 1.0, 0.0, "level", "hamilton", 1))
    )
    assert (found.steps, found.labels, found.entries) == ({}, {}, ())
