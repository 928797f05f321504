"""From a draft to a published release: verified, approved, entered in the ledger, moved in."""

import shutil
from pathlib import Path

from atlas.confidential.approvals import (
    about,
    missing_approvals,
    raise_on_declined,
    require_verified,
    tree_hash,
)
from atlas.confidential.desk import Desk
from atlas.confidential.editions import earlier_cells
from atlas.confidential.journal import read_journal
from atlas.confidential.ledger import enter_ledger
from atlas.confidential.reject import raise_on_rejected
from atlas.errors import ReleaseError
from atlas.home import move_in, open_up
from atlas.release import open_release, read_info, verify_release

# What a draft was built from, as the events ``built`` and ``published`` say it.
_FROM = ("fingerprint", "inputs")


def verify(desk: Desk, directory: Path) -> None:
    """Rebuild every file of a draft or release from its published cells and compare bytes."""
    release = open_release(directory)
    with desk.observer.step(f"{release.info.name} nachrechnen", None):
        areas = desk.areas_of(release.info.edition)
        areas = areas[areas["kind"].isin(release.areas["kind"])].reset_index(drop=True)
        used = (open_release(desk.releases_dir / name) for name in release.info.references)
        before = release.info.supersedes
        previous = open_release(desk.releases_dir / before).cells if before else None
        earlier = earlier_cells(desk, used, release.info.edition)
        verify_release(directory, areas, previous, earlier)
    desk.log("verified", release.info.name, {"hash": tree_hash(directory)})


def publish(desk: Desk, draft: Path) -> Path:
    """Move a draft into ``releases/``; from then on it never changes.

    Its inputs are those it was built from, whatever has arrived since.

    Raises
    ------
    ReleaseError
        If the draft was not built and verified as it is, approvals are missing, the number
        is taken, or a delivery was taken back since.
    """
    digest = tree_hash(draft)
    built = require_verified(desk, draft, digest)
    raise_on_declined(desk, draft, digest)
    missing = missing_approvals(desk, draft)
    if missing > 0:
        raise ReleaseError(
            f"Entwurf {draft.name}: {missing} Freigaben fehlen (approvals in city.toml). "
            "Von anderen Personen mit atlas approve freigeben lassen."
        )
    target = desk.releases_dir / draft.name
    hashes = read_journal(desk.log_path).hashes
    if target.exists() or hashes.get(draft.name, digest) != digest:
        raise ReleaseError(
            f"Release {draft.name}: gibt es schon oder gab es. Ein Release wird nie "
            "überschrieben; den Stichtag neu bauen."
        )
    raise_on_rejected(desk, read_info(draft))
    enter_ledger(desk, draft)
    scratch = desk.releases_dir / f".new-{draft.name}"  # releases/ may be another disk
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(draft, scratch)
    open_up(scratch, desk.releases_dir)
    move_in(scratch, target)
    desk.log(
        "published",
        draft.name,
        {"hash": digest, **{name: built[-1].details.get(name, "") for name in _FROM}},
    )
    shutil.rmtree(draft)
    return target


def verified_fingerprint(desk: Desk, draft: Path) -> str:
    """Fingerprint of what a verified, unchanged draft was built from; empty if it is none."""
    if not draft.is_dir():
        return ""
    told = about(desk, draft, tree_hash(draft))
    built = [one for one in told if one.what == "built"]
    is_verified = any(one.what == "verified" for one in told)
    return built[-1].details.get("fingerprint", "") if built and is_verified else ""
