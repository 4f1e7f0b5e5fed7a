"""Ten more layouts, written before the recogniser was looked at, to measure what it was not tuned on.

Each is an independent draw: other languages, sheets, joins and forms of time than those of
``unknown_layouts``, whose words the recogniser came to know.
"""

import pandas as pd
from support.unknown_layouts import (
    DIRECTIONS,
    STATUSES,
    Layout,
    right_of_three,
    three_files,
    timed,
    under_names,
    worded,
)

ITALIAN = (
    {"channel": "Provenienza", "created_at": "Inserito il", "lead_id": "Codice contatto", "budget": "Budget"},
    {
        "status": "Esito",
        "duration": "Durata chiamata",
        "direction": "Verso",
        "started_at": "Data chiamata",
        "lead_id": "Codice contatto",
    },
    {
        "amount": "Importo",
        "ordered_at": "Data ordine",
        "order_id": "Numero ordine",
        "lead_id": "Codice contatto",
    },
)
POLISH = (
    {"lead_id": "Nr klienta", "created_at": "Data utworzenia", "channel": "Źródło", "region": "Województwo"},
    {
        "lead_id": "Klient",
        "started_at": "Początek rozmowy",
        "duration": "Czas trwania (s)",
        "direction": "Kierunek",
        "status": "Wynik",
    },
    {
        "order_id": "Nr zamówienia",
        "lead_id": "Klient",
        "ordered_at": "Data zamówienia",
        "amount": "Kwota brutto",
    },
)
ARABIC = (
    {"lead_id": "رقم العميل", "created_at": "تاريخ التسجيل", "channel": "المصدر"},
    {
        "lead_id": "رقم العميل",
        "started_at": "وقت المكالمة",
        "duration": "مدة المكالمة",
        "direction": "الاتجاه",
        "status": "النتيجة",
    },
    {"order_id": "رقم الطلب", "lead_id": "رقم العميل", "ordered_at": "تاريخ الطلب", "amount": "المبلغ"},
)


def _italian(tables, folder):
    """Lengths as minutes and seconds, columns the other way round."""
    calls = tables["calls"]
    told = calls.assign(duration=[f"{s // 60:02d}:{s % 60:02d}" for s in calls["duration"]])
    words = (("uscente", "entrante"), ("risposto", "nessuna risposta", "occupato"))
    write = three_files(
        ITALIAN, ("contatti.csv", "chiamate.csv", "ordini.csv"), words, "%d/%m/%Y %H:%M", sep=";"
    )
    return write(tables | {"calls": told}, folder)


def _turkish(tables, folder):
    """Three sheets of a workbook, with real times."""
    calls = tables["calls"]
    parts = {
        "Sayfa1": under_names(
            tables["leads"], {"lead_id": "Müşteri No", "created_at": "Kayıt Tarihi", "channel": "Kaynak"}
        ),
        "Sayfa2": under_names(
            calls,
            {
                "lead_id": "Müşteri No",
                "started_at": "Arama Tarihi",
                "duration": "Konuşma Süresi (sn)",
                "status": "Sonuç",
            },
            status=worded(calls["status"], ("cevaplandı", "cevapsız", "meşgul"), STATUSES),
        ),
        "Sayfa3": under_names(
            tables["orders"],
            {
                "order_id": "Sipariş No",
                "lead_id": "Müşteri No",
                "ordered_at": "Sipariş Tarihi",
                "amount": "Tutar",
            },
        ),
    }
    with pd.ExcelWriter(folder / "satis.xlsx", engine="xlsxwriter") as book:
        for name, frame in parts.items():
            frame.to_excel(book, sheet_name=name, index=False)
    return ["satis.xlsx"]


def _vietnamese(tables, folder):
    """Calls and orders know the customer by the phone alone."""
    leads, calls, orders = tables["leads"], tables["calls"], tables["orders"]
    phones = leads.set_index("lead_id")["phone"]
    under_names(
        leads,
        {"lead_id": "Mã khách", "phone": "Số điện thoại", "created_at": "Ngày tạo", "channel": "Nguồn"},
        created_at=timed(leads["created_at"], "%d/%m/%Y %H:%M:%S"),
    ).to_csv(folder / "khach_hang.csv", index=False, encoding="utf-8-sig")
    under_names(
        calls.assign(phone=calls["lead_id"].map(phones)),
        {
            "call_id": "Mã cuộc gọi",
            "started_at": "Thời gian gọi",
            "phone": "Số gọi đến",
            "duration": "Thời lượng (giây)",
            "status": "Kết quả",
        },
        started_at=timed(calls["started_at"], "%d/%m/%Y %H:%M:%S"),
        status=worded(calls["status"], ("nghe máy", "không nghe máy", "máy bận"), STATUSES),
    ).to_csv(folder / "cuoc_goi.csv", index=False, encoding="utf-8-sig")
    under_names(
        orders.assign(phone=orders["lead_id"].map(phones)),
        {"order_id": "Mã đơn", "phone": "SĐT khách", "ordered_at": "Ngày đặt hàng", "amount": "Thành tiền"},
        ordered_at=timed(orders["ordered_at"], "%d/%m/%Y"),
    ).to_csv(folder / "don_hang.csv", index=False, encoding="utf-8-sig")
    return ["khach_hang.csv", "cuoc_goi.csv", "don_hang.csv"]


def _indonesian(tables, folder):
    """The outcome and its date in the list; calls beside it."""
    leads, calls = tables["leads"], tables["calls"]
    under_names(
        leads,
        {
            "lead_id": "ID Prospek",
            "created_at": "Tanggal Masuk",
            "channel": "Sumber",
            "won": "Hasil Akhir",
            "closed_at": "Tanggal Closing",
        },
        won=leads["closed_at"].notna().map({True: "Berhasil", False: "Belum"}),
    ).to_csv(folder / "prospek.csv", index=False)
    under_names(
        calls,
        {
            "lead_id": "ID Prospek",
            "started_at": "Waktu Telepon",
            "duration": "Durasi (detik)",
            "status": "Status Telepon",
        },
        status=worded(calls["status"], ("diangkat", "tidak diangkat", "sibuk"), STATUSES),
    ).to_csv(folder / "telepon.csv", index=False)
    return ["prospek.csv", "telepon.csv"]


def _chinese_by_phone(tables, folder):
    """A course seller's list, a dialler's record that knows the number alone, and contracts."""
    leads, calls, orders = tables["leads"], tables["calls"], tables["orders"]
    phones = leads.set_index("lead_id")["phone"]
    with pd.ExcelWriter(folder / "名单.xlsx", engine="xlsxwriter") as book:
        under_names(
            leads,
            {
                "phone": "手机",
                "region": "所在城市",
                "channel": "推广渠道",
                "created_at": "留资时间",
                "lead_id": "学员编号",
            },
        ).to_excel(book, index=False)
    under_names(
        calls.assign(
            phone=calls["lead_id"].map(phones),
            duration=[f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in calls["duration"]],
        ),
        {
            "agent_id": "坐席工号",
            "phone": "被叫号码",
            "started_at": "呼叫时间",
            "duration": "通话时长",
            "status": "接通状态",
        },
    ).to_csv(folder / "话单.csv", index=False, encoding="gb18030")
    under_names(
        orders.assign(phone=orders["lead_id"].map(phones)),
        {"order_id": "合同编号", "phone": "学员手机", "ordered_at": "签约日期", "amount": "合同金额"},
        ordered_at=timed(orders["ordered_at"], "%Y.%m.%d"),
    ).to_csv(folder / "签约.csv", index=False, encoding="gb18030")
    return ["名单.xlsx", "话单.csv", "签约.csv"]


def _chinese_in_one(tables, folder):
    """A row a call, the lead's own repeated, whether it was signed at the end."""
    leads, calls = tables["leads"], tables["calls"]
    told = leads.assign(won=leads["closed_at"].notna().map({True: "已签约", False: "未签约"}))
    both = calls.merge(told[["lead_id", "created_at", "channel", "won"]], on="lead_id")
    pd.DataFrame(
        {
            "拨打时间": timed(both["started_at"], "%Y/%m/%d %H:%M:%S"),
            "接听情况": both["status"],
            "时长(秒)": both["duration"],
            "顾客ID": both["lead_id"],
            "首次咨询时间": timed(both["created_at"], "%Y/%m/%d %H:%M:%S"),
            "获客方式": both["channel"],
            "签约情况": both["won"],
        }
    ).to_csv(folder / "跟进表.csv", index=False, encoding="gb18030")
    return ["跟进表.csv"]


def _swedish(tables, folder):
    leads, stages = tables["leads"], tables["stages"]
    told = {"新线索": "Ny", "成交": "Vunnen", "流失": "Förlorad"}
    under_names(
        leads, {"lead_id": "Kundnummer", "created_at": "Skapad", "channel": "Källa", "region": "Län"}
    ).to_csv(folder / "kunder.csv", index=False, sep=";", encoding="cp1252")
    under_names(
        stages,
        {"stage": "Fas", "entered_at": "Ändrad", "lead_id": "Kundnummer"},
        stage=stages["stage"].map(lambda one: told.get(one, f"Steg {len(one)}")),
    ).to_csv(folder / "faser.csv", index=False, sep=";", encoding="cp1252")
    return ["kunder.csv", "faser.csv"]


def _insurer(tables, folder):
    """An insurer's quotes, its dialler's minutes with an offset, and the policies sold."""
    leads, calls, orders = tables["leads"], tables["calls"], tables["orders"]
    form = "%Y-%m-%dT%H:%M:%S+08:00"
    under_names(
        leads,
        {"created_at": "quoted_at", "channel": "broker", "region": "postcode_area", "lead_id": "quote_ref"},
        created_at=timed(leads["created_at"], form),
    ).to_csv(folder / "quotes.csv", index=False)
    under_names(
        calls,
        {
            "lead_id": "quote_ref",
            "direction": "leg",
            "started_at": "dialed_at",
            "duration": "billsec",
            "status": "hangup_cause",
        },
        started_at=timed(calls["started_at"], form),
        direction=worded(calls["direction"], ("outbound", "inbound"), DIRECTIONS),
        status=worded(calls["status"], ("ANSWER", "NOANSWER", "BUSY"), STATUSES),
    ).to_csv(folder / "dialer_legs.csv", index=False)
    under_names(
        orders,
        {
            "order_id": "policy_number",
            "lead_id": "quote_ref",
            "ordered_at": "bound_at",
            "amount": "annual_premium",
        },
        ordered_at=timed(orders["ordered_at"], form),
    ).to_csv(folder / "policies.csv", index=False)
    return ["quotes.csv", "dialer_legs.csv", "policies.csv"]


FRESH = (
    Layout("italian", _italian, right_of_three(ITALIAN)),
    Layout(
        "polish",
        three_files(
            POLISH,
            ("klienci.csv", "rozmowy.csv", "zamowienia.csv"),
            (("wychodzące", "przychodzące"), ("odebrane", "nieodebrane", "zajęte")),
            "%d.%m.%Y %H:%M",
            sep=";",
            encoding="cp1250",
            decimal=",",
        ),
        right_of_three(POLISH),
    ),
    Layout(
        "arabic",
        three_files(
            ARABIC,
            ("عملاء.csv", "مكالمات.csv", "طلبات.csv"),
            (("صادرة", "واردة"), ("تم الرد", "لا رد", "مشغول")),
            "%Y-%m-%d %H:%M",
        ),
        right_of_three(ARABIC),
    ),
    Layout(
        "turkish",
        _turkish,
        {
            "leads": {"lead_id": "Müşteri No", "created_at": "Kayıt Tarihi"},
            "calls": {
                "lead_id": "Müşteri No",
                "started_at": "Arama Tarihi",
                "duration": "Konuşma Süresi (sn)",
            },
            "orders": {
                "order_id": "Sipariş No",
                "lead_id": "Müşteri No",
                "ordered_at": "Sipariş Tarihi",
                "amount": "Tutar",
            },
        },
    ),
    Layout(
        "vietnamese",
        _vietnamese,
        {
            "leads": {"lead_id": "Mã khách", "customer_id": "Số điện thoại", "created_at": "Ngày tạo"},
            "calls": {
                "call_id": "Mã cuộc gọi",
                "customer_id": "Số gọi đến",
                "started_at": "Thời gian gọi",
                "duration": "Thời lượng (giây)",
            },
            "orders": {
                "order_id": "Mã đơn",
                "customer_id": "SĐT khách",
                "ordered_at": "Ngày đặt hàng",
                "amount": "Thành tiền",
            },
        },
    ),
    Layout(
        "indonesian",
        _indonesian,
        {
            "leads": {
                "lead_id": "ID Prospek",
                "created_at": "Tanggal Masuk",
                "outcome": "Hasil Akhir",
                "closed_on": "Tanggal Closing",
            },
            "calls": {"lead_id": "ID Prospek", "started_at": "Waktu Telepon", "duration": "Durasi (detik)"},
        },
        "outcome",
        ("Berhasil",),
    ),
    Layout(
        "chinese by phone",
        _chinese_by_phone,
        {
            "leads": {"lead_id": "学员编号", "customer_id": "手机", "created_at": "留资时间"},
            "calls": {"customer_id": "被叫号码", "started_at": "呼叫时间", "duration": "通话时长"},
            "orders": {
                "order_id": "合同编号",
                "customer_id": "学员手机",
                "ordered_at": "签约日期",
                "amount": "合同金额",
            },
        },
    ),
    Layout(
        "chinese in one",
        _chinese_in_one,
        {
            "leads": {"lead_id": "顾客ID", "created_at": "首次咨询时间", "outcome": "签约情况"},
            "calls": {"lead_id": "顾客ID", "started_at": "拨打时间", "duration": "时长(秒)"},
        },
        "outcome",
        ("已签约",),
    ),
    Layout(
        "swedish",
        _swedish,
        {
            "leads": {"lead_id": "Kundnummer", "created_at": "Skapad"},
            "stages": {"lead_id": "Kundnummer", "stage": "Fas", "entered_at": "Ändrad"},
        },
        "won_stage",
        ("Vunnen",),
    ),
    Layout(
        "insurer",
        _insurer,
        {
            "leads": {"lead_id": "quote_ref", "created_at": "quoted_at"},
            "calls": {"lead_id": "quote_ref", "started_at": "dialed_at", "duration": "billsec"},
            "orders": {
                "order_id": "policy_number",
                "lead_id": "quote_ref",
                "ordered_at": "bound_at",
                "amount": "annual_premium",
            },
        },
    ),
)

# Of these nothing that is known tells the letters, or which leads closed.
REFUSED = {"polish": "save it as UTF-8", "swedish": "save it as UTF-8", "indonesian": "which leads closed"}
