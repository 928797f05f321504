"""The methods of an index: a rule and the values of the valid areas in, scores and index out.

What is said of each method stands in ``config.methods``; the formulas are in the modules here,
by the names that those records give.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from atlas.classify.methods.arithmetic import Floats, Scores
from atlas.classify.rule import Rule
from atlas.config.methods import METHODS, Method

Formula = Callable[[Floats, Rule, Mapping[str, float]], Scores | None]


def score(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Score n ≥ 2 valid areas by the method of the rule.

    Parameters
    ----------
    matrix
        n × k values in the unit of each indicator, no gaps, columns in the order of the rule.
    rule
        Method, weights, directions, cuts.
    city
        Values at kind city that the rule refers to, see ``references_of``.

    Returns
    -------
        ``None`` if the areas do not differ, so that no index exists.
    """
    return _FORMULAS[rule.method](matrix, rule, city)


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
            f"{rule.index}.sum_mean",
            f"{rule.index}.sum_sd",
            *(f"{rule.index}.cut_{number}" for number in cuts),
        )
    return rule.items if rule.mean_base == "city_value" else ()


def _formula_of(method: Method) -> Formula:
    module, _, name = method.formula.partition(".")
    formula: Formula = getattr(import_module(f"{__name__}.{module}"), name)
    return formula


_FORMULAS = {name: _formula_of(method) for name, method in METHODS.items()}
