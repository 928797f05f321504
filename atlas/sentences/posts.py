"""Why a Quartier or a school gets its posts, in one German sentence each."""

import math
from typing import Any

from atlas.classify import Plan
from atlas.classify.resources import Rounding
from atlas.words import number_text

ROUNDING_LABELS: dict[Rounding, str] = {
    "hamilton": "größte Reste (Hare/Niemeyer)",
    "sainte_lague": "Höchstzahlen (Sainte-Laguë)",
}
_BY_HAND = "über dieses Gebiet ist von Hand zu entscheiden."


def post_reason(share: Any, plan: Plan) -> str:
    """Say how the posts of one area, a row of ``share_out``, follow from its children."""
    if not math.isnan(share.fixed):
        return f"Fest: bleibt bei {number_text(share.posts, _digits(plan))}."
    if math.isnan(share.level):
        return f"Nicht eingestuft: {_BY_HAND}"
    if math.isnan(share.children):
        return f"Die Kinderzahl ist nicht veröffentlicht: {_BY_HAND}"
    if share.level < plan.least_level:
        return f"Stufe {share.level:.0f} liegt unter der Mindeststufe {plan.least_level}."
    if share.children <= 0:
        return "Hier leben keine Kinder."
    factor = number_text(share.factor, 0 if plan.by == "level" else 2)
    children = number_text(share.children, 0)
    return _shared_out(f"{children} Kinder × Faktor {factor}", share, plan)


def school_reason(share: Any, plan: Plan) -> str:
    """Say how the posts of one school, a row of ``share_out``, follow from its pupils."""
    if not math.isnan(share.fixed):
        return f"Fest: bleibt bei {number_text(share.posts, _digits(plan))}."
    for figure, name in (
        (share.level, "Sozialindex"),
        (share.children, "Zahl der Schüler*innen"),
    ):
        if math.isnan(figure):
            return f"{name} liegt nicht vor: über diese Schule ist von Hand zu entscheiden."
    index = number_text(share.level, 0 if float(share.level).is_integer() else 2)
    if share.level < plan.least_level:
        return f"Sozialindex {index} liegt unter dem Mindestindex {plan.least_level}."
    if share.children <= 0:
        return "Hier lernt niemand."
    pupils = number_text(share.children, 0)
    return _shared_out(f"{pupils} Schüler*innen × Sozialindex {index}", share, plan)


def _shared_out(claim: str, share: Any, plan: Plan) -> str:
    quota = number_text(share.quota, 2)
    posts = number_text(share.posts, _digits(plan))
    text = f"{claim}: rechnerisch {quota} Stellen"
    if share.posts == plan.floor and share.quota < plan.floor:
        return f"{text}, durch den Sockel {posts}."
    return f"{text}, zugeteilt {posts} ({ROUNDING_LABELS[plan.rounding]})."


def _digits(plan: Plan) -> int:
    return 0 if float(plan.step).is_integer() else 2
