package intake_test

import (
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
)

// TestATableWithoutAHeader: its columns are called by letters, and its first row is one of its rows, in what is proposed too; who says that it has a header, or has none, is believed.
func TestATableWithoutAHeader(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t)) // nothing of it is the database's
	a := w.As("管理员")
	look := func(text string, as intake.Looked) intake.Preview {
		t.Helper()
		id, err := w.Intake.Upload(w.Ctx, a, "", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		as.Name = "x.csv"
		p, err := w.Intake.Look(w.Ctx, a, id, as)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	log := "c1,建立,2026-03-01 10:00\nc1,报价,2026-03-05 09:30\nc2,建立,2026-03-07 11:00\nc2,报价,2026-03-08 11:00\nc2,赢单,2026-03-09 11:00\n"
	p := look(log, intake.Looked{})
	f := p.Mapping.Files[0]
	if !p.Layout.Headless || !f.Headless || p.RowCount != 5 || strings.Join(p.Header, " ") != "A B C" {
		t.Errorf("%+v %v, %d rows", p.Layout, p.Header, p.RowCount)
	}
	if p := look(log, intake.Looked{Header: 1}); p.Layout.Headless || p.RowCount != 4 || p.Header[1] != "建立" {
		t.Errorf("said to have a header: %+v %v", p.Layout, p.Header)
	}
	named := "事项,状态\n一期,线索\n二期,报价\n"
	if p := look(named, intake.Looked{Headless: true}); !p.Layout.Headless || p.RowCount != 3 || p.Header[0] != "A" || !p.Mapping.Files[0].Headless {
		t.Errorf("said to have none: %+v %v", p.Layout, p.Header)
	}
	if p := look(named, intake.Looked{}); p.Layout.Headless || p.RowCount != 2 {
		t.Errorf("%+v %v", p.Layout, p.Header)
	}
}
