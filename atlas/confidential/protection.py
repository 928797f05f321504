"""What may leave of a date's counts: protected, attacked, proved."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from atlas import __version__
from atlas.confidential.audit import Verdict, audit
from atlas.confidential.audit.sums import undeclared_sum
from atlas.confidential.count import count
from atlas.confidential.day import Day
from atlas.confidential.desk import Desk, order_key
from atlas.confidential.ledger import read_ledger
from atlas.confidential.own_groups import refuse_small_remainders
from atlas.confidential.proof import Proof, known_to_insiders
from atlas.confidential.protect import (
    Certificates,
    Protected,
    explain,
    protect,
    related_ages,
)
from atlas.config import Indicators
from atlas.errors import ProtectionError, ReleaseError
from atlas.geography import places_of
from atlas.home import move_in
from atlas.integrity import FileKind, damaged, digest_of, require_digest, seal, unseal
from atlas.release import Release
from atlas.terms import Group, Kind, Status

_COUNTS, _PROVED, _DELTAS = "counts.parquet", "proved.parquet", "deltas.parquet"
_PROOF, _REPORT = (_COUNTS, _PROVED, _DELTAS), "report.json"
REPORT = FileKind("Nachweis, Datei", 2)
MOST_ASKED = 50_000
"""Unknown cells in the systems that a run attacks whole, whatever is proved there."""

SCOPE_LABELS = {"table": "ganze Tabelle", "cell": "einzelne Zelle"}

ScopeLine = tuple[str, str, int, dict[str, int]]
"""Measure, group, number of block cells, and how many of them are shown under each scope."""


def protect_counts(
    desk: Desk, day: Day, counts: pd.DataFrame, told: pd.DataFrame | None
) -> Protected:
    """Hide of the counts of one date what a reader must not know.

    Parameters
    ----------
    told
        Everything that was ever published for this date, as ``read_ledger`` gives it.

    Raises
    ------
    ProtectionError
        If groups of the city's own tell of a small count, or counts add up to another
        everywhere and nobody declared it.
    """
    nesting = _nesting_of(desk.config.indicators, counts)
    rules, key = desk.config.protection, order_key(desk.keys_dir)
    populations = desk.config.indicators.populations()
    related = related_ages(populations, set(counts["group"].astype(str)))
    refuse_small_remainders(counts, populations, rules, related)
    _raise_on_sum(undeclared_sum(counts, nesting, populations), desk.config.indicators)
    with desk.observer.step(f"{day.reference_date} schützen", None):
        parts = [
            protect(
                part,
                places_of(day.areas),
                {name: nesting[name] for name in set(part["measure"])},
                rules,
                key,
                _about(told, part),
                populations,
            )
            for part in _parts_of(counts, nesting)
        ]
        return _joined(parts)


def attack(
    desk: Desk,
    day: Day,
    counts: pd.DataFrame,
    protected: Protected,
    told: pd.DataFrame | None,
) -> Proof:
    """Attack what would leave as a reader could who keeps all that was told.

    Raises
    ------
    ProtectionError
        If anything would be disclosed; nothing is written.
    """
    with desk.observer.step(f"{day.reference_date} angreifen", None):
        verdict = audit(
            protected.cells,
            counts,
            places_of(day.areas),
            _nesting_of(desk.config.indicators, counts),
            desk.config.protection,
            protected.certificates,
            told,
            desk.config.indicators.populations(),
            MOST_ASKED,
        )
    _raise_on_disclosure(verdict)
    proof = Proof(counts, protected, verdict)
    measures = desk.config.indicators.measures
    for remark in proof.remarks({name: one.label for name, one in measures.items()}):
        desk.observer.say(f"Stichtag {day.reference_date}: {remark}.")
    return proof


def _about(ledger: pd.DataFrame | None, counts: pd.DataFrame) -> pd.DataFrame | None:
    if ledger is None:
        return None
    return ledger[ledger["measure"].isin(counts["measure"])].reset_index(drop=True)


def _parts_of(
    counts: pd.DataFrame, nesting: Mapping[str, str | None]
) -> Iterator[pd.DataFrame]:
    """Part off what only the whole city has and no other measure holds or belongs to.

    Nothing is added up to it and nothing out of it, so it binds no other cell; in one system
    with the rest, every such measure would double the kinds of persons to be told apart.
    """
    known = counts[counts["status"].isin([str(Status.PUBLISHED), str(Status.WITHHELD)])]
    inside = set(known.loc[known["kind"] != str(Kind.CITY), "measure"])
    tied = {name for name, whole in nesting.items() if whole} | {*nesting.values()}
    alone = [name for name in dict.fromkeys(known["measure"]) if name not in inside | tied]
    rest = counts[~counts["measure"].isin(alone)]
    if len(rest):
        yield rest
    for name in alone:
        yield counts[counts["measure"] == name]


def _joined(parts: Sequence[Protected]) -> Protected:
    """Put protected parts together; their certificates are numbered on."""
    proofs: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    done = 0
    for part in parts:
        frames = part.certificates.proved, part.certificates.deltas
        proved, deltas = (one.assign(certificate=one["certificate"] + done) for one in frames)
        proofs.append((proved, deltas))
        done += len(proved)
    return Protected(
        cells=pd.concat([part.cells for part in parts]).sort_index(),
        certificates=Certificates(
            proved=pd.concat([one for one, _ in proofs], ignore_index=True),
            deltas=pd.concat([one for _, one in proofs], ignore_index=True),
        ),
        withheld_tables=pd.concat([p.withheld_tables for p in parts], ignore_index=True),
        figures={
            "parts": [part.figures for part in parts],
            "known_to_insiders": sum(map(known_to_insiders, parts)),
        },
    )


def keep_proof(desk: Desk, release_name: str, proof: Proof) -> None:
    """Keep counts, certificates and verdict of a release; they speak about true values."""
    directory = desk.proofs_dir / release_name
    scratch = directory.with_name(f".new-{release_name}")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    proof.counts.to_parquet(scratch / _COUNTS)
    proof.protected.certificates.proved.to_parquet(scratch / _PROVED)
    proof.protected.certificates.deltas.to_parquet(scratch / _DELTAS)
    report = {
        "release": release_name,
        "figures": proof.protected.figures,
        "audit": asdict(proof.verdict),
        "files": {name: digest_of(scratch / name) for name in _PROOF},
    }
    text = seal(REPORT, report, __version__)
    (scratch / _REPORT).write_text(text, encoding="utf-8")
    shutil.rmtree(directory, ignore_errors=True)
    move_in(scratch, directory)


def audit_release(desk: Desk, release: Release) -> Verdict:
    """Attack a release as it lies there, with the proof that was kept of it.

    Raises
    ------
    ReleaseError
        If no proof was kept.
    """
    directory = desk.proofs_dir / release.info.name
    if not (directory / _COUNTS).is_file():
        raise ReleaseError(
            f"Release {release.info.name}: kein Nachweis im vertraulichen Verzeichnis. "
            "Erwartet: ein hier gebautes Release. Stichtag neu bauen."
        )
    require_proof(directory)
    counts = pd.read_parquet(directory / _COUNTS)
    proof = Certificates(
        proved=pd.read_parquet(directory / _PROVED), deltas=pd.read_parquet(directory / _DELTAS)
    )
    is_count = release.cells["item"].isin(counts["measure"])
    published = release.cells[is_count].rename(columns={"item": "measure", "value": "n"})
    return audit(
        published.astype({"n": "Int64"}),
        counts,
        places_of(release.areas),
        _nesting_of(desk.config.indicators, counts),
        release.info.config.protection,
        proof,
        read_ledger(desk, release.info.reference_date, release.info.edition),
        release.info.config.indicators.populations(),
    )


def require_proof(directory: Path) -> None:
    """Check the files of a proof; of an earlier program there is nothing to check them by.

    Raises
    ------
    DamageError
        Naming the first file that is missing, not as it was written, or of another release.
    """
    report = unseal(REPORT, directory / _REPORT)
    if report.get("release", directory.name) != directory.name:
        raise damaged(directory / _REPORT, REPORT.label, "gehört zu einer anderen Ausgabe")
    for name, digest in report.get("files", {}).items():
        require_digest(directory / name, digest, "Nachweis, Datei")


def explain_scopes(desk: Desk, day: Day) -> pd.DataFrame:
    """Count the block cells that a reader would see under each scope.

    One row per scope, measure and group; columns cells and shown.
    """
    counts, _ = count(desk, day)
    return explain(
        counts,
        places_of(day.areas),
        _nesting_of(desk.config.indicators, counts),
        desk.config.protection,
        order_key(desk.keys_dir),
        desk.config.indicators.populations(),
    )


def scope_lines(desk: Desk, day: Day) -> Iterator[ScopeLine]:
    """Say per measure and group how many block cells each scope would show."""
    figures = explain_scopes(desk, day)
    if figures.empty:
        return
    labels, groups = desk.config.indicators.measures, desk.config.indicators.groups
    for (measure, group), rows in figures.groupby(["measure", "group"], sort=False):
        shown = dict(zip(map(str, rows["scope"]), map(int, rows["shown"]), strict=True))
        name = groups[Group(str(group))].name()
        yield labels[str(measure)].label, name, int(rows["cells"].iloc[0]), shown


def _nesting_of(indicators: Indicators, counts: pd.DataFrame) -> dict[str, str | None]:
    """Nesting of every counted measure; the unplaced stand outside of every area's sum."""
    own = indicators.nesting()
    return {name: own.get(name) for name in dict.fromkeys(counts["measure"])}


def _raise_on_sum(signs: Mapping[tuple[str, str], int], indicators: Indicators) -> None:
    if not signs:
        return
    sides: dict[int, list[str]] = {1: [], -1: []}
    for (name, group), sign in signs.items():
        label = indicators.measures[name].label
        people = "" if group == Group.ALL else f" ({indicators.groups[Group(group)].label})"
        sides[sign].append(f"„{label}“{people}")
    short, long = sorted(sides.values(), key=len)
    raise ProtectionError(
        f"Geheimhaltung, Kennzahlen: {' + '.join(long)} ist in allen Gebieten "
        f"{' + '.join(short)}; angegeben ist das nicht. Erwartet: keine Summe, aus der sich "
        "Geheimes errechnen lässt. In indicators.toml eine der Kennzahlen weglassen, sie mit "
        "part_of ineinanderlegen oder als Altersgruppen unter groups nennen "
        "(docs/geheimhaltung.md)."
    )


def _raise_on_disclosure(verdict: Verdict) -> None:
    if not verdict.is_safe:
        more = len(verdict.disclosures) - 1
        also = f" und {more} weitere" if more else ""
        raise ProtectionError(
            f"Geheimhaltung, {verdict.disclosures[0]}{also}: wäre aufgedeckt. Nichts wurde "
            "veröffentlicht; protection.toml prüfen und den Vorfall melden."
        )
