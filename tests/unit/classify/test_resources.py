from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.classify.resources import Plan, hamilton, sainte_lague, share_out
from atlas.errors import AtlasError
from atlas.sentences import post_reason


def fractions(*numbers: int) -> list[Fraction]:
    return [Fraction(number) for number in numbers]


def quartiere(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["area_id", "level", "index", "children"])


TOWN = quartiere(
    ("01", 1, -1.0, 300),
    ("02", 2, 0.2, 200),
    ("03", 3, 0.8, 100),
    ("04", 4, 2.0, 100),
    ("05", np.nan, np.nan, 50),
    ("06", 3, 0.9, np.nan),
    ("07", 1, -0.5, 0),
)


def reasons_of(plan: Plan) -> dict[str, str]:
    return {row.area_id: post_reason(row, plan) for row in share_out(plan, TOWN).itertuples()}


def test_hamilton() -> None:
    """A textbook case: quotas 1.5, 3.0, 5.5; the tie at one half goes to the earlier claim."""
    assert hamilton(fractions(15, 30, 55), 10, 0) == [2, 3, 5]


def test_hamilton_with_floor() -> None:
    """Quotas 0.2, 0.8, 9.0: the first two are raised to 1, the last gets what is left."""
    assert hamilton(fractions(2, 8, 90), 10, 1) == [1, 1, 8]


def test_sainte_lague() -> None:
    """53 : 24 : 23 over 7 seats, the known example: 3, 2, 2 against Hamilton's 4, 2, 1."""
    assert sainte_lague(fractions(53, 24, 23), 7, 0) == [3, 2, 2]
    assert hamilton(fractions(53, 24, 23), 7, 0) == [4, 2, 1]


def test_by_level() -> None:
    """Claims 300, 400, 300, 400 of 1,400: quotas of 14 posts are 3, 4, 3, 4."""
    plan = Plan(posts=14)
    reasons = reasons_of(plan)
    table = share_out(plan, TOWN).set_index("area_id")
    assert table["posts"].to_dict() == {
        "01": 3, "02": 4, "03": 3, "04": 4, "05": 0, "06": 0, "07": 0,
    }  # fmt: skip
    assert reasons["02"] == (
        "200 Kinder × Faktor 2: rechnerisch 4,00 Stellen, zugeteilt 4 "
        "(größte Reste (Hare/Niemeyer))."
    )
    assert reasons["05"] == (
        "Nicht eingestuft: über dieses Gebiet ist von Hand zu entscheiden."
    )
    assert reasons["06"] == (
        "Die Kinderzahl ist nicht veröffentlicht: über dieses Gebiet ist von Hand zu "
        "entscheiden."
    )
    assert reasons["07"] == "Hier leben keine Kinder."


def test_by_index_with_floor() -> None:
    """01 has the lowest index, so factor 0, and still gets the floor."""
    plan = Plan(posts=10, floor=1, by="index")
    reasons = reasons_of(plan)
    table = share_out(plan, TOWN).set_index("area_id")
    assert table["factor"]["04"] == pytest.approx(3.0)
    assert table["claim"]["01"] == 0
    assert table["posts"]["01"] == 1
    assert reasons["01"] == (
        "300 Kinder × Faktor 0,00: rechnerisch 0,00 Stellen, durch den Sockel 1."
    )
    assert table["posts"].sum() == 10


def test_half_posts() -> None:
    plan = Plan(posts=2.5, step=0.5, rounding="sainte_lague")
    table = share_out(plan, TOWN)
    assert table["posts"].sum() == 2.5
    assert set(table["posts"] % 0.5) == {0.0}
    assert "zugeteilt 0,50 (Höchstzahlen (Sainte-Laguë))." in "".join(reasons_of(plan).values())


def test_a_tie_goes_to_the_higher_need_whatever_the_order_of_rows() -> None:
    town = quartiere(("01", 2, 0.1, 100), ("02", 2, 0.4, 100), ("03", 2, 0.4, 100))
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        table = share_out(Plan(posts=4), town.iloc[order]).set_index("area_id")
        assert table["posts"].to_dict() == {"01": 1, "02": 2, "03": 1}


@pytest.mark.parametrize(
    ("plan", "what"),
    [
        (Plan(posts=3.3), "Vielfaches"),
        (Plan(posts=-1), "Vielfaches"),
        (Plan(posts=10, step=0), "Vielfaches"),
        (Plan(posts=10, floor=0.5), "Sockel"),
        (Plan(posts=3, floor=1), "reichen nicht"),
    ],
)
def test_impossible_plans(plan: Plan, what: str) -> None:
    with pytest.raises(AtlasError, match=what):
        share_out(plan, TOWN)


def test_nobody_with_a_claim() -> None:
    with pytest.raises(AtlasError, match="niemand hat einen Anspruch"):
        share_out(Plan(posts=3), TOWN.assign(level=np.nan, index=np.nan))


claim_lists = st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any)


@settings(deadline=None, max_examples=60)
@given(
    claim_lists,
    st.integers(0, 3),
    st.integers(0, 60),
    st.sampled_from([hamilton, sainte_lague]),
)
def test_everything_is_given_away_and_nobody_is_below_the_floor(
    claims: list[int], floor: int, more: int, method: object
) -> None:
    units = floor * len(claims) + more
    shares = method(fractions(*claims), units, floor)  # type: ignore[operator]
    assert sum(shares) == units
    assert min(shares) >= floor


@settings(deadline=None, max_examples=60)
@given(claim_lists, st.integers(0, 60))
def test_hamilton_keeps_to_the_quota(claims: list[int], units: int) -> None:
    """Without a floor everybody gets the quota rounded down or up."""
    shares = hamilton(fractions(*claims), units, 0)
    for claim, share in zip(claims, shares, strict=True):
        assert abs(share - Fraction(claim * units, sum(claims))) < 1


@settings(deadline=None, max_examples=60)
@given(claim_lists, st.integers(0, 60))
def test_sainte_lague_never_takes_away_when_there_is_more(
    claims: list[int], units: int
) -> None:
    fewer = sainte_lague(fractions(*claims), units, 0)
    more = sainte_lague(fractions(*claims), units + 1, 0)
    assert all(second >= first for first, second in zip(fewer, more, strict=True))


def test_fixed_posts_stay_and_the_others_share_the_rest() -> None:
    """3 of 14 stay in 01, 1 in 05; 10 by 400 : 300 : 400 are 3.64, 2.73, 3.64: 4, 3, 3."""
    fixed = [3, np.nan, np.nan, np.nan, 1, np.nan, np.nan]
    table = share_out(Plan(posts=14), TOWN.assign(fixed=fixed)).set_index("area_id")
    assert table["posts"].to_dict() == {
        "01": 3, "02": 3, "03": 3, "04": 4, "05": 1, "06": 0, "07": 0,
    }  # fmt: skip
    reasons = {
        row.area_id: post_reason(row, Plan(posts=14))
        for row in table.reset_index().itertuples()
    }
    assert reasons["01"] == "Fest: bleibt bei 3."
    assert reasons["05"] == "Fest: bleibt bei 1."


def test_below_the_least_level_there_is_nothing() -> None:
    """Claims 300 and 400 from level 3 on: of 7 posts 3 and 4."""
    plan = Plan(posts=7, least_level=3)
    table = share_out(plan, TOWN).set_index("area_id")
    assert table["posts"].to_dict() == {
        "01": 0, "02": 0, "03": 3, "04": 4, "05": 0, "06": 0, "07": 0,
    }  # fmt: skip
    assert reasons_of(plan)["02"] == "Stufe 2 liegt unter der Mindeststufe 3."


@pytest.mark.parametrize(
    ("posts", "fixed", "told"),
    [(2, 3, "mehr als alle zusammen"), (5, 0.5, "Vielfaches"), (5, 3, "")],
)
def test_fixed_posts_are_checked(posts: float, fixed: float, told: str) -> None:
    town = TOWN.assign(fixed=[fixed, *[np.nan] * 6])
    if not told:
        assert share_out(Plan(posts=posts), town)["posts"].sum() == posts
        return
    with pytest.raises(AtlasError, match=told):
        share_out(Plan(posts=posts), town)


def test_all_posts_may_be_fixed() -> None:
    town = TOWN.assign(fixed=[2, 3, 1, 0, 0, 0, 0])
    assert share_out(Plan(posts=6), town)["posts"].tolist() == [2, 3, 1, 0, 0, 0, 0]
    with pytest.raises(AtlasError, match="niemand hat einen Anspruch"):
        share_out(Plan(posts=7), town)


@settings(max_examples=60, deadline=None)
@given(
    children=st.lists(st.integers(1, 900), min_size=3, max_size=12),
    units=st.integers(0, 200),
    step=st.sampled_from([1.0, 0.5, 0.25]),
    rounding=st.sampled_from(["hamilton", "sainte_lague"]),
    data=st.data(),
)
def test_posts_always_add_up_to_those_given(children, units, step, rounding, data) -> None:
    count = len(children)
    levels = data.draw(st.lists(st.integers(1, 4), min_size=count, max_size=count))
    held = data.draw(st.lists(st.sampled_from([None, 0, 1, 2]), min_size=count, max_size=count))
    town = quartiere(
        *(
            (f"{at:02}", level, float(level), n)
            for at, (level, n) in enumerate(zip(levels, children, strict=True))
        )
    ).assign(fixed=[np.nan if one is None else one * step for one in held])
    plan = Plan(units * step, step=step, rounding=rounding, least_level=2)
    try:
        shared = share_out(plan, town)
    except AtlasError:
        return
    assert shared["posts"].sum() == plan.posts
    kept = shared["fixed"].notna()
    assert (shared.loc[kept, "posts"] == shared.loc[kept, "fixed"]).all()
    assert (shared.loc[~kept & (shared["level"] < 2), "posts"] == 0).all()
