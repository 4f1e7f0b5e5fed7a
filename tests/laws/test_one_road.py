"""The one road from files to rows: in memory or on disk, by one bucket or many, the same rows."""

import shutil

import pandas as pd
import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal
from support.on_the_road import read_tables
from support.tables_as_text import instant

from pipeline import ours
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.errors import OutputError
from pipeline.files import source_file, text_parts
from pipeline.intake import buckets, span_intake
from pipeline.intake.memory import Memory
from pipeline.intake.work_folder import Work
from pipeline.jobs import sources
from pipeline.jobs.sources import taken_in
from pipeline.leaks.sentinel import suspects_or_why_none
from pipeline.matrix import dataset
from pipeline.monitoring.arrivals import arrivals
from pipeline.simulation.world import simulate
from pipeline.targets import QUARANTINE

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
    shutil.copyfile(shipped("demo.yaml"), folder / "team.yaml")
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


CHOSEN = """
sources:
  leads: {where: "region <> '华南' OR channel = '官网'"}
  calls:
    columns: {customer_id: contact, started_at: [day, clock]}
    legs: true
    where: "started_at >= '2023-08-01' AND duration <= 1500"
  orders: {last_by: customer_id}
  stages: {where: "stage <> 'nothing' OR entered_at < '2025-01-01'"}
"""


def chosen(folder):
    """The same with rows that are not wanted, calls by customer, legs, and times in two columns."""
    path = demo(folder)
    customers = pl.read_csv(folder / "data/leads.csv", infer_schema=False).select("lead_id", "customer_id")
    changed(folder, "calls", lambda calls: _by_contact(calls, customers))
    raw = yaml.safe_load(path.read_text("utf-8"))
    for source, settings in yaml.safe_load(CHOSEN)["sources"].items():
        raw["sources"][source] |= settings
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    return path


def _by_contact(calls, customers):
    time = pl.col("started_at").str.split(" ").list
    legs = calls.gather_every(7).with_columns(status=pl.lit("占线"), duration=pl.lit("3"))
    named = pl.concat([calls, legs]).join(customers, on="lead_id", how="left")
    return named.select(
        pl.exclude("lead_id", "customer_id", "started_at"),
        pl.when(pl.col("customer_id").is_null()).then("lead_id").alias("lead_id"),
        pl.col("customer_id").alias("contact"),
        time.get(0).alias("day"),
        time.get(1).alias("clock"),
    )


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


LATEST = instant("2026-07-01")
WORLDS = (
    demo,
    pytest.param(heard, marks=pytest.mark.slow),
    quirky,
    pytest.param(chosen, marks=pytest.mark.slow),
    flat,
    flat_without_keys,
)


@pytest.fixture(scope="module", params=WORLDS, ids=lambda world: world.__name__)
def config(request, tmp_path_factory):
    found = read_config(request.param(tmp_path_factory.mktemp(request.param.__name__)))
    no_exports = {
        name: source.model_copy(update={"exported_at": None} if name == "orders" else {})
        for name, source in found.sources.items()
    }
    return found.model_copy(update={"tolerance": 1.0, "sources": no_exports})


@pytest.fixture
def in_parts(monkeypatch):
    """Small spans, three buckets, on disk."""
    for module in (buckets, span_intake):
        monkeypatch.setattr(module, "bucket_count", lambda n_leads: 3)
    monkeypatch.setattr(source_file, "ROWS_PER_SPAN", 500)
    monkeypatch.setattr(source_file, "PART_BYTES", 30_000)
    monkeypatch.setattr(text_parts, "_BLOCK", 7_001)
    monkeypatch.setattr(sources, "SMALL_BYTES", 0)


def told_by(config):
    """All that a verb reads of the sources."""
    with taken_in(config, "check") as taken:
        rows = dataset.training_rows(config, taken)
        as_of = rows.frame["as_of"][rows.frame.height // 2]
        listed = dataset.scoring_rows(config, taken, as_of)
        came_in = [] if config.flat else arrivals(config, taken, [as_of], 30)
        kinds = type(taken.store), taken.buckets
        return rows, listed, came_in, suspects_or_why_none(config, rows, taken), taken.validated, kinds


def test_parts_on_disk_are_as_the_whole_in_memory(config, request):
    rows, listed, came_in, suspects, found, kinds = told_by(config)
    quarantine = config.output_path(QUARANTINE).read_bytes()
    assert kinds == (Memory, 1)
    request.getfixturevalue("in_parts")
    again = told_by(config)
    assert again[-1] == (Work, 3)
    for one, other in zip((rows, listed), again[:2], strict=True):
        assert_frame_equal(other.frame, one.frame)
        assert (other.features, other.observed_until) == (one.features, one.observed_until)
    for here, there in zip(came_in, again[2], strict=True):
        assert here.keys() == there.keys()
        for name, frame in here.items():
            by = list(frame.columns)
            pd.testing.assert_frame_equal(_sorted(there[name], by), _sorted(frame, by))
    assert again[3] == suspects
    assert config.output_path(QUARANTINE).read_bytes() == quarantine
    now = again[4]
    assert (now.notes, now.counts) == (found.notes, found.counts)
    assert (now.hearing, now.call_sources) == (found.hearing, found.call_sources)
    assert not list(config.output_path().glob(".*.work"))


def _sorted(frame, by):
    return frame.sort_values(by, ignore_index=True, key=lambda column: column.astype(str))


def test_every_row_is_used_or_in_the_quarantine(config):
    found = read_tables(config)
    for name, counts in found.counts.items():
        assert counts.rows_in == counts.rows_used + counts.rows_quarantined + counts.rows_left_out
        assert found.tables[name].height == counts.rows_used
        bad = found.quarantine.filter(pl.col("source") == name)["row_number"].unique()
        assert not set(bad) & set(found.tables[name]["row_number"])
        assert len(bad) == counts.rows_quarantined


def test_what_came_in_is_counted_once_though_an_order_is_in_two_buckets(tmp_path, in_parts):
    config = read_config(demo(tmp_path))
    orders = pl.read_csv(tmp_path / "data/orders.csv", infer_schema=False)
    with taken_in(config, "monitor") as taken:
        assert sum(taken.each(lambda tables: tables["orders"].height)) > orders.height
        came_in = arrivals(config, taken, [LATEST], 36500)[0]
    assert len(came_in["orders"]) == orders.height


def test_the_latest_row_of_the_label_is_a_row_that_is_used(tmp_path):
    config = read_config(quirky(tmp_path), {"sources.orders.exported_at": None, "tolerance": 1.0})
    used = read_tables(config).tables["orders"]
    with taken_in(config, "check") as taken:
        assert taken.latest == used["ordered_at"].max() < instant("2026-06-30")


def test_small_sources_leave_no_trace_on_disk(tmp_path):
    config = read_config(demo(tmp_path))
    with taken_in(config, "check"):
        assert {path.name for path in config.output_path().iterdir()} == {QUARANTINE, ours.LIST}


def test_large_sources_lie_on_disk_until_the_verb_is_done(tmp_path, in_parts):
    config = read_config(demo(tmp_path))
    with taken_in(config, "train"):
        assert (config.output_path() / ".train.work").is_dir()
        with pytest.raises(OutputError, match="another leadgrade"), taken_in(config, "train"):
            pass
    assert {path.name for path in config.output_path().iterdir()} == {QUARANTINE, ours.LIST}
