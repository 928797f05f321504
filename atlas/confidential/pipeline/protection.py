"""Protection in the office: protect a date's counts, attack the result, keep the proof."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from atlas.confidential.audit import Verdict, audit
from atlas.confidential.keys import order_key
from atlas.confidential.own_groups import refuse_small_remainders
from atlas.confidential.pipeline.count import count, deliveries_of
from atlas.confidential.pipeline.ledger import read_ledger
from atlas.confidential.pipeline.office import Office
from atlas.confidential.protect import Certificates, Protected, explain, protect
from atlas.config import Indicators
from atlas.errors import ProtectionError, ReleaseError
from atlas.home import move_in
from atlas.release import Audit, Release
from atlas.terms import Kind, Status

_COUNTS, _PROVED, _DELTAS = "counts.parquet", "proved.parquet", "deltas.parquet"


@dataclass(frozen=True)
class Guarded:
    """True counts of one date, what may leave of them, and the proof; confidential."""

    counts: pd.DataFrame
    protected: Protected
    verdict: Verdict
    parents: Mapping[str, str]

    def audit(self) -> Audit:
        """Figures that every reader could count; which cells were hidden first stays here."""
        cells = self.protected.cells
        status = cells["status"].value_counts()
        blocks = cells[cells["kind"] == str(Kind.BLOCK)]
        blocks = blocks.assign(quartier=blocks["area_id"].map(self.parents))
        is_hidden = blocks["status"] == str(Status.SUPPRESSED)
        tables = is_hidden.groupby([blocks[name] for name in ("quartier", "measure", "group")])
        return Audit(
            verdict="sicher",
            figures={
                "published": int(status.get(str(Status.PUBLISHED), 0)),
                "suppressed": int(status.get(str(Status.SUPPRESSED), 0)),
                "withheld_tables": int(tables.all().sum()),
                "known_to_insiders": _known_to_insiders(self.protected),
            },
        )


def guard(
    office: Office, reference_date: date, counts: pd.DataFrame, areas: pd.DataFrame
) -> Guarded:
    """Protect counts and attack what would leave, as a reader could.

    Everything that was ever published for this reference date counts as known.

    Raises
    ------
    ProtectionError
        If anything would be disclosed; nothing is written.
    """
    places = pd.DataFrame(areas[["kind", "area_id", "parent_id"]])
    nesting = _nesting_of(office.config.indicators, counts)
    rules = office.config.protection
    refuse_small_remainders(counts, office.config.indicators.populations(), rules)
    edition = office.config.areas.edition_of(reference_date).id
    ledger = read_ledger(office, reference_date, edition)
    with office.observer.step(f"{reference_date} schützen", None):
        key = order_key(office.keys_dir)
        parts = [
            protect(
                part,
                places,
                {name: nesting[name] for name in set(part["measure"])},
                rules,
                key,
                _about(ledger, part),
            )
            for part in _parts_of(counts, nesting)
        ]
        protected = _joined(parts)
    with office.observer.step(f"{reference_date} angreifen", None):
        proof = protected.certificates
        verdict = audit(protected.cells, counts, places, nesting, rules, proof, ledger)
    _raise_on_disclosure(verdict)
    blocks = places[places["kind"] == str(Kind.BLOCK)]
    parents = dict(zip(blocks["area_id"], blocks["parent_id"], strict=True))
    return Guarded(counts, protected, verdict, parents)


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
            "known_to_insiders": sum(map(_known_to_insiders, parts)),
        },
    )


def _known_to_insiders(protected: Protected) -> int:
    known = protected.figures.get("known_to_insiders", 0)
    return known if isinstance(known, int) else 0


def keep_proof(office: Office, release_name: str, guarded: Guarded) -> None:
    """Keep counts, certificates and verdict of a release; they speak about true values."""
    directory = _proof_dir(office, release_name)
    scratch = directory.with_name(f".new-{release_name}")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    guarded.counts.to_parquet(scratch / _COUNTS)
    guarded.protected.certificates.proved.to_parquet(scratch / _PROVED)
    guarded.protected.certificates.deltas.to_parquet(scratch / _DELTAS)
    report = {"figures": guarded.protected.figures, "audit": asdict(guarded.verdict)}
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (scratch / "report.json").write_text(text, encoding="utf-8")
    shutil.rmtree(directory, ignore_errors=True)
    move_in(scratch, directory)


def audit_release(office: Office, release: Release) -> Verdict:
    """Attack a release as it lies there, with the proof that was kept of it.

    Raises
    ------
    ReleaseError
        If no proof was kept.
    """
    directory = _proof_dir(office, release.info.name)
    if not (directory / _COUNTS).is_file():
        raise ReleaseError(
            f"Release {release.info.name}: kein Nachweis im vertraulichen Verzeichnis. "
            "Erwartet: ein hier gebautes Release. Stichtag neu bauen."
        )
    counts = pd.read_parquet(directory / _COUNTS)
    proof = Certificates(
        proved=pd.read_parquet(directory / _PROVED), deltas=pd.read_parquet(directory / _DELTAS)
    )
    is_count = release.cells["item"].isin(counts["measure"])
    published = release.cells[is_count].rename(columns={"item": "measure", "value": "n"})
    return audit(
        published.astype({"n": "Int64"}),
        counts,
        release.areas[["kind", "area_id", "parent_id"]],
        _nesting_of(office.config.indicators, counts),
        release.info.config.protection,
        proof,
        read_ledger(office, release.info.reference_date, release.info.edition),
    )


def explain_scopes(office: Office, reference_date: date) -> pd.DataFrame:
    """Count the block cells that a reader would see under each scope.

    One row per scope, measure and group; columns cells and shown.
    """
    counts, _ = count(office, reference_date, deliveries_of(office, reference_date))
    areas = office.areas_of(office.config.areas.edition_of(reference_date).id)
    return explain(
        counts,
        pd.DataFrame(areas[["kind", "area_id", "parent_id"]]),
        _nesting_of(office.config.indicators, counts),
        office.config.protection,
        order_key(office.keys_dir),
    )


def _nesting_of(indicators: Indicators, counts: pd.DataFrame) -> dict[str, str | None]:
    """Nesting of every counted measure; the unplaced stand outside of every area's sum."""
    own = indicators.nesting()
    return {name: own.get(name) for name in dict.fromkeys(counts["measure"])}


def _raise_on_disclosure(verdict: Verdict) -> None:
    if not verdict.is_safe:
        more = len(verdict.disclosures) - 1
        also = f" und {more} weitere" if more else ""
        raise ProtectionError(
            f"Geheimhaltung, {verdict.disclosures[0]}{also}: wäre aufgedeckt. Nichts wurde "
            "veröffentlicht; protection.toml prüfen und den Vorfall melden."
        )


def _proof_dir(office: Office, release_name: str) -> Path:
    return office.private_dir / "proofs" / release_name
