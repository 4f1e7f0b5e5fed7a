"""The one road from files to rows: in memory or on disk, by one bucket or many, the same rows."""

import shutil

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline import buckets, dataset, files, intake, sources
from pipeline.config import read_config
from pipeline.demo import SHIPPED_CONFIG
from pipeline.sources import taken_in
from pipeline.validate import QUARANTINE_FILE, read_tables
from pipeline.world import simulate

FLAT = """
name: flat
flat: true
sources: {leads: {path: list.csv}}
attributes: {age: {kind: numeric}, job: {}, note: {kind: text}}
label: {close: outcome, column: y}
grades: {A: {at_least: 0.3}}
tolerance: 1.0
"""


def demo(folder):
    """A simulated team with orders that name a lead of one customer and another customer."""
    simulate(400, 3).write(folder / "data")
    path = folder / "data/orders.csv"
    orders = pl.read_csv(path, infer_schema=False)
    closing = orders.drop_nulls("lead_id").head(20)
    crossed = closing.with_columns(
        ("X-" + pl.col("order_id")).alias("order_id"), closing["customer_id"].reverse().alias("customer_id")
    )
    pl.concat([orders, crossed]).write_csv(path)
    shutil.copyfile(SHIPPED_CONFIG, folder / "team.yaml")
    return folder / "team.yaml"


def changed(folder, table, change):
    path = next((folder / "data").glob(f"{table}.csv*"))
    frame = change(pl.read_csv(path, infer_schema=False))
    path.unlink()
    frame.write_csv(folder / f"data/{table}.csv")
    text = (folder / "team.yaml").read_text("utf-8").replace(f"path: {path.name}", f"path: {table}.csv")
    (folder / "team.yaml").write_text(text, "utf-8")


def heard(folder):
    """The same, whose log does not tell what was said."""
    path = demo(folder)
    changed(folder, "calls", lambda calls: calls.drop("status", "questions", "intent_questions", "refusals"))
    return path


def quirky(folder):
    """The same with bad cells, strangers, blank rows, and rows that share their key, near and far."""
    path = demo(folder)
    changed(folder, "leads", _bad_leads)
    changed(folder, "calls", _bad_calls)
    changed(folder, "orders", _bad_orders)
    changed(folder, "facts", lambda facts: pl.concat([facts, _row(facts, 3, lead_id="NOBODY")]))
    return path


def _row(frame, number, **cells):
    return frame.slice(number, 1).with_columns(pl.lit(cell).alias(name) for name, cell in cells.items())


def _bad_leads(leads):
    return pl.concat(
        [
            leads,
            _row(leads, 5, note="  "),
            _row(leads, 7),
            _row(leads, 8, lead_id="BAD", created_at="soon"),
            leads.head(1).with_columns(pl.lit(None, pl.String).alias(name) for name in leads.columns),
            _row(leads, 9, lead_id="LATE", created_at="2031-01-01"),
        ]
    ).with_columns(colour=pl.lit("red"))


def _bad_calls(calls):
    bad = [
        _row(calls, 10),
        _row(calls, 11, duration="77"),
        _row(calls, 12, duration="long"),
        _row(calls, 13, call_id="C13", lead_id="NOBODY"),
        _row(calls, 14, call_id="C14", status="whatever", transcript="客户: 好"),
    ]
    return pl.concat([calls, *bad])


def _bad_orders(orders):
    """The latest order of all conflicts with an early one of its key."""
    late = {"ordered_at": "2026-06-30 23:59:00"}
    return pl.concat([orders, _row(orders, 4, **late), _row(orders, 5, order_id="", **late)])


def _flat(folder, columns):
    rows = ["lead_id,created_at,age,job,note,y"]
    rows += [
        f"L{n},2024-05-{n % 28 + 1:02d},{20 + n % 40 if n % 7 else 'old'},{'clerk' if n % 3 else ''},"
        f"{'a' * (n % 5)},{'yes' if n % 4 == 0 else 'no'}"
        for n in range(200)
    ]
    rows.append(rows[5])
    frame = pl.read_csv("\n".join(rows).encode(), infer_schema=False)
    frame.select(columns).write_csv(folder / "list.csv")
    (folder / "team.yaml").write_text(FLAT, "utf-8")
    return folder / "team.yaml"


def flat(folder):
    return _flat(folder, ["lead_id", "created_at", "age", "job", "note", "y"])


def flat_without_keys(folder):
    return _flat(folder, ["age", "job", "note", "y"])


WORLDS = (demo, heard, quirky, flat, flat_without_keys)


@pytest.fixture(scope="module", params=WORLDS, ids=lambda world: world.__name__)
def config(request, tmp_path_factory):
    found = read_config(request.param(tmp_path_factory.mktemp(request.param.__name__)))
    no_exports = {
        name: source.model_copy(update={"exported_at": None} if name == "orders" else {})
        for name, source in found.sources.items()
    }
    return found.model_copy(update={"tolerance": 1.0, "sources": no_exports})


@pytest.fixture(params=["memory", "folder"])
def parts(request, monkeypatch):
    """One bucket in memory, or three on disk."""
    if request.param == "folder":
        for module in (buckets, intake):
            monkeypatch.setattr(module, "bucket_count", lambda n_leads: 3)
        monkeypatch.setattr(files, "ROWS_AT_A_TIME", 500)
        monkeypatch.setattr(sources, "SMALL_BYTES", 0)
    return request.param


def test_both_roads_are_one(config, parts):
    whole = read_tables(config)
    told = config.output_path(QUARANTINE_FILE).read_bytes()
    old = dataset.training_rows(config, whole.tables)
    with taken_in(config, "check") as taken:
        assert config.output_path(QUARANTINE_FILE).read_bytes() == told
        new = dataset.taken_training_rows(config, taken)
        assert_frame_equal(new.frame, old.frame)
        assert (new.features, new.horizons) == (old.features, old.horizons)
        assert new.observed_until == old.observed_until
        as_of = old.frame["as_of"][old.frame.height // 2]
        asked, now = (
            dataset.scoring_rows(config, whole.tables, as_of),
            dataset.taken_scoring_rows(config, taken, as_of),
        )
        assert_frame_equal(now.frame, asked.frame)
    found = taken.validated
    assert (found.notes, found.counts) == (whole.notes, whole.counts)
    assert (found.hearing, found.call_sources) == (whole.hearing, whole.call_sources)
    assert not list(config.output_path().glob(".*.work"))
