"""The methods of an index: a rule and the values of the valid areas in, scores and index out.

What is said of each method stands in ``config.methods``; the formulas are in the modules here,
by the names that those records give.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from atlas.classify.methods.arithmetic import Floats, Scores
from atlas.classify.rule import Rule
from atlas.config.methods import METHODS

Formula = Callable[[Floats, Rule, Mapping[str, float]], Scores]
OverThemes = Callable[[Sequence[Scores], Rule, Mapping[str, float]], Scores]


def score(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Score n ≥ 2 valid areas by the method of the rule.

    Parameters
    ----------
    matrix
        n × k values in the unit of each indicator, columns in the order of the rule; gaps are
        NaN, and only where the rule compares areas by what they have. At least two rows are
        whole.
    rule
        Method, weights, directions, cuts.
    city
        Values at kind city that the rule refers to, see ``references_of``.

    Returns
    -------
        ``None`` if the areas do not differ, so that no index exists.
    """
    scores = _scores(matrix, rule, city)
    return None if scores.is_flat else scores


def _scores(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores:
    if not rule.themes:
        return _FORMULAS[rule.method](matrix, rule, city)
    ends = np.cumsum([len(theme.parts) for theme in rule.themes])[:-1]
    blocks = zip(np.split(matrix, ends, axis=1), rule.themes, strict=True)
    themes = [_scores(block, rule.of_theme(theme), city) for block, theme in blocks]
    return _OVER_THEMES[rule.method](themes, rule, city)


def references_of(rule: Rule) -> tuple[str, ...]:
    """Items at kind city without which the rule cannot be computed.

    With ``base_date`` the parameters that this rule gave at that date, with ``city_value`` the
    city's value of each indicator.
    """
    if rule.base_date is not None:
        cuts = range(1, len(rule.cuts) + 1) if rule.record.finds_cuts else ()
        return (
            *(f"{item}.mean" for item in rule.items),
            *(f"{item}.sd" for item in rule.items),
            *(f"{item}.{part}" for item in rule.indices for part in ("sum_mean", "sum_sd")),
            *(f"{rule.index}.cut_{number}" for number in cuts),
        )
    return rule.items if rule.mean_base == "city_value" else ()


def _named(name: str) -> Any:
    """Look up a formula by its module and function."""
    module, _, function = name.partition(".")
    return getattr(import_module(f"{__name__}.{module}"), function)


_FORMULAS: Mapping[str, Formula] = {n: _named(one.formula) for n, one in METHODS.items()}
_OVER_THEMES: Mapping[str, OverThemes] = {
    name: _named(one.over_themes) for name, one in METHODS.items()
}
