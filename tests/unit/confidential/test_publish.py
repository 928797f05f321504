"""Draft, verified, approved, published: who may do what, and with exactly which files."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential.approvals import approve
from atlas.confidential.day import look
from atlas.confidential.desk import Desk
from atlas.confidential.log import events
from atlas.confidential.publish import publish, verify
from atlas.confidential.receive import layout_of, receive
from atlas.confidential.recipe import make_draft
from atlas.confidential.run import run
from atlas.errors import ReleaseError
from atlas.release import open_release
from tests.factories import DAY, SGB2
from tests.town_office import ba_csv, ewo_csv, make_office, make_small, put, put_small, reopen


def _need(approvals: int, root: Path) -> Path:
    """Run an office that needs approvals until its draft waits."""

    def change(tables: dict[str, Any]) -> None:
        make_small(tables)
        tables["city"]["approvals"] = approvals

    office = make_office(root, change)
    put_small(office)
    (draft,) = run(office, "").waiting
    assert draft.name == "2023-12-31.1"
    return root


@pytest.fixture(scope="module")
def one_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_USER", "anna")
        return _need(1, tmp_path_factory.mktemp("one"))


@pytest.fixture(scope="module")
def two_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_USER", "anna")
        return _need(2, tmp_path_factory.mktemp("two"))


@pytest.fixture
def one(one_root: Path, tmp_path: Path) -> Desk:
    return reopen(Path(shutil.copytree(one_root, tmp_path / "office")))


@pytest.fixture
def two(two_root: Path, tmp_path: Path) -> Desk:
    return reopen(Path(shutil.copytree(two_root, tmp_path / "office")))


@pytest.fixture
def as_user(monkeypatch: pytest.MonkeyPatch) -> Any:
    def become(name: str) -> None:
        monkeypatch.setenv("ATLAS_USER", name)

    become("anna")
    return become


def _draft(office: Desk) -> Path:
    return office.drafts_dir / "2023-12-31.1"


def _make(office: Desk) -> Path:
    return make_draft(office, look(office).day(DAY))


def _published(office: Desk) -> list[str]:
    return sorted(path.name for path in office.releases_dir.iterdir() if path.is_dir())


# ---- one approval -------------------------------------------------------------------------


def test_without_approval_nothing_is_published(one: Desk, as_user: Any) -> None:
    with pytest.raises(ReleaseError, match="1 Freigaben fehlen"):
        publish(one, _draft(one))
    assert _published(one) == []


def test_who_built_cannot_approve(one: Desk, as_user: Any) -> None:
    with pytest.raises(ReleaseError, match="gebaut von derselben Person"):
        approve(one, _draft(one))
    assert not [event for event in events(one.log_path) if event.what == "approved"]


def test_another_person_approves(one: Desk, as_user: Any) -> None:
    files = sorted(path.name for path in _draft(one).iterdir())
    as_user("berta")
    assert approve(one, _draft(one)) == 0
    target = publish(one, _draft(one))
    assert sorted(path.name for path in target.iterdir()) == files
    assert not _draft(one).exists()
    assert _published(one) == ["2023-12-31.1"]
    assert run(one, "").is_nothing_new


def test_a_rerun_publishes_what_was_approved(one: Desk, as_user: Any) -> None:
    as_user("berta")
    approve(one, _draft(one))
    as_user("watch")
    (release,) = run(one, "").published
    assert release.info.name == "2023-12-31.1"


def test_a_rerun_by_a_second_person_does_not_make_her_the_builder(
    one: Desk, as_user: Any
) -> None:
    """Berta looks whether there is anything new, then approves what Anna built."""
    as_user("berta")
    assert [path.name for path in run(one, "").waiting] == ["2023-12-31.1"]
    assert approve(one, _draft(one)) == 0


def test_an_edited_draft_is_refused(one: Desk, as_user: Any) -> None:
    as_user("berta")
    with (_draft(one) / "method.md").open("a", encoding="utf-8") as file:
        file.write("\n")
    for step in (approve, publish):
        with pytest.raises(ReleaseError, match="nicht so geprüft, wie er daliegt"):
            step(one, _draft(one))


def test_an_edit_after_the_approval_is_refused(one: Desk, as_user: Any) -> None:
    as_user("berta")
    approve(one, _draft(one))
    (_draft(one) / "notiz.txt").write_text("x")
    with pytest.raises(ReleaseError, match="nicht so geprüft"):
        publish(one, _draft(one))


def test_a_correction_takes_the_approval_back(one: Desk, as_user: Any) -> None:
    as_user("berta")
    approve(one, _draft(one))
    as_user("anna")
    put(one, f"ba_{DAY}.csv", ba_csv({**SGB2, "11": (95, 30)}))
    result = run(one, "")
    assert result.published == ()
    assert [path.name for path in result.waiting] == ["2023-12-31.1"]
    cells = open_release(_draft(one)).cells
    is_cell = (cells["area_id"] == "11") & (cells["item"] == "sgb2") & (cells["group"] == "all")
    assert cells.loc[is_cell, "value"].tolist() == [95.0]


@pytest.mark.parametrize("name", ["2023-12-31.7", "gibt es nicht", ".."])
def test_what_is_no_draft(one: Desk, as_user: Any, name: str) -> None:
    for step in (approve, publish):
        with pytest.raises(ReleaseError):
            step(one, one.drafts_dir / name)


# ---- two approvals ------------------------------------------------------------------------


def test_two_approvals_come_from_two_people(two: Desk, as_user: Any) -> None:
    as_user("berta")
    assert approve(two, _draft(two)) == 1
    assert approve(two, _draft(two)) == 1
    with pytest.raises(ReleaseError, match="1 Freigaben fehlen"):
        publish(two, _draft(two))
    as_user("clara")
    assert approve(two, _draft(two)) == 0
    publish(two, _draft(two))
    assert _published(two) == ["2023-12-31.1"]


# ---- without approvals --------------------------------------------------------------------


@pytest.fixture(scope="module")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    office = make_office(root, make_small)
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    run(office, "")
    return root


@pytest.fixture
def office(small_root: Path, tmp_path: Path) -> Desk:
    """One date without the BA, published as provisional."""
    return reopen(Path(shutil.copytree(small_root, tmp_path / "office")))


def test_an_unverified_draft_is_not_published(office: Desk) -> None:
    draft = _make(office)
    with pytest.raises(ReleaseError, match="nicht so geprüft"):
        publish(office, draft)
    verify(office, draft)
    assert publish(office, draft).name == "2023-12-31.2"


def test_a_release_is_never_overwritten(office: Desk) -> None:
    draft = _make(office)
    verify(office, draft)
    (office.releases_dir / draft.name).mkdir()
    with pytest.raises(ReleaseError, match="gibt es schon"):
        publish(office, draft)
    assert list((office.releases_dir / draft.name).iterdir()) == []


def test_a_draft_that_nobody_built_is_not_published(office: Desk) -> None:
    """A directory brought from elsewhere may verify, but went through no protection."""
    draft = _make(office)
    office.log_path.unlink()
    verify(office, draft)
    with pytest.raises(ReleaseError, match="nicht so geprüft"):
        publish(office, draft)
    assert draft.is_dir()


def test_what_arrives_while_a_draft_waits_is_not_forgotten(office: Desk) -> None:
    """Built, then a delivery is accepted, then published: the draft lacks the delivery."""
    draft = _make(office)
    verify(office, draft)
    path = put(office, f"ba_{DAY}.csv", ba_csv())
    receive(office, path, layout_of(office, path, None), None, "")
    path.unlink()
    publish(office, draft)
    (release,) = run(office, "").published
    assert release.info.name == "2023-12-31.3"
    assert release.info.missing == ()


def test_a_killed_publication_leaves_no_release_in_half(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = _make(office)
    verify(office, draft)

    rename = Path.rename

    def cut(path: Path, target: Path) -> Path:
        if path.name.startswith(".new-"):
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", cut)
        with pytest.raises(KeyboardInterrupt):
            publish(office, draft)
    assert (office.releases_dir / ".new-2023-12-31.2").is_dir()
    assert draft.is_dir()
    put(office, f"ba_{DAY}.csv", ba_csv())
    (release,) = run(office, "").published
    assert release.info.name == "2023-12-31.2"
    assert _published(office) == ["2023-12-31.1", "2023-12-31.2"]


def test_a_published_release_verifies(office: Desk) -> None:
    verify(office, office.releases_dir / "2023-12-31.1")
    with pytest.raises(ReleaseError, match="fehlt"):
        verify(office, office.releases_dir / "2023-12-31.8")
