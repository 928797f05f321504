"""Ways to damage a table of counts that leave it readable, in strengths and seeds."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.damage import LITTLE, Damage, rng_of

_ALIKE = "die beiden Gebiete sind einander zu ähnlich"
_ROUNDED = "Runden ändert jede Anzahl weniger als der Zufall eines Jahres"


def damages_of_counts(
    now: pd.DataFrame, last: pd.DataFrame, first: pd.DataFrame
) -> Iterator[Damage]:
    """Damage a table of counts per Quartier."""
    names = [name for name in now.columns if name != "QUARTIER"]
    yield from _of_rows(now, names)
    yield from _of_sizes(now, names)
    yield Damage("file of last year", lambda: last)
    yield Damage("file of the first year", lambda: first)
    for name in names:
        yield from _of_column(now, name, (last, first))
    yield from _of_missing_rows(now, last, names)
    yield from _of_pairs(now, names)
    yield from _of_digits(now, names)


def _of_rows(now: pd.DataFrame, names: list[str]) -> Iterator[Damage]:
    for rows in (1, 2, 5, -1, 34):
        for chosen in (names, names[:1]):
            yield Damage(
                f"{len(chosen)} columns shifted by {rows} rows",
                lambda r=rows, c=chosen: now.assign(**{n: np.roll(now[n], r) for n in c}),
            )
    for order in ("sorted", "reversed"):
        for chosen in (names, names[-1:]):
            yield Damage(
                f"{len(chosen)} columns {order}", lambda o=order, c=chosen: _ordered(now, c, o)
            )
    for share in (0.1, 0.2, 0.4, 1.0):
        for seed in range(3):
            yield Damage(
                f"rows shuffled, {share:.0%}, seed {seed}",
                lambda s=share, k=seed: _shuffled_rows(now, names, s, k),
            )
    for seed in range(12):
        one, two = rng_of(seed).choice(len(now), 2, replace=False)
        ratio = abs(
            np.log((_numbers(now, names[0])[one] + 1) / (_numbers(now, names[0])[two] + 1))
        )
        yield Damage(
            f"two Quartiere exchanged, seed {seed}",
            lambda a=one, b=two: _exchanged(now, names, a, b),
            _ALIKE if ratio < 0.5 else "",
        )


def _of_sizes(now: pd.DataFrame, names: list[str]) -> Iterator[Damage]:
    for factor in (
        0.001,
        0.01,
        0.1,
        0.5,
        0.7,
        0.8,
        0.9,
        0.95,
        1.05,
        1.1,
        1.2,
        1.5,
        2,
        3,
        10,
        1000,
    ):
        blind = LITTLE if 0.89 < factor < 1.11 else ""
        yield Damage(f"times {factor:g}", lambda f=factor: _scaled(now, names, f), blind)
        yield Damage(
            f"{names[0]} times {factor:g}", lambda f=factor: _scaled(now, names[:1], f), blind
        )


def _of_column(
    now: pd.DataFrame, name: str, earlier: tuple[pd.DataFrame, pd.DataFrame]
) -> Iterator[Damage]:
    last, first = earlier
    yield Damage(f"{name} of last year", lambda n=name: now.assign(**{n: last[n]}))
    yield Damage(f"{name} of the first year", lambda n=name: now.assign(**{n: first[n]}))
    yield Damage(f"{name} all zero", lambda n=name: now.assign(**{n: "0"}))
    yield Damage(
        f"{name} plus 10",
        lambda n=name: _added(now, [n], 10),
        "" if _numbers(now, name).mean() < 170 else LITTLE,
    )
    yield Damage(f"{name} plus 100", lambda n=name: _added(now, [n], 100))
    yield Damage(
        f"{name} cumulated",
        lambda n=name: now.assign(**{n: _texts(_numbers(now, n).cumsum())}),
    )
    yield Damage(f"{name} in per cent", lambda n=name: _in_percent(now, n))
    yield Damage(
        f"{name} constant",
        lambda n=name: now.assign(
            **{n: _texts(np.full(len(now), round(_numbers(now, n).mean())))}
        ),
    )


def _of_missing_rows(
    now: pd.DataFrame, last: pd.DataFrame, names: list[str]
) -> Iterator[Damage]:
    for share in (0.3, 0.5, 0.7):
        size = round(len(now) * share)
        yield Damage(
            f"{share:.0%} of the rows of last year", lambda n=size: _old_rows(now, last, n)
        )
        yield Damage(f"{share:.0%} of the rows missing", lambda n=size: now.iloc[n:])
    for number in (1, 3, 10):
        yield Damage(f"{number} rows missing", lambda n=number: now.iloc[:-n])
        yield Damage(f"{number} rows twice", lambda n=number: pd.concat([now, now.iloc[:n]]))
        yield Damage(f"{number} Quartiere zero", lambda n=number: _zeroed(now, names, n))
        yield Damage(f"{number} Quartiere times 10", lambda n=number: _zoomed(now, names, n))


def _of_pairs(now: pd.DataFrame, names: list[str]) -> Iterator[Damage]:
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            yield Damage(
                f"{one} and {other} exchanged",
                lambda a=one, b=other: now.assign(**{a: now[b], b: now[a]}),
            )
            yield Damage(
                f"{one} like {other}", lambda a=one, b=other: now.assign(**{a: now[b]})
            )
            yield Damage(
                f"{other} like {one}", lambda a=one, b=other: now.assign(**{b: now[a]})
            )
            yield Damage(
                f"{one} less {other}",
                lambda a=one, b=other: now.assign(
                    **{a: _texts(np.abs(_numbers(now, a) - _numbers(now, b)))}
                ),
            )
            yield Damage(
                f"{one} and {other} together",
                lambda a=one, b=other: now.assign(
                    **{a: _texts(_numbers(now, a) + _numbers(now, b))}
                ),
            )


def _of_digits(now: pd.DataFrame, names: list[str]) -> Iterator[Damage]:
    for step in (2, 5, 10):
        yield Damage(f"rounded to {step}", lambda s=step: _rounded(now, names, s), _ROUNDED)
    for step in (50, 100):
        yield Damage(
            f"rounded to {step}",
            lambda s=step: _rounded(now, names, s),
            _ROUNDED if _numbers(now, names[0]).mean() > 5 * step else "",
        )
    for number in (10, 20, 40):
        yield Damage(f"{number} values withheld", lambda n=number: _marked(now, names[0], n))
    for noise in (0.1, 0.2, 0.4, 0.8):
        yield Damage(
            f"noise of {noise:.0%}",
            lambda s=noise: _noisy(now, names, s),
            LITTLE if noise < 0.25 else "",
        )
    for seed in range(6):
        yield Damage(
            f"one column slipped from row {10 * seed + 5} on",
            lambda s=seed: _slipped_counts(now, names[0], 10 * s + 5),
        )


def _numbers(frame: pd.DataFrame, name: str) -> np.ndarray:
    return pd.to_numeric(frame[name], errors="coerce").fillna(0).to_numpy()


def _texts(numbers: np.ndarray) -> list[str]:
    return [str(round(float(n))) for n in numbers]


def _ordered(now: pd.DataFrame, names: list[str], order: str) -> pd.DataFrame:
    if order == "reversed":
        return now.assign(**{name: now[name].to_numpy()[::-1] for name in names})
    return now.assign(**{name: _texts(np.sort(_numbers(now, name))) for name in names})


def _shuffled_rows(
    now: pd.DataFrame, names: list[str], share: float, seed: int
) -> pd.DataFrame:
    rng = rng_of(seed)
    chosen = rng.choice(len(now), max(round(share * len(now)), 2), replace=False)
    dealt = np.roll(chosen, 1)
    values = {name: now[name].to_numpy().copy() for name in names}
    for name in names:
        values[name][chosen] = now[name].to_numpy()[dealt]
    return now.assign(**values)


def _exchanged(now: pd.DataFrame, names: list[str], one: int, two: int) -> pd.DataFrame:
    places = np.arange(len(now))
    places[[one, two]] = places[[two, one]]
    return now.assign(**{name: now[name].to_numpy()[places] for name in names})


def _scaled(now: pd.DataFrame, names: list[str], factor: float) -> pd.DataFrame:
    return now.assign(**{name: _texts(_numbers(now, name) * factor) for name in names})


def _added(now: pd.DataFrame, names: list[str], more: int) -> pd.DataFrame:
    return now.assign(**{name: _texts(_numbers(now, name) + more) for name in names})


def _in_percent(now: pd.DataFrame, name: str) -> pd.DataFrame:
    numbers = _numbers(now, name)
    return now.assign(**{name: _texts(100 * numbers / numbers.max())})


def _old_rows(now: pd.DataFrame, last: pd.DataFrame, number: int) -> pd.DataFrame:
    return pd.concat([last.iloc[:number], now.iloc[number:]], ignore_index=True)


def _zeroed(now: pd.DataFrame, names: list[str], number: int) -> pd.DataFrame:
    mask = np.arange(len(now)) < number
    return now.assign(**{name: now[name].mask(mask, "0") for name in names})


def _zoomed(now: pd.DataFrame, names: list[str], number: int) -> pd.DataFrame:
    factors = np.where(np.arange(len(now)) < number, 10, 1)
    return now.assign(**{name: _texts(_numbers(now, name) * factors) for name in names})


def _rounded(now: pd.DataFrame, names: list[str], step: int) -> pd.DataFrame:
    return now.assign(**{n: _texts(np.round(_numbers(now, n) / step) * step) for n in names})


def _marked(now: pd.DataFrame, name: str, number: int) -> pd.DataFrame:
    mask = np.arange(len(now)) % (len(now) // number) == 0
    return now.assign(**{name: now[name].mask(mask, "*")})


def _noisy(now: pd.DataFrame, names: list[str], noise: float) -> pd.DataFrame:
    rng = rng_of(11)
    return now.assign(
        **{n: _texts(_numbers(now, n) * np.exp(rng.normal(0, noise, len(now)))) for n in names}
    )


def _slipped_counts(now: pd.DataFrame, name: str, start: int) -> pd.DataFrame:
    values = now[name].to_numpy().copy()
    values[start + 1 :] = values[start:-1]
    return now.assign(**{name: values})
