"""Papers that a city puts together: „Bevölkerung aktuell“ every week, one report a year."""

from collections.abc import Mapping, Sequence
from datetime import date

from atlas.config import Report
from atlas.publication.report.document import Block, Heading, Paper, Paragraph, Voice
from atlas.publication.report.head import running_of, sources_of
from atlas.publication.report.sections import Material, section_blocks
from atlas.publication.seen import Seen
from atlas.publication.views.city_series import CitySeries
from atlas.publication.views.notes import provisional_text, release_notes
from atlas.terms import State

# So many sections are found without a list of them.
_FEW = 5


def issue_of(day: date) -> str:
    """Name the issue of a date: its calendar week and year, e.g. ``52/2024``."""
    year, week, _ = day.isocalendar()
    return f"{week}/{year}"


def weekly_paper(
    report: Report,
    newest: Seen,
    past: Sequence[Seen],
    series: CitySeries | None,
    texts: Mapping[str, str],
) -> Paper:
    """Write the issue of one date of a series.

    Parameters
    ----------
    newest
        Release of the series at that date.
    past
        Releases with Quartiere up to that date, oldest first.
    series
        The series up to that date.
    texts
        What people wrote, by the name of the file.
    """
    title = f"{report.title} Nr. {issue_of(newest.info.reference_date)}"
    material = Material(past, series, texts, report.last)
    return _paper(report, title, newest, material)


def yearly_paper(
    report: Report,
    past: Sequence[Seen],
    series: CitySeries | None,
    texts: Mapping[str, str],
) -> Paper:
    """Write the report of one reference date with Quartiere.

    Parameters
    ----------
    past
        The release of the report last, before it those of earlier dates, oldest first.
    series
        A series up to that date; ``None`` where the report names none.
    texts
        What people wrote, by the name of the file.
    """
    title = f"{report.title} {past[-1].info.reference_date.year}"
    return _paper(report, title, past[-1], Material(past, series, texts, report.last))


def _paper(report: Report, title: str, newest: Seen, of: Material) -> Paper:
    notes = release_notes(newest)
    told = (newest.config.city.name, f"Stand {notes.day}", *notes.badges)
    return Paper(
        title=title,
        subtitle=" · ".join(told),
        author=notes.title,
        day=newest.info.reference_date.isoformat(),
        running=f"{title} · {running_of(newest)}",
        blocks=(
            *(block for one in report.sections for block in section_blocks(one, of)),
            *_about(newest, of.past),
        ),
        has_contents=len(report.sections) > _FEW,
    )


def _about(newest: Seen, past: Sequence[Seen]) -> list[Block]:
    """Say where the figures of the series and of the areas come from."""
    blocks: list[Block] = [Heading("Hinweise und Quellen", 1)]
    places = past[-1] if past else newest
    if places.info.state is State.PROVISIONAL:
        blocks.append(Paragraph(provisional_text(), Voice.NOTE))
    others = () if places is newest else (places,)
    return [*blocks, Paragraph(sources_of(newest, *others), Voice.NOTE)]
