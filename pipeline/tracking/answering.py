"""Answering requests with a scorer: bounded, strict about names and numbers, silent about rows.

``mlflow models serve`` takes a misspelt column for a missing one, has no limit, and repeats rows in its
errors. The protocol is its own: ``POST /invocations`` with ``dataframe_split`` or ``dataframe_records``.
"""

import difflib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import pandas as pd
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.scorer import LeadScorer
from pipeline.privacy import mask

MOST_ROWS = 10_000
MOST_BYTES = 64 << 20

# As many wrong names as one message holds.
_NAMED = 5
_BAD, _TOO_LARGE = 400, 413

Cells = Sequence[object]


@dataclass(frozen=True)
class RequestLimits:
    """Of one request: its body, and its rows."""

    rows: int = MOST_ROWS
    bytes: int = MOST_BYTES


class RequestError(Exception):
    """A request that is refused; its text holds nothing of a row."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def application(scorer: LeadScorer, limits: RequestLimits) -> Starlette:
    """The web application that answers with a scorer.

    Args:
        scorer: that answers.
        limits: of a request.
    """

    async def invocations(request: Request) -> Response:
        try:
            body = await _body(request, limits.bytes)
            return JSONResponse(await run_in_threadpool(answer, scorer, body, limits))
        except RequestError as error:
            return JSONResponse({"error_code": "BAD_REQUEST", "message": str(error)}, error.status)
        except ClientDisconnect:
            return Response(status_code=_BAD)

    async def ping(_: Request) -> Response:
        return Response("\n")

    return Starlette(
        routes=[
            Route("/invocations", invocations, methods=["POST"]),
            Route("/ping", ping),
            Route("/health", ping),
        ]
    )


async def _body(request: Request, most: int) -> bytes:
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > most:
        raise _too_large(most)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


def _too_large(most: int) -> RequestError:
    return RequestError(_TOO_LARGE, f"the request is larger than {most >> 20} MiB: send the rows in parts")


def answer(scorer: LeadScorer, body: bytes, limits: RequestLimits) -> dict[str, Any]:
    """The answer to a request: ``predictions``, one object a row.

    Raises:
        RequestError: it is no such request; says what is wrong, in which row and column, without its value.
    """
    frame = read_request(body, scorer, limits)
    scored = scorer.score(frame)[list(scorer.answers)]
    return {"predictions": scored.astype(object).where(scored.notna(), None).to_dict("records")}


def read_request(body: bytes, scorer: LeadScorer, limits: RequestLimits) -> pd.DataFrame:
    """The rows of a request as the scorer reads them; a column that is left out is missing.

    Raises:
        RequestError: as ``answer``.
    """
    columns, rows = _table(_json(body), limits)
    unknown = [name for name in columns if name not in scorer.columns]
    if unknown:
        raise RequestError(_BAD, f"unknown columns: {_named(unknown, scorer.columns)}")
    if len(set(columns)) < len(columns):
        raise RequestError(_BAD, "two columns of one name")
    if not columns or not rows:
        raise RequestError(_BAD, "no row, or none with a feature of this model")
    texts = set(scorer.model.inputs_.categories)
    told = {
        name: _column(name, [row[place] for row in rows], text=name in texts)
        for place, name in enumerate(columns)
    }
    return pd.DataFrame(told).reindex(columns=list(scorer.columns))


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body, parse_constant=_no_number)
    except RecursionError:
        raise RequestError(_BAD, "the JSON is nested too deeply") from None
    except (ValueError, OverflowError):
        raise RequestError(_BAD, "the request is no JSON; JSON knows no NaN and no Infinity") from None
    if not isinstance(found, dict):
        raise RequestError(_BAD, "the request is no JSON object")
    return found


def _no_number(_: str) -> NoReturn:
    raise ValueError


def _table(request: Mapping[str, Any], limits: RequestLimits) -> tuple[list[str], list[Cells]]:
    readers: Mapping[str, Callable[[Any, RequestLimits], tuple[list[str], list[Cells]]]]
    readers = {"dataframe_split": _split, "dataframe_records": _records}
    if len(request) != 1 or not request.keys() <= readers.keys():
        raise RequestError(_BAD, f"send one of {' and '.join(readers)}, and nothing else")
    ((key, told),) = request.items()
    return readers[key](told, limits)


def _split(told: object, limits: RequestLimits) -> tuple[list[str], list[Cells]]:
    if not isinstance(told, dict) or not {"columns", "data"} <= told.keys() <= {"columns", "data", "index"}:
        raise RequestError(_BAD, "dataframe_split holds columns and data")
    columns, rows = told["columns"], told["data"]
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        raise RequestError(_BAD, "dataframe_split.columns is a list of names")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise RequestError(_BAD, "dataframe_split.data is a list of rows, each a list")
    _check_number(len(rows), limits)
    odd = next((number for number, row in enumerate(rows, 1) if len(row) != len(columns)), None)
    if odd is not None:
        raise RequestError(_BAD, f"row {odd} has {len(rows[odd - 1])} values for {len(columns)} columns")
    return columns, rows


def _records(told: object, limits: RequestLimits) -> tuple[list[str], list[Cells]]:
    if not isinstance(told, list) or not all(isinstance(row, dict) for row in told):
        raise RequestError(_BAD, "dataframe_records is a list of rows, each an object")
    _check_number(len(told), limits)
    columns = list(dict.fromkeys(name for row in told for name in row))
    return columns, [[row.get(name) for name in columns] for row in told]


def _check_number(rows: int, limits: RequestLimits) -> None:
    if rows > limits.rows:
        words = f"{rows:,} rows are more than the {limits.rows:,} of a request"
        raise RequestError(_TOO_LARGE, f"{words}: send them in parts, or use leadgrade score")


def _column(name: str, cells: Cells, *, text: bool) -> "pd.Series[Any]":
    for number, cell in enumerate(cells, 1):
        if cell is not None and not (isinstance(cell, str) if text else _is_number(cell)):
            wanted = "a text" if text else "a finite number"
            raise RequestError(_BAD, f"row {number}, column {name}: {wanted} or null is expected")
    return pd.Series(cells, dtype="str" if text else "float64")


def _is_number(cell: object) -> bool:
    try:
        return isinstance(cell, int | float) and math.isfinite(cell)
    except OverflowError:  # a whole number of hundreds of digits
        return False


def _named(unknown: Sequence[str], known: Sequence[str]) -> str:
    told = []
    for name in unknown[:_NAMED]:
        near = difflib.get_close_matches(name[:100], known, 1)
        told.append(mask(name) + (f" (is it {near[0]}?)" if near else ""))
    more = len(unknown) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")
