"""Twenty ways in which teams lay out the same world that no dialect describes, and what is right of each.

A layout writes its files into a folder and says which of its columns is which of ours, what a close
is, and by which columns its tables join. Its words were chosen as a team would.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

DIRECTIONS = ("呼出", "呼入")
STATUSES = ("接通", "无人接听", "占线", "无法接通", "关机", "停机", "空号", "总机", "传真")


@dataclass(frozen=True)
class Layout:
    """A team's layout.

    Attributes:
        name: of the layout.
        write: writes the world's tables into a folder; says the files' names.
        columns: what is right: table -> our column -> the file's.
        close: of the label.
        won: the words that say so, where there are such.
    """

    name: str
    write: Callable
    columns: Mapping[str, Mapping[str, object]]
    close: str = "first_order"
    won: tuple[str, ...] = field(default=())


def tables_in_short(world):
    """The world's leads, calls, orders of leads and stages, with the columns that layouts use."""
    leads = world.leads[["lead_id", "created_at", "channel", "region", "budget", "phone"]].copy()
    leads["phone"] = leads["phone"].astype(str)
    # Words that every code page has.
    for name in ("channel", "region"):
        leads[name] = leads[name].astype("category").cat.codes.map((name[0].upper() + "{}").format)
    calls = world.calls[
        ["call_id", "lead_id", "started_at", "duration", "direction", "status", "agent_id"]
    ].copy()
    orders = world.orders.dropna(subset=["lead_id"])[["order_id", "lead_id", "ordered_at", "amount"]].copy()
    stages = world.stages[["lead_id", "entered_at", "stage"]].copy()
    first = orders.groupby("lead_id")["ordered_at"].min()
    leads["closed_at"] = leads["lead_id"].map(first)
    return {"leads": leads, "calls": calls, "orders": orders, "stages": stages}


def under_names(frame, names, **changed):
    """Some columns of a frame under other names, in the names' order."""
    return frame.assign(**changed)[list(names)].rename(columns=names)


def worded(column, words, ours):
    return column.map(dict(zip(ours, words, strict=False))).fillna(words[0])


def timed(column, form):
    return column.dt.strftime(form)


def three_files(names, files, words, form, **options):
    """Leads, calls and orders as three files; ``options`` are of pandas."""

    def write(tables, folder):
        leads, calls, orders = tables["leads"], tables["calls"], tables["orders"]
        directions, statuses = words
        made = (
            under_names(leads, names[0], created_at=timed(leads["created_at"], form)),
            under_names(
                calls,
                names[1],
                started_at=timed(calls["started_at"], form),
                direction=worded(calls["direction"], directions, DIRECTIONS),
                status=worded(calls["status"], statuses, STATUSES),
            ),
            under_names(orders, names[2], ordered_at=timed(orders["ordered_at"], form)),
        )
        for frame, file in zip(made, files, strict=True):
            frame.to_csv(folder / file, index=False, **options)
        return list(files)

    return write


def right_of_three(names):
    """What is right of three tables that are called so: keys, joins, times, lengths and amounts."""
    kept = ("lead_id", "call_id", "order_id", "created_at", "started_at", "ordered_at", "duration", "amount")
    tables = ("leads", "calls", "orders")
    return {t: {o: n for o, n in some.items() if o in kept} for t, some in zip(tables, names, strict=True)}


def _by_names(name, names, files, words, form="%Y-%m-%d %H:%M:%S", **options):
    return Layout(name, three_files(names, files, words, form, **options), right_of_three(names))


GERMAN = (
    {"lead_id": "Interessenten-Nr", "channel": "Quelle", "created_at": "Erfasst am", "budget": "Budget"},
    {
        "lead_id": "Interessent",
        "started_at": "Beginn",
        "duration": "Gesprächsdauer (Sek.)",
        "direction": "Richtung",
        "status": "Ergebnis",
        "agent_id": "Mitarbeiter",
    },
    {
        "order_id": "Auftragsnummer",
        "lead_id": "Interessent",
        "ordered_at": "Auftragsdatum",
        "amount": "Betrag",
    },
)
FRENCH = (
    {"created_at": "Date de création", "lead_id": "N° prospect", "channel": "Origine", "region": "Région"},
    {
        "started_at": "Date et heure",
        "lead_id": "Prospect",
        "duration": "Durée",
        "direction": "Sens",
        "status": "Statut",
    },
    {
        "lead_id": "Prospect",
        "order_id": "N° commande",
        "amount": "Montant TTC",
        "ordered_at": "Date de commande",
    },
)
JAPANESE = (
    {"lead_id": "リード番号", "created_at": "登録日時", "channel": "流入元"},
    {
        "call_id": "通話ID",
        "lead_id": "リード番号",
        "started_at": "通話開始日時",
        "duration": "通話秒数",
        "direction": "発着信",
        "status": "通話結果",
    },
    {"order_id": "受注番号", "lead_id": "リード番号", "ordered_at": "受注日", "amount": "受注金額"},
)
KOREAN = (
    {"lead_id": "리드 번호", "created_at": "등록 일시", "channel": "유입 경로"},
    {
        "lead_id": "리드 번호",
        "started_at": "통화 시작 일시",
        "duration": "통화 시간(초)",
        "direction": "발신/수신",
        "status": "통화 결과",
    },
    {"order_id": "주문 번호", "lead_id": "리드 번호", "ordered_at": "주문 일시", "amount": "주문 금액"},
)
RUSSIAN = (
    {"lead_id": "Номер лида", "created_at": "Дата создания", "channel": "Источник"},
    {
        "lead_id": "Лид",
        "started_at": "Время звонка",
        "duration": "Длительность, сек",
        "direction": "Направление",
        "status": "Результат",
    },
    {"order_id": "Номер заказа", "lead_id": "Лид", "ordered_at": "Дата заказа", "amount": "Сумма"},
)
TAIWANESE = (
    {"lead_id": "名單編號", "created_at": "建檔時間", "channel": "來源"},
    {
        "lead_id": "名單編號",
        "started_at": "撥打時間",
        "duration": "通話秒數",
        "direction": "方向",
        "status": "接聽狀態",
    },
    {"order_id": "訂單編號", "lead_id": "名單編號", "ordered_at": "下單時間", "amount": "總金額"},
)
ODD_ENGLISH = (
    {"channel": "How they found us", "created_at": "Came in", "budget": "Wants to spend", "lead_id": "Ref"},
    {
        "started_at": "Dialled at",
        "duration": "Talk (sec)",
        "status": "Outcome",
        "direction": "Way",
        "lead_id": "Ref",
    },
    {"amount": "Price", "ordered_at": "Sold on", "lead_id": "Ref"},
)
NAMELESS = (
    {"lead_id": "f1", "created_at": "f2", "channel": "f3", "budget": "f4"},
    {
        "call_id": "g1",
        "lead_id": "g2",
        "started_at": "g3",
        "duration": "g4",
        "direction": "g5",
        "status": "g6",
    },
    {"order_id": "h1", "lead_id": "h2", "ordered_at": "h3", "amount": "h4"},
)
HOMELY = (
    {"lead_id": "客户号", "created_at": "进线日期", "channel": "哪里来的"},
    {
        "lead_id": "客户号",
        "started_at": "几点打的",
        "duration": "打了多久",
        "direction": "打进打出",
        "status": "结果",
    },
    {"lead_id": "客户号", "ordered_at": "付钱日期", "amount": "付了多少"},
)
DUTCH = (
    {"lead_id": "Leadnummer", "created_at": "Aangemaakt op", "channel": "Bron"},
    {
        "lead_id": "Lead",
        "started_at": "Starttijd",
        "duration": "Gespreksduur",
        "direction": "Richting",
        "status": "Status",
    },
    {"order_id": "Ordernummer", "lead_id": "Lead", "ordered_at": "Besteldatum", "amount": "Bedrag"},
)
EPOCHS = (
    {"lead_id": "contact", "created_at": "created_ms", "channel": "utm"},
    {
        "lead_id": "contact",
        "started_at": "started_ms",
        "duration": "secs",
        "direction": "dir",
        "status": "result",
    },
    {"order_id": "invoice", "lead_id": "contact", "ordered_at": "paid_ms", "amount": "total"},
)

_ENGLISH = (("outbound", "inbound"), ("answered", "no answer", "busy", "unreachable", "phone off"))


def _spanish_in_one(tables, folder):
    """A row a call, with what is known of the lead repeated in each."""
    leads, calls = tables["leads"], tables["calls"]
    told = leads.assign(won=leads["closed_at"].notna().map({True: "sí", False: "no"}))
    both = calls.merge(told[["lead_id", "created_at", "channel", "won"]], on="lead_id")
    one = pd.DataFrame(
        {
            "Prospecto": both["lead_id"],
            "Fecha de alta": timed(both["created_at"], "%d/%m/%Y %H:%M"),
            "Origen": both["channel"],
            "Vendido": both["won"],
            "Fecha de llamada": timed(both["started_at"], "%d/%m/%Y %H:%M"),
            "Duración (seg)": both["duration"],
            "Sentido": worded(both["direction"], ("saliente", "entrante"), DIRECTIONS),
            "Resultado de la llamada": worded(
                both["status"], ("contestada", "sin respuesta", "ocupado"), STATUSES
            ),
        }
    )
    one.to_excel(folder / "todo.xlsx", index=False)
    return ["todo.xlsx"]


def _portuguese_stages(tables, folder):
    leads, stages = tables["leads"], tables["stages"]
    told = {"新线索": "Novo", "成交": "Ganho", "流失": "Perdido"}
    under_names(
        leads, {"lead_id": "Código do lead", "created_at": "Data de cadastro", "channel": "Origem"}
    ).to_csv(folder / "cadastro.csv", index=False, sep=";")
    under_names(
        stages,
        {"lead_id": "Código do lead", "stage": "Etapa", "entered_at": "Data da mudança"},
        stage=stages["stage"].map(lambda one: told.get(one, f"Fase {len(one)}")),
    ).to_csv(folder / "funil.csv", index=False, sep=";")
    return ["cadastro.csv", "funil.csv"]


def _workbook(tables, folder):
    """Three sheets with titles above their headers."""
    leads, calls, orders = tables["leads"], tables["calls"], tables["orders"]
    with pd.ExcelWriter(folder / "sales.xlsx", engine="xlsxwriter") as book:
        for name, frame in (
            (
                "Prospects",
                under_names(
                    leads, {"lead_id": "Prospect ID", "created_at": "Date added", "channel": "Source"}
                ),
            ),
            (
                "Phone log",
                under_names(
                    calls,
                    {
                        "lead_id": "Prospect ID",
                        "started_at": "Call time",
                        "duration": "Seconds",
                        "direction": "In/Out",
                        "status": "Result",
                    },
                    direction=worded(calls["direction"], ("Out", "In"), DIRECTIONS),
                    status=worded(calls["status"], _ENGLISH[1], STATUSES),
                ),
            ),
            (
                "Sales",
                under_names(
                    orders,
                    {
                        "order_id": "Invoice No",
                        "lead_id": "Prospect ID",
                        "ordered_at": "Invoice date",
                        "amount": "Net amount",
                    },
                ),
            ),
        ):
            frame.to_excel(book, sheet_name=name, index=False, startrow=3)
            book.sheets[name].write(0, 0, f"{name} of the team")
    return ["sales.xlsx"]


def _by_phone(tables, folder):
    leads, calls, orders = tables["leads"], tables["calls"], tables["orders"]
    phones = leads.set_index("lead_id")["phone"]
    under_names(
        leads, {"lead_id": "Enquiry", "phone": "Mobile", "created_at": "Received", "channel": "Source"}
    ).to_csv(folder / "enquiries.csv", index=False)
    under_names(
        calls.assign(phone=calls["lead_id"].map(phones)),
        {"phone": "Number dialled", "started_at": "Start", "duration": "Length", "status": "Disposition"},
        status=worded(calls["status"], _ENGLISH[1], STATUSES),
    ).to_csv(folder / "cdr.csv", index=False)
    under_names(
        orders.assign(phone=orders["lead_id"].map(phones)),
        {"order_id": "Order", "phone": "Buyer phone", "ordered_at": "Order date", "amount": "Total"},
    ).to_csv(folder / "orders.csv", index=False)
    return ["enquiries.csv", "cdr.csv", "orders.csv"]


def _with_status(tables, folder):
    """The outcome in the list, with its date; calls beside it."""
    leads, calls = tables["leads"], tables["calls"]
    won = leads["closed_at"].notna().map({True: "Won", False: "Open"})
    under_names(
        leads,
        {
            "lead_id": "Opportunity ID",
            "created_at": "Created",
            "channel": "Lead source",
            "status": "Status",
            "closed_at": "Won date",
            "region": "Territory",
        },
        status=won,
    ).to_csv(folder / "list.csv", index=False)
    under_names(
        calls,
        {"lead_id": "Opp", "started_at": "When", "duration": "Talk seconds", "status": "Call outcome"},
        status=worded(calls["status"], _ENGLISH[1], STATUSES),
    ).to_csv(folder / "calls.csv", index=False)
    return ["list.csv", "calls.csv"]


def _apart_american(tables, folder):
    leads, calls, orders = tables["leads"], tables["calls"], tables["orders"]
    apart = {"day": "%m/%d/%Y", "hour": "%I:%M %p"}
    first, second = (
        frame.assign(**{name: timed(frame[at], form) for name, form in apart.items()})
        for frame, at in ((leads, "created_at"), (calls, "started_at"))
    )
    under_names(
        first, {"lead_id": "Lead #", "day": "Entry date", "hour": "Entry time", "channel": "Source"}
    ).to_csv(folder / "leads.csv", index=False)
    under_names(
        second,
        {"lead_id": "Lead #", "day": "Date", "hour": "Time", "duration": "Duration", "status": "Disposition"},
        status=worded(calls["status"], _ENGLISH[1], STATUSES),
    ).to_csv(folder / "dialer.csv", index=False)
    under_names(
        orders,
        {"order_id": "Order #", "lead_id": "Lead #", "ordered_at": "Order date", "amount": "Amount"},
        ordered_at=timed(orders["ordered_at"], "%m/%d/%Y"),
    ).to_csv(folder / "orders.csv", index=False)
    return ["leads.csv", "dialer.csv", "orders.csv"]


def _serials(tables, folder):
    def serial(column):
        return ((column - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)).round(6)

    leads, calls, orders = tables["leads"], tables["calls"], tables["orders"]
    under_names(
        leads,
        {"lead_id": "Lead ID", "created_at": "Create date", "channel": "Source"},
        created_at=serial(leads["created_at"]),
    ).to_csv(folder / "leads.csv", index=False)
    under_names(
        calls,
        {"lead_id": "Lead ID", "started_at": "Start time", "duration": "Duration (s)"},
        started_at=serial(calls["started_at"]),
    ).to_csv(folder / "calls.csv", index=False)
    under_names(
        orders,
        {"order_id": "Order ID", "lead_id": "Lead ID", "ordered_at": "Order date", "amount": "Amount"},
        ordered_at=serial(orders["ordered_at"]),
    ).to_csv(folder / "orders.csv", index=False)
    return ["leads.csv", "calls.csv", "orders.csv"]


def _homely(tables, folder):
    calls = tables["calls"]
    told = calls.assign(duration=[f"{s // 60}分{s % 60}秒" for s in calls["duration"]])
    words = (("打出", "打进"), ("接了", "没接", "占线"))
    form = "%Y年%m月%d日 %H:%M"
    return three_files(HOMELY, ("客户.csv", "电话.csv", "付款.csv"), words, form)(
        tables | {"calls": told}, folder
    )


def _moves(tables, folder):
    leads, stages = tables["leads"], tables["stages"]
    told = {"新线索": "Inbox", "成交": "Closed - Won", "流失": "Closed - Lost"}
    under_names(leads, {"lead_id": "Opportunity", "created_at": "Opened on", "channel": "Campaign"}).to_csv(
        folder / "opps.tsv", index=False, sep="\t"
    )
    under_names(
        stages,
        {"entered_at": "On", "lead_id": "Opportunity", "stage": "Moved to"},
        stage=stages["stage"].map(lambda one: told.get(one, f"Step {len(one)}")),
    ).to_csv(folder / "moves.tsv", index=False, sep="\t")
    return ["opps.tsv", "moves.tsv"]


def _sale_in_the_list(tables, folder):
    leads, calls, orders = tables["leads"], tables["calls"], tables["orders"]
    value = orders.drop_duplicates("lead_id").set_index("lead_id")["amount"]
    told = leads.assign(amount=leads["lead_id"].map(value))
    under_names(
        told,
        {
            "lead_id": "Lead ID",
            "created_at": "Date entered",
            "channel": "Source",
            "closed_at": "Sale date",
            "amount": "Sale amount",
        },
    ).to_csv(folder / "leads.csv", index=False)
    under_names(calls, {"lead_id": "Lead ID", "started_at": "Call date", "duration": "Call length"}).to_csv(
        folder / "calls.csv", index=False
    )
    return ["leads.csv", "calls.csv"]


def _epochs(tables, folder):
    def epochs(column):
        return column.astype("datetime64[ms]").astype("int64")

    number = {lead: str(7000 + place) for place, lead in enumerate(tables["leads"]["lead_id"])}
    made = {}
    for name, at in (("leads", "created_at"), ("calls", "started_at"), ("orders", "ordered_at")):
        frame = tables[name]
        made[name] = frame.assign(**{at: epochs(frame[at]), "lead_id": frame["lead_id"].map(number)})
    calls = made["calls"]
    made["calls"] = calls.assign(
        direction=worded(calls["direction"], _ENGLISH[0], DIRECTIONS),
        status=worded(calls["status"], _ENGLISH[1], STATUSES),
    )
    files = ("people.csv", "dials.csv", "invoices.csv")
    for frame, names, file in zip(made.values(), EPOCHS, files, strict=True):
        under_names(frame, names).to_csv(folder / file, index=False)
    return list(files)


LAYOUTS = (
    _by_names(
        "german",
        GERMAN,
        ("interessenten.csv", "anrufe.csv", "auftraege.csv"),
        (("ausgehend", "eingehend"), ("angenommen", "nicht erreicht", "besetzt", "nicht erreichbar")),
        "%d.%m.%Y %H:%M:%S",
        sep=";",
        encoding="cp1252",
        decimal=",",
    ),
    _by_names(
        "french",
        FRENCH,
        ("prospects.csv", "appels.csv", "ventes.csv"),
        (("sortant", "entrant"), ("répondu", "sans réponse", "occupé", "injoignable")),
        "%d/%m/%Y %H:%M",
    ),
    _by_names(
        "japanese",
        JAPANESE,
        ("リード.csv", "架電.csv", "受注.csv"),
        (("発信", "着信"), ("応答", "不在着信", "話中")),
        "%Y/%m/%d %H:%M",
        encoding="cp932",
    ),
    _by_names(
        "korean",
        KOREAN,
        ("leads_kr.csv", "통화.csv", "주문.csv"),
        (("발신", "수신"), ("응답", "부재중", "통화 중")),
        encoding="utf-8-sig",
    ),
    _by_names(
        "russian",
        RUSSIAN,
        ("лиды.csv", "звонки.csv", "заказы.csv"),
        (("исходящий", "входящий"), ("отвечен", "нет ответа", "занято")),
        "%d.%m.%Y %H:%M",
        encoding="cp1251",
        sep=";",
    ),
    _by_names(
        "taiwanese",
        TAIWANESE,
        ("名單.csv", "通話.csv", "訂單.csv"),
        (("撥出", "撥入"), ("已接聽", "未接聽", "忙線")),
        encoding="cp950",
    ),
    _by_names(
        "odd english",
        ODD_ENGLISH,
        ("enquiries.csv", "phone.csv", "sold.csv"),
        (("out", "in"), ("answered", "no answer", "busy")),
    ),
    _by_names("nameless", NAMELESS, ("a.csv", "b.csv", "c.csv"), _ENGLISH),
    _by_names(
        "dutch",
        DUTCH,
        ("leads.csv", "gesprekken.csv", "orders.csv"),
        (("uitgaand", "inkomend"), ("beantwoord", "gemist", "bezet")),
        "%d-%m-%Y %H:%M",
    ),
    Layout(
        "spanish in one",
        _spanish_in_one,
        {
            "leads": {"lead_id": "Prospecto", "created_at": "Fecha de alta", "outcome": "Vendido"},
            "calls": {"lead_id": "Prospecto", "started_at": "Fecha de llamada", "duration": "Duración (seg)"},
        },
        "outcome",
        ("sí",),
    ),
    Layout(
        "portuguese stages",
        _portuguese_stages,
        {
            "leads": {"lead_id": "Código do lead", "created_at": "Data de cadastro"},
            "stages": {"lead_id": "Código do lead", "stage": "Etapa", "entered_at": "Data da mudança"},
        },
        "won_stage",
        ("Ganho",),
    ),
    Layout(
        "workbook",
        _workbook,
        {
            "leads": {"lead_id": "Prospect ID", "created_at": "Date added"},
            "calls": {
                "lead_id": "Prospect ID",
                "started_at": "Call time",
                "duration": "Seconds",
                "direction": "In/Out",
                "status": "Result",
            },
            "orders": {
                "order_id": "Invoice No",
                "lead_id": "Prospect ID",
                "ordered_at": "Invoice date",
                "amount": "Net amount",
            },
        },
    ),
    Layout(
        "by phone",
        _by_phone,
        {
            "leads": {"lead_id": "Enquiry", "customer_id": "Mobile", "created_at": "Received"},
            "calls": {"customer_id": "Number dialled", "started_at": "Start", "duration": "Length"},
            "orders": {"customer_id": "Buyer phone", "ordered_at": "Order date", "amount": "Total"},
        },
    ),
    Layout(
        "with status",
        _with_status,
        {
            "leads": {
                "lead_id": "Opportunity ID",
                "created_at": "Created",
                "outcome": "Status",
                "closed_on": "Won date",
            },
            "calls": {"lead_id": "Opp", "started_at": "When", "duration": "Talk seconds"},
        },
        "outcome",
        ("Won",),
    ),
    Layout(
        "apart american",
        _apart_american,
        {
            "leads": {"lead_id": "Lead #", "created_at": ["Entry date", "Entry time"]},
            "calls": {"lead_id": "Lead #", "started_at": ["Date", "Time"], "duration": "Duration"},
            "orders": {"order_id": "Order #", "lead_id": "Lead #", "ordered_at": "Order date"},
        },
    ),
    Layout(
        "serials",
        _serials,
        {
            "leads": {"lead_id": "Lead ID", "created_at": "Create date"},
            "calls": {"lead_id": "Lead ID", "started_at": "Start time", "duration": "Duration (s)"},
            "orders": {"order_id": "Order ID", "lead_id": "Lead ID", "ordered_at": "Order date"},
        },
    ),
    Layout("homely chinese", _homely, right_of_three(HOMELY)),
    Layout(
        "moves",
        _moves,
        {
            "leads": {"lead_id": "Opportunity", "created_at": "Opened on"},
            "stages": {"lead_id": "Opportunity", "stage": "Moved to", "entered_at": "On"},
        },
        "won_stage",
        ("Closed - Won",),
    ),
    Layout(
        "sale in the list",
        _sale_in_the_list,
        {
            "leads": {"lead_id": "Lead ID", "created_at": "Date entered"},
            "calls": {"lead_id": "Lead ID", "started_at": "Call date", "duration": "Call length"},
            "orders": {"lead_id": "Lead ID", "ordered_at": "Sale date"},
        },
    ),
    Layout("epochs", _epochs, right_of_three(EPOCHS)),
)
