"""Files of thirty teams that no dialect describes: what init takes them for, and what it says of it."""

import pytest
from support.fresh_layouts import FRESH, REFUSED
from support.unknown_layouts import LAYOUTS, tables_in_short

from pipeline.errors import SourceError
from pipeline.onboarding.proposal import propose
from pipeline.simulation.world import simulate

# Header words of these say nothing, so what they are is told by their cells alone.
UNSURE = ("nameless", "homely chinese", "odd english", "epochs")


@pytest.fixture(scope="module")
def tables():
    return tables_in_short(simulate(120, 9))


def _wrong(layout, found):
    """What of a proposal is not as it should be, each with what it is taken for."""
    sources, label = found.raw["sources"], found.raw["label"]
    wrong = [f"sources: {sorted(sources)}"] if set(sources) != set(layout.columns) else []
    for table, columns in layout.columns.items():
        told = sources.get(table, {}).get("columns", {})
        other = {ours: told.get(ours) for ours, theirs in columns.items() if told.get(ours) != theirs}
        wrong += [f"{table}.{ours}: {theirs}" for ours, theirs in other.items()]
    words = label.get("won_values") or label.get("won_stages") or ()
    if label["close"] != layout.close or (layout.won and tuple(words) != layout.won):
        wrong.append(f"label: {label}")
    return wrong


TOLD = [layout for layout in FRESH if layout.name not in REFUSED]


@pytest.mark.parametrize("layout", [*LAYOUTS, *TOLD], ids=lambda layout: layout.name)
def test_keys_times_joins_and_the_outcome_are_found(layout, tables, tmp_path):
    files = layout.write(tables, tmp_path)
    found = propose([tmp_path / name for name in files], tmp_path / "team.yaml")
    assert _wrong(layout, found) == []


@pytest.mark.parametrize("name", UNSURE)
def test_what_only_cells_tell_is_said_to_be_unsure(name, tables, tmp_path):
    layout = next(one for one in LAYOUTS if one.name == name)
    files = layout.write(tables, tmp_path)
    found = propose([tmp_path / name for name in files], tmp_path / "team.yaml")
    assert any(f"{file}: " in one and " is taken for " in one for one in found.unsure for file in files)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_told_is_refused_with_what_to_do(name, tables, tmp_path):
    """No calls are taken for orders, and no letters for others, where nothing tells them."""
    layout = next(one for one in FRESH if one.name == name)
    files = layout.write(tables, tmp_path)
    with pytest.raises(SourceError, match=REFUSED[name]):
        propose([tmp_path / name for name in files], tmp_path / "team.yaml")


@pytest.mark.parametrize("name", ["arabic", "vietnamese"])
def test_a_table_that_is_told_by_how_many_rows_a_lead_has_is_unsure(name, tables, tmp_path):
    layout = next(one for one in FRESH if one.name == name)
    files = layout.write(tables, tmp_path)
    unsure = propose([tmp_path / name for name in files], tmp_path / "team.yaml").unsure
    for ours in ("started_at", "duration"):
        theirs = layout.columns["calls"][ours]
        assert f"{files[1]}: {theirs} is taken for calls.{ours}" in unsure


def test_there_are_thirty():
    assert len({layout.name for layout in (*LAYOUTS, *FRESH)}) == 30
