"""What changed between two releases, as the command line tells it."""

from atlas.cli.screen import out
from atlas.release import Release, cell_changes, list_releases, open_release
from atlas.terms import NEED_LEVEL, Status


def release_before(release: Release) -> Release:
    """Find what to compare with: what it supersedes, or for first levels the date before."""
    superseded = superseded_by(release)
    if _has_levels(superseded) or not _has_levels(release):
        return superseded
    for ref in reversed(list_releases(release.path.parent)):
        if ref.reference_date < release.info.reference_date:
            earlier = open_release(ref.path)
            if _has_levels(earlier):  # series of the whole city have none
                return earlier
    return superseded


def superseded_by(release: Release) -> Release:
    """Open the release that this one supersedes."""
    return open_release(release.path.parent / str(release.info.supersedes))


def print_moves(before: Release, after: Release) -> None:
    """Print which levels moved, with the reasons in words and numbers."""
    from atlas.publication.seen import see
    from atlas.publication.views.changes import level_changes

    out.print(f"Was sich von {before.info.name} zu {after.info.name} geändert hat:")
    first, second = see(before), see(after)
    for group, rule in after.info.config.indicators.groups.items():
        changes = level_changes(first.through(group), second.through(group))
        if changes is None:
            continue
        out.print(f"  {rule.label}: {changes.summary}")
        for move in changes.moves:
            out.print(f"    {move.text}")


def print_cells(before: Release, after: Release) -> None:
    """Print how many cells differ, and how many came or went."""
    moved = before.cells.assign(reference_date=after.info.reference_date.isoformat())
    differing = cell_changes(moved, after.cells)
    was_shown = differing["old_status"] == str(Status.PUBLISHED)
    is_shown = differing["new_status"] == str(Status.PUBLISHED)
    came, went = int((is_shown & ~was_shown).sum()), int((was_shown & ~is_shown).sum())
    out.print(
        f"  Zellen gegenüber {before.info.name}: {len(differing)} verschieden, "
        f"davon {came} neu gezeigt, {went} nicht mehr gezeigt."
    )


def _has_levels(release: Release) -> bool:
    levels = release.cells[release.cells["item"] == NEED_LEVEL]
    return bool(levels["value"].notna().any())
