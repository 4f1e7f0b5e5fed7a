"""One simulated world as seven systems would export it: other headers, words, times, numbers; nothing lost.

A dialect writes the tables of a world into a folder and says in a configuration, and nowhere else, how they
are read. What its files cannot hold it names.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import yaml
from support.foreign_cells import (
    apart,
    as_it_is,
    chinese_time,
    csv_file,
    european,
    excel_file,
    formatted,
    indian,
    iso_duration,
    minutes_and_seconds,
    parquet_file,
    plain,
    salesforce_id,
    serial,
    texts,
    zoned,
)

from pipeline.config.shipped import shipped

TABLES = ("leads", "calls", "orders", "stages", "facts", "manual_grades")
TIMES = {
    **{"leads": "created_at", "calls": "started_at", "orders": "ordered_at", "stages": "entered_at"},
    **{"facts": "known_at", "manual_grades": "graded_at"},
}
MONEY = {"leads": ("budget", "project_value"), "orders": ("amount",)}
NUMBERS = {"leads": ("project_area_m2",), "calls": ("flow_completion",)}
YES_NO = ("asked_sms", "asked_wechat", "asked_callback")
DATES = ("expected_close_date", "planned_purchase_date")


@dataclass(frozen=True)
class Dialect:
    """How a system writes a table down.

    Attributes:
        name: of the system.
        save: writes a table of cells below a path without ending, and says the file's name.
        time: of a column of times, its cells; two columns where date and time of day stand apart.
        date: the same of dates.
        money, number, seconds, yes_no: the same of these.
        header: what the system calls a column.
        key: what it calls a lead, by table.
        words: whether words of ours are replaced by others, which the configuration maps back.
        source: settings of every source.
        changed: of the whole configuration.
        lost: columns that its files cannot hold.
        minutes: whether its times have no seconds.
    """

    name: str
    save: Callable
    time: Callable
    date: Callable
    money: Callable
    number: Callable = plain
    seconds: Callable = as_it_is
    yes_no: Callable = as_it_is
    header: Mapping[str, str] = field(default_factory=dict)
    key: Callable = as_it_is
    words: bool = False
    source: Mapping[str, object] = field(default_factory=dict)
    changed: Mapping[str, object] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    minutes: bool = False


def write_dialect(world, dialect, folder):
    """Write the world in a dialect, with its configuration; says where that is."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = yaml.safe_load(shipped("demo.yaml").read_text(encoding="utf-8"))
    raw |= copy.deepcopy(dict(dialect.changed)) | {"data_dir": "."}
    for name in dialect.lost:
        raw["attributes"].pop(name, None)
    for table in TABLES:
        cells, columns, words = _written(getattr(world, table), table, dialect)
        source = raw["sources"][table]
        source.pop("duration_unit", None)
        source["path"] = dialect.save(cells, folder / f"{dialect.name}-{table}")
        source |= copy.deepcopy(dict(dialect.source))
        source["columns"] = columns
        if words:
            source["values"] = words
    if dialect.words:
        raw["label"]["lost_stages"] = ["流失"]
    path = folder / "team.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _written(frame, table, dialect):
    """The cells of a table under the system's headers, and what is to be said of columns and words."""
    cells, columns, words = {}, {}, {}
    for name in frame.columns:
        if name in dialect.lost:
            continue
        theirs = dialect.header.get(f"{table}.{name}", dialect.header.get(name, name))
        column = _cells(frame, table, name, dialect)
        if isinstance(column, pd.DataFrame):
            columns[name] = [f"{theirs} {part}" for part in column.columns]
            cells |= {f"{theirs} {part}": column[part] for part in column.columns}
            continue
        if dialect.words and column.dtype != float:
            column, declared = _in_other_words(column, name, table)
            words |= {name: declared} if declared else {}
        cells[theirs] = column
        if theirs != name:
            columns[name] = theirs
    return pd.DataFrame(cells), columns, words | _declared(table, words)


def _declared(table, words):
    """The demo's own words for calls, as far as the dialect has not others for them."""
    if table != "calls":
        return {}
    raw = yaml.safe_load(shipped("demo.yaml").read_text(encoding="utf-8"))
    ours = raw["sources"]["calls"]["values"]
    return {n: {t: ours[n].get(o, o) for t, o in words[n].items()} if n in words else ours[n] for n in ours}


def _cells(frame, table, name, dialect):
    values = frame[name]
    if name == "lead_id":
        return values.map(lambda lead: dialect.key(lead, table), na_action="ignore")
    if name == TIMES[table]:
        return dialect.time(values)
    if name in MONEY.get(table, ()):
        return dialect.money(values)
    if name in NUMBERS.get(table, ()):
        return dialect.number(values)
    if name == "duration":
        return dialect.seconds(values)
    if name in YES_NO:
        return dialect.yes_no(values)
    if name == "value" and table == "facts":
        dated = frame["field"].isin(DATES)
        written = values.astype(object)
        written[dated] = dialect.date(pd.to_datetime(values[dated]))
        return written
    return values


def _in_other_words(column, name, table):
    """Words that a Western code page has not, each by another one."""
    held = set(column.dropna().astype(str))
    foreign = sorted(word for word in held if word.encode("cp1252", "replace").decode("cp1252") != word)
    words = {f"{table.capitalize()} {name} n° {place}": word for place, word in enumerate(foreign, 1)}
    back = {ours: theirs for theirs, ours in words.items()}
    return column.astype(object).map(lambda cell: back.get(cell, cell)), words


CHINESE_HEADERS = {
    **{"lead_id": "线索编号", "customer_id": "客户编号", "created_at": "创建时间", "channel": "来源渠道"},
    **{"region": "地区", "industry": "行业", "company_size": "公司规模", "budget": "预算"},
    **{"call_id": "通话编号", "agent_id": "坐席", "started_at": "开始时间", "duration": "通话时长"},
    **{"direction": "呼叫方向", "status": "通话状态", "order_id": "订单号", "ordered_at": "下单时间"},
    **{"amount": "金额", "entered_at": "进入时间", "stage": "阶段", "known_at": "记录时间"},
    **{"field": "字段", "value": "内容", "graded_at": "评级时间", "grade": "等级"},
}
SALESFORCE_HEADERS = {
    **{"leads.lead_id": "Id", "lead_id": "WhoId", "created_at": "CreatedDate", "customer_id": "AccountId"},
    **{"call_id": "TaskId", "started_at": "StartDateTime", "duration": "CallDurationInSeconds"},
}

DIALECTS = (
    Dialect(
        "chinese_crm",
        csv_file(encoding="gb18030"),
        time=chinese_time,
        date=lambda values: texts(values, lambda at: f"{at.year}年{at.month}月{at.day}日"),
        money=lambda values: texts(values, lambda x: f"{x / 10_000:.6f}".rstrip("0").rstrip(".") + "万元"),
        seconds=minutes_and_seconds("分", "秒"),
        yes_no=lambda values: values.map({0: "否", 1: "是"}),
        header=CHINESE_HEADERS,
    ),
    Dialect(
        "excel_serial",
        excel_file,
        time=serial,
        date=formatted("%Y-%m-%d"),
        money=lambda values: values,
        number=lambda values: values,
        source={"time_formats": ["excel_serial"]},
    ),
    Dialect(
        "salesforce",
        csv_file(encoding="utf-8-sig", lineterminator="\r\n"),
        time=zoned,
        date=formatted("%Y-%m-%d"),
        money=lambda values: texts(values, lambda x: f"CNY {x:,.2f}"),
        yes_no=lambda values: values.map({0: "FALSE", 1: "TRUE"}),
        header=SALESFORCE_HEADERS,
        key=lambda lead, table: salesforce_id(lead)[: 15 if table in ("calls", "facts") else 18],
    ),
    Dialect(
        "zoho",
        csv_file(),
        time=lambda values: values.dt.strftime("%d/%m/%Y %I:%M %p"),
        date=formatted("%d/%m/%Y"),
        money=lambda values: texts(values, indian),
        number=lambda values: texts(values, lambda x: f"{x:.2f}"),
        seconds=lambda values: texts(values, lambda s: f"{int(s) // 60:02d}:{int(s) % 60:02d}"),
        yes_no=lambda values: values.map({0: "No", 1: "Yes"}),
        key=lambda lead, _: f"zcrm_48076000000{lead[-6:]}",
        source={"time_formats": ["%d/%m/%Y %I:%M %p", "%d/%m/%Y"], "duration_unit": "clock"},
        changed={"currency": "INR"},
        minutes=True,
    ),
    Dialect(
        "german",
        csv_file(encoding="cp1252", sep=";"),
        time=formatted("%d.%m.%Y %H:%M:%S"),
        date=formatted("%d.%m.%Y"),
        money=lambda values: texts(values, lambda x: european(2)(x) + " €"),
        number=lambda values: texts(values, european(2)),
        yes_no=lambda values: values.map({0: "nein", 1: "ja"}),
        words=True,
        source={"encoding": "cp1252", "decimal": ","},
        changed={"currency": "EUR"},
        lost=("note", "transcript"),
    ),
    Dialect(
        "parquet",
        parquet_file,
        time=lambda values: values,
        date=formatted("%Y-%m-%d"),
        money=lambda values: values,
        number=lambda values: values,
        yes_no=lambda values: values.astype(bool),
        header={"lead_id": "lead", "started_at": "begin"},
    ),
    Dialect(
        "apart",
        csv_file(sep="\t"),
        time=apart,
        date=formatted("%Y/%m/%d"),
        money=lambda values: texts(values, lambda x: f"¥{x:,.2f}"),
        seconds=iso_duration,
        yes_no=lambda values: values.map({0: "N", 1: "Y"}),
        header={"started_at": "call", "created_at": "created"},
    ),
)


def in_minutes(world):
    """The world as it would be if its clocks had no seconds."""
    cut = {
        t: getattr(world, t).assign(**{TIMES[t]: getattr(world, t)[TIMES[t]].dt.floor("min")}) for t in TABLES
    }
    return replace(world, **cut)


def ours_of(world, dialect):
    """Of each lead of a dialect its id in the world."""
    return {dialect.key(lead, "leads"): lead for lead in np.unique(world.leads["lead_id"])}
