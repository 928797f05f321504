"""Names of ``cells.csv`` in German: what a rule gives for each area, indicator and the city."""

from collections.abc import Iterable

from atlas.config import Scale
from atlas.release.info import ReleaseInfo

# Of the methods that every release names.
_SCORES = ("z-Wert", "Punkte", "Prozentrang", "Rangwert")
_HINDCAST = (
    "; `.hindcast` Stufe nach der Rückschau, `.hindcast_stability` ihre Robustheit; bei der "
    "Stadt `.hindcast_counted` verglichene, `.hindcast_wrong` andere und `.hindcast_unsure` "
    "davon unsichere"
)


def name_lines(info: ReleaseInfo) -> list[str]:
    """Write the section on the names of what a rule gives, as far as this release has them."""
    levels = info.config.levels
    scales = (*levels.need.values(), *levels.dynamic.values())
    own = (
        "; `.relative` Index und Stufe nach dem eigenen Maßstab"
        if any(scale.base_date for scale in scales)
        else ""
    )
    own += (
        "; `.fixed` Index und Stufe nach dem Maßstab eines anderen Stichtags"
        if levels.fixed
        else ""
    )
    own += "; `.former` Index und Stufe nach der früheren Regel" if info.config.former else ""
    own += _HINDCAST if levels.hindcast else ""
    extras = {scale.record.index_extra for scale in scales}
    tenth = "; `need_index.decile` Zehntel" if "decile" in extras else ""
    flags = any(scale.record.part_extra for scale in scales)
    scores = [*_SCORES, *sorted({scale.record.score.name for scale in scales} - {*_SCORES})]
    other = (
        "; für die Dynamik dasselbe mit `dynamic_index` und `dynamic_level`"
        if levels.dynamic
        else ""
    )
    return [
        "## Namen in cells.csv",
        "",
        "- Je Gebiet (`quartier`): Index `need_index`, Stufe `need_level`; `.sum` Summe, "
        "`.rank` Rang (1 hat den meisten Bedarf, gleiche teilen den besten), `.distance` die "
        f"nächste Grenze minus Index, in der höchsten Stufe die letzte{own}{tenth}{other}",
        *_theme_names(scales),
        f"- Je Gebiet und Indikator: `.z` {', '.join(scores[:-1])} oder {scores[-1]}, "
        "`.contribution` Beitrag, `.rank` Rang unter allen Gebieten mit Wert, auch denen ohne "
        f"Stufe{', `.flag` 1, wenn er markiert ist, sonst 0' if flags else ''}",
        "- Bei der Stadt (`city`): `.mean` Mitte und `.sd` Standardabweichung der "
        "Indikatoren, `need_index.sum_mean` und `.sum_sd` die der Summen, `.cut_1` und "
        "folgende die Grenzen; gibt es keine Stufen, der häufigste Grund, von gleich "
        "häufigen der erste im Alphabet",
        "",
    ]


def _theme_names(scales: Iterable[Scale]) -> list[str]:
    """Say what stands beside a sub-index; nothing where the city has none."""
    themed = [scale for scale in scales if scale.themes]
    if not themed:
        return []
    tenth = any(scale.record.index_extra for scale in themed)
    return [
        "- Je Gebiet und Teilindex (`need_index.` und sein Name): der Teilindex, `.sum` seine "
        "Summe, `.rank` Rang unter allen, die ihn haben (1 hat den meisten Bedarf), "
        f"`.contribution` Beitrag zum Index{', `.decile` Zehntel' if tenth else ''}; bei der "
        "Stadt `.sum_mean` und `.sum_sd` seiner Summen"
    ]
