"""Worlds of graded leads, drawn with known truth: honest agents, and one who inflates grades."""

import numpy as np
import pandas as pd

AGENTS = 12
LEADS = 250  # of each agent
_CUTS = {"A": 0.25, "B": 0.12, "C": 0.04}


def graded_world(seed, inflates=None, share=0.4):
    """Leads of a team graded by people, with the chance that a model sees and what became of them.

    Agents have better and worse leads, judge with errors and by cuts of their own; ``inflates`` gives, beside
    that, A or B to a share of the leads that deserve neither.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for number in range(AGENTS):
        logit = rng.normal(-2.6 + rng.normal(0, 0.3), 1.1, LEADS)
        seen = _chance(logit + rng.normal(0, 0.7, LEADS) + rng.normal(0, 0.1))
        grade = np.select([seen >= cut for cut in _CUTS.values()], list(_CUTS), "D").astype(object)
        name = f"agent-{number:02d}"
        if name == inflates:
            raised = ~np.isin(grade, ["A", "B"]) & (rng.random(LEADS) < share)
            grade[raised] = rng.choice(["A", "B"], raised.sum())
        model = _chance(logit + rng.normal(0, 0.5, LEADS))
        ripe, draw = rng.random(LEADS) < 0.8, rng.random(LEADS)
        told = {"lead_id": [f"{name}-{n}" for n in range(LEADS)], "at": np.arange(LEADS), "agent": name}
        told["grade"] = grade
        for letter, longer in {"A": 1.0, "B": 1.8}.items():
            told[f"chance_{letter}"] = np.minimum(longer * model, 1.0)
            closed = draw < np.minimum(longer * _chance(logit), 1.0)
            told[f"closed_{letter}"] = np.where(ripe, closed, np.nan)
        parts.append(pd.DataFrame(told))
    return pd.concat(parts, ignore_index=True)


def _chance(logit):
    return 1.0 / (1.0 + np.exp(-logit))
