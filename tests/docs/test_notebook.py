"""The notebook runs from top to bottom and shows its pictures."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient


@pytest.fixture
def notebook():
    return nbformat.read(Path(__file__).parents[2] / "notebooks" / "retrain.ipynb", as_version=4)


def test_it_is_committed_without_outputs(notebook):
    assert all(not cell.get("outputs") for cell in notebook.cells)


@pytest.mark.slow
def test_the_notebook_runs(notebook):
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2
    assert not [output for output in outputs if output.output_type == "error"]
