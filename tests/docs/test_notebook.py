"""The notebooks run from top to bottom in the folder of a team, and show their tables and pictures."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

# Pictures that a notebook shows; tables all of them.
PICTURES = {"retrain": 2}


def _read(path):
    return nbformat.read(path, as_version=4)


@each_notebook
def test_it_is_committed_without_outputs(path):
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in _read(path).cells)


@each_notebook
def test_no_logic_is_in_it(path):
    for cell in _read(path).cells:
        lines = cell.source.splitlines() if cell.cell_type == "code" else []
        assert not [
            line for line in lines if line.startswith((" ", "def ", "class ", "if ", "for ", "while "))
        ]


@pytest.mark.slow
@each_notebook
def test_the_notebook_runs(path, team):
    notebook = _read(path)
    where = {"metadata": {"path": str(team.folder)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=where).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
    assert any("<table" in output.get("data", {}).get("text/html", "") for output in outputs)
    pictures = sum("image/png" in output.get("data", {}) for output in outputs)
    assert pictures == PICTURES.get(path.stem, 0)
