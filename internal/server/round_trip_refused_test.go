package server_test

import (
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
)

// TestAccountsAndPeopleComeBackToo: unedited as nothing, edited as what was edited; undone as they were.
func TestAccountsAndPeopleComeBackToo(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		p, w := smallTripper(t, db)
		_, err := w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "account", Key: "code", Label: "代码", Type: field.Text})
		noError(t, err)
		big, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: "+集团", Industry: "=行业", Class: "A", Custom: field.Values{"code": "0042"}}, false)
		noError(t, err)
		_, err = w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: "子公司", ParentID: big.ID}, false)
		noError(t, err)
		_, err = w.Accounts.CreateContact(w.Ctx, w.As("陈露"), account.Contact{Name: "赵工", AccountID: big.ID, Mobile: "+8613800001111", Email: "z@example.com"})
		noError(t, err)
		for _, locale := range []string{"zh-CN", "en-US"} {
			for _, format := range []string{"csv", "xlsx"} {
				p.accountsComeBack(db, format, locale, big.ID)
			}
		}
	})
}

func (p tripper) accountsComeBack(db *database.DB, format, locale, big string) {
	p.t.Helper()
	for list, kind := range map[string]string{"accounts": "account", "contacts": "contact"} {
		x := p.export(list, format, locale)
		seen, b := p.brings("yunchou-"+list+"."+format, x.raw)
		if s := *b.Summary; len(seen.Mapping.Files[0].Columns) != len(x.rows[0]) || s.Unchanged[kind] != s.Rows || s.Rows < 3 || s.Warnings+s.Errors > 0 || len(s.Notes) > 0 {
			issues, err := p.Intake.Issues(p.t.Context(), p.actor(), b.ID, 0, 5)
			p.t.Errorf("%s as %s %s: %+v %+v %+v %v\n%s", list, format, locale, s, s.Notes, issues, err, seen.YAML)
		}
		was, cells, want := p.standing(db), edits{}, 2
		column := func(i int) string { return x.rows[0][i] }
		if kind == "account" {
			child := x.rows[slices.IndexFunc(x.rows, func(r []string) bool { return r[1] == "子公司" })][0]
			cells[big] = map[string]string{column(1): "=集团 \"新\"", column(9): "-7"}
			cells[child] = map[string]string{column(2): "汽车, 零件", column(6): "华新机电"}
		} else {
			cells[x.rows[1][0]] = map[string]string{column(3): "@总工"}
			cells[x.rows[2][0]] = map[string]string{column(4): "+86 139"}
		}
		_, b = p.brings("yunchou-"+list+"."+format, x.edited(cells))
		if s := *b.Summary; s.Updated[kind] != int64(want) || s.Unchanged[kind] != s.Rows-int64(want) || s.Warnings+s.Errors > 0 {
			p.t.Errorf("%s as %s %s edited: %+v %+v", list, format, locale, s, s.Notes)
		}
		after := p.export(list, format, locale)
		for id, of := range cells {
			for heading, text := range of {
				if got := strings.TrimPrefix(after.cell(id, heading), "'"); got != text {
					p.t.Errorf("%s: %q, edited to %q", heading, got, text)
				}
			}
		}
		if _, err := p.Intake.Undo(p.t.Context(), p.actor(), b.ID); err != nil {
			p.t.Error(err)
		}
		if gone, came := was.difference(p.standing(db)); len(came) > 0 {
			p.t.Errorf("%s after the undo: %q for %q", list, came, gone)
		}
	}
}

// TestAnIDThatIsNotOursIsRefused: one nobody has, another company's, one beyond the scope of who imports
// and one that was deleted change nothing; the first three are answered alike.
func TestAnIDThatIsNotOursIsRefused(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		p, w := smallTripper(t, db)
		theirs := w.Another()
		foreign := theirs.Opportunity("陈露", "别家的")
		x := p.export("opportunities", "csv", "zh-CN")
		none := "01890a5d-ac96-774b-bcce-b302099a8057"
		ids := map[string]string{}
		for i, id := range []string{none, foreign.ID, theirs.Account} {
			ids[x.rows[1+i][0]] = id
		}
		deleted := x.rows[5][0]
		noError(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), deleted, true))
		raw := string(x.edited(edits{deleted: {"商机名称": "改了"}, x.rows[1][0]: {"商机名称": "改了"}, x.rows[2][0]: {"商机名称": "改了"}}))
		for was, id := range ids {
			raw = strings.ReplaceAll(raw, was, id)
		}
		before := p.standing(db)
		_, b := p.brings("yunchou-opportunities.csv", []byte(raw))
		if s := *b.Summary; s.Refused != 3 || s.Deleted != 1 || len(s.Updated)+len(s.Created) > 0 {
			t.Errorf("%+v", s)
		}
		issues, err := p.Intake.Issues(t.Context(), p.actor(), b.ID, 0, 50)
		noError(t, err)
		codes := map[string]int{}
		for _, i := range issues {
			codes[i.Code]++
		}
		if codes["import.id_unknown"] != 3 || codes["import.record_deleted"] != 1 {
			t.Errorf("%v", codes)
		}
		if gone, came := before.difference(p.standing(db)); len(came) > 0 {
			t.Errorf("changed: %q for %q", came, gone)
		}
	})
}

// TestWhatWasChangedHereSinceTheExportStays, and both values are told, unless the file leads; what was
// edited in the table is taken.
func TestWhatWasChangedHereSinceTheExportStays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		p, w := smallTripper(t, db)
		x := p.export("opportunities", "xlsx", "en-US")
		id := x.rows[1][0]
		name, rivals := "改在这里", []string{"新对手"}
		_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), id, 0, opportunity.Patch{Name: &name})
		noError(t, err)
		noError(t, w.Opportunities.SetCompetitors(w.Ctx, w.As("陈露"), id, 0, rivals))
		raw := x.edited(edits{id: {"Source": "改在表里"}})
		seen, b := p.brings("yunchou-opportunities.xlsx", raw)
		told := map[string]int{}
		for _, n := range b.Summary.Notes {
			told[n.Code+" "+n.Field]++
		}
		r, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), id)
		noError(t, err)
		if r.Name != name || r.Competitors[0].Name != "新对手" || r.Source != "改在表里" ||
			told["changed_since_export name"]+told["changed_since_export competitors"]+told["cell_changed source"] != 3 {
			t.Errorf("%s, %v, %s: %v", r.Name, r.Competitors, r.Source, told)
		}
		_, file := p.look("yunchou-opportunities.xlsx", raw)
		seen.Mapping.Files[0].Leads = "file"
		_, err = p.Intake.Import(t.Context(), p.actor(), seen.Mapping, []intake.File{file}, false)
		noError(t, err)
		if r, err = w.Opportunities.Get(w.Ctx, w.As("管理员"), id); err != nil || r.Name == name || r.Competitors[0].Name == "新对手" {
			t.Errorf("the file leads, and it is %s, %v (%v)", r.Name, r.Competitors, err)
		}
	})
}
