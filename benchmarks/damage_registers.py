"""Ways to damage a register of persons that leave it readable, in strengths and seeds."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.damage import LITTLE, Damage, rng_of

_ISO = {"000": "DEU", "163": "TUR", "137": "ITA", "152": "POL", "475": "SYR", "166": "UKR"}
_HARMLESS = "ohne Folge: das Alter in Jahren bleibt dasselbe"


def damages_of_population(
    now: pd.DataFrame, last: pd.DataFrame, first: pd.DataFrame
) -> Iterator[Damage]:
    """Damage the population register."""
    yield from _of_register(now, last, first)
    yield from _of_population(now)


def damages_of_foreigners(
    now: pd.DataFrame, last: pd.DataFrame, first: pd.DataFrame
) -> Iterator[Damage]:
    """Damage the foreigner register."""
    yield from _of_register(now, last, first)
    yield from _of_foreigners(now)


def _with(frame: pd.DataFrame, name: str, values: object) -> pd.DataFrame:
    return frame.assign(**{name: values})


def _shuffled(frame: pd.DataFrame, name: str, share: float, seed: int) -> pd.DataFrame:
    """Deal the values of a share of the rows out anew among them."""
    rng = rng_of(seed)
    chosen = np.flatnonzero(rng.random(len(frame)) < share)
    values = frame[name].to_numpy().copy()
    values[chosen] = values[rng.permutation(chosen)]
    return _with(frame, name, values)


def _of_register(
    now: pd.DataFrame, last: pd.DataFrame, first: pd.DataFrame
) -> Iterator[Damage]:
    """Give damages that any register of persons can suffer."""
    number = len(now)
    for percent in (50, 70, 86, 90, 95, 97, 98, 99, 99.5):
        size = round(number * percent / 100)
        yield Damage(f"cut to {percent} %", lambda n=size: now.iloc[:n])
        yield Damage(f"first rows missing, {percent} % left", lambda n=size: now.iloc[-n:])
    for percent in (1, 3, 10):
        size = round(number * percent / 100)
        gone = slice(number // 3, number // 3 + size)
        yield Damage(
            f"{percent} % missing in the middle", lambda s=gone: now.drop(now.index[s])
        )
    for percent in (2, 5, 10, 20, 50):
        yield Damage(f"{percent} % doubled under new keys", lambda p=percent: _doubled(now, p))
    for percent in (1, 5, 10, 20):
        blind = LITTLE if percent < 3 else ""
        yield Damage(
            f"{percent} % missing here and there", lambda p=percent: _thinned(now, p), blind
        )
    yield from _of_files_and_keys(now, last, first)


def _of_files_and_keys(
    now: pd.DataFrame, last: pd.DataFrame, first: pd.DataFrame
) -> Iterator[Damage]:
    key, number = "PERSONENSCHLUESSEL", len(now)
    yield Damage("file of last year", lambda: last)
    yield Damage("file of the first year", lambda: first)
    for percent in (25, 50, 75):
        yield Damage(f"{percent} % of last year's file", lambda p=percent: _mixed(now, last, p))
    yield Damage("those who left are still there", lambda: _kept_leavers(now, last, key))
    yield Damage(
        "keys without leading zeros", lambda: _with(now, key, now[key].str.lstrip("0"))
    )
    yield Damage("keys new", lambda: _with(now, key, "X" + now[key]))
    for seed, percent in enumerate((5, 10, 30)):
        yield Damage(f"{percent} % of keys new", lambda p=percent, s=seed: _rekeyed(now, p, s))
        yield Damage(
            f"{percent} % of keys shuffled",
            lambda p=percent, s=seed: _shuffled(now, key, p / 100, s),
        )
    for rows in (1, 2, 10):
        yield Damage(
            f"keys shifted by {rows} rows", lambda r=rows: _with(now, key, np.roll(now[key], r))
        )
    yield Damage("half of the rows twice", lambda: pd.concat([now, now.iloc[: number // 2]]))
    for name in [name for name in now.columns if name not in (key, "BAUBLOCK", "GEBURTSDATUM")]:
        yield from _of_code(now, name)


def _of_code(now: pd.DataFrame, name: str) -> Iterator[Damage]:
    """Give damages of one column of codes."""
    values = now[name]
    rare = (values != values.mode()[0]).mean()
    little = LITTLE if rare < 0.01 else ""
    yield Damage(f"{name} empty", lambda: _with(now, name, ""))
    yield Damage(f"{name} constant", lambda: _with(now, name, values.mode()[0]))
    for rows in (1, 7):
        yield Damage(
            f"{name} shifted by {rows} rows",
            lambda r=rows: _with(now, name, np.roll(values, r)),
            little,
        )
    for share in (0.1, 0.3, 1.0):
        blind = little or (LITTLE if share * rare < 0.01 else "")
        yield Damage(
            f"{name} shuffled, {share:.0%}",
            lambda s=share: _shuffled(now, name, s, 1),
            blind,
        )
    yield Damage(f"{name} sorted", lambda: _with(now, name, np.sort(values)), little)
    yield Damage(f"{name} with a letter before", lambda: _with(now, name, _lettered(values)))
    for share in (0.05, 0.2, 0.5):
        blind = LITTLE if share * rare < 0.01 else ""
        yield Damage(f"{name} lost in {share:.0%}", lambda s=share: _lost(now, name, s), blind)


def _lettered(values: pd.Series) -> pd.Series:
    return values.where(values == "", "D" + values)


def _lost(frame: pd.DataFrame, name: str, share: float) -> pd.DataFrame:
    mask = rng_of(3).random(len(frame)) < share
    return _with(frame, name, frame[name].where(~mask, ""))


def _doubled(frame: pd.DataFrame, percent: float) -> pd.DataFrame:
    more = frame.sample(frac=percent / 100, random_state=5)
    keys = "9" + more["PERSONENSCHLUESSEL"].str[1:] + "7"
    return pd.concat([frame, more.assign(PERSONENSCHLUESSEL=keys)], ignore_index=True)


def _thinned(frame: pd.DataFrame, percent: float) -> pd.DataFrame:
    return frame.drop(frame.sample(frac=percent / 100, random_state=6).index)


def _mixed(now: pd.DataFrame, last: pd.DataFrame, percent: float) -> pd.DataFrame:
    """Take a part of the file from last year, without a person twice."""
    size = round(len(last) * percent / 100)
    old = last.iloc[:size]
    rest = now[~now["PERSONENSCHLUESSEL"].isin(old["PERSONENSCHLUESSEL"])]
    return pd.concat([old, rest.iloc[-(len(now) - size) :]], ignore_index=True)


def _kept_leavers(now: pd.DataFrame, last: pd.DataFrame, key: str) -> pd.DataFrame:
    return pd.concat([now, last[~last[key].isin(now[key])]], ignore_index=True)


def _rekeyed(frame: pd.DataFrame, percent: float, seed: int) -> pd.DataFrame:
    mask = rng_of(seed).random(len(frame)) < percent / 100
    keys = frame["PERSONENSCHLUESSEL"]
    return frame.assign(PERSONENSCHLUESSEL=keys.where(~mask, "N" + keys))


def _of_population(now: pd.DataFrame) -> Iterator[Damage]:
    """Give damages of the population register alone."""
    codes = list(now.columns[3:])
    zeros = ["STAATSANGEHOERIGKEIT", "GEBURTSSTAAT"]
    for names in ([zeros[0]], [zeros[1]], zeros, codes):
        yield Damage(
            f"Excel: numbers in {len(names)} columns ({names[0]})",
            lambda n=names: now.assign(**{one: _as_number(now[one]) for one in n}),
        )
        yield Damage(
            f"ISO codes in {len(names)} columns ({names[0]})",
            lambda n=names: now.assign(**{one: now[one].replace(_ISO) for one in n}),
        )
    for i, one in enumerate(codes):
        for other in codes[i + 1 :]:
            same = bool((now[one] == now[other]).mean() > 0.985)
            yield Damage(
                f"{one} and {other} exchanged",
                lambda a=one, b=other: now.assign(**{a: now[b], b: now[a]}),
                LITTLE if same else "",
            )
    yield Damage("codes moved on by a column", lambda: _rotated(now, codes))
    yield from _of_places(now)
    yield from _of_births(now)
    age = 2024 - now["GEBURTSDATUM"].str[-4:].astype(int)
    foreign = now["STAATSANGEHOERIGKEIT"] != "000"
    parts = {
        "adults only": age >= 18,
        "without the youngest": age >= 3,
        "without the oldest": age < 80,
        "Germans only": ~foreign,
        "foreigners only": foreign,
    }
    for name, mask in parts.items():
        yield Damage(name, lambda m=mask: now[m])
    for percent in (4, 8, 15):
        yield Damage(f"{percent} % secondary residences", lambda p=percent: _secondary(now, p))


def _as_number(values: pd.Series) -> pd.Series:
    return values.where(~values.str.isdigit(), values.str.lstrip("0").replace("", "0"))


def _rotated(now: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    return now.assign(**{name: now[names[i - 1]].to_numpy() for i, name in enumerate(names)})


def _secondary(now: pd.DataFrame, percent: float) -> pd.DataFrame:
    more = now.sample(frac=percent / 100, random_state=9)
    births = more["GEBURTSDATUM"].str.replace("^..", "17", regex=True)
    keys = "S" + more["PERSONENSCHLUESSEL"]
    return pd.concat(
        [now, more.assign(PERSONENSCHLUESSEL=keys, GEBURTSDATUM=births)], ignore_index=True
    )


def _of_places(now: pd.DataFrame) -> Iterator[Damage]:
    for seed, share in enumerate((0.02, 0.05, 0.1, 0.2, 0.5, 1.0)):
        yield Damage(
            f"blocks shuffled, {share:.0%}",
            lambda s=share, k=seed: _shuffled(now, "BAUBLOCK", s, k),
            LITTLE if share < 0.03 else "",
        )
    for rows in (1, 2, 50):
        yield Damage(
            f"blocks shifted by {rows} rows",
            lambda r=rows: _with(now, "BAUBLOCK", np.roll(now["BAUBLOCK"], r)),
        )
    yield Damage("blocks sorted", lambda: _with(now, "BAUBLOCK", np.sort(now["BAUBLOCK"])))
    first = now.groupby(now["BAUBLOCK"].str[:2])["BAUBLOCK"].transform("first")
    yield Damage(
        "everybody in one block of the Quartier", lambda: _with(now, "BAUBLOCK", first)
    )
    quartiere = sorted(now["BAUBLOCK"].str[:2].unique())
    for n in (1, 2, 5):
        gone = set(rng_of(n).choice(quartiere, n, replace=False))
        yield Damage(
            f"{n} Quartiere missing", lambda g=gone: now[~now["BAUBLOCK"].str[:2].isin(g)]
        )
    blocks = np.sort(now["BAUBLOCK"].unique())
    turned = dict(zip(blocks, np.roll(blocks, 1), strict=True))
    yield Damage(
        "every block called like the next",
        lambda: _with(now, "BAUBLOCK", now["BAUBLOCK"].map(turned)),
    )


def _of_births(now: pd.DataFrame) -> Iterator[Damage]:
    births = now["GEBURTSDATUM"]
    parts = births.str.split(".", expand=True)
    years = parts[2].astype(int)

    def dated(day: pd.Series, month: pd.Series, year: pd.Series) -> pd.DataFrame:
        return _with(now, "GEBURTSDATUM", day + "." + month + "." + year.astype(str))

    for step in (-1, -2, -10):
        fine = parts[0].where(parts[0] != "29", "28")
        yield Damage(
            f"births {-step} years earlier",
            lambda s=step, f=fine: dated(f, parts[1], years + s),
        )
    is_small = parts[0].astype(int) <= 12
    yield Damage(
        "day and month exchanged",
        lambda: dated(
            parts[0].where(~is_small, parts[1]), parts[1].where(~is_small, parts[0]), years
        ),
        _HARMLESS,
    )
    yield Damage(
        "births on 1 January",
        lambda: dated("01" + parts[0].str[:0], "01" + parts[0].str[:0], years),
        _HARMLESS,
    )
    for share in (0.05, 0.3, 1.0):
        yield Damage(
            f"births shuffled, {share:.0%}",
            lambda s=share: _shuffled(now, "GEBURTSDATUM", s, 2),
        )
    yield Damage(
        "births shifted by a row", lambda: _with(now, "GEBURTSDATUM", np.roll(births, 1))
    )
    yield Damage("births all the same", lambda: _with(now, "GEBURTSDATUM", "01.07.1980"))
    yield Damage("births sorted", lambda: _with(now, "GEBURTSDATUM", np.sort(births)))


def _of_foreigners(now: pd.DataFrame) -> Iterator[Damage]:
    """Give damages of the foreigner register alone."""
    title, prior = "AUFENTHALTSTITEL", "VORTITEL"
    yield Damage("titles in lower case", lambda: _with(now, title, now[title].str.lower()))
    yield Damage(
        "titles without letters", lambda: _with(now, title, now[title].str.strip("abcdYFZ"))
    )
    yield Damage("titles with a paragraph sign", lambda: _with(now, title, "§" + now[title]))
    yield Damage(
        "both titles exchanged", lambda: now.assign(**{title: now[prior], prior: now[title]})
    )
    yield Damage("prior title like the title", lambda: _with(now, prior, now[title]))
    pairs = (
        ("25", "9"),
        ("24", "18b"),
        ("FZ", "25"),
        ("28", "25"),
        ("60a", "9"),
        ("Y55", "16b"),
    )
    for old, new in pairs:
        yield Damage(
            f"title {old} became {new}",
            lambda o=old, n=new: _with(now, title, now[title].replace(o, n)),
        )
        yield Damage(
            f"{old} and {new} exchanged",
            lambda o=old, n=new: _with(now, title, now[title].replace({o: n, n: o})),
        )
    yield from _of_single_titles(now, title)
    yield from _of_many_titles(now, title, prior)


def _of_single_titles(now: pd.DataFrame, title: str) -> Iterator[Damage]:
    for old in ("25", "FZ", "9", "24", "28"):
        yield Damage(f"without title {old}", lambda o=old: now[now[title] != o])
        yield Damage(
            f"title {old} written {old}.0",
            lambda o=old: _with(now, title, now[title].replace(o, o + ".0")),
        )
    for old in ("25", "Y55", "60a", "FZ"):
        for share in (0.3, 0.6):
            yield Damage(
                f"{share:.0%} of {old} empty",
                lambda o=old, s=share: _with(
                    now,
                    title,
                    now[title].mask((now[title] == o) & (rng_of(8).random(len(now)) < s), ""),
                ),
                LITTLE if share * (now[title] == old).mean() < 0.015 else "",
            )


def _of_many_titles(now: pd.DataFrame, title: str, prior: str) -> Iterator[Damage]:
    for percent in (3, 6, 12, 25):
        yield Damage(
            f"{percent} % strangers",
            lambda p=percent: _strangers(now, p),
            LITTLE if percent < 4 else "",
        )
    for percent in (5, 10, 20, 40):
        for seed in (1, 2, 3):
            yield Damage(
                f"{percent} % other titles, seed {seed}",
                lambda p=percent, s=seed: _other_titles(now, p, s),
                LITTLE if percent < 8 else "",
            )
    for seed in range(6):
        yield Damage(
            f"rows of key and title slipped from row {seed + 1}/7 on",
            lambda s=seed: _slipped(now, (s + 1) / 7),
        )
    for seed in range(6):
        yield Damage(
            f"only every second row, seed {seed}",
            lambda s=seed: now.sample(frac=0.5, random_state=s),
        )
    for column in (title, prior):
        for sign in ("x", "0", "*"):
            yield Damage(
                f"{column} with {sign} behind",
                lambda c=column, g=sign: _with(now, c, now[c].where(now[c] == "", now[c] + g)),
            )


def _strangers(now: pd.DataFrame, percent: float) -> pd.DataFrame:
    more = now.sample(frac=percent / 100, random_state=4)
    more = more.assign(PERSONENSCHLUESSEL="F" + more["PERSONENSCHLUESSEL"])
    return pd.concat([now, more], ignore_index=True)


def _other_titles(now: pd.DataFrame, percent: float, seed: int) -> pd.DataFrame:
    rng = rng_of(seed)
    mask = rng.random(len(now)) < percent / 100
    titles = rng.choice(now["AUFENTHALTSTITEL"].unique(), len(now))
    return now.assign(AUFENTHALTSTITEL=now["AUFENTHALTSTITEL"].where(~mask, titles))


def _slipped(now: pd.DataFrame, share: float) -> pd.DataFrame:
    """From a row on the titles stand one row too low."""
    start = round(len(now) * share)
    titles = now["AUFENTHALTSTITEL"].to_numpy().copy()
    titles[start + 1 :] = titles[start:-1]
    return now.assign(AUFENTHALTSTITEL=titles)
