package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
)

// TestNextMonthsFileIsProposedAsThisMonthsWasRead: by whom and when, with what was said of it; one of another
// form, or of an import that was only tried or taken back, is not.
func TestNextMonthsFileIsProposedAsThisMonthsWasRead(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		admin := w.As("管理员")
		look := func(text string) *intake.Earlier {
			t.Helper()
			id, err := w.Intake.Upload(w.Ctx, admin, "", strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			p, err := w.Intake.Look(w.Ctx, admin, id, intake.Looked{Name: "4月.csv"})
			if err != nil {
				t.Fatal(err)
			}
			return p.Earlier
		}
		path := filepath.Join(t.TempDir(), "3月.csv")
		if err := os.WriteFile(path, []byte("项目,走到哪,钱,备注,经办\n甲,聊着,10,x,陈露\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := intake.ParseMapping([]byte("version: 1\nsource: 台账\nfiles: [{match: 3月.csv, kind: opportunity, pipeline: 投标流程, leads: file, " +
			"columns: {name: 项目, stage: {column: 走到哪, values: {聊着: 机会}}, amount: {column: 钱, unit: \"10000\"}, owner: 经办}}]"))
		if err != nil {
			t.Fatal(err)
		}
		run := func(dry bool) intake.Batch {
			t.Helper()
			b, err := w.Intake.Import(w.Ctx, admin, m, []intake.File{{Name: "3月.csv", Path: path}}, dry)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		const next = "项目,走到哪,钱,备注,经办\n乙,聊着,20,x,陈露\n"
		if run(true); look(next) != nil {
			t.Error("a try is proposed")
		}
		b := run(false)
		e := look(next)
		if e == nil || e.BatchID != b.ID || e.File != "3月.csv" || e.By != admin.MemberID || e.Source != "台账" || e.Pipeline != w.Bid.PipelineID ||
			e.Spec.Leads != "file" || e.Spec.Columns["stage"].Values["聊着"] != "机会" || e.Spec.Columns["amount"].Unit != "10000" {
			t.Fatalf("%+v", e)
		}
		if look("经办,项目,走到哪,钱,备注,又一列\n陈露,乙,聊着,20,x,y\n") == nil {
			t.Error("columns in another order, and one more, are the same form")
		}
		for _, other := range []string{"项目,走到哪,备注,经办\n乙,聊着,x,陈露\n", "项目,走到哪,钱,备注,经办,一,二,三\n乙,聊着,20,x,陈露,1,2,3\n"} {
			if look(other) != nil {
				t.Errorf("%q is of another form", other)
			}
		}
		if _, err := w.Intake.Undo(w.Ctx, admin, b.ID); err != nil {
			t.Fatal(err)
		}
		if look(next) != nil {
			t.Error("what was taken back is proposed")
		}
	})
}
