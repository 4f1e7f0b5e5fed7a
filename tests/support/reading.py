"""Source files for tests of reading: written, read, and what was refused."""

import json
from datetime import UTC, datetime

import pytest

from pipeline.config.config import Config
from pipeline.errors import SourceError
from pipeline.reading.ingest import read_source

NOW = datetime(2024, 7, 1, tzinfo=UTC)


LEADS = "lead_id,created_at\nL1,2024-05-01 08:00\nL2,2024-05-02\n"


CALLS = "call_id,lead_id,started_at"


def make_config(tmp_path, table="leads", flat=False, label=None, top=None, **source):
    source = {"path": f"{table}.csv", **source}
    sources = {"leads": {"path": "leads.csv"}, table: source}
    raw = {
        "name": "test",
        "timezone": "Asia/Shanghai",
        "sources": sources,
        "label": label or {"close": "first_order"},
        "flat": flat,
        **(top or {}),
    }
    config = Config.model_validate_json(json.dumps(raw), context={"timezone": "Asia/Shanghai"})
    return config.model_copy(update={"path": tmp_path / "team.yaml"})


def read(tmp_path, content, table="leads", outcome=True, **settings):
    config = make_config(tmp_path, table, **settings)
    if content is not None:
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / config.sources[table].path).write_bytes(data)
    return read_source(config, table, outcome=outcome, now=NOW)


def refusal(*args, **kwargs):
    with pytest.raises(SourceError) as caught:
        read(*args, **kwargs)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def one_column(tmp_path, ours, cells, table="calls", name=None, **settings):
    """Read one column of calls beside good keys."""
    rows = "".join(f'C{i},L1,2024-05-01 08:00,"{cell}"\n' for i, cell in enumerate(cells, 1))
    return read(tmp_path, f"{CALLS},{name or ours}\n{rows}", table, **settings)
