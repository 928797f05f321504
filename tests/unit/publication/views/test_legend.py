from atlas.publication.views.legend import sign_entries, sign_of
from atlas.terms import Status


def test_statuses_of_one_sign_are_one_entry_that_names_them_all() -> None:
    counts = {Status.MISSING: 3, Status.NOT_CLASSIFIED: 2, Status.SUPPRESSED: 1}
    entries = [(one.status, one.label, one.count, one.code) for one in sign_entries(counts)]
    assert entries == [
        (Status.SUPPRESSED, "geheim", 1, "suppressed"),
        (Status.MISSING, "fällt später an oder nicht klassifiziert", 5, "missing"),
    ]


def test_what_is_not_there_has_no_entry() -> None:
    assert sign_entries({Status.SUPPRESSED: 0}) == ()
    assert sign_entries({}) == ()


def test_every_status_without_a_figure_has_one_of_three_signs() -> None:
    shown = (Status.PUBLISHED, Status.ESTIMATED)
    assert {sign_of(one) for one in Status if one not in shown} == {
        Status.SUPPRESSED,
        Status.UNINHABITED,
        Status.MISSING,
    }
    assert [sign_of(one) for one in shown] == list(shown)
