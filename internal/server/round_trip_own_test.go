package server_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/demo"
	"yunchou/internal/intake"
	"yunchou/internal/org"
	"yunchou/internal/replay/replaytest"
	"yunchou/internal/server"
)

// demoTripper is the administrator of the demo company.
func demoTripper(t *testing.T, db *database.DB) tripper {
	t.Helper()
	now := time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)
	a := apptest.Reopen(t, db, func() time.Time { return now })
	a.Identity.HashCost = apptest.CheapHash
	people, err := demo.Make(t.Context(), a, 1, "zh-CN")
	noError(t, err)
	all, err := a.Org.Companies(t.Context())
	noError(t, err)
	w := &apptest.World{App: a, T: t, Ctx: t.Context()}
	p := tripper{t: t, App: a}
	for _, one := range people {
		if one.Role != "admin" {
			continue
		}
		token, s, err := w.SignIn(one.Login, one.Password)
		noError(t, err)
		p.client = client{t, server.API(a, "test").Mux, token, s.CSRF}
		p.actor = func() org.Actor {
			actor, err := a.Org.System(t.Context(), all[0].ID, s.MemberID, "form")
			noError(t, err)
			return actor
		}
	}
	return p
}

// heading is what a column is called in both languages.
var heading = map[string]map[string]string{
	"zh-CN": {"id": "编号", "name": "商机名称", "stage": "阶段", "state": "状态", "amount": "金额", "lines": "产品明细", "expected": "预计签约", "confidence": "信心",
		"account": "客户", "competitors": "竞争对手", "contacts": "客户联系人", "won": "赢单", "lost": "丢单", "open": "在途", "coach": "内线", "blocker": "反对",
		"asOf": "导出时的记录号", "pipeline": "销售流程"},
	"en-US": {"id": "ID", "name": "Opportunity", "stage": "Stage", "state": "State", "amount": "Amount", "lines": "Product lines", "expected": "Expected close",
		"confidence": "Confidence", "account": "Account", "competitors": "Competitors", "contacts": "Contacts", "won": "Won", "lost": "Lost", "open": "Open",
		"coach": "Coach", "blocker": "Blocker", "asOf": "As of entry", "pipeline": "Pipeline"},
}

// TestAnExportEditedInTenCellsComesBackAsTenChanges, and nothing else; undone it is as it was. The long
// form does it with the demo company.
func TestAnExportEditedInTenCellsComesBackAsTenChanges(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		p, _ := smallTripper(t, db)
		p.tenCells(t, db)
	})
}

func TestTheDemoExportedAndEditedInTenCellsComesBackAsTenChanges(t *testing.T) {
	if os.Getenv("YUNCHOU_SOAK") == "" {
		t.Skip("makes the demo: make soak")
	}
	databasetest.Each(t, func(t *testing.T, db *database.DB) { demoTripper(t, db).tenCells(t, db) })
}

// tenCells does it in both languages, as CSV and as XLSX.
func (p tripper) tenCells(t *testing.T, db *database.DB) {
	for _, locale := range []string{"zh-CN", "en-US"} {
		for _, format := range []string{"csv", "xlsx"} {
			t.Run(locale+" "+format, func(t *testing.T) {
				p.t, p.client.t = t, t
				x := p.export("opportunities", format, locale)
				p.comesBackUnchanged(db, x)
				p.comesBackEdited(db, x, locale)
			})
		}
	}
}

// comesBackUnchanged: an export that nobody edited changes nothing.
func (p tripper) comesBackUnchanged(db *database.DB, x *exportedTable) {
	p.t.Helper()
	before := stateOf(p.t, db)
	seen, b := p.brings("yunchou-opportunities-2026-11-25."+x.format, x.raw)
	p.isRecognised(seen, x)
	if s := *b.Summary; s.Rows != int64(len(x.rows)-1) || s.Unchanged["opportunity"] != s.Rows || s.Errors+s.Warnings+int64(len(s.Notes)) > 0 {
		p.t.Fatalf("%+v\n%+v", s, s.Notes)
	}
	gone, came := before.difference(stateOf(p.t, db))
	for table, rows := range came {
		if !onlyTold[table] {
			p.t.Errorf("%s: %q became %q", table, gone[table], rows)
		}
	}
}

// onlyTold are tables that say that an import was, and where the journal stands.
var onlyTold = map[string]bool{"import_batch": true, "import_change": true, "journal": true, "journal_counter": true, "pipeline_version": true}

// isRecognised: every column is found, beyond doubt.
func (p tripper) isRecognised(seen intake.Preview, x *exportedTable) {
	p.t.Helper()
	f := seen.Mapping.Files[0]
	if f.Kind != "opportunity" || len(seen.Mapping.Files) != 1 || len(f.Columns) != len(x.rows[0]) || f.Columns["id"].Column != x.rows[0][0] {
		p.t.Errorf("recognised as %s:\n%s", f.Kind, seen.YAML)
	}
	for target := range f.Columns {
		if sure := seen.Sure[f.Kind][target]; sure != 1 {
			p.t.Errorf("%s is sure to %f", target, sure)
		}
	}
	if len(seen.Mapping.Pipelines)+len(seen.Aside) > 0 {
		p.t.Errorf("proposes %+v and leaves out %+v", seen.Mapping.Pipelines, seen.Aside)
	}
}

// tenEdits writes over ten cells of different kinds, each of another record; stages are a pipeline and
// its first two.
func tenEdits(x *exportedTable, locale string, stages []string, ready func(id string) bool) (cells edits, ids []string) {
	h := heading[locale]
	cells = edits{}
	next := func(suits func(cell func(string) string) bool) string {
		for _, r := range x.rows[1:] {
			cell := func(of string) string { return r[x.column(h[of])] }
			if cells[r[0]] == nil && cell("state") == h["open"] && suits(cell) {
				ids = append(ids, r[0])
				return r[0]
			}
		}
		x.t.Fatal("no record suits an edit")
		return ""
	}
	any := func(func(string) string) bool { return true }
	put := func(column string, suits func(cell func(string) string) bool, to func(cell string) string) {
		id := next(suits)
		cells[id] = map[string]string{h[column]: to(x.cell(id, h[column]))}
	}
	has := func(column string) func(func(string) string) bool {
		return func(cell func(string) string) bool { return cell(column) != "" }
	}
	put("name", any, func(string) string { return "+86项目 \"二期\", 改" })
	put("amount", has("lines"), func(string) string { return "123456.78" })
	put("lines", has("lines"), func(old string) string { return old[:strings.LastIndex(old, ":")] + ": 777.70" })
	put("expected", any, func(string) string { return "2027-03-31" })
	put("confidence", has("confidence"), func(string) string { return "1.50%" })
	put("account", has("account"), func(old string) string {
		for _, r := range x.rows[1:] {
			if other := r[x.column(h["account"])]; other != "" && other != old {
				return other
			}
		}
		return ""
	})
	put("stage", func(cell func(string) string) bool {
		return cell("pipeline") == stages[0] && cell("stage") == stages[1] && ready(cell("id"))
	},
		func(string) string { return stages[2] })
	put("state", any, func(string) string { return h["lost"] })
	put("competitors", any, func(old string) string {
		for _, r := range x.rows[1:] {
			if one := r[x.column(h["competitors"])]; one != "" && one != old && !strings.Contains(one, ";") {
				return one
			}
		}
		return ""
	})
	put("contacts", func(cell func(string) string) bool { return strings.Count(cell("contacts"), "(") == 1 }, func(old string) string {
		role := h["coach"]
		if strings.Contains(old, role) {
			role = h["blocker"]
		}
		return old[:strings.Index(old, "(")] + "(" + role + ")"
	})
	return cells, ids
}

// comesBackEdited: ten edited cells are ten changes, and undone they are none.
func (p tripper) comesBackEdited(db *database.DB, x *exportedTable, locale string) {
	p.t.Helper()
	pipeline := x.rows[1][x.column(heading[locale]["pipeline"])]
	v, err := p.Pipelines.Get(p.t.Context(), p.actor(), pipeline)
	noError(p.t, err)
	stages := []string{pipeline, v.Stages[0].Name, v.Stages[1].Name}
	cells, ids := tenEdits(x, locale, stages, func(id string) bool {
		r, err := p.Opportunities.Get(p.t.Context(), p.actor(), id)
		noError(p.t, err)
		return len(r.Gaps) == 0
	})
	before, was := stateOf(p.t, db), p.standing(db)
	_, b := p.brings("yunchou-opportunities-2026-11-25."+x.format, x.edited(cells))
	if s := *b.Summary; s.Updated["opportunity"] != 10 || s.Unchanged["opportunity"] != s.Rows-10 || s.Errors+s.Warnings > 0 || s.Refused > 0 {
		p.t.Errorf("%+v\n%+v", s, s.Notes)
	}
	gone, came := before.difference(stateOf(p.t, db))
	ours := func(row string) bool {
		return slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(row, id) })
	}
	entries := 0
	for _, table := range slices.Sorted(maps.Keys(came)) {
		for _, row := range append(gone[table], came[table]...) {
			switch {
			case table == "journal" && strings.Contains(row, "\x1fopportunity."):
				entries++
			case !ours(row) && !onlyTold[table]:
				p.t.Errorf("%s: %q", table, row)
			}
		}
	}
	if entries != 10 || len(came["opportunity"]) != 10 || len(came["import_change"]) != 10 {
		p.t.Errorf("%d entries, %d records, %d changes", entries, len(came["opportunity"]), len(came["import_change"]))
	}
	after := p.export("opportunities", x.format, locale)
	for id, of := range cells {
		for column, text := range of {
			if got := after.cell(id, column); got != text && got != "'"+text {
				p.t.Errorf("%s is %q, edited to %q", column, got, text)
			}
		}
	}
	u, err := p.Intake.Undo(p.t.Context(), p.actor(), b.ID)
	if err != nil || u.Restored != 10 || len(u.Kept) > 0 || u.Left > 0 {
		p.t.Errorf("undone: %+v, %v", u, err)
	}
	gone, came = was.difference(p.standing(db))
	for table, rows := range came {
		p.t.Errorf("after the undo %s has %q for %q", table, rows, gone[table])
	}
}

// standing is what records hold today: of those that were changed and changed back the version is
// another, and how they came there.
func (p tripper) standing(db *database.DB) state {
	out := state{}
	for _, table := range []string{"opportunity", "opportunity_line", "opportunity_contact", "opportunity_competitor", "opportunity_share", "account",
		"contact", "custom_value", "competitor", "product_line", "stay"} {
		columns := slices.DeleteFunc(replaytest.Columns(p.t, db, table), func(c string) bool { return c == "version" })
		if table == "stay" {
			columns = []string{"opportunity_id", "ord", "stage_id", "state", "entered_on", "left_on"}
		}
		rows := map[string]int{}
		query := "SELECT " + strings.Join(columns, ", ") + " FROM " + table
		if table == "stay" {
			query += " WHERE voided_at IS NULL"
		}
		for _, r := range replaytest.Rows(p.t, db, query) {
			rows[fmt.Sprintf("%q", r)]++
		}
		out[table] = rows
	}
	return out
}
