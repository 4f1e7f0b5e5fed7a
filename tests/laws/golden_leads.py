"""Leads for every shipped scheme: those of its golden table, and random ones from all tables' values."""

from functools import cache

import numpy as np
import pandas as pd
from laws.golden_schemes import TABLES

from features.catalog import features_of
from features.schemes.compiled import compile_scheme
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.intake.staged_tables import all_features
from pipeline.schemes.scheme_files import read_scheme

DEMO = shipped("demo.yaml")
KINDS = {feature.name: feature.kind for feature in features_of(all_features(read_config(DEMO)))}

EDGES = {
    "consumption": {"monetary_low": 100.0, "monetary_high": 1000.0},
    "abc_value": {"a_edge": 1000.0, "c_edge": 100.0},
    "rfm": {"recency_edge_2": 30.0, "frequency_edge_3": 4.0, "monetary_edge_3": 1000.0},
    "value_tier": {
        "frequency_low": 1.0,
        "frequency_high": 4.0,
        "monetary_low": 100.0,
        "monetary_high": 1000.0,
        "loyalty_low": 1.0,
        "loyalty_high": 3.0,
    },
}

# One lead a line; "-" is a missing fact; the last two columns are the grade and the winning rule.
CLOSE_WINDOW = """
need      days_until_expected_close_date  no_chance refusal_reason last_call_status grade     rule
explicit    0                             -         -              -                A         5
explicit   30                             no        none           answered         A         5
explicit   30.01                          -         -              -                B         6
explicit   90                             -         -              -                B         6
explicit   90.01                          -         -              -                C         7
explicit  180                             -         -              -                C         7
explicit  180.01                          -         -              -                D         9
explicit   -0.01                          -         -              -                D         8
explicit    -                             -         -              -                ungraded  -
latent     10                             -         -              -                D         10
latent      0                             -         -              no_answer        D         10
latent    -10                             -         -              -                D         8
latent      -                             no        none           powered_off      D         10
none       10                             -         -              -                E         1
none      -10                             -         -              -                E         1
none        -                             yes       price          suspended        E         1
explicit   10                             yes       -              -                E         2
-           -                             yes       price          suspended        E         2
explicit   10                             no        price          -                E         3
latent      -                             -         price          empty_number     E         3
explicit   10                             -         none           empty_number     E         4
latent    -10                             -         -              suspended        E         4
-          10                             -         -              -                ungraded  -
-         200                             -         -              -                ungraded  -
-         -10                             -         -              -                D         8
-           -                             -         -              -                ungraded  -
other      10                             -         -              -                ungraded  -
"""

# Columns of the robot's table: newest attempt; then of the latest connected call: status, intent
# questions, questions, invitation, asked for SMS / WeChat / a call back, refusals, who hung up, seconds.
ROBOT_COLUMNS = {
    "newest": "last_call_status",
    "status": "status_last_connected_call",
    "intent": "intent_questions_last_call",
    "any": "questions_last_call",
    "invitation": "invitation_last_call",
    "sms": "asked_sms_last_call",
    "wechat": "asked_wechat_last_call",
    "later": "asked_callback_last_call",
    "refused": "refusals_last_call",
    "hung_up": "hung_up_by_last_call",
    "talk_s": "talk_s_last_call",
}
ROBOT_INTENT = """
newest       status      intent any invitation sms wechat later refused hung_up  talk_s grade    rule
empty_number -           -      -   -          -   -      -     -       -        -      F        1
suspended    -           -      -   -          -   -      -     -       -        -      F        1
empty_number answered    3      3   accepted   1   1      0     0       customer 90     F        1
suspended    answered    0      0   none       0   0      0     0       customer 20     F        1
powered_off  -           -      -   -          -   -      -     -       -        -      F        2
powered_off  answered    2      2   accepted   0   0      0     0       customer 90     A        4
busy         -           -      -   -          -   -      -     -       -        -      E        3
no_answer    -           -      -   -          -   -      -     -       -        -      E        3
unreachable  -           -      -   -          -   -      -     -       -        -      E        3
voicemail    -           -      -   -          -   -      -     -       -        -      E        3
no_answer    answered    0      1   none       0   0      0     0       customer 40     C        9
-            -           -      -   -          -   -      -     -       -        -      ungraded -
answered     answered    2      2   accepted   0   0      0     0       customer 90     A        4
answered     answered    5      5   accepted   1   0      1     2       timeout  3      A        4
-            answered    2      2   accepted   0   0      0     0       customer 90     A        4
answered     answered    2      2   declined   0   0      0     0       customer 90     B        6
answered     answered    2      2   none       0   0      0     0       customer 90     B        6
answered     answered    2      2   -          0   0      0     0       customer 90     B        6
answered     answered    2      2   declined   0   0      0     3       customer 4      B        6
answered     answered    0      0   none       1   0      0     0       customer 20     B        7
answered     answered    0      0   none       0   1      0     2       customer 20     B        7
answered     answered    -      -   -          0   1      -     -       -        -      B        7
answered     answered    1      1   accepted   0   0      0     0       customer 60     B        8
answered     answered    0      0   accepted   0   0      0     0       customer 60     B        8
answered     answered    -      1   accepted   0   0      0     0       customer 60     B        8
answered     answered    1      -   accepted   0   0      0     0       customer 60     B        8
answered     answered    -      2   accepted   0   0      0     0       customer 60     C        9
answered     answered    -      -   accepted   0   0      0     0       customer 60     ungraded -
answered     answered    1      1   none       0   0      0     0       customer 60     C        9
answered     answered    0      1   none       0   0      0     0       customer 60     C        9
answered     answered    1      -   none       0   0      0     0       customer 60     C        9
answered     answered    0      7   none       0   0      0     2       customer 3      C        9
answered     answered    0      0   none       0   0      1     0       customer 60     C        10
answered     answered    0      0   none       0   0      1     2       customer 3      C        10
answered     answered    0      0   none       0   0      0     2       customer 60     D        11
answered     answered    -      -   -          -   -      -     2       -        -      D        11
answered     answered    0      0   none       0   0      0     1       customer 5      D        12
answered     answered    -      -   -          -   -      -     -       customer 5      D        12
answered     answered    0      0   none       0   0      0     1       customer 5.001  D        15
answered     answered    0      0   none       0   0      0     0       robot    5      D        15
answered     answered    -      -   -          -   -      -     1       customer 5.001  ungraded -
answered     answered    0      0   none       0   0      0     0       timeout  60     D        13
answered     answered    -      -   -          -   -      -     -       timeout  -      D        13
switchboard  switchboard -      -   -          -   -      -     -       -        -      D        14
fax          fax         -      -   -          -   -      -     -       -        -      D        14
answered     answered    0      0   declined   0   0      0     0       customer 60     D        15
answered     answered    -      0   -          -   -      -     -       -        -      D        15
answered     answered    0      -   none       0   0      0     0       customer 60     ungraded -
answered     answered    -      -   -          -   -      -     -       -        -      ungraded -
"""

RFM = """
days_since_order orders_total amount_total grade             rule
30               5            1001         key_value         1
30               4            1001         key_develop       2
30.5             5            1001         key_keep          3
30.5             4            1001         key_win_back      4
30               5            1000         general_value     5
0                1            5            general_develop   6
30               4            1000         general_develop   6
31               5            1000         general_keep      7
400              4            1000         general_win_back  8
31               4            1000         general_win_back  8
-                0            0            ungraded          -
10               5            -            ungraded          -
"""

VALUE_TIER = """
orders_total amount_total order_months_total grade     rule
5            1001         4                  high      1
4            1001         4                  medium    0
5            1000         4                  medium    0
5            1001         3                  medium    0
1            100          1                  low       2
2            100          1                  medium    0
1            101          1                  medium    0
1            100          2                  medium    0
5            100          1                  medium    0
0            0            0                  low       2
5            1001         -                  ungraded  -
3            -            -                  medium    0
-            -            -                  ungraded  -
"""


def leads_of(table: str, renamed: dict[str, str] | None = None) -> pd.DataFrame:
    header, *lines = (line.split() for line in table.strip().splitlines())
    frame = pd.DataFrame(lines, columns=header, dtype="str").replace("-", None)
    frame = frame.rename(columns=renamed or {})
    for name in frame.columns:
        if name != "grade" and KINDS.get(name) != "category":
            frame[name] = frame[name].astype("float64")
    return frame


@cache
def shipped_scheme(name: str, **parameters: float | bool):
    scheme = read_scheme(shipped("schemes") / f"{name}.yaml")
    return compile_scheme(scheme, KINDS, {**EDGES.get(name, {}), **parameters})


GOLDEN = {
    "close_window": (CLOSE_WINDOW, {}),
    "robot_intent": (ROBOT_INTENT, ROBOT_COLUMNS),
    "rfm": (RFM, {}),
    "value_tier": (VALUE_TIER, {}),
} | {name: (table, renamed) for name, (renamed, table) in TABLES.items()}


@cache
def pools() -> dict[str, list]:
    """Every value that a golden table draws for a column, and a missing one."""
    pools: dict[str, list] = {}
    for name, golden in GOLDEN.items():
        leads = leads_of(*golden).drop(columns=["grade", "rule"])
        for column in leads.columns:
            missing = None if KINDS[column] == "category" else np.nan
            pools.setdefault(column, [missing]).extend(leads[column].dropna().unique())
        assert set(leads.columns) == set(shipped_scheme(name).columns)
    return pools


def random_leads(seed: int, rows: int = 100) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            column: pd.Series([pool[i] for i in rng.integers(0, len(pool), rows)])
            for column, pool in pools().items()
        }
    )
