"""Files of twenty teams that no dialect describes: what init takes them for, and what it says of it."""

import pytest
from support.unknown_layouts import LAYOUTS, tables_in_short

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


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
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


def test_there_are_twenty():
    assert len({layout.name for layout in LAYOUTS}) == 20
