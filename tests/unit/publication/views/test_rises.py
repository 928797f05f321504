from atlas.publication.seen import see
from atlas.publication.views.rises import reason_of, strongest_rises
from atlas.terms import Group


def test_strongest_rise_comes_first_with_its_reason(before, release):
    # SGB II of Altstadt went from 10 to 30 %; Waldheim rose because the mean did.
    rises = strongest_rises(see(before), see(release))
    assert [one.area_id for one in rises] == ["11", "21"]
    assert rises[0].head.endswith("der Index steigt von 1,21 auf 1,57 (+0,36)")
    assert rises[0].drivers.startswith("Den Index verändern SGB-II-Quote +0,51")
    back = strongest_rises(see(release), see(before))
    assert [one.area_id for one in back] == ["12", "13"]


def test_nothing_rises_where_nothing_is_classified(release, provisional):
    assert strongest_rises(see(release), see(provisional)) == ()


def test_every_quartier_has_a_reason(before, release):
    told = reason_of(see(before), see(release), "13")
    assert told.head == (
        "weiterhin Stufe 1 „kein Handlungsbedarf“; der Index sinkt von −0,41 auf −0,55 (−0,14)"
    )
    without = reason_of(see(before), see(release), "22")
    assert "nicht klassifiziert" in without.head
    assert reason_of(see(before), see(release), "99") is None
    children = (see(one, Group.U18) for one in (before, release))
    assert reason_of(*children, "11").area_id == "11"
