"""Servers on the loopback, started by a test and ended with all their children."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW", "PYTHON", "PYTEST"))}
    # `mlflow models serve` looks for uvicorn on the path.
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true", **more}


@contextmanager
def running(command, address, folder, **more):
    """A server on the loopback until it answers, at most two minutes; ended with all its children."""
    with (folder / "server.log").open("w+") as log:
        server = subprocess.Popen(
            command,
            cwd=folder / "cwd",
            env=environment(**more),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            until = time.monotonic() + 120
            while not answers(address):
                assert server.poll() is None, Path(log.name).read_text()
                assert time.monotonic() < until, Path(log.name).read_text()
                time.sleep(0.3)
            yield
        finally:
            end(server)


def end(server):
    for sign, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 15)):
        try:
            os.killpg(server.pid, sign)
        except ProcessLookupError:
            break
        until = time.monotonic() + seconds
        while time.monotonic() < until and alive(server.pid):
            server.poll()
            time.sleep(0.1)
    server.wait(timeout=15)


def alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:
            return reply.status == 200
    except OSError:
        return False


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def mlflow_server(folder, port, store_uri):
    """An MLflow tracking server that keeps its runs in a database and its files in ``folder``."""
    (folder / "cwd").mkdir(parents=True)
    command = [BIN / "mlflow", "server", "--host", "127.0.0.1", "--port", port, "--workers", "1"]
    command += ["--backend-store-uri", store_uri, "--artifacts-destination", folder / "served"]
    return running(list(map(str, command)), f"http://127.0.0.1:{port}/health", folder)


@contextmanager
def postgresql():
    """A PostgreSQL of its own, in a new folder; gives its address. Skips where there is none."""
    initdb, postgres = (_program(name) for name in ("initdb", "postgres"))
    if initdb is None or postgres is None:
        pytest.skip(
            "PostgreSQL is not installed: initdb and postgres are neither on the path nor in its place"
        )
    if importlib.util.find_spec("psycopg2") is None:
        pytest.skip("psycopg2 is not installed: pip install psycopg2-binary")
    folder = Path(tempfile.mkdtemp(prefix="leadgrade-postgres-"))
    # It refuses to run as root.
    person = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    if person:
        shutil.chown(folder, "nobody")
    data, port = folder / "data", free_port()
    make = [initdb, "-D", data, "-U", "leadgrade", "--auth=trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    start = [postgres, "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder, "-F"]
    try:
        subprocess.run(make, cwd=folder, check=True, capture_output=True, timeout=120, **person)
        with (folder.parent / f"{folder.name}.log").open("w+") as log:
            server = subprocess.Popen(
                start, cwd=folder, stdout=log, stderr=log, start_new_session=True, **person
            )
            try:
                _wait_for_database(server, port, Path(log.name))
                yield f"postgresql+psycopg2://leadgrade@127.0.0.1:{port}/postgres"
            finally:
                server.send_signal(signal.SIGINT)  # its quick and clean end
                server.wait(timeout=60)
                Path(log.name).unlink()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name):
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name)
    return found or (str(places[-1]) if places else None)


def _wait_for_database(server, port, log):
    import psycopg2

    until = time.monotonic() + 60
    while True:
        try:
            psycopg2.connect(host="127.0.0.1", port=port, user="leadgrade", dbname="postgres").close()
            return
        except psycopg2.OperationalError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
