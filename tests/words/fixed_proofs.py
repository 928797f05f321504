"""Proofs of what pages say of the index on the scale of a fixed date."""

from collections.abc import Iterator
from statistics import fmean

from tests.words.arithmetic import Reckoning
from tests.words.books import Book
from tests.words.german import day, is_shown, number
from tests.words.grammar import Parts, Scene, Sentence
from tests.words.page_proofs import value_is


class _Fixed(Reckoning):
    """What mean and spread of the fixed date give, whatever the levels in force follow."""

    is_classified = True

    @property
    def frozen(self) -> str:
        """Date of the scale, where it is another one."""
        base = str(self.book.config["levels"]["fixed"][self.group])
        return base if base != self.book.day else ""


def _base(book: Book, group: str) -> str:
    return str(book.config["levels"].get("fixed", {}).get(group, ""))


def _would_be(scene: Scene, parts: Parts) -> Iterator[str]:
    fixed = _Fixed(scene.book, scene.group)
    if day(parts["d"]) != fixed.frozen:
        yield f"Maßstab vom {fixed.frozen}"
    if scene.book.config["levels"]["labels"][parts["n"]] != parts["name"]:
        yield "anderer Name"
    if fixed.level(scene.area) != int(parts["n"]) or not is_shown(
        parts["i"], fixed.index[scene.area]
    ):
        yield f"Stufe {fixed.level(scene.area)}, Index {fixed.index[scene.area]}"


def _all_moved(scene: Scene, parts: Parts) -> Iterator[str]:
    assert scene.before is not None
    if {day(parts["d"])} != {_base(one, scene.group) for one in (scene.before, scene.book)}:
        yield "ein anderer Maßstab"
        return
    old, new = (_Fixed(one, scene.group) for one in (scene.before, scene.book))
    both = sorted(old.index.keys() & new.index.keys())
    for told, one in ((parts["b"], old), (parts["a"], new)):
        if not is_shown(told, fmean(one.index[key] for key in both)):
            yield f"im Mittel {fmean(one.index[key] for key in both)}"
    steps = [(new.level(key) or 0) - (old.level(key) or 0) for key in both]
    counts = [sum(step > 0 for step in steps), sum(step < 0 for step in steps)]
    if [int(number(parts[one])) for one in ("up", "down")] != counts:
        yield f"höher und niedriger {counts}"


def _line(scene: Scene, parts: Parts) -> Iterator[str]:
    item = "need_index.fixed" if "d" in parts else "need_index"
    for one, value in _ends(scene, parts, item):
        yield from value_is(Scene(one, scene.group, scene.area), item, value)


def _mean(scene: Scene, parts: Parts) -> Iterator[str]:
    for one, value in _ends(scene, parts, "need_index.fixed"):
        lines = one.column("quartier", scene.group, "need_index.fixed").values()
        mean = fmean(line.seen for line in lines if line.seen is not None)
        if value.endswith(" (geschätzt)") != any(line.status == "estimated" for line in lines):
            yield "geschätzt oder nicht"
        if not is_shown(value.removesuffix(" (geschätzt)"), mean):
            yield f"im Mittel {mean}"


def _ends(scene: Scene, parts: Parts, item: str) -> Iterator[tuple[Book, str]]:
    """First and last release with a value on the scale, and what is told of them."""
    base = day(parts["d"]) if "d" in parts else None
    shown = [
        one
        for one in (scene.before, scene.book)
        if one is not None
        and base in (None, _base(one, scene.group))
        and any(
            line.seen is not None and (not scene.area or key == scene.area)
            for key, line in one.column("quartier", scene.group, item).items()
        )
    ]
    told = [(parts["a"], parts["x"])]
    told += [(parts["b"], parts["y"])] if "b" in parts else []
    assert len(shown) == len(told), parts
    for (value, when), one in zip(told, shown, strict=True):
        mark = " (vorläufig)"
        is_provisional = one.info["state"] == "provisional"
        if day(when) == one.day and value.endswith(mark) == is_provisional:
            yield one, value.removesuffix(mark)
        else:
            yield one, "anderer Stichtag"


_F = "atlas.publication.views.fixed_scale"

FIXED_NOTICES = (
    Sentence(
        "fester Maßstab",
        _F,
        "Zum Vergleich über die Jahre: Mit Mittel und Streuung vom <d:day> wäre der Index "
        "<i:num>, die Stufe <n:step> <name:name>.",
        _would_be,
    ),
)
FIXED_MOVES = (
    Sentence(
        "alle am festen Maßstab",
        _F,
        "Mit Mittel und Streuung vom <d:day> gemessen liegt der Index im Mittel der <k:areas>, "
        "die an beiden Ständen eingestuft sind, bei <a:num> statt bei <b:num>; eine höhere "
        "Stufe hätten so <up:int>, eine niedrigere <down:int>.",
        _all_moved,
    ),
)
_TWO = "<a:free> am <x:day>, <b:free> am <y:day>."
_ONE = "<a:free> am <x:day>."
FIXED_LINES = (
    *(
        Sentence(f"Linie des Index{n}", _F, f"Maßstab jedes Stichtags: {told}", _line)
        for n, told in (("", _TWO), (" (ein Wert)", _ONE))
    ),
    *(
        Sentence(f"Linie am festen Maßstab{n}", _F, f"Maßstab vom <d:day>: {told}", _line)
        for n, told in (("", _TWO), (" (ein Wert)", _ONE))
    ),
)
FIXED_MEANS = tuple(
    Sentence(
        f"Mittel am festen Maßstab{n}",
        _F,
        f"Mittel der <k:areas>: {told} Maßstab vom <d:day>.",
        _mean,
    )
    for n, told in (("", _TWO), (" (ein Wert)", _ONE))
)
