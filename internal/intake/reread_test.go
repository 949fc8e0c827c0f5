package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/intake"

	"github.com/google/go-cmp/cmp"
)

// TestWhatIsOpenIsAskedByACellThatDiffers: 01/01/2026 is the same day either way, and nothing that may be read
// is called unread. Once it is said, the cells are read so.
func TestWhatIsOpenIsAskedByACellThatDiffers(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		admin := w.As("管理员")
		id, err := w.Intake.Upload(w.Ctx, admin, "", strings.NewReader("Deal,Stage,Created\nA,Lead,01/01/2026\nB,Lead,02/10/2026\nC,Lead,soon\n"))
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Intake.Look(w.Ctx, admin, id, intake.Looked{Name: "a.csv"})
		if err != nil {
			t.Fatal(err)
		}
		r := p.Columns[2].Readings[0]
		if r.Doubt != "02/10/2026" || !cmp.Equal(r.Choices, []intake.Choice{{Form: "mdy", Read: "2026-02-10"}, {Form: "dmy", Read: "2026-10-02"}}) ||
			!cmp.Equal(r.Unread, []string{"soon"}) {
			t.Errorf("%+v", r)
		}
		said, err := w.Intake.Reread(w.Ctx, admin, intake.Restated{Kind: "opportunity", Field: "createdOn", Is: intake.ADate,
			Cell: intake.Cell{Column: "Created", Format: "dmy"}, Texts: []string{"01/01/2026", "02/10/2026", "soon"}})
		if err != nil || len(said.Open) > 0 || said.Examples[0].Read != "2026-01-01" || !cmp.Equal(said.Unread, []string{"soon"}) {
			t.Errorf("%+v %v", said, err)
		}
	})
}

// TestCellsAreRereadAsTheImportReadsThem, unit, currency, mark and all.
func TestCellsAreRereadAsTheImportReadsThem(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		for _, tt := range []struct {
			field string
			is    intake.Is
			cell  intake.Cell
			texts string
			want  string
		}{
			{"amount", intake.AnSum, intake.Cell{Column: "预计金额(万元)"}, "10.5|约60万|待定", "10.5=105000 约60万=600000"},
			{"amount", intake.AnSum, intake.Cell{Column: "预计金额(万元)", Unit: "1000", Currency: "USD"}, "10.5|约60万|¥3|无所谓", "10.5=10500 USD 约60万=600000 USD ¥3=3000 CNY !无所谓"},
			{"amount", intake.AnSum, intake.Cell{Column: "Umsatz", Decimal: ","}, "1.234|2,5", "1.234=1234 2,5=2.5"},
			{"confidence", intake.ARate, intake.Cell{Column: "赢率", Rate: "fraction"}, "0.8|1", "0.8=80% 1=100%"},
			{"expectedOn", intake.ADate, intake.Cell{Column: "预计"}, "12月底", "12月底=2026-12-31"},
			{"closedOn", intake.ADate, intake.Cell{Column: "关闭"}, "12月底", "12月底=2025-12-31"},
		} {
			r, err := w.Intake.Reread(w.Ctx, w.As("管理员"), intake.Restated{Kind: "opportunity", Field: tt.field, Is: tt.is, Cell: tt.cell, Texts: strings.Split(tt.texts, "|")})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range r.Examples {
				got = append(got, e.Text+"="+e.Read)
			}
			for _, u := range r.Unread {
				got = append(got, "!"+u)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%s %+v: %s, want %s", tt.field, tt.cell, strings.Join(got, " "), tt.want)
			}
		}
		if _, err := w.Intake.Reread(w.Ctx, w.As("陈露"), intake.Restated{Kind: "opportunity", Field: "amount", Is: intake.AnSum, Cell: intake.Cell{Column: "x"}}); fault.As(err) == nil {
			t.Error("who may not import asks")
		}
	})
}

// TestAnImportSaysWhatItsAmountsComeTo, to be held against the sum in the file.
func TestAnImportSaysWhatItsAmountsComeTo(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		m, err := intake.ParseMapping([]byte("version: 1\nsource: crm\nfiles: [{match: a.csv, kind: opportunity, columns: {name: 名称, stage: 阶段, amount: 金额(万元)}}]"))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "a.csv")
		if err := os.WriteFile(path, []byte("名称,阶段,金额(万元)\n甲,机会,10.5\n乙,机会,$2\n丙,机会,待定\n丁,机会,约60万\n合计,,72.5\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, dry := range []bool{true, false, false} { // the third finds all of it there
			b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, []intake.File{{Name: "a.csv", Path: path}}, dry)
			if err != nil {
				t.Fatal(err)
			}
			want := []intake.Total{{Currency: "CNY", Minor: 70_500_000, Cells: 2}, {Currency: "USD", Minor: 2_000_000, Cells: 1}}
			if d := cmp.Diff(want, b.Summary.Files[0].Totals); d != "" {
				t.Error(d)
			}
		}
	})
}
