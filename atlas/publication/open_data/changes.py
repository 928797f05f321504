"""What is new in a data set since the release before, in sentences."""

from atlas.publication.seen import Seen, see
from atlas.publication.views.changes import level_changes
from atlas.release import Release, ReleaseRef, in_force, list_releases, open_release
from atlas.terms import STATE_LABELS, Kind


def changes_text(release: Release, seen: Seen) -> str:
    """Say what a release corrects, and whose level is another than at the date before.

    Parameters
    ----------
    release
        As it lies beside the others; ``seen`` is its public part.
    """
    info = release.info
    told = ["Dies ist die erste Fassung dieses Stichtags."]
    if info.supersedes is not None:
        reason = f" Anlass: {info.reason}." if info.reason else ""
        told = [
            f"Diese Fassung ersetzt {info.supersedes}.{reason} Welche Zellen sich dadurch "
            "verändert haben, steht in `changes.csv`."
        ]
    before = _date_before(release)
    if before is not None and Kind.QUARTIER in seen.kinds:
        moves = _level_sentences(see(open_release(before.path)), seen)
        told += ["", *moves] if moves else []
    return "\n".join(told)


def _level_sentences(before: Seen, after: Seen) -> list[str]:
    """Say for each group what moved since the date before."""
    found = []
    for group in after.groups:
        changes = level_changes(before.through(group), after.through(group))
        if changes is not None:
            head = f"{after.through(group).group_label}, seit {before.day}"
            found.append(f"- {head} ({STATE_LABELS[before.info.state]}): {changes.summary}")
    return found


def _date_before(release: Release) -> ReleaseRef | None:
    """Find the release in force of the date before that holds areas."""
    refs = in_force(list_releases(release.path.parent)).values()
    day = release.info.reference_date
    earlier = [ref for ref in refs if ref.reference_date < day and not ref.is_series]
    return earlier[-1] if earlier else None
