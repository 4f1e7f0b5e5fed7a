"""Requests answered by a scorer: as the scorer answers, or refused in a line without anything of a row."""

import asyncio
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlflow.exceptions import MlflowException

from models.scorer import LeadScorer
from pipeline.tracking.answering import RequestError, RequestLimits, answer, application
from pipeline.tracking.serving import ScorerModel

SECRET = "13800138021"
LIMITS = RequestLimits(rows=50, bytes=10_000)


@pytest.fixture(scope="module")
def scorer(trained_once):
    return LeadScorer.load(trained_once.path("out/scorer"))


def asked(scorer, **columns):
    rows = pd.DataFrame(columns).replace({np.nan: None})
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    split = {"columns": list(rows.columns), "data": [list(row.values()) for row in records]}
    full = rows.reindex(columns=list(scorer.columns))
    return [{"dataframe_records": records}, {"dataframe_split": split}], full


def refusal(scorer, body, limits=LIMITS):
    with pytest.raises(RequestError) as refused:
        answer(scorer, body if isinstance(body, bytes) else json.dumps(body).encode(), limits)
    assert SECRET not in str(refused.value)
    assert len(str(refused.value)) < 1000
    return refused.value.status, str(refused.value)


def test_rows_are_answered_as_the_scorer_answers_them(scorer):
    requests, full = asked(scorer, calls_30d=[3.0, None, 0.0], channel=["web", "从未见过", None])
    expected = scorer.score(full.astype({"calls_30d": float}))[list(scorer.answers)]
    for request in requests:
        found = pd.DataFrame(answer(scorer, json.dumps(request).encode(), LIMITS)["predictions"])
        assert list(found.columns) == list(scorer.answers)
        assert found["grade"].tolist() == expected["grade"].tolist()
        np.testing.assert_allclose(found["score"], expected["score"], rtol=1e-12)


def test_a_misspelt_column_is_named_with_the_right_one(scorer):
    status, words = refusal(scorer, {"dataframe_records": [{"calls_30": 3, "channel": SECRET}]})
    assert (status, words) == (400, "unknown columns: calls_30 (is it calls_30d?)")
    names = {f"{SECRET}_{number}": 1 for number in range(20)}
    assert "and 15 more" in refusal(scorer, {"dataframe_records": [names]})[1]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b'{"dataframe_records": [{"calls_30d": 1e999}]}', 400, "row 1, column calls_30d: a finite number"),
        (b'{"dataframe_records": [{"calls_30d": NaN}]}', 400, "JSON knows no NaN"),
        (b'{"dataframe_records": [{"calls_30d": 1' + b"0" * 400 + b"}]}", 400, "a finite number or null"),
        (b'{"dataframe_records": [{"calls_30d": 1' + b"0" * 5000 + b"}]}", 400, "no JSON"),
        (b"[" * 100_000, 400, "nested too deeply"),
        (b'{"a":' * 100_000, 400, "nested too deeply"),
        (b"", 400, "no JSON"),
        (b"\xff\xfe", 400, "no JSON"),
        (b"[]", 400, "no JSON object"),
        (b"{}", 400, "send one of dataframe_split and dataframe_records"),
        ({"dataframe_records": [], "inputs": []}, 400, "send one of"),
        ({"dataframe_records": []}, 400, "no row"),
        ({"dataframe_records": [{}]}, 400, "no row, or none with a feature"),
        ({"dataframe_records": [SECRET]}, 400, "a list of rows"),
        ({"dataframe_records": [{"calls_30d": SECRET}]}, 400, "row 1, column calls_30d: a finite number"),
        ({"dataframe_records": [{"channel": 13800138021}]}, 400, "row 1, column channel: a text or null"),
        ({"dataframe_records": [{"calls_30d": [SECRET]}]}, 400, "a finite number or null"),
        (
            {"dataframe_split": {"columns": ["calls_30d"], "data": [[1], [1, SECRET]]}},
            400,
            "row 2 has 2 values",
        ),
        ({"dataframe_split": {"columns": ["calls_30d", "calls_30d"], "data": [[1, 2]]}}, 400, "of one name"),
        ({"dataframe_split": {"columns": [SECRET, 7], "data": []}}, 400, "a list of names"),
        ({"dataframe_split": [SECRET]}, 400, "holds columns and data"),
        ({"dataframe_records": [{"calls_30d": 1}] * 51}, 413, "51 rows are more than the 50 of a request"),
        ({"dataframe_records": [{"calls_30d": 1}] * 100_000}, 413, "100,000 rows are more than the 50"),
    ],
    ids=range(23),
)
def test_what_is_no_request_is_refused_in_a_line(scorer, body, status, says):
    found, words = refusal(scorer, body)
    assert found == status
    assert says in words


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["dataframe_records", "dataframe_split", "columns", "data", "calls_30d", "channel"])


ROWS = st.lists(st.dictionaries(KEYS, JSON, max_size=3), max_size=3)


@given(st.dictionaries(KEYS, ROWS | JSON, max_size=2))
def test_whatever_comes_is_answered_or_refused(scorer, request_):
    try:
        found = answer(scorer, json.dumps(request_).encode(), LIMITS)
    except RequestError:
        return
    assert all(0.0 <= one["score"] <= 1.0 and not math.isnan(one["score"]) for one in found["predictions"])


def test_mlflow_s_own_server_takes_no_infinite_number(scorer):
    served = ScorerModel()
    served.scorer = scorer
    rows = pd.DataFrame({"calls_30d": [1.0, math.inf], "channel": [SECRET, None]})
    with pytest.raises(MlflowException, match=r"no finite number: calls_30d$"):
        served.predict(None, rows)
    assert len(served.predict(None, rows.head(1))) == 1


def posted(app, parts, **headers):
    """What the application answers to a body that comes in parts."""
    coming, sent = iter(parts), []

    async def receive():
        part = next(coming, None)
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    async def send(message):
        sent.append(message)

    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/invocations", "headers": told, "query_string": b""}
    asyncio.run(app(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], json.loads(body), next(coming, None) is None


def test_a_body_over_the_limit_is_refused_before_it_is_read_to_its_end(scorer):
    app = application(scorer, LIMITS)
    status, said, _ = posted(app, [b"x"], content_length="10001")
    assert (status, "larger than" in said["message"]) == (413, True)
    status, _, read_to_its_end = posted(app, [b"x" * 4_000] * 100)
    assert (status, read_to_its_end) == (413, False)
    good = b'{"dataframe_records": [{"calls_30d": 2}]}'
    status, said, _ = posted(app, [good[:9], good[9:]], content_length=str(len(good)))
    assert status == 200
    assert len(said["predictions"]) == 1
    status, said, _ = posted(app, [good.replace(b"calls_30d", b"calls")])
    assert (status, said["message"].startswith("unknown columns: calls")) == (400, True)
