"""A configuration as YAML that a person reads: an entry a line, comments behind and between."""

from collections.abc import Iterable, Mapping

import yaml

_WIDEST = 110


def flow(value: object) -> str:
    """A value in one line of YAML.

    >>> flow({"lead_id": "线索编号", "started_at": ["Date", "Time"]}), flow("yes"), flow("2026-07-01")
    ('{lead_id: 线索编号, started_at: [Date, Time]}', "'yes'", "'2026-07-01'")
    """
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**9, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")


def comment(lines: Iterable[str], indent: str = "") -> list[str]:
    """Lines as comments; whatever a line holds, none of it is read."""
    return [f"{indent}# {' '.join(line.split())}".rstrip() for line in lines]


def entries(mapping: Mapping[str, object], indent: str = "") -> list[str]:
    """A mapping, an entry a line; one that is too wide goes on below its key.

    >>> entries({"path": "a.csv", "columns": {"lead_id": "Id"}}, "  ")
    ['  path: a.csv', '  columns: {lead_id: Id}']
    """
    lines = []
    for key, value in mapping.items():
        line = f"{indent}{flow(key)}: {flow(value)}"
        if len(line) > _WIDEST and isinstance(value, Mapping):
            lines += [f"{indent}{flow(key)}:", *entries(value, indent + "  ")]
        else:
            lines.append(line)
    return lines
