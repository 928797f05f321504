"""Every paper of a city by its name: which releases it is made of, what its file is called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from atlas.config import Report, Reports
from atlas.errors import ConfigError, ReleaseError
from atlas.publication import export
from atlas.publication.report.document import Paper
from atlas.publication.report.edition import edition_paper
from atlas.publication.report.own import weekly_paper, yearly_paper
from atlas.publication.report.past import (
    Cut,
    finals_of,
    issues_of,
    open_issue,
    past_of,
    past_until,
    series_until,
)
from atlas.publication.report.profile import chosen_quartiere, profile_paper
from atlas.publication.seen import Seen
from atlas.release import Release
from atlas.release.shelf import ReleaseRef
from atlas.terms import Group
from atlas.words import day_text

Said = Callable[[Seen], Mapping[str, str]]


def _whole(release: Release) -> Release:
    return release


def _nothing(seen: Seen) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Made:
    """A paper, the release that it is of, and the name of its file without suffix."""

    paper: Paper
    seen: Seen
    name: str

    def file(self, suffix: str) -> str:
        """Name of the file in a format."""
        return export.file_name(self.seen, self.name, suffix)


@dataclass(frozen=True)
class Press:
    """What papers of a city are made of.

    Attributes
    ----------
    releases_dir
        ``releases/<city>/``.
    texts_of
        Reads what people wrote for a report, by the name of the file.
    cut
        Leaves of a release what the readers may see.
    said
        Assessments that a paper includes, by Quartier; by default none.
    """

    releases_dir: Path
    reports: Reports
    texts_of: Callable[[Report], Mapping[str, str]]
    cut: Cut = _whole
    said: Said = _nothing

    def edition(self, day: date | None = None) -> Made:
        """Write the edition of a date; see ``past_of``."""
        past = past_of(self.releases_dir, day, self.cut)
        return Made(edition_paper(past, self.said(past[-1])), past[-1], export.edition_name())

    def profiles(
        self, day: date | None = None, keys: Sequence[str] = (), group: Group = Group.ALL
    ) -> Made:
        """Write profiles of a date; see ``chosen_quartiere``.

        Raises
        ------
        ReleaseError
            If the release has no such group.
        """
        past = past_of(self.releases_dir, day, self.cut)
        if group not in past[-1].groups:
            raise ReleaseError(
                f"Angabe --group: {group} gibt es nicht. Erwartet: "
                f"{', '.join(past[-1].groups)}."
            )
        sides = [one.through(group) for one in past]
        paper = profile_paper(sides, chosen_quartiere(sides[-1], keys), self.said(sides[-1]))
        return Made(paper, sides[-1], export.profile_name(sides[-1], keys))

    def finals(self) -> tuple[ReleaseRef, ...]:
        """Find the releases that have an edition and a report of the year, oldest first."""
        return finals_of(self.releases_dir)

    def issues(self) -> tuple[ReleaseRef, ...]:
        """Find the releases that have an issue of the weekly paper, oldest first."""
        report = self.reports.weekly
        return issues_of(self.releases_dir, report.source) if report else ()

    def weekly(self, day: date | None = None) -> Made:
        """Write the issue of a date, by default the newest.

        Raises
        ------
        ConfigError
            If the city has no such paper.
        ReleaseError
            If the source has brought nothing, or nothing at that date.
        """
        report = _required(self.reports.weekly, "weekly")
        refs = [ref for ref in self.issues() if day in (None, ref.reference_date)]
        if not refs:
            when = f" zum {day_text(day)}" if day else ""
            raise ReleaseError(
                f"Bericht weekly: keine Veröffentlichung der Quelle {report.source}{when}. "
                "Erwartet: ein Stichtag, der gilt. Mit atlas releases nachsehen."
            )
        newest, series = open_issue(self.releases_dir, report.source, refs[-1], self.cut)
        past = past_until(self.releases_dir, refs[-1].reference_date, self.cut)
        paper = weekly_paper(report, newest, past, series, self.texts_of(report))
        return Made(paper, newest, export.report_name(report.title))

    def yearly(self, day: date | None = None) -> Made:
        """Write the report of a date with Quartiere; see ``past_of``.

        Raises
        ------
        ConfigError
            If the city has no such paper.
        """
        report = _required(self.reports.yearly, "yearly")
        past = past_of(self.releases_dir, day, self.cut)
        until = past[-1].info.reference_date
        series = None
        if report.source:
            series = series_until(self.releases_dir, report.source, until, self.cut)
        paper = yearly_paper(report, past, series, self.texts_of(report))
        return Made(paper, past[-1], export.report_name(report.title))


def _required(report: Report | None, what: str) -> Report:
    if report is None:
        raise ConfigError(
            f"Bericht {what}: ist nicht eingerichtet. Erwartet: ein Abschnitt [{what}] in "
            "reports.toml. Siehe docs/konfiguration.md."
        )
    return report
