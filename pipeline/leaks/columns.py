"""Columns that know the outcome, by themselves: columns of the matrix, and columns of the lead list."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.feature import Feature
from models.arrays import Floats, Ints
from models.hazards import Bools
from models.leaks import fate_shares, suspects
from pipeline.fitting.fit import label_array
from pipeline.leaks.suspect import NOT_CLOSED, Suspect, SuspicionKind

# Most leads do not close: a value tells nothing by hardly ever closing, but something by never doing it.
NEVER_SHARE = 0.99

# So many values of one fate are named.
VALUES_NAMED = 3

# Among leads of one fate, a chance above this that one with the value filled in was worked on for longer.
WORKED_AUC_FLOOR = 0.65


def matrix_suspects(
    frame: pd.DataFrame, features: Sequence[Feature], horizons: tuple[str, ...]
) -> list[Suspect]:
    """Columns of the matrix whose values, or whose gaps, tell closes from other leads too well.

    A row's label is that of the longest horizon that may be learned from; rows of different such
    horizons are never compared.

    Args:
        frame: the matrix, from ``fit.in_periods``.
        features: its columns.
        horizons: names of the horizons.
    """
    learn, closed, block = labelled(frame, horizons)
    ids = learn["lead_id"].to_numpy(dtype=object)
    values = np.empty((len(learn), len(features)), order="F")
    for place, feature in enumerate(features):
        values[:, place] = _numbers(learn[feature.name], closed, block, ids)
    found = _named("value", suspects.association(values, closed, block, ids), features)
    gaps = np.isnan(values)
    some = np.flatnonzero(gaps.any(axis=0) & ~gaps.all(axis=0)).tolist()
    missing = suspects.association(gaps[:, some], closed, block, ids)
    told = {s.name: s for s in [*_named("missing", missing, [features[i] for i in some]), *found]}
    return [_with_v(s, learn, closed, block) for s in told.values()]


def labelled(frame: pd.DataFrame, horizons: tuple[str, ...]) -> tuple[pd.DataFrame, Bools, Ints]:
    """The rows with a label to learn from, that label, and their block of time."""
    labels = label_array(frame, horizons, "fit_closed")
    longest = (~np.isnan(labels) * np.arange(1, len(horizons) + 1)).max(axis=1) - 1
    rows = longest >= 0
    closed = labels[rows, longest[rows]] == 1.0
    learn = frame[rows]
    return learn, closed, suspects.time_blocks(_instants(learn["as_of"]), closed, longest[rows])


def _instants(times: pd.Series) -> Ints:
    return np.asarray(times.astype("int64"), dtype=np.int64)


def _numbers(values: pd.Series, closed: Bools, block: Ints, ids: object) -> Floats:
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    return fate_shares.rates_of(values, closed, block, np.asarray(ids))


def _named(kind: SuspicionKind, found: suspects.Association, features: Sequence[Feature]) -> list[Suspect]:
    flags, middles = suspects.out_of_line(found, [feature.table for feature in features])
    return [
        Suspect(
            features[i].name,
            kind,
            {
                "auc": float(found.strength[i]),
                "at_least": float(found.least[i]),
                "peers_auc": float(middles[i]),
            },
            (features[i].name,),
        )
        for i in np.flatnonzero(flags).tolist()
    ]


def _with_v(suspect: Suspect, learn: pd.DataFrame, closed: Bools, block: Ints) -> Suspect:
    values = learn[suspect.name]
    if suspect.kind != "value" or pd.api.types.is_numeric_dtype(values.dtype):
        return suspect
    v = fate_shares.cramers_v(values, closed, block)
    return Suspect(suspect.name, "value", {**suspect.evidence, "cramers_v": v}, suspect.features)


def fate_suspects(
    columns: pd.DataFrame, fates: dict[str, Bools], at: pd.Series, features: dict[str, tuple[str, ...]]
) -> list[Suspect]:
    """Columns of the lead list with values that only leads of one fate hold; "filled in" is a value too.

    And those that are filled in many times as often for leads that closed.

    Args:
        columns: one row per lead, text for categories; of any other kind only its gaps are looked at.
        fates: by name (``closed``, ``lost``, ``unclosed``), which leads had it.
        at: when each lead was created, or its row number.
        features: by column, the columns of the matrix that read it.
    """
    named = []
    for fate, had in fates.items():
        block = suspects.time_blocks(_instants(at), had)
        for name in columns.columns:
            held = _held(columns[name], had, block, fate)
            if fate == NOT_CLOSED:
                held = held[held["share"] >= NEVER_SHARE]
            more = _filled_more(str(name), columns[name], had, block) if fate == "closed" else None
            if not held.empty:
                named.append(_fate_suspect(str(name), fate, held, features[str(name)]))
            elif more is not None:
                named.append(Suspect(str(name), "filled_more", more, features[str(name)], fate=fate))
    return named


def _filled_more(name: str, values: pd.Series, had: Bools, block: Ints) -> dict[str, float] | None:
    """The evidence that a column is filled in because of the fate."""
    filled = values.notna().to_numpy()
    times, low = fate_shares.filled_times(filled, had, block)
    if not low >= fate_shares.FILLED_TIMES:
        return None
    return {"times": times, "at_least": low, "share": float(filled[had].mean()), "leads": float(filled.sum())}


def _held(values: pd.Series, had: Bools, block: Ints, fate: str) -> pd.DataFrame:
    """What is held by leads of the fate: that it is filled in, else the values, that of most leads first.

    Most leads do not close, so of these the values come first: they say more than that there are some.
    """
    filled = pd.Series(["" if there else None for there in values.notna()], index=values.index)
    found = [fate_shares.one_fate(filled, had, block)]
    if not pd.api.types.is_numeric_dtype(values.dtype):
        found.append(fate_shares.one_fate(values, had, block).sort_values("holders", ascending=False))
    told = found[::-1] if fate == NOT_CLOSED else found
    return next((part for part in told if not part.empty), found[0])


def _fate_suspect(name: str, fate: str, held: pd.DataFrame, features: tuple[str, ...]) -> Suspect:
    shown = {
        "share": "share",
        "others_share": "others_share",
        "holders": "leads",
        "share_of_fate": f"share_of_{fate}",
    }
    evidence = {word: float(held[column].iloc[0]) for column, word in shown.items()}
    told = " / ".join(held["value"].astype(str).head(VALUES_NAMED))
    return Suspect(name, "one_fate", evidence, features, told, fate)


def later_suspects(ended: pd.DataFrame, features: dict[str, tuple[str, ...]]) -> list[Suspect]:
    """Columns of the lead list that are filled in the more, the longer a lead was worked on.

    A list is exported once, so that a lead's age and its time of creation are one: a fill rate that
    grows with age may be drift. Leads that were created at the same time, and had the same fate, differ
    in how long they were worked on before that: what was written at creation does not depend on it.
    What is written to open and ended leads alike, by a nightly job say, cannot be told from drift.

    Args:
        ended: leads that closed or were lost: ``lead_id``, ``created_at``, ``closed``, ``worked_days``
            and the columns.
        features: by column, the columns of the matrix that read it.
    """
    worked = ended[["worked_days"]].to_numpy(dtype=np.float64)
    at, fate = _instants(ended["created_at"]), ended["closed"].to_numpy(dtype=np.int64)
    named = []
    for name, read_by in features.items():
        filled = ended[name].notna().to_numpy()
        block = suspects.time_blocks(at, filled, fate)
        found = suspects.association(worked, filled, block, ended["lead_id"])
        if found.low[0] > WORKED_AUC_FLOOR:
            evidence = {
                "auc": float(found.auc[0]),
                "at_least": float(found.low[0]),
                "filled_share": float(filled.mean()),
            }
            named.append(Suspect(name, "written_later", evidence, read_by))
    return named
