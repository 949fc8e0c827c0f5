#!/usr/bin/env python3
"""Writes files as companies keep them, each beside what it truly says.

The records come first; a file is one way to write them down, and expected.json is worked out from the
records, never from the file and by nothing of the program. Run it again after a change: the output is
the same on every machine. Only the standard library is used. Names are made of frequent surnames and
characters; none is a company or a person.
"""
import datetime as dt
import io
import json
import pathlib
import random
import zipfile
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).parent
EXPECTED = {}
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = ["伟", "芳", "娜", "敏", "静", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "明", "超", "霞"]
PLACES = ["江北", "城东", "滨海", "南山", "河西", "云岭", "金湖", "临港"]
TRADES = ["机电", "医疗", "能源", "化工", "物流", "软件", "建材", "食品"]
WORKS = ["产线改造", "仓储系统", "培训平台", "安防升级", "数据中心", "设备采购", "节能改造", "质检系统"]


def day(text):
    return dt.date.fromisoformat(text)


def deals(seed, count, stages, sellers, first="2026-01-05", closed=("赢单", "输单")):
    """Records: id, name, account, owner, stage, amount in cents, created, closed, expected."""
    rng = random.Random(seed)
    out = []
    for i in range(count):
        stage = stages[rng.randrange(len(stages))]
        created = day(first) + dt.timedelta(days=rng.randrange(120))
        account = rng.choice(PLACES) + rng.choice(TRADES) + "有限公司"
        out.append({
            "id": f"X{1000 + i}", "account": account, "name": f"{account[:4]}{rng.choice(WORKS)}{i + 1}期",
            "owner": rng.choice(sellers), "stage": stage, "cents": rng.randrange(5, 400) * 500_000,
            "created": created, "closed": created + dt.timedelta(days=20 + rng.randrange(90)) if stage in closed else None,
            "expected": created + dt.timedelta(days=60 + rng.randrange(120)) if stage not in closed else None,
        })
    return out


def people(seed, count):
    rng = random.Random(seed)
    out = []
    while len(out) < count:
        name = rng.choice(SURNAMES) + rng.choice(GIVEN)
        if name not in out:
            out.append(name)
    return out


def expect(file, records, clicks=8, currency="CNY", won=("赢单",), lost=("输单",), aside=0, **more):
    """What the file says: how many deals, what they are worth, how many of each stage and owner."""
    count = {}
    owners = {}
    for r in records:
        count[r["stage"]] = count.get(r["stage"], 0) + 1
        owners[r["owner"]] = owners.get(r["owner"], 0) + 1
    EXPECTED[file] = {
        "kind": "opportunity", "deals": len(records), "currency": currency,
        "cents": sum(r["cents"] or 0 for r in records),
        "wonCents": sum(r["cents"] or 0 for r in records if r["stage"] in won),
        "won": sum(r["stage"] in won for r in records), "lost": sum(r["stage"] in lost for r in records),
        "stages": count, "owners": owners, "accounts": len({r["account"] for r in records}),
        "withoutAmount": sum(r["cents"] is None for r in records), "aside": aside,
        "created": [str(min((r["created"] for r in records if r["created"]), default="")), str(max((r["created"] for r in records if r["created"]), default=""))],
        "closed": sum(r["closed"] is not None for r in records), "expected": sum(r["expected"] is not None for r in records), **more}


# --- a workbook by hand: cells are text, numbers with a style, or nothing ---

STYLES = ["General", "yyyy/m/d", "0.00%", "00000", "#,##0.00", "yyyy-mm-dd hh:mm", '"$"#,##0.00']


def xlsx(file, sheets, date1904=False):
    """sheets: [(name, rows, merges, hidden)], a cell is None, a text, a number or (number, style)."""
    def cell(ref, v):
        if v is None or v == "":
            return ""
        if isinstance(v, str):
            return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(v)}</t></is></c>'
        n, style = v if isinstance(v, tuple) else (v, 0)
        return f'<c r="{ref}" s="{style}"><v>{n!r}</v></c>'

    def letters(i):
        return chr(65 + i) if i < 26 else letters(i // 26 - 1) + chr(65 + i % 26)

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        def put(name, text):
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text, zipfile.ZIP_DEFLATED)
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
        put("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{kind}styles+xml"/>'
            + "".join(f'<Override PartName="/xl/worksheets/sheet{i + 1}.xml" ContentType="{kind}worksheet+xml"/>' for i in range(len(sheets))) + "</Types>")
        put("_rels/.rels", f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        put("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{rel}"><workbookPr{" date1904=" + chr(34) + "1" + chr(34) if date1904 else ""}/><sheets>'
            + "".join(f'<sheet name="{escape(s[0])}" sheetId="{i + 1}"{" state=" + chr(34) + "hidden" + chr(34) if s[3] else ""} r:id="r{i + 1}"/>' for i, s in enumerate(sheets)) + "</sheets></workbook>")
        put("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + "".join(f'<Relationship Id="r{i + 1}" Type="{rel}/worksheet" Target="worksheets/sheet{i + 1}.xml"/>' for i in range(len(sheets)))
            + f'<Relationship Id="r99" Type="{rel}/styles" Target="styles.xml"/></Relationships>')
        put("xl/styles.xml", f'<styleSheet xmlns="{main}"><numFmts count="{len(STYLES) - 1}">'
            + "".join(f'<numFmt numFmtId="{200 + i}" formatCode="{escape(f, {chr(34): "&quot;"})}"/>' for i, f in enumerate(STYLES) if i)
            + '</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            + f'<cellXfs count="{len(STYLES)}">' + "".join(f'<xf numFmtId="{200 + i if i else 0}" applyNumberFormat="1" xfId="0"/>' for i in range(len(STYLES))) + "</cellXfs></styleSheet>")
        for i, (_, rows, merges, _) in enumerate(sheets):
            body = "".join(f'<row r="{n + 1}">' + "".join(cell(f"{letters(c)}{n + 1}", v) for c, v in enumerate(row)) + "</row>" for n, row in enumerate(rows) if any(v not in (None, "") for v in row))
            put(f"xl/worksheets/sheet{i + 1}.xml", f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData>'
                + (f'<mergeCells count="{len(merges)}">' + "".join(f'<mergeCell ref="{m}"/>' for m in merges) + "</mergeCells>" if merges else "") + "</worksheet>")
    (HERE / file).write_bytes(out.getvalue())


def serial(d, date1904=False):
    return (d - (dt.date(1904, 1, 1) if date1904 else dt.date(1899, 12, 30))).days


def csv(file, rows, encoding="utf-8", sep=","):
    def quoted(v):
        v = "" if v is None else str(v)
        return '"' + v.replace('"', '""') + '"' if any(c in v for c in (sep, '"', "\n")) else v
    (HERE / file).write_bytes("".join(sep.join(quoted(v) for v in row) + "\r\n" for row in rows).encode(encoding))


OPEN = ["初步接触", "需求确认", "方案报价", "商务谈判"]
STAGES = OPEN + ["赢单", "输单"]


def wan(cents):
    return f"{cents / 1_000_000:g}"


def ledger():
    """A ledger with a title, its header in row 3, a sub-total for each quarter, and hand-written values."""
    sellers = people(1, 5)
    records = deals(1, 91, STAGES, sellers)
    records.sort(key=lambda r: (r["created"].month - 1) // 3)
    rows = [["2026年度销售项目台账"], [None], ["序号", "项目名称", "客户名称", "负责人", "阶段", "预计金额(万元)", "登记日期", "预计签约", "备注"]]
    aside, quarter, total = 1, None, 0
    for i, r in enumerate(records):
        q = (r["created"].month - 1) // 3 + 1
        if quarter and q != quarter:
            rows.append([None, f"第{quarter}季度小计", None, None, None, total / 1_000_000])
            aside, total = aside + 1, 0
        quarter = q
        amount = int(wan(r["cents"])) if r["cents"] % 1_000_000 == 0 else float(wan(r["cents"]))
        if i % 13 == 5:
            amount, r["cents"] = "待定", None
        elif i % 13 == 7:
            amount, r["cents"] = "约60万", 60_000_000
        expected = (serial(r["expected"]), 1) if r["expected"] else None
        if r["expected"] and i % 11 == 3:
            expected = "12月底"
        total += r["cents"] or 0
        rows.append([i + 1, r["name"], r["account"], r["owner"], r["stage"], amount, (serial(r["created"]), 1), expected, "急" if i % 9 == 0 else None])
        r["closed"] = None
    rows.append([None, f"第{quarter}季度小计", None, None, None, total / 1_000_000])
    rows.append([None, "合计", None, None, None, sum(r["cents"] or 0 for r in records) / 1_000_000])
    rows.append(["备注:金额含税,以合同为准"])
    xlsx("01-ledger.xlsx", [("2026台账", rows, ["A1:I1"], False)])
    expect("01-ledger.xlsx", records, aside=aside + 3)


def two_lines():
    """Two lines of header with merged groups, empty columns and a unit above the table."""
    sellers = people(2, 4)
    records = deals(2, 40, STAGES, sellers)
    rows = [["项目跟踪表"], [None, None, None, None, None, None, None, None, "单位:万元"],
            ["项目", None, "客户", "销售人员", "阶段", "金额", None, "时间", None],
            ["编号", "名称", None, None, None, "预计", "币种", "立项", "预计签单"]]
    for r in records:
        rows.append([r["id"], r["name"], r["account"], r["owner"], r["stage"], float(wan(r["cents"])), "人民币", r["created"].strftime("%Y.%m.%d"),
                     f"{r['expected'].year}年{r['expected'].month}月{r['expected'].day}日" if r["expected"] else None])
        r["closed"] = None
    xlsx("02-two-line-header.xlsx", [("项目", rows, ["A1:I1", "A3:B3", "C3:C4", "D3:D4", "E3:E4", "F3:G3", "H3:I3"], False)])
    expect("02-two-line-header.xlsx", records, aside=2)


def merged():
    """Customers merged over their projects."""
    sellers = people(3, 4)
    records = sorted(deals(3, 36, STAGES, sellers), key=lambda r: r["account"])
    rows, merges = [["客户", "项目名称", "业务员", "当前阶段", "合同金额", "创建时间", "成交日期"]], []
    begin = 0
    for i, r in enumerate(records):
        first = i == 0 or records[i - 1]["account"] != r["account"]
        if first and i - begin > 1:
            merges.append(f"A{begin + 2}:A{i + 1}")
        begin = i if first else begin
        rows.append([r["account"] if first else None, r["name"], r["owner"], r["stage"], (r["cents"] / 100, 4), (serial(r["created"]) + 0.375, 5), (serial(r["closed"]), 1) if r["closed"] else None])
        r["expected"] = None
    if len(records) - begin > 1:
        merges.append(f"A{begin + 2}:A{len(records) + 1}")
    xlsx("03-merged-customers.xlsx", [("Sheet1", rows, merges, False)])
    expect("03-merged-customers.xlsx", records)


def subtotals():
    """A sub-total under each seller, in a file of the Windows code page."""
    sellers = people(4, 4)
    records = sorted(deals(4, 48, STAGES, sellers), key=lambda r: r["owner"])
    rows = [["销售", "项目", "客户", "进展", "金额(元)", "预计成交日期"]]
    aside = 0
    for i, r in enumerate(records):
        rows.append([r["owner"], r["name"], r["account"], r["stage"], f"{r['cents'] / 100:,.2f}", r["expected"].strftime("%Y/%-m/%-d") if r["expected"] else ""])
        if i + 1 == len(records) or records[i + 1]["owner"] != r["owner"]:
            rows.append([r["owner"] + " 小计", "", "", "", f"{sum(x['cents'] for x in records if x['owner'] == r['owner']) / 100:,.2f}", ""])
            aside += 1
        r["created"] = r["closed"] = None
    rows.append(["总计", "", "", "", f"{sum(x['cents'] for x in records) / 100:,.2f}", ""])
    csv("04-subtotals.csv", rows, "gb18030")
    expect("04-subtotals.csv", records, aside=aside + 1)


def mixed_dates():
    """Days as five people write them."""
    sellers = people(5, 5)
    records = deals(5, 50, STAGES, sellers)
    forms = [lambda d: str(d), lambda d: d.strftime("%Y/%-m/%-d"), lambda d: f"{d.year}年{d.month}月{d.day}日", lambda d: d.strftime("%Y.%-m.%-d"), lambda d: str(serial(d))]
    rows = [["商机编号", "商机名称", "客户", "负责人", "销售阶段", "商机金额", "创建日期", "结束日期", "预计签约日期"]]
    for i, r in enumerate(records):
        write = forms[i % 5]
        rows.append([r["id"], r["name"], r["account"], r["owner"], r["stage"], f"¥{r['cents'] / 100:,.0f}" if i % 2 else f"{wan(r['cents'])}万",
                     write(r["created"]), write(r["closed"]) if r["closed"] else "-", write(r["expected"]) if r["expected"] else "待定"])
    csv("05-mixed-dates.csv", rows)
    expect("05-mixed-dates.csv", records)


def gbk():
    """An export of an office system: tabs, the Windows code page, ids with leading zeros."""
    sellers = people(6, 6)
    records = deals(6, 60, STAGES, sellers)
    rows = [["项目编号", "项目名称", "甲方", "客户经理", "项目阶段", "预算", "立项时间", "签单日期", "赢率"]]
    for i, r in enumerate(records):
        r["id"] = f"{i + 42:05d}"
        rows.append([r["id"], r["name"], r["account"], r["owner"], r["stage"], f"{r['cents'] // 100}元", r["created"].strftime("%Y-%m-%d") + " 下午2:30", r["closed"] or "", f"{(i % 10) * 10}%"])
        r["expected"] = None
    csv("06-gbk.txt", rows, "gb18030", "\t")
    expect("06-gbk.txt", records, ids=[r["id"] for r in records[:3]])


def german():
    """A German export: semicolons, commas before decimals, Windows-1252."""
    stages = ["Erstkontakt", "Angebot", "Verhandlung", "Gewonnen", "Verloren"]
    rng = random.Random(7)
    firms = ["Müller Maschinenbau GmbH", "Köhler & Söhne KG", "Böhm Anlagen AG", "Schäfer Logistik GmbH", "Größe Metall GmbH"]
    records = []
    for r in deals(7, 40, stages, ["Jörg Bäcker", "Anna Weiß", "Uwe Kern"], closed=("Gewonnen", "Verloren")):
        r["account"] = rng.choice(firms)
        r["name"] = f"Projekt {r['id']}"
        r["cents"] = rng.randrange(100_000, 99_999_999)
        records.append(r)
    rows = [["ID", "Deal name", "Company", "Owner", "Stage", "Amount (EUR)", "Created", "Closed", "Expected close"]]

    def amount(cents):
        return f"{cents / 100:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")

    def written(d):
        return d.strftime("%d.%m.%Y") if d else ""
    for r in records:
        rows.append([r["id"], r["name"], r["account"], r["owner"], r["stage"], amount(r["cents"]), written(r["created"]), written(r["closed"]), written(r["expected"])])
    csv("07-windows-1252.csv", rows, "cp1252", ";")
    expect("07-windows-1252.csv", records, currency="EUR", won=("Gewonnen",), lost=("Verloren",))


def from_1904():
    """A workbook whose days are counted from 1904."""
    sellers = people(8, 3)
    records = deals(8, 30, STAGES, sellers)
    rows = [["编号", "商机", "客户名称", "销售员", "阶段", "金额", "创建日期", "关闭日期", "预计成交"]]
    for r in records:
        rows.append([r["id"], r["name"], r["account"], r["owner"], r["stage"], (r["cents"] / 100, 4), (serial(r["created"], True), 1),
                     (serial(r["closed"], True), 1) if r["closed"] else None, (serial(r["expected"], True), 1) if r["expected"] else None])
    xlsx("08-date-1904.xlsx", [("Sheet1", rows, [], False)], date1904=True)
    expect("08-date-1904.xlsx", records)


def log():
    """A log of events with AM and PM, whose days say month first."""
    sellers = ["Jane Roe", "John Smith", "Ali Khan"]
    rng = random.Random(9)
    stages = ["Lead", "Qualified", "Proposal", "Negotiation"]
    rows, cases, count = [["Case ID", "Activity", "Timestamp", "Resource"]], 45, {}
    won = lost = 0
    events = []
    for i in range(cases):
        at = dt.datetime(2026, 1, 4, 8) + dt.timedelta(hours=rng.randrange(24 * 80), minutes=rng.randrange(60))
        upto = rng.randrange(1, 5)
        path = stages[:upto]
        end = rng.random()
        if end < 0.3:
            path, won = path + ["Closed Won"], won + 1
        elif end < 0.55:
            path, lost = path + ["Closed Lost"], lost + 1
        count[path[-1]] = count.get(path[-1], 0) + 1
        owner = rng.choice(sellers)
        for step in path:
            events.append([f"C-{i + 1:03d}", step, at, owner])
            at += dt.timedelta(hours=rng.randrange(20, 24 * 12))
    rng.shuffle(events)
    for e in events:
        rows.append([e[0], e[1], e[2].strftime("%-m/%-d/%Y %-I:%M:%S %p"), e[3]])
    csv("09-event-log.csv", rows)
    EXPECTED["09-event-log.csv"] = {"kind": "events", "deals": cases, "events": len(events), "won": won, "lost": lost, "stages": count}


def english():
    """An English export of another CRM."""
    stages = ["Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review", "Closed Won", "Closed Lost"]
    rng = random.Random(10)
    firms = ["Harbor Tools Inc", "Northfield Foods LLC", "Quarry Systems Ltd", "Westgate Group", "Pine Logistics Co"]
    records = deals(10, 64, stages, ["Jane Roe", "John Smith", "Maria Lopez"], closed=("Closed Won", "Closed Lost"))
    rows = [["Opportunity Name", "Account Name", "Opportunity Owner", "Stage", "Amount", "Probability (%)", "Created Date", "Close Date", "Lead Source", "Type", "Next Step", "Loss Reason"]]
    for r in records:
        r["account"] = rng.choice(firms)
        r["name"] = f"{r['account'].split()[0]} - {r['id']}"
        rows.append([r["name"], r["account"], r["owner"], r["stage"], f"${r['cents'] / 100:,.2f}", rng.choice([10, 25, 50, 75, 100]), r["created"].strftime("%-d-%b-%y"),
                     (r["closed"] or r["expected"]).strftime("%-d-%b-%y"), rng.choice(["Web", "Referral", "Trade Show"]), rng.choice(["New Business", "Existing Business"]),
                     "", "Price" if r["stage"] == "Closed Lost" else ""])
    csv("10-english-export.csv", rows, "utf-8-sig")
    expect("10-english-export.csv", records, currency="USD", won=("Closed Won",), lost=("Closed Lost",), openWithCloseDate=True)


def two_sheets():
    """Notes on the first sheet, a hidden one, and the data on the third; ids, percent and phones as formatted cells."""
    sellers = people(12, 4)
    records = deals(12, 42, STAGES, sellers)
    rows = [["商机编号", "商机名称", "客户名称", "负责人", "商机阶段", "商机金额", "赢率", "创建时间", "联系电话"]]
    for i, r in enumerate(records):
        r["id"] = f"{i + 42:05d}"
        rows.append([(i + 42, 3), r["name"], r["account"], r["owner"], r["stage"], (r["cents"] / 100, 4), ((i % 10) / 10, 2), (serial(r["created"]) + 0.5, 5), 13800138000 + i])
        r["closed"] = r["expected"] = None
    xlsx("12-second-sheet.xlsx", [("填写说明", [["1. 每周五更新"], ["2. 金额含税"]], [], False), ("字典", [["阶段"], *[[s] for s in STAGES]], [], True), ("数据", rows, [], False)])
    expect("12-second-sheet.xlsx", records, ids=[r["id"] for r in records[:3]])


def parts():
    """An exported list whose header comes again on each page, with amounts in thousands and rows of dots."""
    sellers = people(11, 4)
    records = deals(11, 55, STAGES, sellers)
    header = ["序号", "项目名称", "客户单位", "销售代表", "项目进度", "预计合同额(千元)", "报备日期", "预计签约时间"]
    rows = [header]
    aside = 0
    for i, r in enumerate(records):
        if i and i % 20 == 0:
            rows += [["", "", "", "", "", "", "", ""], header]
            aside += 1
        rows.append([i + 1, r["name"], r["account"], r["owner"], r["stage"], f"{r['cents'] / 100_000:,.1f}", r["created"], f"{r['expected'].year}年Q{(r['expected'].month + 2) // 3}" if r["expected"] else ""])
        r["closed"] = None
    csv("11-pages.csv", rows, "utf-16")
    expect("11-pages.csv", records, aside=aside)


for make in (ledger, two_lines, merged, subtotals, mixed_dates, gbk, german, from_1904, log, english, parts, two_sheets):
    make()
(HERE / "expected.json").write_text(json.dumps(EXPECTED, ensure_ascii=False, indent=1) + "\n")
