"""What the words of an explanation mean under each method; knows no values."""

from dataclasses import dataclass

from atlas.classify import Explanation
from atlas.classify.robustness import NEAR_SHARE, STABLE_SHARE
from atlas.config.methods import Method
from atlas.words import number_text


@dataclass(frozen=True)
class Term:
    """A term, and a sentence on it."""

    name: str
    text: str


def meanings_of(method: Method, explained: Explanation) -> tuple[Term, ...]:
    """Explain index, score, contribution and robustness, as far as they are there."""
    middle = ""
    if method.is_standardising:
        is_city = explained.mean_base == "city_value"
        middle = f"0 ist {'die Stadt insgesamt' if is_city else 'der Durchschnitt'}, "
    index = "Fasst die Indikatoren in einer Zahl zusammen: "
    found = [
        Term("Index", f"{index}{middle}je höher, desto mehr Bedarf."),
        Term(method.score.name, method.score.meaning),
        Term("Beitrag", "Was ein Indikator zum Index gibt; alle Beiträge ergeben ihn."),
    ]
    if explained.firmness is not None:
        stable, near = (number_text(100 * share, 0) for share in (STABLE_SHARE, NEAR_SHARE))
        text = (
            "Der Index wird mit anderen vertretbaren Gewichten, Grenzen und Verfahren "
            f"nachgerechnet. Stabil: mindestens {stable} % der Nachrechnungen ergeben dieselbe "
            f"Stufe; grenznah: mindestens {near} %; unsicher: weniger."
        )
        found.append(Term("Robustheit", text))
    return tuple(found)
