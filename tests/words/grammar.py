"""A small grammar of German sentences: templates with typed places, read back into parts.

A template is text with places such as ``<r:int>``; what a place may hold depends on the release
that the sentence speaks of (its areas, indicators, names of levels). A text that no sequence of
templates covers is unknown, and so is its truth.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from tests.words.arithmetic import Reckoning
from tests.words.books import Book
from tests.words.german import DAY, NUMBER, SIGNED

_ESTIMATED = r"(?: \(geschätzt\))?"
_STAYS = rf"bleibt (?:gerundet )?bei {NUMBER}"
_MOVES = rf"(?:steigt|sinkt) von {NUMBER} auf {NUMBER} \({SIGNED}\)"
_PLACE = re.compile(r"<(\w+):(\w+)>")


@dataclass(frozen=True)
class Scene:
    """What a text speaks of, as the reader knows it from where it stands."""

    book: Book
    group: str
    area: str = ""
    kind: str = "quartier"
    before: Book | None = None
    item: str = ""

    @property
    def need(self) -> Reckoning:
        """Index and levels reckoned anew."""
        return reckon(self.book, self.group, "need")

    @property
    def dynamic(self) -> Reckoning:
        """The same of the dynamics."""
        return reckon(self.book, self.group, "dynamic")

    @property
    def earlier(self) -> Reckoning:
        """Index and levels of the earlier release, reckoned anew."""
        assert self.before is not None
        return reckon(self.before, self.group, "need")


_RECKONED: dict[tuple[Book, str, str], Reckoning] = {}


def reckon(book: Book, group: str, kind: str) -> Reckoning:
    """Reckon one release once."""
    key = (book, group, kind)
    if key not in _RECKONED:
        _RECKONED[key] = Reckoning(book, group, kind)
    return _RECKONED[key]


Parts = dict[str, str]
Proof = Callable[[Scene, Parts], Iterator[str]]


@dataclass(frozen=True)
class Sentence:
    """One kind of sentence: who makes it, its template, and how it is proved."""

    name: str
    maker: str
    template: str
    prove: Proof

    def pattern(self, scene: Scene) -> re.Pattern[str]:
        """Regular expression of the template in a release."""
        lexicon = lexicon_of(scene)
        key = (self.template, self.name)
        if key not in lexicon.patterns:
            lexicon.patterns[key] = re.compile(lexicon.compiled(self.template))
        return lexicon.patterns[key]


@dataclass(eq=False)
class Lexicon:
    """What places may hold in one release and group."""

    scene: Scene
    patterns: dict[tuple[str, str], re.Pattern[str]] = field(default_factory=dict)

    def compiled(self, template: str) -> str:
        """Turn a template into a regular expression."""
        pattern, end = "", 0
        for place in _PLACE.finditer(template):
            pattern += re.escape(template[end : place.start()])
            name, sort = place.groups()
            pattern += f"(?P<{name}>{self.words[sort]})"
            end = place.end()
        return pattern + re.escape(template[end:])

    @cached_property
    def words(self) -> dict[str, str]:
        """Regular expression of every sort of place."""
        book = self.scene.book
        books = [book, *([self.scene.before] if self.scene.before else [])]
        levels = [one.config["levels"] for one in books]
        names = _any(name for one in levels for name in one["labels"].values())
        classes = _any(name for one in levels for name in one["dynamic_labels"].values())
        titles = [t for kind in book.names for t in book.titles(kind).values()]
        items = [*book.config["indicators"]["indicators"]]
        labels = [book.label(item) for item in items]
        measures = book.config["indicators"]["measures"].values()
        plural = re.escape(book.plural("quartier"))
        units = {book.unit(item) for item in (*items, *(f"{one}.change" for one in items))}
        unit = f"(?:{'|'.join(f' {re.escape(one)}' for one in sorted(units) if one)}|)"
        return {
            "text": r"[^.;:]+?",
            "free": r".+?",
            "rest": r".+",
            "int": r"\d{1,3}(?:\.\d{3})*",
            "num": NUMBER,
            "signed": SIGNED,
            "day": DAY,
            "area": _any(titles),
            "place": _any(
                [
                    *titles,
                    *(
                        f"{one['label']} {name}"
                        for kind, one in book.config["areas"]["kinds"].items()
                        for name, _ in book.names.get(kind, {}).values()
                    ),
                    book.config["city"]["name"],
                ]
            ),
            "ind": _any([*labels, *(f"{one} (Veränderung)" for one in labels)]),
            "level": rf"(?:Stufe \d „(?:{names})“|Dynamik \d „(?:{classes})“)",
            "name": names,
            "unit": unit,
            "est": _ESTIMATED,
            "others": r"(?:(?:,| und) (?:Stufe|Klasse) \d in (?:weniger als )?[\d,]+ %)*",
            "driver": r"(?:der|des) .+? \(hielte man (?:sie|ihn) fest: .+?\)",
            "varied": r"mit .+?",
            "stages": "Stufen?",
            "were": "wären?",
            "number_or_none": r"(?:keine|\d+)",
            "areas": plural,
            "kinds": _any(one["plural"] for one in book.config["areas"]["kinds"].values()),
            "group": _any(book.groups.values()),
            "side": rf"(?:Stufe \d „(?:{names})“{_ESTIMATED}|„nicht klassifiziert“ \([^()]+\))",
            "index": rf"(?:; der Index (?:{_STAYS}|{_MOVES}))?",
            "verdict": "(?:belastbar|an der Grenze)",
            "people": _any(self._people()),
            "way": "(?:mehr|weniger)",
            "one": "1",
            "rise": "(?:gestiegen|gesunken)",
            "rounded": "(?:gerundet )?",
            "parts": rf"(?:(?:(?:, | und )?{_any(labels)} {SIGNED}))+",
            "lost": r"(?:; \d+ nur an einem der beiden Stände eingestuft)?",
            "which": "(?:eingestuften|an beiden Ständen eingestuften)",
            "yardown": r"(?:: eine Stufe ändert sich nur mit den eigenen Werten\.|\.)",
            "centre": rf"(?:Durchschnitt der {plural}|Stadt insgesamt)(?: vom {DAY})?",
            "cause": r"(?: \(Anlass: (?:Zahlen und Regel|Zahlen|Regel)\))?",
            "sign": "(?:=|▲|▼|Zuletzt am)",
            "step": r"\d",
            "pending": r"[^:;.]+ (?:fällt|fallen) später an",
            "word": r"\w+",
            "anything": _any([*labels, *(str(one["label"]) for one in measures)]),
            "verb": "(?:fällt|fallen)",
            "counts": "(?:Anzahlen )?",
            "nopost": "(?:Nicht eingestuft|Kinderzahl)",
            "planest": r"(?: Davon mit geschätzter Stufe: \d+\.)?",
            "own": "Index und Beiträge sind nach der heutigen Regel gerechnet",
            "more": "(?:Mehr|Weniger)",
            "need": re.escape(self._more()),
            "where": "(?:über|unter)",
            "base": rf"(?:im Durchschnitt der {plural}|in der Stadt insgesamt)(?: am {DAY})?",
            "side2": "(?:Über|Unter)",
            "around": rf"(?:Durchschnitt der {plural}|Wert der Stadt insgesamt)(?: vom {DAY})?",
            "measure": rf"(?:Durchschnitt|Wert der Stadt insgesamt)(?: vom {DAY})?",
            "value": rf"(?:{NUMBER}{unit}|Wert vom {DAY} \(geschätzt\))",
            "effect": "(?:hebt|senkt)",
            "top": "(?: zur höchsten (?:Stufe|Klasse))?",
            "class": "(?:Stufe|Klasse)",
            "stable": "(?:stabil|grenznah|unsicher)",
            "share": rf"(?:allen|{NUMBER} % der|weniger als 0,1 % der)",
            "among": "(?:dabei|über alle)",
            "ranks": r"\d+(?: bis \d+)?",
        }

    def _more(self) -> str:
        """Say what there is more or less of, as the city speaks."""
        preset = self.scene.book.config["levels"].get("labels_preset", "handlungsbedarf")
        return {"handlungsbedarf": "Bedarf", "aufmerksamkeit": "Anlass zu Aufmerksamkeit"}[
            preset
        ]

    def _people(self) -> list[str]:
        """Say whom counts may count: plain, and with the group behind."""
        measures = self.scene.book.config["indicators"]["measures"].values()
        labels = [str(one["label"]) for one in measures]
        groups = list(self.scene.book.groups.values())
        return [
            *labels,
            *groups,
            *(f"{label} ({group})" for label in labels for group in groups),
        ]


_LEXICA: dict[tuple[Book, Book | None, str], Lexicon] = {}


def lexicon_of(scene: Scene) -> Lexicon:
    """Make the lexicon of a release once."""
    key = (scene.book, scene.before, scene.group)
    if key not in _LEXICA:
        _LEXICA[key] = Lexicon(replace(scene, area="", item=""))
    return _LEXICA[key]


def _any(words: Iterator[str] | list[str]) -> str:
    """Match any of some words, the longest first."""
    every = sorted(set(words), key=lambda one: (-len(one), one))
    return f"(?:{'|'.join(map(re.escape, every))})" if every else r"(?!)"


@dataclass
class Reading:
    """What was read and what came of it."""

    read: int = 0
    false: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    met: dict[str, int] = field(default_factory=dict)

    def take(self, scene: Scene, text: str, known: tuple[Sentence, ...], where: str) -> None:
        """Read a text sentence by sentence, each as one of those known there."""
        at = 0
        while at < len(text):
            if text[at] == " ":
                at += 1
                continue
            found = [
                (match.end(), one, match)
                for one in known
                if (match := one.pattern(scene).match(text, at))
                and text[match.end() : match.end() + 1] in ("", " ")
            ]
            if not found:
                self.unknown.append(f"{where}: {text[at:]}")
                return
            end, sentence, match = max(found, key=lambda one: one[0])
            self.read += 1
            self.met[sentence.name] = self.met.get(sentence.name, 0) + 1
            for fault in sentence.prove(scene, match.groupdict()):
                self.false.append(f"{where} {self.told(scene)}: {match.group()} ← {fault}")
            at = end

    def check(self, scene: Scene, name: str, is_true: bool, what: str) -> None:
        """Count a statement of a table that was proved on the spot."""
        self.read += 1
        self.met[name] = self.met.get(name, 0) + 1
        if not is_true:
            self.false.append(f"{name} {self.told(scene)}: {what}")

    @staticmethod
    def told(scene: Scene) -> str:
        """Name release, group and area for a message."""
        before = f"{scene.before.path.name}→" if scene.before else ""
        return f"[{before}{scene.book.path.name} {scene.group} {scene.area} {scene.item}]"
