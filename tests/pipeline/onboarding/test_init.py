"""What ``leadgrade init`` makes of files that nobody described."""

import re

import pandas as pd
import pytest
import yaml
from support.command import leadgrade
from support.real_export import export_of

from pipeline.config.config import read_config
from pipeline.reading.ingest import read_source
from pipeline.simulation.world import simulate


def _init(folder, *files, **options):
    """What init proposes for files of a folder, read back."""
    told = [part for name, value in options.items() for part in (f"--{name}", value)]
    answer = leadgrade("init", *(folder / name for name in files), "--out", folder / "team.yaml", *told)
    assert answer.code == 0, answer.err
    text = (folder / "team.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text), text, answer.out


def _write(folder, **tables):
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)


def _leads(n=60, **more):
    days = pd.date_range("2026-01-13", periods=n, freq="D")
    ids = [f"L{place:03}" for place in range(n)]
    return {
        "Lead No": ids,
        "Created on": days.strftime("%Y-%m-%d 10:00"),
        "Source": ["web", "web", "fair", "fair"] * (n // 4),
    } | more


def _orders(n=30):
    days = pd.date_range("2026-03-20", periods=n, freq="D")
    ids = [f"L{2 * i:03}" for i in range(n)]
    return {"Order No": [f"O{i}" for i in range(n)], "Lead No": ids,
            "Order date": days.strftime("%Y-%m-%d"), "Total": [f"{i}.50" for i in range(n)]}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A small world as the demo writes it, and what is proposed for it."""
    folder = tmp_path_factory.mktemp("world")
    made = simulate(300, 5)
    made.write(folder)
    names = ("leads.csv", "calls.csv.gz", "orders.csv", "stages.csv", "facts.csv", "manual_grades.csv")
    return made, folder, names, _init(folder, *names)


def test_the_demos_files_are_what_they_are_called(world):
    _, folder, _, (raw, _, _) = world
    assert {name: source["path"] for name, source in raw["sources"].items()} == {
        **{name: f"{name}.csv" for name in ("leads", "orders", "stages", "facts", "manual_grades")},
        "calls": "calls.csv.gz",
    }
    assert raw["label"]["close"] == "first_order"
    assert raw["timezone"] == "Asia/Shanghai"
    assert {source["exported_at"] for source in raw["sources"].values()} == {"2026-07-01"}
    assert raw["attributes"]["customer_status"]["known"] == "snapshot"
    assert raw["attributes"]["need"]["known"] == "dated"
    assert raw["attributes"]["budget"]["kind"] == "numeric"
    assert "phone" not in raw["attributes"]
    assert read_config(folder / "team.yaml").sources["calls"].columns == {}


def test_check_accepts_what_is_proposed(world):
    _, folder, _, _ = world
    answer = leadgrade("check", folder / "team.yaml")
    assert answer.code == 0, answer.err
    assert re.search(r"calls +(\d+) +\1 +0 +0", answer.out)


def test_two_runs_write_the_same_file(world):
    _, folder, names, (_, text, _) = world
    again = leadgrade(
        "init", *(folder / n for n in reversed(names)), "--out", folder / "team.yaml", "--overwrite"
    )
    assert again.code == 0
    reread = yaml.safe_load((folder / "team.yaml").read_text(encoding="utf-8"))
    assert reread == yaml.safe_load(text)
    assert (
        leadgrade("init", *(folder / n for n in names), "--out", folder / "team.yaml", "--overwrite").code
        == 0
    )
    assert (folder / "team.yaml").read_text(encoding="utf-8") == text


def test_no_value_of_a_name_a_phone_or_free_text_is_quoted(world):
    made, _, _, (_, text, said) = world
    told = [made.leads[name] for name in ("phone", "note", "lead_id", "customer_id")]
    told += [made.calls["transcript"], made.calls["agent_id"]]
    values = {str(one) for column in told for one in column.dropna() if one}
    assert not [value for value in values if value in text + said]


def test_a_chinese_export_by_contact(tmp_path):
    export_of(300, 3).write(tmp_path, 7)
    (tmp_path / "team.yaml").unlink()
    raw, _, _ = _init(tmp_path, "商机.csv", "通话.csv")
    leads, calls = raw["sources"]["leads"]["columns"], raw["sources"]["calls"]["columns"]
    assert leads["lead_id"] == "商机编号"
    assert leads["customer_id"] == calls["customer_id"] == "联系人编号"
    assert leads["created_at"] == ["创建日期", "创建时间"]
    assert calls["started_at"] == ["日期", "时间"]
    assert (calls["duration"], calls["direction"], calls["status"]) == ("时长", "方向", "状态")
    assert raw["currency"] == "CNY"
    assert raw["label"] == {"close": "outcome", "column": "outcome", "won_values": ["是"]}
    assert leads["outcome"] == "是否成交"
    assert raw["attributes"]["budget"]["kind"] == "numeric"


def test_deals_beside_leads_are_orders_where_they_were_won(tmp_path):
    deals = {"Record ID": [str(9000 + i) for i in range(60)], "Pipeline": ["Sales"] * 60,
             "Deal probability": ["0.5"] * 60,
             "Deal Stage": ["Closed Won", "Closed Lost", "Presentation Scheduled"] * 20,
             "Amount": [100.5 + i for i in range(60)], "Deal owner": ["Ann Bo"] * 60,
             "Close Date": pd.date_range("2026-03-20", periods=60).strftime("%Y-%m-%d 12:00"),
             "Associated Contact IDs": [str(100 + i) for i in range(60)]}  # fmt: skip
    contacts = {"Record ID": [str(100 + i) for i in range(60)], "First Name": ["Ann"] * 60,
                "Email": ["a@b.co"] * 60,
                "Contact owner": ["Ann Bo"] * 60, "Original Source": ["Organic Search", "Offline"] * 30,
                "Create Date": pd.date_range("2026-01-13", periods=60).strftime("%Y-%m-%d 9:00")}  # fmt: skip
    _write(tmp_path, contacts=contacts, deals=deals)
    raw, text, said = _init(tmp_path, "contacts.csv", "deals.csv")
    orders = raw["sources"]["orders"]
    assert orders["where"] == "\"Deal Stage\" = 'Closed Won'"
    assert orders["columns"]["lead_id"] == "Associated Contact IDs"
    assert orders["columns"]["ordered_at"] == "Close Date"
    assert "HubSpot" in said
    assert "Ann" not in text
    assert raw["attributes"] == {"channel": {"meaning": "Original Source"}}


def test_a_column_that_only_buyers_have_is_not_learned_from(tmp_path):
    paid = [["wire", "card"][place % 4 // 2] if place % 2 == 0 else "" for place in range(60)]
    _write(tmp_path, leads=_leads(**{"Payment": paid}), orders=_orders())
    raw, _, said = _init(tmp_path, "leads.csv", "orders.csv")
    assert raw["attributes"]["Payment"]["known"] == "snapshot"
    assert "unsure: Payment is not learned from" in said
    assert "known" not in raw["attributes"]["channel"]


def test_days_and_months_that_no_cell_tells_apart_are_said(tmp_path):
    days = [f"{1 + place % 12:02}/{1 + place % 11:02}/2026 10:00" for place in range(60)]
    _write(tmp_path, leads=_leads(**{"Created on": days}), orders=_orders())
    raw, _, said = _init(tmp_path, "leads.csv", "orders.csv")
    assert raw["sources"]["leads"]["time_formats"] == ["%d/%m/%Y %H:%M"]
    assert "no date tells whether the day or the month stands first" in said
    told = [f"{13 + place % 12:02}/{1 + place % 11:02}/2026 10:00" for place in range(60)]
    _write(tmp_path, leads=_leads(**{"Created on": told}))
    (tmp_path / "team.yaml").unlink()
    assert "stands first" not in _init(tmp_path, "leads.csv", "orders.csv")[2]


def test_words_that_nobody_knows_are_said_and_missing(tmp_path):
    calls = {"Lead No": [f"L{i:03}" for i in range(60)], "Start time": _leads()["Created on"],
             "Talk time": [str(i) for i in range(60)],
             "Call status": ["answered", "busy", "zonk"] * 20}  # fmt: skip
    _write(tmp_path, leads=_leads(), orders=_orders(), calls=calls)
    raw, _, said = _init(tmp_path, "leads.csv", "orders.csv", "calls.csv")
    assert raw["sources"]["calls"]["null_values"] == ["zonk"]
    assert "1 words of Call status are not known" in said
    assert "Talk time is taken for seconds" in said


def test_rows_that_may_be_unwanted_are_a_comment(tmp_path):
    _write(tmp_path, leads=_leads(**{"Kind": ["real"] * 50 + ["Test"] * 10}), orders=_orders())
    raw, text, _ = _init(tmp_path, "leads.csv", "orders.csv")
    assert "where" not in raw["sources"]["leads"]
    (line,) = [one for one in text.splitlines() if "where" in one]
    taken = yaml.safe_load(line.strip().removeprefix("# "))
    assert taken == {"where": "\"Kind\" NOT IN ('Test')"}


def test_a_slip_of_the_pen_is_not_the_export(tmp_path):
    leads = _leads()
    leads["Created on"] = [*leads["Created on"][:-1], "2062-03-01 10:00"]
    _write(tmp_path, leads=leads, orders=_orders())
    raw, _, _ = _init(tmp_path, "leads.csv", "orders.csv")
    assert raw["sources"]["leads"]["exported_at"] == "2026-04-19"


def test_what_is_said_is_said_in_chinese_too(tmp_path):
    _write(tmp_path, leads=_leads(), orders=_orders())
    raw, text, said = _init(tmp_path, "leads.csv", "orders.csv", language="zh", timezone="Asia/Tokyo")
    assert "# 未使用的列" not in text
    assert "Asia/Tokyo" in text
    assert "下一步：leadgrade check" in said
    assert raw["timezone"] == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("files", "options", "told"),
    [
        (["none.csv"], [], "there is no such file"),
        (["leads.csv"], [], "nothing says which leads closed"),
        (["words.csv"], [], "no lead list is among them"),
        (["leads.csv", "orders.csv"], ["--timezone", "Mars"], "unknown time zone"),
        (["leads.csv", "orders.csv"], ["--out", "team.json"], "choose another --out"),
        (["leads.csv", "orders.csv"], ["--out", "leads.csv"], "choose another --out"),
    ],
)
def test_what_cannot_be_proposed_ends_in_a_line(tmp_path, monkeypatch, files, options, told):
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, leads=_leads(), orders=_orders(), words={"word": ["a", "b"], "meaning": ["x", "y"]})
    before = sorted(path.name for path in tmp_path.iterdir())
    answer = leadgrade("init", *files, *options)
    assert answer.code in (3, 4, 8)
    assert told in answer.err
    assert len(answer.errors) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_configuration_that_is_there_stays(tmp_path):
    _write(tmp_path, leads=_leads(), orders=_orders())
    _, text, _ = _init(tmp_path, "leads.csv", "orders.csv")
    answer = leadgrade("init", tmp_path / "leads.csv", "--out", tmp_path / "team.yaml")
    assert (answer.code, "--overwrite" in answer.err) == (8, True)
    assert (tmp_path / "team.yaml").read_text(encoding="utf-8") == text


def test_a_list_with_an_outcome_and_no_times_is_flat(tmp_path):
    rows = {"Prospect": [f"P{place}" for place in range(80)], "Origin": ["web", "fair", "ads", "fair"] * 20,
            "Converted": [int(place % 3 == 0) for place in range(80)]}  # fmt: skip
    _write(tmp_path, list=rows)
    raw, _, said = _init(tmp_path, "list.csv")
    assert raw["flat"] is True
    assert raw["label"] == {"close": "outcome", "column": "outcome", "won_values": ["1"]}
    assert raw["sources"]["leads"]["columns"]["outcome"] == "Converted"
    assert list(raw["attributes"]) == ["channel"]
    assert "flat: true" in said
    assert read_config(tmp_path / "team.yaml").flat


def test_a_factor_in_a_header_is_said_and_read(tmp_path):
    """An amount of 金额(万元) that is read as plain yuan is 10,000 times too small, and nothing shows it."""
    orders = _orders() | {"Order date": pd.date_range("2026-03-20", periods=30, freq="D")}
    orders["金额(万元)"] = orders.pop("Total")
    orders["金额(万元)"][1] = "2万元"
    _write(tmp_path, leads=_leads(**{"Budget (k€)": [5, 7.5, 9, 12] * 15}), orders=orders)
    raw, text, said = _init(tmp_path, "leads.csv", "orders.csv")
    assert raw["sources"]["orders"]["multiply"] == {"amount": 10_000}
    assert raw["sources"]["leads"]["multiply"] == {"budget": 1_000}
    for told in (text, said):
        assert "orders.csv: numbers of 金额(万元) are taken times 10,000" in told
    config = read_config(tmp_path / "team.yaml")
    amounts = read_source(config, "orders").frame["amount_minor"].to_list()
    assert amounts[:3] == [500_000, 2_000_000, 2_500_000]
    assert read_source(config, "leads").frame["budget"].to_list()[:2] == [5_000.0, 7_500.0]


def test_numbers_that_say_their_factor_themselves_need_none(tmp_path):
    orders = _orders()
    orders["金额(万元)"] = [f"{one}万元" for one in orders.pop("Total")]
    _write(tmp_path, leads=_leads(), orders=orders)
    raw, _, said = _init(tmp_path, "leads.csv", "orders.csv")
    assert "multiply" not in raw["sources"]["orders"]
    assert "taken times" not in said


@pytest.mark.parametrize(
    ("multiply", "why"),
    [("{amount: 30}", "power of ten"), ("{order_id: 1000}", "is no amount and no numeric attribute")],
)
def test_a_factor_that_cannot_be_is_refused(tmp_path, multiply, why):
    _write(tmp_path, leads=_leads(), orders=_orders())
    _, text, _ = _init(tmp_path, "leads.csv", "orders.csv")
    mended = text.replace("path: orders.csv", f"path: orders.csv\n    multiply: {multiply}")
    (tmp_path / "team.yaml").write_text(mended, encoding="utf-8")
    answer = leadgrade("check", tmp_path / "team.yaml")
    assert answer.code != 0
    assert why in answer.err


def test_a_factor_of_what_facts_tell_too_is_said_and_not_read(tmp_path):
    """The list's number would be 10,000 times that of its own history."""
    leads = _leads(**{"预算(万元)": [5, 7.5, 9, 12] * 15})
    n = len(leads["Lead No"])
    facts = {"Lead No": leads["Lead No"], "Changed at": leads["Created on"], "Field": ["预算(万元)"] * n,
             "Old value": ["4"] * n, "New value": ["5", "7.5", "9", "12"] * 15}  # fmt: skip
    _write(tmp_path, leads=leads, orders=_orders(), history=facts)
    raw, _, said = _init(tmp_path, "leads.csv", "orders.csv", "history.csv")
    assert raw["attributes"]["预算(万元)"]["known"] == "dated"
    assert "multiply" not in raw["sources"]["leads"]
    assert "leads.csv: numbers of 预算(万元) are read as they stand" in said
