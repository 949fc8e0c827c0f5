package app_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/replay/replaytest"
)

// A ledger is a table of deals that somebody keeps: each month its edition, with what is new, what was
// changed and what was closed.

const ledgerMapping = `version: 1
source: ledger
fields: [{record: opportunity, key: budget, label: 预算, type: text}]
pipelines:
  - name: 台账
    stages:
      - {name: 线索, kind: open, phase: early, success: 10, allowSkip: true}
      - {name: 方案, kind: open, phase: middle, success: 40, qualified: true, allowSkip: true}
      - {name: 谈判, kind: open, phase: late, success: 70, allowSkip: true}
      - {name: 赢, kind: won}
      - {name: 输, kind: lost}
files:
  - {match: "*.csv", kind: opportunity, pipeline: 台账, columns: {externalId: id, name: name, account: account, owner: owner, stage: stage,
      amount: amount, currency: currency, product: product, createdOn: created, closedOn: closed, signedOn: signed, expectedOn: expected,
      confidence: confidence, source: source, region: region, lossKind: kind, lossReason: why, competitor: rival, lastContactOn: contact,
      entered.线索: d1, entered.方案: d2, entered.谈判: d3, custom.budget: budget}}
`

var ledgerColumns = []string{"id", "name", "account", "owner", "stage", "amount", "currency", "product", "created", "closed", "signed", "expected",
	"confidence", "source", "region", "kind", "why", "rival", "contact", "d1", "d2", "d3", "budget"}

// ledgerRow is a deal as an edition has it, by column.
type ledgerRow map[string]string

// editions are so many months of a ledger; the days of the nth are before its month's end.
func editions(r *rand.Rand, months, deals int) (out [][]ledgerRow) {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	var now []ledgerRow
	for month := 1; month <= months; month++ {
		day := func() string { return fmt.Sprintf("2026-%02d-%02d", month, 1+r.IntN(27)) }
		for i := range now {
			now[i] = later(r, now[i], day, pick)
		}
		for len(now) < deals*month/months {
			now = append(now, ledgerRow{"id": fmt.Sprint("L", len(now)), "name": fmt.Sprint("项目", len(now)), "account": pick("甲厂", "乙厂", "丙厂", ""),
				"owner": pick("陈露", "小李", "周涛", ""), "stage": "线索", "d1": day(), "amount": pick("", "100", "2500.5"), "created": fmt.Sprintf("2026-%02d-01", month)})
		}
		var edition []ledgerRow
		for _, d := range now {
			copied := ledgerRow{}
			for k, v := range d {
				copied[k] = v
			}
			edition = append(edition, copied)
		}
		out = append(out, edition)
	}
	return out
}

// later is a deal a month later.
func later(r *rand.Rand, d ledgerRow, day func() string, pick func(...string) string) ledgerRow {
	if d["closed"] != "" {
		return d
	}
	set := func(column string, to ...string) {
		if r.IntN(4) == 0 {
			if v := pick(to...); v != "" {
				d[column] = v
			}
		}
	}
	set("name", d["name"]+"改")
	set("account", "甲厂", "乙厂", "丁厂")
	set("amount", "100", "300", "777.77")
	set("product", "主轴", "磨床")
	set("expected", "2026-09-30", "2026-12-31")
	set("confidence", "30%", "60%")
	set("source", "展会", "转介绍")
	set("region", "华东", "华南")
	set("budget", "已批", "未批")
	set("contact", day())
	if r.IntN(3) > 0 {
		return d
	}
	next := map[string]string{"线索": pick("方案", "谈判"), "方案": "谈判", "谈判": pick("赢", "输")}[d["stage"]]
	if r.IntN(5) == 0 {
		next = pick("赢", "输", "withdrawn")
	}
	d["stage"] = next
	on := day()
	switch next {
	case "方案":
		d["d2"] = on
	case "谈判":
		d["d3"] = on
		if d["d2"] == "" && r.IntN(2) == 0 {
			d["d2"] = on[:8] + "01"
		}
	case "赢":
		d["closed"], d["signed"] = on, pick("", on)
	case "输":
		d["closed"], d["why"], d["rival"], d["kind"] = on, pick("", "价格"), pick("", "对手甲"), pick("", "competitor", "cancelled")
	default:
		d["closed"], d["why"] = on, pick("", "重复登记")
	}
	return d
}

func ledgerFile(rows []ledgerRow) map[string]string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(ledgerColumns) // into memory
	for _, d := range rows {
		var cells []string
		for _, c := range ledgerColumns {
			cells = append(cells, d[c])
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return map[string]string{"台账.csv": b.String()}
}

// saidInTables is what the tables say of the deals of a source, by their ids there: fields, lines, own
// fields, contacts, accounts, and the stays that stand.
func (s *source) saidInTables() map[string][]string {
	s.T.Helper()
	out := map[string][]string{}
	tenant := ` = '` + s.Admin.TenantID + `'`
	for what, query := range map[string]string{
		"": `SELECT x.external_id, o.name, COALESCE(a.name, ''), COALESCE(m.name, ''), o.region, COALESCE(CAST(o.amount_minor AS text), ''), o.currency,
			COALESCE(o.created_on, ''), o.state, COALESCE(st.name, ''), COALESCE(o.closed_on, ''), COALESCE(o.signed_on, ''), COALESCE(o.expected_on, ''),
			COALESCE(CAST(o.confidence_bp AS text), ''), o.source, COALESCE(CAST(o.contract_minor AS text), ''), COALESCE(o.loss_kind, ''),
			COALESCE(o.loss_reason, ''), COALESCE(k.name, ''), COALESCE(o.deleted_at, ''), COALESCE(o.entered_on, '')
			FROM external_ref x JOIN opportunity o ON o.id = x.record_id LEFT JOIN account a ON a.id = o.account_id LEFT JOIN member m ON m.id = o.owner_id
			LEFT JOIN stage st ON st.id = o.stage_id LEFT JOIN competitor k ON k.id = o.competitor_id WHERE x.tenant_id` + tenant,
		"line ": `SELECT x.external_id, p.name, l.amount_minor FROM external_ref x JOIN opportunity_line l ON l.opportunity_id = x.record_id
			JOIN product_line p ON p.id = l.product_line_id WHERE x.tenant_id` + tenant,
		"own ": `SELECT x.external_id, f.key, COALESCE(v.text_value, '') FROM external_ref x JOIN custom_value v ON v.record_id = x.record_id
			JOIN custom_field f ON f.id = v.field_id WHERE COALESCE(v.text_value, '') <> '' AND x.tenant_id` + tenant,
		"stay ": `SELECT x.external_id, s.state, COALESCE(st.name, ''), COALESCE(s.entered_on, ''), COALESCE(s.left_on, '') FROM external_ref x
			JOIN stay s ON s.opportunity_id = x.record_id LEFT JOIN stage st ON st.id = s.stage_id WHERE s.voided_at IS NULL AND x.tenant_id` + tenant,
		"credit ": `SELECT x.external_id, COALESCE(m.name, ''), c.credited_on, c.outcome, sum(c.share_bp), COALESCE(sum(c.amount_minor), 0) FROM external_ref x
			JOIN credit_line c ON c.fact_id = x.record_id LEFT JOIN member m ON m.id = c.member_id WHERE x.tenant_id` + tenant + `
			GROUP BY 1, 2, 3, 4 HAVING sum(c.share_bp) <> 0`,
	} {
		for _, row := range replaytest.Rows(s.T, s.DB, query) {
			out[row[0]] = append(out[row[0]], what+strings.Join(row[1:], "|"))
		}
	}
	for id := range out {
		slices.Sort(out[id])
	}
	return out
}

// toldOf are the deals and fields of which an import of some rows told something, and what its notes said
// of values.
func (s *source) toldOf(b intake.Batch, rows []ledgerRow, told map[string]bool) {
	s.T.Helper()
	list, err := s.Intake.Issues(s.Ctx, s.As("管理员"), b.ID, 0, 1000)
	must(s.T, err)
	for _, i := range list {
		told[rows[i.Line-2]["id"]+" "+i.Field] = true
	}
	for _, n := range b.Summary.Notes {
		told[n.Field+" "+n.Value] = true
	}
}

// TestALedgerInPartsSaysWhatItsLastEditionSays: whatever editions were given before, in whatever parts,
// again and again; what is otherwise is told.
func TestALedgerInPartsSaysWhatItsLastEditionSays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, seed := range forms(t, 3, 200) {
			r := rand.New(rand.NewPCG(seed, 5))
			months := 2 + r.IntN(3)
			list := editions(r, months, 6+r.IntN(12))
			whole := newSource(apptest.New(t, db), ledgerMapping, ledgerFile(list[months-1]))
			whole.Clock.Set("2026-08-03")
			whole.run()
			want := whole.saidInTables()
			w := apptest.New(t, db)
			var last *source
			told, hands := map[string]bool{}, handEdits{}
			for n, edition := range list {
				w.Clock.Set(lastOfMonth(n + 1))
				for _, part := range parts(r, edition) {
					last = newSource(w, ledgerMapping, ledgerFile(part))
					b := last.run()
					if b.Summary.Errors > 0 {
						t.Errorf("YUNCHOU_SEED=%d: %v", seed, last.issuesOf(b))
					}
					last.toldOf(b, part, told)
				}
				for range r.IntN(3) {
					hands.edit(last, r, n < months-1)
				}
			}
			w.Clock.Set("2026-08-03")
			got := last.saidInTables()
			for id, rows := range want {
				for _, x := range otherThan(id, got[id], rows, told, hands[id]) {
					t.Errorf("YUNCHOU_SEED=%d: %s in parts: %s\n%s", seed, id, x, history(list, id))
				}
			}
		}
	})
}

// ofMain are what the main row of saidInTables says, as a mapping calls it.
var ofMain = []string{"name", "account", "owner", "region", "amount", "currency", "createdOn", "state", "stage", "closedOn", "signedOn", "expectedOn", "confidence",
	"source", "contract", "lossKind", "lossReason", "competitor", "deleted", "entered"}

// otherThan are the differences nothing was told of.
func otherThan(id string, got, want []string, told map[string]bool, hand map[string]string) (out []string) {
	main := func(rows []string) (one []string, others []string) {
		for _, row := range rows {
			if cells := strings.Split(row, "|"); len(cells) == len(ofMain) {
				one = cells
			} else {
				others = append(others, row)
			}
		}
		return one, others
	}
	g, gots := main(got)
	w, wants := main(want)
	if g == nil {
		return []string{"it is not there"}
	}
	for i, field := range ofMain {
		if by, handed := hand[field]; handed && (field != "amount" || g[7] == "open") {
			if g[i] != by {
				out = append(out, fmt.Sprintf("%s is %q, and somebody wrote %q", field, g[i], by))
			} else if said := w[i]; said != by && said != "" && !told[id+" "+field] && !told[field+" "+asNoted(field, said)] && field != "region" {
				out = append(out, fmt.Sprintf("that %s is kept and not %q is not told", field, said))
			}
			continue
		}
		if g[i] == w[i] || field == "contract" && hand["amount"] != "" {
			continue
		}
		if !told[id+" "+field] && !told[field+" "+w[i]] {
			out = append(out, fmt.Sprintf("%s is %q, want %q", field, g[i], w[i]))
		}
	}
	if hand["amount"] != "" { // lines are worth what it is
		return out
	}
	for _, row := range wants {
		if !slices.Contains(gots, row) {
			out = append(out, "missing "+row)
		}
	}
	for _, row := range gots {
		if !slices.Contains(wants, row) {
			out = append(out, "too much "+row)
		}
	}
	return out
}

// asNoted is a value of the tables as notes write it.
func asNoted(field, value string) string {
	n, _ := strconv.Atoi(value)
	switch field {
	case "amount":
		return fmt.Sprintf("%d.%02d CNY", n/100, n%100)
	case "confidence":
		return fmt.Sprint(n/100, "%")
	}
	return value
}

// handEdits are what people wrote between the editions, by deal and field, as the tables say it.
type handEdits map[string]map[string]string

// edit has somebody change a field of an open deal; more is that an edition comes after.
func (h handEdits) edit(s *source, r *rand.Rand, more bool) {
	s.T.Helper()
	rows := replaytest.Rows(s.T, s.DB, `SELECT x.external_id, o.id FROM opportunity o JOIN external_ref x ON x.record_id = o.id
		WHERE o.state = 'open' AND o.tenant_id = '`+s.Admin.TenantID+`' ORDER BY 1`)
	if len(rows) == 0 || !more {
		return
	}
	at := rows[r.IntN(len(rows))]
	ext, id := at[0], at[1]
	if h[ext] == nil {
		h[ext] = map[string]string{}
	}
	text, on, amount, rate := "手改", calendar.Date("2027-01-31"), new(int64), new(int64)
	*amount, *rate = 123_45, 1500
	var p opportunity.Patch
	switch r.IntN(6) {
	case 0:
		p.Name, h[ext]["name"] = &text, text
	case 1:
		p.Source, h[ext]["source"] = &text, text
	case 2:
		p.ExpectedOn, h[ext]["expectedOn"] = &on, string(on)
	case 3:
		p.ConfidenceBP, h[ext]["confidence"] = &rate, "1500"
	case 4:
		p.AmountMinor, h[ext]["amount"] = &amount, "12345"
	default:
		p.Region, h[ext]["region"] = &text, text
	}
	_, err := s.Opportunities.Edit(s.Ctx, s.As("管理员"), id, 0, p)
	must(s.T, err)
}

func history(list [][]ledgerRow, id string) string {
	var b strings.Builder
	for n, e := range list {
		for _, d := range e {
			if d["id"] == id {
				fmt.Fprintln(&b, n+1, map[string]string(d))
			}
		}
	}
	return b.String()
}

func lastOfMonth(month int) (out calendar.Date) {
	return calendar.Date(fmt.Sprintf("2026-%02d-28", month))
}

// parts are an edition in some files, of which some come twice.
func parts(r *rand.Rand, edition []ledgerRow) (out [][]ledgerRow) {
	n := 1 + r.IntN(3)
	out = make([][]ledgerRow, n)
	for _, d := range edition {
		k := r.IntN(n)
		out[k] = append(out[k], d)
	}
	for range r.IntN(2) {
		out = append(out, out[r.IntN(n)])
	}
	return slices.DeleteFunc(out, func(p []ledgerRow) bool { return len(p) == 0 })
}
