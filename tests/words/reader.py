"""Lets every view of a release speak and reads what it says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from atlas.classify import Plan
from atlas.config.methods import METHODS
from atlas.errors import AtlasError
from atlas.publication.seen import Area, Seen
from atlas.publication.views.block_drivers import hidden_note
from atlas.publication.views.changes import level_changes
from atlas.publication.views.development import development_items, series_of
from atlas.publication.views.fixed_scale import city_index_line, index_line
from atlas.publication.views.notes import (
    block_note,
    block_note_of,
    excess_note,
    missing_note,
)
from atlas.publication.views.notices import area_notices, chance_of, level_notices
from atlas.publication.views.persistence import stay_text
from atlas.publication.views.present_posts import Present
from atlas.publication.views.profile import card, location_text
from atlas.publication.views.reasons import dynamics_of, reasons
from atlas.publication.views.resources import has_children, plan_view
from atlas.publication.views.rises import reason_of
from atlas.publication.views.special_areas import special_note
from atlas.publication.views.spread import strips_of
from atlas.publication.views.trial import trial_of
from atlas.terms import Kind
from tests.words import (
    change_proofs,
    check_proofs,
    comparisons,
    fixed_proofs,
    hindcast_proofs,
    level_proofs,
    limit_proofs,
    map_proofs,
    note_proofs,
    notice_proofs,
    page_proofs,
    rule_proofs,
    standing_proofs,
    summary_proofs,
    tables,
)
from tests.words.books import Book, book_of
from tests.words.grammar import Reading, Scene, Sentence

_POSTS = 104
# Scores are explained by their method alone, whatever the figures are.
_SCORES = [one.score.name for one in METHODS.values()]


@dataclass(frozen=True)
class Voice:
    """One release through one group, its book, and what has been read so far."""

    seen: Seen
    reading: Reading

    @property
    def book(self) -> Book:
        """The same release as its files say it."""
        return book_of(self.seen.release.path)

    def scene(self, area: str = "", kind: str = "quartier", item: str = "") -> Scene:
        """Where a text of this release stands."""
        return Scene(self.book, str(self.seen.group), area, kind, None, item)

    def hear(self, scene: Scene, text: str, known: tuple[Sentence, ...], where: str) -> None:
        """Read one text."""
        self.reading.take(scene, text, known, where)


def read_release(seen: Seen, reading: Reading) -> None:
    """Read everything that pages say of one release through one group."""
    voice = Voice(seen, reading)
    whole = voice.scene()
    for notice in (*level_notices(seen), missing_note(seen)):
        voice.hear(whole, notice, notice_proofs.NOTICE_SENTENCES, "Hinweise")
    known = hindcast_proofs.HINDCAST_SENTENCES
    voice.hear(whole, hindcast_proofs.hindcast_text(seen), known, "Datenstand")
    for item in voice.book.indicators(str(seen.group)):
        voice.hear(
            voice.scene(item=item),
            excess_note(seen, item, Kind.QUARTIER),
            notice_proofs.NOTICE_SENTENCES,
            "Hinweis",
        )
    for area in seen.areas(Kind.QUARTIER):
        _read_quartier(voice, area.id)
    for kind in seen.kinds:
        for area in seen.areas(kind):
            _read_card(voice, kind, area.id, None)
    _read_plan(voice)
    _read_block_notes(voice)
    comparisons.check_comparisons(seen, None, reading)
    comparisons.check_cross_table(seen, reading)
    tables.check_maps(seen, reading)
    _read_trial(voice)
    check_proofs.read_check(seen, whole, reading)
    voice.hear(whole, special_note(seen), standing_proofs.SPECIAL_SENTENCES, "Aufmerksamkeit")
    standing_proofs.check_people(seen, whole, reading)
    map_proofs.read_maps(seen, whole, reading)
    map_proofs.read_floor(seen, whole, reading)
    map_proofs.read_blocks(seen, whole, reading)


def read_pair(before: Seen, after: Seen, reading: Reading) -> None:
    """Read everything that pages say of two releases through one group."""
    voice = Voice(after, reading)

    def scene(area: str = "", item: str = "") -> Scene:
        return Scene(
            voice.book, str(after.group), area, "quartier", book_of(before.release.path), item
        )

    for area in after.areas(Kind.QUARTIER):
        _read_card(voice, Kind.QUARTIER, area.id, before)
        _read_move(voice, scene(area.id), before, area.id)
        _read_lines(voice, scene, before, area)
    standing_proofs.check_stays((before, after), scene(), reading)
    if mean := city_index_line((before, after)):
        voice.hear(scene(), mean.summary, fixed_proofs.FIXED_MEANS, "Stadt")
    found = level_changes(before, after)
    if found is not None:
        voice.hear(scene(), found.summary, summary_proofs.SUMMARY_SENTENCES, "Entwicklung")
        for note in (*found.notes, *found.rule):
            known = (
                *summary_proofs.NOTE_SENTENCES,
                *rule_proofs.RULE_SENTENCES,
                *fixed_proofs.FIXED_MOVES,
            )
            voice.hear(scene(), note, known, "Entwicklung")
        tables.check_moves(found, scene, reading)
    tables.check_change_maps(before, after, reading)
    comparisons.check_comparisons(after, before, reading)


def _read_lines(voice: Voice, scene: Callable[..., Scene], before: Seen, area: Area) -> None:
    """Read what is said of the lines of one Quartier over both dates."""
    past = (before, voice.seen)
    for item in development_items(voice.seen):
        series = series_of(past, area.id, item)
        if series is not None and series.points[0].place == area.title:
            known = page_proofs.SERIES_SENTENCES
            voice.hear(scene(area.id, item), series.summary, known, "Jahre")
    told = stay_text(past, area.id)
    voice.hear(scene(area.id), told, standing_proofs.STAY_SENTENCES, "Dauer")
    if line := index_line(past, area.id):
        voice.hear(scene(area.id), line.summary, fixed_proofs.FIXED_LINES, "Index")


def _read_quartier(voice: Voice, area_id: str) -> None:
    seen, scene = voice.seen, voice.scene(area_id)
    _read_reasons(voice, area_id)
    _read_dynamics(voice, area_id)
    comparisons.check_similar(seen, area_id, voice.reading)
    notices = list(area_notices(seen, area_id))
    if chance := chance_of(seen, area_id):
        notices += [chance.note, chance.level]
    known = (
        *notice_proofs.NOTICE_SENTENCES,
        *fixed_proofs.FIXED_NOTICES,
        *standing_proofs.SPECIAL_SENTENCES,
    )
    for notice in notices:
        voice.hear(scene, notice, known, "Hinweis zum Gebiet")
    voice.hear(scene, location_text(seen, area_id), page_proofs.PLACE_SENTENCES, "Lage")
    if Kind.BLOCK in seen.kinds:
        voice.hear(scene, hidden_note(seen, area_id), page_proofs.HIDDEN_SENTENCES, "Blöcke")
    labels = {voice.book.label(i): i for i in voice.book.indicators(str(seen.group))}
    for strip in strips_of(seen, area_id).strips:
        at = voice.scene(area_id, item=labels[strip.label])
        voice.hear(at, strip.summary, page_proofs.STRIP_SENTENCES, "Im Vergleich")


def _read_reasons(voice: Voice, area_id: str) -> None:
    scene = voice.scene(area_id)
    found = reasons(voice.seen, area_id)
    if found is None:
        return
    voice.hear(scene, found.text, level_proofs.LEVEL_SENTENCES, "Warum diese Stufe?")
    voice.hear(scene, found.drivers, level_proofs.DRIVER_SENTENCES, "Warum diese Stufe?")
    for term in found.limits:
        voice.hear(scene, term.text, limit_proofs.LIMIT_SENTENCES, term.name)
    for term in found.meanings:
        if term.name not in _SCORES:
            voice.hear(scene, term.text, note_proofs.MEANINGS, term.name)
    for one in found.contributions:
        voice.hear(scene, one.text, level_proofs.PART_SENTENCES, "Balken")
    tables.check_contributions(found.table, scene, voice.reading)


def _read_dynamics(voice: Voice, area_id: str) -> None:
    found = dynamics_of(voice.seen, area_id)
    if found is None:
        return
    known = level_proofs.DYNAMIC_SENTENCES
    voice.hear(voice.scene(area_id), found.text, known, "Dynamik")
    at = voice.scene(area_id, item="dynamic")
    for term in found.limits:
        voice.hear(at, term.text, limit_proofs.LIMIT_SENTENCES, term.name)
    tables.check_contributions(found.table, at, voice.reading)


def _read_card(voice: Voice, kind: Kind, area_id: str, previous: Seen | None) -> None:
    found = card(voice.seen, kind, area_id, previous)
    scene = voice.scene(area_id, str(kind))
    if previous is not None:
        book = book_of(previous.release.path)
        scene = Scene(voice.book, scene.group, area_id, str(kind), book)
        voice.hear(scene, found.trend, page_proofs.TREND_SENTENCES, "seit")
        return
    voice.hear(scene, found.level_text, page_proofs.CARD_SENTENCES, "Karte")
    if kind == Kind.QUARTIER:
        voice.hear(scene, found.why, level_proofs.MAIN_SENTENCES, "Karte")
    tables.check_facts(found, scene, voice.reading)


def _read_move(voice: Voice, scene: Scene, before: Seen, area_id: str) -> None:
    move = reason_of(before, voice.seen, area_id)
    if move is None:
        return
    voice.hear(scene, move.head, change_proofs.MOVE_SENTENCES, "Wechsel")
    voice.hear(scene, move.firmness, change_proofs.FIRMNESS_SENTENCES, "Wechsel")
    for clause in (one for told in move.figures for one in told.split(", ")):
        voice.hear(scene, clause, change_proofs.FIGURE_CLAUSES, "Wechsel")
    voice.hear(scene, move.drivers, change_proofs.DRIVER_CHANGES, "Wechsel")
    pieces = (move.head, move.firmness, *move.figures, move.drivers)
    is_whole = move.text.startswith(f"{move.title}: ") and all(
        one.rstrip(".") in move.text for one in pieces
    )
    voice.reading.check(scene, "ganzer Absatz", is_whole, move.text)


def _read_block_notes(voice: Voice) -> None:
    seen, known = voice.seen, note_proofs.BLOCK_NOTES
    voice.hear(voice.scene(), block_note(seen), known, "Blöcke")
    for item in voice.book.indicators(str(seen.group)) if Kind.BLOCK in seen.kinds else ():
        voice.hear(voice.scene(item=item), block_note_of(seen, item), known, "Blöcke")


def _read_plan(voice: Voice) -> None:
    if not (voice.seen.has_levels and has_children(voice.seen)):
        return
    try:
        found = plan_view(voice.seen, Plan(posts=_POSTS))
    except AtlasError:  # nobody has a claim
        return
    scene = voice.scene(item=str(_POSTS))
    voice.hear(scene, found.summary, notice_proofs.PLAN_SENTENCES, "Stellen")
    place = found.table.place_of("reason")
    for row in found.table.rows:
        at = voice.scene(str(row[0]), item=str(_POSTS))
        voice.hear(at, str(row[place]), notice_proofs.POST_SENTENCES, "Stellen")
    tables.check_plan(found, scene, voice.reading)
    _read_bounds(voice)


def _read_bounds(voice: Voice) -> None:
    """Read what a least level and a post that stays say of single Quartiere."""
    first = voice.seen.areas(Kind.QUARTIER)[0].id
    stays = Present({first: 1.0}, frozenset({first}))
    try:
        found = plan_view(voice.seen, Plan(posts=_POSTS, least_level=2), stays)
    except AtlasError:  # nobody else has a claim
        return
    place = found.table.place_of("reason")
    for row in found.table.rows:
        reason = str(row[place])
        if reason.startswith(("Fest", "Stufe")):
            at = voice.scene(str(row[0]), item=first)
            voice.hear(at, reason, notice_proofs.BOUND_SENTENCES, "Stellen")


def _read_trial(voice: Voice) -> None:
    levels = voice.seen.config.levels
    if not voice.seen.has_levels:
        return
    found = trial_of(voice.seen, levels)
    if found is None:
        return
    rows = len(found.moved.rows)
    told = found.summary.rsplit(": ", 1)[1].rstrip(".")
    count = 0 if told == "keine" else int(told.split(" von ")[0])
    voice.reading.check(voice.scene(), "Probe", count == rows, found.summary)


def every_group(seen: Seen) -> Iterable[Seen]:
    """The same release through each of its groups."""
    return [seen.through(group) for group in seen.groups]
