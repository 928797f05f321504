"""The recipe: how the draft of a release is made of one date's deliveries; to be read aloud."""

import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd

from atlas.confidential.approvals import tree_hash
from atlas.confidential.cause import reason_of
from atlas.confidential.count import count
from atlas.confidential.day import Day
from atlas.confidential.desk import Desk, key_check
from atlas.confidential.editions import earlier_cells
from atlas.confidential.ledger import ledger_check, recall
from atlas.confidential.magnitudes import protect_magnitudes
from atlas.confidential.meaning import LABELS
from atlas.confidential.proof import Proof
from atlas.confidential.protection import (
    attack,
    keep_proof,
    protect_counts,
)
from atlas.confidential.store import Delivery
from atlas.confidential.vanishing import loss_of, require_little_loss
from atlas.config import PublishedConfig
from atlas.errors import ConfigError, DeliveryError
from atlas.geography import places_of
from atlas.indicators import area_cells
from atlas.release import (
    Audit,
    Checks,
    DeliveryInfo,
    Release,
    ReleaseContent,
    ReleaseInfo,
    derive_cells,
    open_release,
    read_cells,
    write_release,
)
from atlas.release.doubts import zero_areas
from atlas.terms import (
    CELL_COLUMNS,
    DYNAMIC_LEVEL,
    NEED_LEVEL,
    REASONS,
    DynamicLevel,
    Group,
    Kind,
    Level,
    Reason,
    State,
    Status,
)
from atlas.words import first_few

_NAMED_AREAS = 5
_DELIVERED = {NEED_LEVEL: Level, DYNAMIC_LEVEL: DynamicLevel}


def make_draft(desk: Desk, day: Day, why_lost: str = "") -> Path:
    """Make the draft of the next release of one date.

    Parameters
    ----------
    why_lost
        Why a person wants it even if much of what the release before showed is gone.

    Returns
    -------
    Path
        The draft's directory, named like the release it would become.
    """
    made_from = {"fingerprint": day.fingerprint, "inputs": day.inputs}  # later is news
    check_exclusions(desk, day)
    counts, shares = count(desk, day)
    told = recall(desk, day)
    protected = protect_counts(desk, day, counts, told)
    loss = loss_of(told, protected.cells)
    if not why_lost:
        require_little_loss(loss, desk.config.protection.most_vanished)
    proof = attack(desk, day, counts, protected, told)
    values = protect_values(desk, day, (counts, shares), protected.cells)
    cells = derive(desk, day, protected.cells, values)
    draft = write_draft(desk, day, cells, proof)
    details = {"hash": tree_hash(draft), **made_from, **proof.details()}
    if why_lost:
        details |= {"vanished": f"{loss.gone} / {loss.shown}", "reason": why_lost}
    desk.log("built", draft.name, details)
    return draft


def protect_values(
    desk: Desk, day: Day, known: tuple[pd.DataFrame, pd.DataFrame], cells: pd.DataFrame
) -> pd.DataFrame:
    """Hide of the ready-made values what tells too much of one contributor.

    Parameters
    ----------
    known
        True counts and ready-made values, as ``count`` gives them.
    cells
        The counts as they leave.
    """
    counts, values = known
    indicators = desk.config.indicators
    told = None
    if any(one.magnitude for one in indicators.indicators.values()) and day.releases:
        told = pd.concat([read_cells(ref.path) for ref in day.releases])
    areas, rules = places_of(day.areas), desk.config.protection
    return protect_magnitudes(values, counts, cells, areas, indicators, rules, told)


def derive(desk: Desk, day: Day, counts: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Compute all cells of a release from protected counts and ready-made shares."""
    with desk.observer.step(f"{day.reference_date} rechnen", None):
        references = [open_release(ref.path) for ref in day.references]
        earlier = earlier_cells(desk, references, day.edition)
        base = _base(day, [counts, shares])
        config = _config_of(day)
        cells = derive_cells(base, config, day.reference_date, earlier)
    for group in config.levels.need:
        _say_what_is_zero(desk, day, cells, group)
    return cells


def _say_what_is_zero(desk: Desk, day: Day, cells: pd.DataFrame, group: Group) -> None:
    if zero := zero_areas(cells, _config_of(day), group):
        places = first_few(zero, _NAMED_AREAS, "weiteren")
        desk.observer.say(
            f"Stichtag {day.reference_date}: Alle Anteile sind 0 "
            f"({desk.config.indicators.groups[group].name()}), obwohl dort Menschen wohnen, in "
            f"{desk.config.areas.kinds[Kind.QUARTIER].label} {places}. Erwartet: selten wahr, "
            "meist fehlen Angaben. Lieferungen prüfen; von Hand ausnehmen: exclusions in "
            "levels.toml."
        )


def write_draft(desk: Desk, day: Day, cells: pd.DataFrame, proof: Proof) -> Path:
    """Write the files of a draft and keep its proof.

    A release that was lost comes back under its number as the same bytes; anything else takes
    a number that was never published.
    """
    with desk.observer.step(f"{day.reference_date} schreiben", None):
        draft = _write(desk, day, cells, proof)
        if day.is_taken(tree_hash(draft)):
            shutil.rmtree(draft)
            draft = _write(desk, day.renumbered(), cells, proof)
        keep_proof(desk, draft.name, proof)
    return draft


def _write(desk: Desk, day: Day, cells: pd.DataFrame, proof: Proof) -> Path:
    draft = desk.drafts_dir / day.name
    previous = open_release(day.predecessor.path) if day.predecessor else None
    info = _info(desk, day, proof.audit(day.areas), previous)
    shutil.rmtree(draft, ignore_errors=True)
    before = previous.cells if previous else None
    context = None if day.is_series else desk.context_of(day.edition)
    write_release(draft, ReleaseContent(info, cells, day.areas, before, context))
    return draft


def check_exclusions(desk: Desk, day: Day) -> None:
    """Refuse an exclusion of an area that no edition has: somebody meant another one.

    Raises
    ------
    ConfigError
        Naming the area; it would be classified unnoticed.
    """
    rules = desk.config.levels.every().values()
    exclusions = [one for edition in rules for one in edition.exclusions]
    for one in () if day.is_series else exclusions:
        newest_first = reversed(desk.config.areas.editions)
        editions = (desk.areas_of(edition.id) for edition in newest_first)
        if not any(_is_quartier(areas, one.area_id) for areas in editions):
            raise ConfigError(
                f"Konfiguration levels.toml, exclusions: Quartier {one.area_id} gibt es in "
                "keinem Gebietsstand. Erwartet: ein Schlüssel aus den Grenzen, mit führenden "
                "Nullen. area_id berichtigen."
            )


def _is_quartier(areas: gpd.GeoDataFrame, area_id: str) -> bool:
    return bool(((areas["kind"] == str(Kind.QUARTIER)) & (areas["area_id"] == area_id)).any())


def _config_of(day: Day) -> PublishedConfig:
    """Leave out what this date does not follow from: other editions, where rows are counted."""
    config = day.config.published
    edition = config.areas.edition_of(day.reference_date)
    areas = config.areas.model_copy(update={"editions": (edition,), "crosswalks": ()})
    url = type(config.city).model_fields["aggregate_url"].default
    city = config.city.model_copy(update={"aggregate_url": url})
    return config.model_copy(update={"areas": areas, "city": city})


def _base(day: Day, counts: list[pd.DataFrame]) -> pd.DataFrame:
    given = pd.concat([one.astype({"n": float}) for one in counts], ignore_index=True)
    given = given.rename(columns={"measure": "item", "n": "value"})
    reasons = {str(status): str(reason) for status, reason in REASONS.items()}
    given = given.assign(
        reference_date=day.reference_date.isoformat(),
        reason=given["status"].map(reasons).fillna(str(Reason.NONE)),
    )[list(CELL_COLUMNS)]
    sizes = area_cells(day.areas, day.reference_date)
    return pd.concat([_mark_levels(given), sizes], ignore_index=True)


def _mark_levels(given: pd.DataFrame) -> pd.DataFrame:
    """Say of delivered levels and classes that they were published before; drop their gaps.

    Raises
    ------
    DeliveryError
        If a level or a class is none.
    """
    for item, numbers in _DELIVERED.items():
        is_level = given["item"] == item
        is_shown = is_level & (given["status"] == str(Status.PUBLISHED))
        if not given.loc[is_shown, "value"].isin([int(number) for number in numbers]).all():
            raise DeliveryError(
                f"Gelieferte Stufen ({item}): keine Stufe. Erwartet: ganze Zahlen von 1 bis "
                f"{len(numbers)}. Lieferung berichtigen oder item in deliveries.toml prüfen."
            )
        marked = given["reason"].mask(is_shown, str(Reason.PUBLISHED_BEFORE))
        given = given.assign(reason=marked)[~is_level | is_shown]
    return given


def _info(desk: Desk, day: Day, audit: Audit, previous: Release | None) -> ReleaseInfo:
    served = tuple(
        DeliveryInfo(
            source=layout.source,
            label=layout.label,
            supplier=layout.supplier,
            reference_date=day.deliveries[layout.id].reference_date,
            number=day.deliveries[layout.id].number,
            checks=_checks_of(day.deliveries[layout.id]),
        )
        for layout in desk.config.deliveries.layouts
        if layout.id in day.deliveries
    )
    rules = _config_of(day)
    return ReleaseInfo(
        reference_date=day.reference_date,
        number=day.number,
        edition=day.edition,
        state=State.PROVISIONAL if day.missing else State.FINAL,
        missing=day.missing,
        supersedes=day.predecessor.name if day.predecessor else None,
        reason=reason_of(day, served, previous, rules),
        deliveries=served,
        references=tuple(ref.name for ref in day.references),
        audit=audit,
        key_check=key_check(desk.keys_dir),
        ledger_check=ledger_check(desk, day.reference_date, day.number),
        config=rules,
    )


def _checks_of(delivery: Delivery) -> Checks:
    """Name the checks of a delivery in words of readers; why a person accepted stays here."""
    passed, held = (
        tuple(dict.fromkeys(LABELS.get(name, "Form der Datei") for name in names))
        for names in (delivery.arrival.passed, delivery.arrival.held)
    )
    return Checks(passed=tuple(one for one in passed if one not in held), accepted=held)
