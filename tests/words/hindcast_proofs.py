"""Proof of what provisional levels would have been worth, counted again from the cells."""

from collections.abc import Iterator

from atlas.exchange.datastate import DataState, HindcastEntry, ReleaseEntry
from atlas.publication.seen import Seen
from atlas.publication.views.data_state import hindcast_texts
from atlas.release import read_hindcasts
from tests.words.german import number
from tests.words.grammar import Parts, Scene, Sentence

_UNSURE = 3


def hindcast_text(seen: Seen) -> str:
    """Say it of one release and group alone; empty where nobody asked."""
    found = read_hindcasts(seen.release.path)
    if str(seen.group) not in found:
        return ""
    one = found[str(seen.group)]
    entry = HindcastEntry(
        group=str(seen.group), counted=one.counted, wrong=one.wrong, unsure=one.unsure
    )
    info = seen.release.info
    release = ReleaseEntry(
        reference_date=info.reference_date,
        number=info.number,
        state=info.state,
        hindcasts=(entry,),
    )
    state = DataState(format=1, city=info.config.city.id, releases=(release,))
    (text,) = hindcast_texts(state, {str(seen.group): seen.group_label})
    return text


def _counted(scene: Scene, parts: Parts) -> Iterator[str]:
    final = scene.book.column("quartier", scene.group, "need_level")
    then = scene.book.column("quartier", scene.group, "need_level.hindcast")
    words = scene.book.column("quartier", scene.group, "need_level.hindcast_stability")
    if parts["group"] != scene.book.groups[scene.group]:
        yield "andere Bezugsgruppe"
    both = [
        area
        for area, line in final.items()
        if line.seen is not None and line.status == "published" and then[area].seen is not None
    ]
    wrong = [area for area in both if final[area].seen != then[area].seen]
    unsure = [area for area in wrong if area in words and words[area].seen == _UNSURE]
    told = parts.get("wrong", "0"), parts.get("unsure", "keine")
    if number(parts["n"]) != len(both) or number(told[0]) != len(wrong):
        yield f"von {len(both)} Stufen sind {len(wrong)} andere"
    if "unsure" in parts and (0 if told[1] == "keine" else number(told[1])) != len(unsure):
        yield f"unsicher sind {len(unsure)}"
    if ("unsure" in parts) != bool(wrong and words):
        yield "unsicher oder nicht"


_MAKER = "atlas.sentences.hindcasts"
_START = "<group:group>, 1 Stichtag: Von <n:int> vorläufigen <stages:stages> "

HINDCAST_SENTENCES = (
    Sentence("Rückschau ohne Fehler", _MAKER, f"{_START}wäre keine falsch gewesen.", _counted),
    Sentence(
        "Rückschau",
        _MAKER,
        f"{_START}<were:were> <wrong:int> falsch gewesen, <unsure:number_or_none> davon als "
        "unsicher gekennzeichnet.",
        _counted,
    ),
    Sentence(
        "Rückschau ohne Robustheit",
        _MAKER,
        f"{_START}<were:were> <wrong:int> falsch gewesen.",
        _counted,
    ),
)
