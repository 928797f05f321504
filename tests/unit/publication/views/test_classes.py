from hypothesis import given
from hypothesis import strategies as st

from atlas.publication.views.classes import CLASSES, classes_of, own_classes
from atlas.words import rounded

VALUES = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=60)


def test_ten_values_make_five_classes_of_two():
    classes = classes_of([float(n) for n in range(1, 11)], 1)
    assert classes.texts() == (
        "1,0 bis unter 3,0",
        "3,0 bis unter 5,0",
        "5,0 bis unter 7,0",
        "7,0 bis unter 9,0",
        "9,0 bis 10,0",
    )
    assert [classes.step_of(float(n)) for n in range(1, 11)] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_value_on_a_break_belongs_to_the_upper_class():
    classes = classes_of([float(n) for n in range(1, 11)], 1)
    assert [classes.step_of(x) for x in (2.94, 2.95, 3.0)] == [1, 2, 2]


def test_break_follows_the_displayed_value_not_the_stored_one():
    classes = classes_of([1.0, 2.0, 2.96, 3.04, 4.0, 5.0, 6.0, 7.0], 1)
    assert classes.step_of(2.96) == classes.step_of(3.04) == classes.step_of(3.0)


def test_constant_makes_one_class():
    classes = classes_of([0.1] * 7, 1)
    assert classes.texts() == ("0,1",)
    assert classes.step_of(0.1) == 1


def test_two_values_make_two_classes():
    assert classes_of([4.0, 9.5, 4.0], 1).texts() == ("4,0 bis unter 9,5", "9,5")


def test_no_value_makes_no_class():
    assert classes_of([], 1).texts() == ()


def test_many_zeros_stay_together_and_leave_four_classes_for_the_rest():
    values = [0.0] * 60 + [float(n) for n in range(1, 41)]
    classes = classes_of(values, 0)
    assert classes.texts()[0] == "0 bis unter 1"
    assert classes.lowers == (0.0, 1.0, 11.0, 21.0, 31.0)


@given(VALUES)
def test_classes_are_half_open_cover_everything_and_never_part_equal_values(values):
    classes = classes_of(values, 1)
    shown = {rounded(value, 1) for value in values}
    assert 1 <= len(classes.lowers) <= min(CLASSES, len(shown))
    assert list(classes.lowers) == sorted(set(classes.lowers))
    bounds = [*classes.lowers, classes.highest]
    for value in values:
        step = classes.step_of(value)
        seen = rounded(value, 1)
        assert bounds[step - 1] <= seen <= bounds[step]
        assert seen < bounds[step] or step == len(classes.lowers)
    assert {classes.step_of(value) for value in values} == set(
        range(1, len(classes.lowers) + 1)
    )


@given(VALUES)
def test_order_of_values_changes_nothing(values):
    assert classes_of(values, 1) == classes_of(values[::-1], 1)


def test_own_breaks_part_at_the_limit_and_leave_no_value_out():
    classes = own_classes((5.0, 10.0), 1)
    assert classes.texts() == ("unter 5,0", "5,0 bis unter 10,0", "10,0 und mehr")
    values = (-3.0, 4.94, 4.95, 5.0, 9.94, 10.0, 900.0)
    assert [classes.step_of(value) for value in values] == [1, 1, 2, 2, 2, 3, 3]


def test_one_break_makes_two_classes_and_none_makes_none():
    assert own_classes((5.0,), 0).texts() == ("unter 5", "5 und mehr")
    assert own_classes((), 0) is None
