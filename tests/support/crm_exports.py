"""A simulated world as CRMs export it, under their own header words; what they have no field for is lost.

Built from the cells of ``foreign_cells``. Unlike ``dialects``, nothing here says how the files are read: that
is what ``leadgrade init`` has to find out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from support.foreign_cells import (
    chinese_time,
    csv_file,
    excel_file,
    indian,
    minutes_and_seconds,
    salesforce_id,
    texts,
    zoned,
)

# Call results that a team sets up in a CRM's pick list.
RESULTS = {
    **{"接通": "Connected", "总机": "Switchboard", "传真": "Fax", "无人接听": "No answer", "占线": "Busy"},
    **{"无法接通": "Unreachable", "关机": "Powered off", "停机": "Suspended", "空号": "Empty number"},
}
DIRECTIONS = {"呼出": "Outbound", "呼入": "Inbound"}
KEPT = ("channel", "region", "industry", "company_size")
NAMES = ("Ann", "Bo", "Cy", "Di")


@dataclass(frozen=True)
class CrmExport:
    """How a CRM exports a world.

    Attributes:
        name: of its dialect.
        headers: table -> our column -> the CRM's header.
        save: writes a table below a path without ending; says the file's name.
        time, money, seconds: of a column, its cells.
        key: what it calls a lead, by table.
        others: columns of leads that are somebody's own, or change later.
        words: whether call words are English.
        files: table -> what its file is called.
        edits: lines of the proposal that a user changes, each with what it becomes.
        minutes: whether its times have no seconds.
    """

    name: str
    headers: Mapping[str, Mapping[str, str]]
    save: Callable
    time: Callable
    money: Callable
    seconds: Callable
    files: Mapping[str, str]
    key: Callable = lambda lead, _: lead
    others: Mapping[str, object] = ()
    words: bool = True
    edits: tuple[tuple[str, str], ...] = ()
    minutes: bool = False


def write_export(world, export, folder):
    """Write the files; says what they are called."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        export.save(_cells(world, table, export), folder / export.files[table]) for table in export.headers
    ]


def _cells(world, table, export):
    frame, headers = getattr(world, table), export.headers[table]
    cells = pd.DataFrame({theirs: _column(frame, ours, table, export) for ours, theirs in headers.items()})
    if table == "leads":
        place = np.arange(len(frame))
        for header, value in export.others.items():
            cells[header] = value if isinstance(value, str) else [value(one) for one in place]
    return cells


def _column(frame, name, table, export):
    values = frame[name]
    if name == "lead_id":
        return values.map(lambda lead: export.key(lead, table), na_action="ignore")
    if name.endswith("_at"):
        return export.time(values)
    if name in ("budget", "amount"):
        return export.money(values)
    if name == "duration":
        return export.seconds(values)
    if export.words and name in ("status", "direction"):
        return values.map({**RESULTS, **DIRECTIONS})
    return values


def keys_back(world, export):
    """Of each lead's id in the export its id in the world."""
    return {export.key(lead, "leads"): lead for lead in np.unique(world.leads["lead_id"])}


def _named(place):
    return NAMES[place % 4]


def _phone(place):
    return f"199{place:08}"


FXIAOKE_HEADERS = {
    "leads": {
        "lead_id": "线索编号",
        "customer_id": "客户编号",
        "created_at": "创建时间",
        "channel": "来源",
        "region": "省",
        "industry": "行业",
        "company_size": "公司规模",
        "budget": "预算金额",
        "note": "备注",
    },
    "calls": {
        "call_id": "通话记录编号",
        "lead_id": "关联线索编号",
        "started_at": "通话开始时间",
        "duration": "通话时长",
        "direction": "呼叫类型",
        "status": "通话状态",
        "agent_id": "坐席",
        "hung_up_by": "挂断方",
    },
    "orders": {
        "order_id": "销售订单编号",
        "lead_id": "来源线索编号",
        "customer_id": "客户编号",
        "ordered_at": "下单日期",
        "amount": "销售订单金额(元)",
    },
    "stages": {"lead_id": "线索编号", "entered_at": "阶段变更时间", "stage": "阶段"},
}
FXIAOKE_OTHERS = {
    "姓名": _named,
    "公司": lambda place: f"公司{place}",
    "手机": _phone,
    "负责人": _named,
    "线索池": "公海一",
    "归属部门": "电销部",
    "最后修改时间": "2026-06-30 09:00",
    "锁定状态": "未锁定",
    "生命状态": "正常",
}
ZOHO_HEADERS = {
    "leads": {
        "lead_id": "Record Id",
        "customer_id": "Customer Id",
        "created_at": "Created Time",
        "channel": "Lead Source",
        "region": "State",
        "industry": "Industry",
        "company_size": "No. of Employees",
        "budget": "Budget",
        "note": "Description",
    },
    "calls": {
        "call_id": "Call Id",
        "lead_id": "Related To.id",
        "started_at": "Call Start Time",
        "duration": "Call Duration",
        "direction": "Call Type",
        "status": "Call Result",
        "agent_id": "Call Owner.id",
    },
    "orders": {
        "order_id": "Deal Id",
        "lead_id": "Lead Id",
        "customer_id": "Customer Id",
        "ordered_at": "Closed Time",
        "amount": "Amount",
    },
    "stages": {"lead_id": "Lead Id", "stage": "Stage", "entered_at": "Modified Time"},
}
SALESFORCE_HEADERS = {
    "leads": {
        "lead_id": "Id",
        "customer_id": "AccountId",
        "created_at": "CreatedDate",
        "channel": "LeadSource",
        "region": "State",
        "industry": "Industry",
        "company_size": "NumberOfEmployees",
        "budget": "Budget__c",
        "note": "Description",
    },
    "calls": {
        "call_id": "TaskId",
        "lead_id": "WhoId",
        "started_at": "CallStartDateTime",
        "duration": "CallDurationInSeconds",
        "direction": "CallType",
        "status": "CallDisposition",
        "agent_id": "OwnerId",
    },
    "orders": {
        "order_id": "Opportunity ID",
        "lead_id": "ConvertedLeadId",
        "customer_id": "AccountId",
        "ordered_at": "CloseDate",
        "amount": "Amount",
    },
    "stages": {"lead_id": "LeadId", "stage": "NewStage", "entered_at": "EnteredDate"},
}
HUBSPOT_HEADERS = {
    "leads": {
        "lead_id": "Record ID",
        "customer_id": "Associated Company IDs",
        "created_at": "Create Date",
        "channel": "Original Source",
        "region": "State/Region",
        "industry": "Industry",
        "company_size": "Number of Employees",
        "budget": "Budget",
        "note": "Message",
    },
    "calls": {
        "call_id": "Call ID",
        "lead_id": "Associated Contact IDs",
        "started_at": "Activity date",
        "duration": "Call duration (HH:mm:ss)",
        "direction": "Call direction",
        "status": "Call outcome",
        "agent_id": "Activity assigned to",
    },
    "orders": {
        "order_id": "Deal ID",
        "lead_id": "Associated Contact IDs",
        "customer_id": "Associated Company IDs",
        "ordered_at": "Close Date",
        "amount": "Amount",
    },
    "stages": {"lead_id": "Contact ID", "stage": "Lifecycle Stage", "entered_at": "Date entered"},
}
COHORT = (
    "label: {close: first_order, lost_stages: [流失]}\n",
    "label: {close: first_order, lost_stages: [流失]}\ncohort: {at: monthly, max_age_days: 365}\n",
)


def _clock(values):
    return texts(values, lambda s: f"{int(s) // 3600:02}:{int(s) % 3600 // 60:02}:{int(s) % 60:02}")


def _fxiaoke(save):
    return CrmExport(
        "fxiaoke",
        FXIAOKE_HEADERS,
        save,
        time=chinese_time,
        money=lambda values: texts(values, lambda x: f"{x / 10_000:.6f}".rstrip("0").rstrip(".") + "万元"),
        seconds=minutes_and_seconds("分", "秒"),
        files={"leads": "销售线索", "calls": "通话记录", "orders": "销售订单", "stages": "线索阶段"},
        others=FXIAOKE_OTHERS,
        words=False,
        edits=(COHORT,),
    )


EXPORTS = {
    "fxiaoke": _fxiaoke(csv_file(encoding="gb18030")),
    "fxiaoke_xlsx": _fxiaoke(excel_file),
    "zoho": CrmExport(
        "zoho",
        ZOHO_HEADERS,
        csv_file(),
        time=lambda values: values.dt.strftime("%d/%m/%Y %I:%M %p"),
        money=lambda values: texts(values, indian),
        seconds=lambda values: texts(values, lambda s: f"{int(s) // 60:02d}:{int(s) % 60:02d}"),
        files={"leads": "Leads_001", "calls": "Calls_001", "orders": "Deals_001", "stages": "Stage_History"},
        key=lambda lead, _: f"zcrm_48076000000{lead[-6:]}",
        others={
            "Lead Owner": _named,
            "First Name": _named,
            "Company": "Acme",
            "Phone": _phone,
            "Modified Time": "30/06/2026 09:00 AM",
        },
        edits=(COHORT,),
        minutes=True,
    ),
    "salesforce": CrmExport(
        "salesforce",
        SALESFORCE_HEADERS,
        csv_file(encoding="utf-8-sig", lineterminator="\r\n"),
        time=zoned,
        money=lambda values: texts(values, lambda x: f"CNY {x:,.2f}"),
        seconds=lambda values: values,
        files={"leads": "Lead", "calls": "Task", "orders": "Opportunity", "stages": "LeadStageHistory"},
        key=lambda lead, table: salesforce_id(lead)[: 15 if table == "calls" else 18],
        others={
            "OwnerId": _named,
            "Company": "Acme",
            "LastName": _named,
            "Phone": _phone,
            "Status": "Open",
            "LastModifiedDate": "2026-06-30T09:00:00.000+0000",
        },
        edits=(COHORT,),
    ),
    "hubspot": CrmExport(
        "hubspot",
        HUBSPOT_HEADERS,
        csv_file(),
        time=lambda values: values.dt.strftime("%Y-%m-%d %H:%M"),
        money=lambda values: values,
        seconds=_clock,
        files={
            "leads": "all-contacts",
            "calls": "all-calls",
            "orders": "all-deals",
            "stages": "contact-stages",
        },
        key=lambda lead, _: f"1510{lead[-6:]}",
        others={
            "First Name": _named,
            "Email": lambda place: f"a{place}@example.com",
            "Phone Number": _phone,
            "Contact owner": _named,
            "Last Activity Date": "2026-06-30 09:00",
        },
        edits=(COHORT,),
        minutes=True,
    ),
}


def _iso(values):
    return values.dt.strftime("%Y-%m-%d %H:%M:%S")


def _minutes(values):
    return texts(values, lambda s: f"{s / 60:.2f}")


def _as_numbers(values):
    return values


def _less(headers, *left_out):
    return {table: {o: n for o, n in some.items() if o not in left_out} for table, some in headers.items()}


ODOO_HEADERS = {
    "leads": {
        "lead_id": "External ID",
        "customer_id": "Customer/External ID",
        "created_at": "Created on",
        "channel": "Source",
        "region": "State",
        "note": "Internal Notes",
    },
    "calls": {
        "lead_id": "Opportunity/External ID",
        "started_at": "Date",
        "duration": "Duration",
        "direction": "Direction",
        "status": "State",
        "agent_id": "Responsible",
    },
    "orders": {
        "order_id": "Order Reference",
        "lead_id": "Opportunity/External ID",
        "ordered_at": "Order Date",
        "amount": "Total",
    },
}
DYNAMICS_HEADERS = {
    "leads": {
        "lead_id": "(Do Not Modify) Lead",
        "created_at": "Created On",
        "channel": "Lead Source",
        "industry": "Industry",
        "budget": "Budget Amount",
    },
    "calls": {
        "call_id": "(Do Not Modify) Phone Call",
        "lead_id": "Regarding Id",
        "started_at": "Actual Start",
        "duration": "Actual Duration",
        "direction": "Direction",
        "status": "Call Outcome",
    },
    "orders": {
        "order_id": "(Do Not Modify) Opportunity",
        "lead_id": "Originating Lead",
        "ordered_at": "Actual Close Date",
        "amount": "Actual Revenue",
    },
}
FURTHER = {
    "odoo": CrmExport(
        "odoo",
        ODOO_HEADERS,
        csv_file(),
        time=_iso,
        money=_as_numbers,
        seconds=_clock,
        files={"leads": "crm_lead", "calls": "phonecalls", "orders": "sale_order"},
        key=lambda lead, _: f"__export__.crm_lead_{lead[-6:]}",
        others={"Salesperson": _named, "Opportunity": "Offer", "Stage": "New", "Active": "True"},
    ),
    "dynamics": CrmExport(
        "dynamics",
        DYNAMICS_HEADERS,
        csv_file(),
        time=lambda values: values.dt.strftime("%m/%d/%Y %I:%M %p"),
        money=_as_numbers,
        seconds=_minutes,
        files={"leads": "leads", "calls": "phonecalls", "orders": "opportunities"},
        key=lambda lead, _: f"{lead[-6:]}00-aaaa-4bbb-8ccc-0000{lead[-6:]}00",
        others={
            "Owner": _named,
            "(Do Not Modify) Row Checksum": "x1",
            "(Do Not Modify) Modified On": "06/30/2026 09:00 AM",
        },
    ),
}


def write_pipedrive(world, folder):
    """Deals, which are leads with their end, and activities."""
    leads, calls = world.leads, world.calls
    won = world.orders.dropna(subset=["lead_id"]).groupby("lead_id")["ordered_at"].min()
    at = leads["lead_id"].map(won)
    number = leads["lead_id"].str[-6:].astype(int)
    pd.DataFrame(
        {
            "Deal - ID": number,
            "Deal - Title": "Offer",
            "Deal - Owner": "Ann",
            "Deal - Deal created": _iso(leads["created_at"]),
            "Deal - Status": at.notna().map({True: "Won", False: "Open"}),
            "Deal - Won time": _iso(at),
            "Deal - Value": leads["budget"],
            "Deal - Source channel": leads["channel"],
        }
    ).to_csv(folder / "deals.csv", index=False)
    pd.DataFrame(
        {
            "Activity - ID": range(len(calls)),
            "Activity - Deal ID": calls["lead_id"].str[-6:].astype(int),
            "Activity - Type": "Call",
            "Activity - Due date": _iso(calls["started_at"]),
            "Activity - Duration": _clock(calls["duration"]),
            "Activity - Call outcome": calls["status"].map(RESULTS),
        }
    ).to_csv(folder / "activities.csv", index=False)


def write_call_log(world, name, folder):
    """The call log of a telephone system, beside the world's own leads and orders."""
    leads, calls = world.leads, world.calls
    leads.to_csv(folder / "leads.csv", index=False)
    world.orders.to_csv(folder / "orders.csv", index=False)
    phone = calls["lead_id"].map(leads.set_index("lead_id")["phone"].astype(str))
    words = calls["status"].map(RESULTS)
    if name == "asterisk":
        result = words.map({"Connected": "ANSWERED", "Busy": "BUSY"}).fillna("NO ANSWER")
        end = calls["started_at"] + pd.to_timedelta(calls["duration"], unit="s")
        rows = {
            "account": calls["lead_id"],
            "src": "2001",
            "dst": phone,
            "context": "out",
            "clid": '"A" <2001>',
            "channel": "SIP/1",
            "other": "SIP/2",
            "app": "Dial",
            "data": "SIP",
            "start": _iso(calls["started_at"]),
            "answer": _iso(calls["started_at"]),
            "end": _iso(end),
            "length": calls["duration"],
            "billsec": calls["duration"],
            "result": result,
            "flags": "DOCUMENTATION",
            "id": [f"17{place:08}.0" for place in range(len(calls))],
            "user": "",
        }
        pd.DataFrame(rows).to_csv(folder / "Master.csv", index=False, header=False)
    elif name == "twilio":
        result = words.map({"Connected": "completed", "Busy": "busy"}).fillna("no-answer")
        pd.DataFrame(
            {
                "Call Sid": [f"CA{place:032x}" for place in range(len(calls))],
                "Start Time": _iso(calls["started_at"]),
                "End Time": _iso(calls["started_at"]),
                "From": "19900009999",
                "To": phone,
                "Direction": "outbound-api",
                "Duration": calls["duration"],
                "Status": result,
                "Price": "-0.01",
                "PriceUnit": "USD",
            }
        ).to_csv(folder / "twilio-calls.csv", index=False)
    else:
        pd.DataFrame(
            {
                "Call ID (internal)": range(len(calls)),
                "Call date - time": _iso(calls["started_at"]),
                "Line name": "Sales",
                "Call direction": calls["direction"].map(DIRECTIONS),
                "External number": phone,
                "User name": "Ann",
                "Answered": (words == "Connected").map({True: "Yes", False: "No"}),
                "In-call duration": calls["duration"],
                "Unanswered Call Reason": "",
                "Tags": "",
            }
        ).to_csv(folder / "aircall-calls.csv", index=False)
