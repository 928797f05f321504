"""Codes of the generated registers: origins, countries, residence titles; knows no person.

Country codes follow the Staats- und Gebietsschlüssel of the Federal Statistical Office, titles
the paragraphs of Aufenthaltsgesetz and (with Y) Asylgesetz, as in ``deliveries.toml``.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NO_ORIGIN, GERMAN, FOREIGN = 0, 1, 2

NO_ROUTE, BY_PARENTS, SECOND, NATURALISED, RESETTLER, MOVED, BORN_ABROAD = range(7)
CHILD_ROUTES = np.array([BY_PARENTS, SECOND, MOVED, BORN_ABROAD])
CHILD_ROUTE_SHARES = np.array([0.56, 0.36, 0.03, 0.05])
ADULT_ROUTES = np.array([SECOND, NATURALISED, RESETTLER, MOVED, BORN_ABROAD])
ADULT_ROUTE_SHARES = np.array([0.36, 0.27, 0.17, 0.06, 0.14])

GERMANY = "000"
# Code; shares of foreigners, of Germans with migration background, of refugees 2021 and later.
_NATIONS = (
    (GERMANY, 0, 0, 0, 0),
    ("163", 20, 26, 3, 3),  # Türkei
    ("137", 10, 7, 0, 0),  # Italien
    ("134", 8, 5, 0, 0),  # Griechenland
    ("152", 9, 18, 0, 0),  # Polen
    ("154", 7, 4, 0, 0),  # Rumänien
    ("125", 6, 1, 0, 0),  # Bulgarien
    ("130", 5, 2, 0, 0),  # Kroatien
    ("161", 3, 2, 0, 0),  # Spanien
    ("153", 3, 2, 0, 0),  # Portugal
    ("170", 4, 4, 2, 1),  # Serbien
    ("150", 4, 3, 2, 1),  # Kosovo
    ("160", 3, 12, 1, 1),  # Russische Föderation
    ("252", 4, 6, 1, 1),  # Marokko
    ("166", 2, 2, 1, 38),  # Ukraine
    ("475", 5, 2, 46, 28),  # Syrien
    ("438", 3, 1, 14, 8),  # Irak
    ("423", 2, 1, 13, 9),  # Afghanistan
    ("439", 1, 2, 6, 4),  # Iran
    ("224", 0, 0, 5, 3),  # Eritrea
    ("261", 1, 1, 6, 3),  # Guinea
)
NATIONS = np.array([row[0] for row in _NATIONS])
_SHARES = np.array([row[1:] for row in _NATIONS], dtype=float).T
_SHARES /= _SHARES.sum(axis=1, keepdims=True)
_UKRAINE = int(np.flatnonzero(NATIONS == "166")[0])
_IS_EU = np.isin(NATIONS, ["137", "134", "152", "154", "125", "130", "161", "153"])

# Title, previous title, whether it counts as refugee, share of other foreigners, of refugees.
_TITLES = (
    ("", "", False, 0, 0),
    ("FZ", "", False, 0, 0),
    ("9", "", False, 52, 0),
    ("9a", "", False, 4, 0),
    ("16b", "", False, 5, 0),
    ("18b", "", False, 6, 0),
    ("28", "", False, 18, 0),
    ("30", "", False, 10, 0),
    ("32", "", False, 3, 0),
    ("81", "16b", False, 1, 0),
    ("81", "28", False, 1, 0),
    ("Y63a", "", True, 0, 3),
    ("Y55", "", True, 0, 17),
    ("22", "", True, 0, 1),
    ("23", "", True, 0, 3),
    ("24", "", True, 0, 0),
    ("25", "", True, 0, 45),
    ("25a", "", True, 0, 2),
    ("25b", "", True, 0, 5),
    ("26", "", True, 0, 6),
    ("60a", "", True, 0, 9),
    ("60b", "", True, 0, 2),
    ("60c", "", True, 0, 1),
    ("60d", "", True, 0, 1),
    ("104c", "", True, 0, 2),
    ("81", "25", True, 0, 2),
    ("81", "26", True, 0, 1),
)
TITLES = np.array([row[0] for row in _TITLES])
PRIOR_TITLES = np.array([row[1] for row in _TITLES])
IS_REFUGEE_TITLE = np.array([row[2] for row in _TITLES])
_TITLE_SHARES = np.array([row[3:] for row in _TITLES], dtype=float).T
_TITLE_SHARES /= _TITLE_SHARES.sum(axis=1, keepdims=True)


def _row(title: str) -> int:
    return int(np.flatnonzero((title == TITLES) & (PRIOR_TITLES == ""))[0])


def draw_nations(origin: Ints, rng: np.random.Generator) -> Ints:
    """Country of origin by kind of origin; Germany for none."""
    foreign = rng.choice(len(NATIONS), size=len(origin), p=_SHARES[0])
    german = rng.choice(len(NATIONS), size=len(origin), p=_SHARES[1])
    nations: Ints = np.where(origin == FOREIGN, foreign, np.where(origin == GERMAN, german, 0))
    return nations


def draw_refugee_nations(number: int, year: int, rng: np.random.Generator) -> Ints:
    """Countries of refugees: from 2022 on with the war in Ukraine."""
    return rng.choice(len(NATIONS), size=number, p=_SHARES[2 if year < 2022 else 3])


def draw_refugee_titles(nations: Ints, rng: np.random.Generator) -> Ints:
    """Titles of refugees: temporary protection for Ukraine."""
    titles = rng.choice(len(TITLES), size=len(nations), p=_TITLE_SHARES[1])
    result: Ints = np.where(nations == _UKRAINE, _row("24"), titles)
    return result


def draw_other_titles(nations: Ints, rng: np.random.Generator) -> Ints:
    """Titles of other foreigners: freedom of movement for the EU."""
    titles = rng.choice(len(TITLES), size=len(nations), p=_TITLE_SHARES[0])
    result: Ints = np.where(_IS_EU[nations], _row("FZ"), titles)
    return result


def progress_titles(titles: Ints, rng: np.random.Generator) -> Ints:
    """Let a year's decisions fall: arrival to application, application to outcome."""
    decided = rng.random(len(titles))
    outcome = np.where(decided < 0.3, _row("25"), np.where(decided < 0.45, _row("60a"), titles))
    applied = np.where(titles == _row("Y63a"), _row("Y55"), titles)
    result: Ints = np.where(titles == _row("Y55"), outcome, applied)
    return result
