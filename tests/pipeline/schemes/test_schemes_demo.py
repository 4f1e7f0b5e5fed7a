"""Every scheme on the demo world: available, and with something to say."""

import shutil
from pathlib import Path

import pytest
from support.on_the_road import read_tables, training_rows

from pipeline.commands.catalogue import scheme_table
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.matrix.dataset import to_pandas
from pipeline.schemes.scheme_files import schemes_of, shipped_names
from pipeline.schemes.scheme_grades import (
    explanations,
    learn_scheme_edges,
    ranked_grades,
    rule_grades,
    usable_schemes,
)
from pipeline.simulation.world import simulate

SHIPPED = shipped("demo.yaml")

# Edges that training learns from orders; here any will do.
ORDER_EDGES = {
    f"{measure}_{edge}": cut
    for measure, low, high in (("frequency", 1, 3), ("monetary", 3e4, 9e4), ("loyalty", 1, 2))
    for edge, cut in (("low", low), ("high", high), ("edge_3", high))
} | {"recency_edge_2": 120.0}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    simulate(n_leads=500, seed=2).write(folder / "data")
    return Path(shutil.copyfile(SHIPPED, folder / "demo.yaml"))


@pytest.fixture(scope="module")
def graded(demo):
    config = read_config(demo)
    rows = training_rows(config, read_tables(config).tables)
    frame, schemes = to_pandas(rows.frame), schemes_of(config)
    edges = ORDER_EDGES | learn_scheme_edges(schemes, rows.features, frame)
    return frame, usable_schemes(schemes, rows.features, edges)


def test_every_scheme_is_available(demo):
    table = scheme_table(demo).set_index("scheme")["available"]
    assert table.to_dict() == dict.fromkeys(shipped_names(), "yes")


def test_every_scheme_tells_leads_apart(graded):
    frame, schemes = graded
    labels = rule_grades(frame, schemes)
    for one in schemes:
        assert one.compiled is not None, one.reason
        seen = set(labels[f"scheme_{one.scheme.id}"]) - {"ungraded"}
        rare = {"signed"} if one.scheme.id == "exhibition" else set()
        assert len(seen) >= 2, one.scheme.id
        assert len(seen | rare) >= len(one.scheme.labels) / 2, (one.scheme.id, seen)


def test_statuses_are_shown_and_not_ranked(graded):
    frame, schemes = graded
    statuses = {f"scheme_{one.scheme.id}" for one in schemes if one.scheme.use == "status"}
    assert len(statuses) == 3
    shown, ranked = rule_grades(frame, schemes), ranked_grades(frame, schemes, orders_close=True)
    assert set(shown) - set(ranked) == statuses
    assert "H" not in set(ranked["scheme_dealer"])


def test_every_grade_of_every_lead_is_explained(graded):
    frame, schemes = graded
    few = frame.iloc[:40].reset_index(drop=True)
    told = explanations(few, schemes)
    assert len(told) == 40 * len(schemes)
    labels = rule_grades(few, schemes)
    for name, part in told.groupby("scheme"):
        assert part["label"].to_list() == labels[f"scheme_{name}"].to_list()
    assert (told["why_en"] != "").all()
    assert (told["because"] != "").all()


def test_a_scheme_without_its_columns_is_unavailable_with_the_reason(demo):
    text = demo.read_text(encoding="utf-8")
    start = text.index("  project_area_m2:")
    own = demo.with_name("own.yaml")
    own.write_text(text[:start] + text[text.index("\n", start) + 1 :], encoding="utf-8")
    table = scheme_table(own).set_index("scheme")["available"]
    assert table["project"] == "no: the data have no project_area_m2"
    assert (table.drop("project") == "yes").all()
