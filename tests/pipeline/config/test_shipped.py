"""What is shipped is found wherever leadgrade is installed, and a wheel holds it."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from pipeline.config.shipped import shipped

REPO = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    # A copy: setuptools leaves folders of its own where it builds.
    source = folder / "source"
    ours = ("configs", "features", "models", "pipeline", "pyproject.toml", "README.md", "LICENSE")
    source.mkdir()
    for name in ours:
        subprocess.run(["cp", "-r", REPO / name, source / name], check=True)
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
    ]
    subprocess.run([*build, source], check=True)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_a_wheel_holds_every_module_and_every_shipped_file(wheel):
    there = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    here = {path for folder in ("features", "models", "pipeline") for path in (REPO / folder).rglob("*.py")}
    here |= {REPO / "configs" / "__init__.py", *shipped(".").rglob("*.yaml")}
    here |= {*(REPO / "pipeline/language/zh").iterdir(), *(REPO / "pipeline/page/template").iterdir()}
    assert there == {path.relative_to(REPO).as_posix() for path in here}


@pytest.mark.slow
def test_a_wheel_runs_demo_schemes_and_score_in_an_empty_environment(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "-c", REPO / "requirements.lock", wheel], check=True, cwd=tmp_path)

    def run(*args):
        command = [tmp_path / "env" / "bin" / "leadgrade", *args]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "close_window" in run("schemes")
    assert "leads graded in" in run("demo", "world", "--leads", "800")
    assert "graded by" in run("score", "world/demo.yaml", "--out", "again.csv")
    assert (tmp_path / "again.csv").stat().st_size > 1000


def test_what_is_shipped_is_found():
    assert shipped("demo.yaml").is_file()
    assert len(list(shipped("schemes").glob("*.yaml"))) == 28
