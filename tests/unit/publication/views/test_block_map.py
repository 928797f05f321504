from atlas.publication.seen import see
from atlas.publication.views.block_map import block_theme, inside_view, only_inside
from atlas.publication.views.map import map_view
from atlas.terms import Kind, Status


def test_theme_is_the_sorted_indicator_if_blocks_show_it(release):
    seen = see(release)
    assert block_theme(seen, "migration_share") == "migration_share"
    first = block_theme(seen, "area_id")
    assert seen.values(Kind.BLOCK, first)
    assert block_theme(seen, "need_level") == first


def test_only_the_blocks_of_one_quartier_are_shown_and_counted(release):
    seen = see(release)
    chosen = only_inside(seen, "13")
    assert chosen.area_ids == {block.id for block in seen.children(Kind.BLOCK, "13")}
    assert chosen.told
    view = map_view(seen, "migration_share", Kind.BLOCK)
    legend = inside_view(seen, view, "13").legend
    assert sum(entry.count for entry in legend) == len(chosen.area_ids)
    hidden = [entry for entry in legend if entry.status is Status.SUPPRESSED]
    # 1301 and 1302 are hidden, and stay so.
    assert [entry.count for entry in hidden] == [2]
