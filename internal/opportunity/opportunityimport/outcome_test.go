package opportunityimport_test

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

// TestStageAndStatusAreReadForBoth: of two columns, where a deal stands and how it ended, neither is lost,
// whichever stands first and whatever they are called.
func TestStageAndStatusAreReadForBoth(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		first := apptest.New(t, db)
		for _, c := range []struct{ header, rows, want string }{
			{"商机名称,阶段,商机状态,关闭日期", "甲,方案,进行中,\n乙,方案,赢单,2026-02-01\n丙,报价,输单,2026-02-02\n丁,接触,已作废,\n",
				"甲 open/方案 乙 open/方案 won@2026-02-01 丙 open/报价 lost@2026-02-02 丁 open/接触 withdrawn@"},
			{"Status,Topic,Pipeline Phase,Actual Close Date", "Open,甲,Develop,\nWon,乙,Propose,2026-02-01\nLost,丙,Propose,\nOpen,丁,Qualify,\n",
				"甲 open/Develop 乙 open/Propose won@2026-02-01 丙 open/Propose lost@ 丁 open/Qualify"},
			{"商机名称,阶段,结果,签约日期", "甲,赢单,输单,2026-02-01\n乙,方案,,\n丙,接触,还在谈,\n", "甲 won@2026-02-01 乙 open/方案 丙 open/接触"},
		} {
			w := first.Another()
			w.Clock.Set("2026-03-02")
			path := filepath.Join(t.TempDir(), "x.csv")
			if err := os.WriteFile(path, []byte(c.header+"\n"+c.rows), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := imported(t, w, path); got != c.want {
				t.Errorf("%s:\n%s, want\n%s", c.header, got, c.want)
			}
		}
	})
}

// imported imports a file as it is suggested, and tells the paths of its deals.
func imported(t *testing.T, w *apptest.World, path string) string {
	admin := w.As("管理员")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	id, err := w.Intake.Upload(w.Ctx, admin, "", f)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Intake.Look(w.Ctx, admin, id, intake.Looked{Name: "x.csv"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := w.Intake.Import(w.Ctx, admin, p.Mapping, []intake.File{{Name: "x.csv", Path: path}}, false)
	if err != nil || b.Summary.Refused > 0 {
		t.Fatal(err, b.Summary, p.YAML)
	}
	var out []string
	for _, row := range list(t, w.DB, `SELECT o.name, coalesce(s.name, ''), y.state, coalesce(y.entered_on, '') FROM stay y
		JOIN opportunity o ON o.tenant_id = y.tenant_id AND o.id = y.opportunity_id LEFT JOIN stage s ON s.tenant_id = y.tenant_id AND s.id = y.stage_id
		WHERE o.batch_id = $1 ORDER BY o.created_at, o.id, y.ord`, b.ID) {
		if name := row[0]; len(out) == 0 || !strings.Contains(strings.Join(out, " ")+" ", name+" ") {
			out = append(out, name)
		}
		if row[2] == "open" {
			out = append(out, "open/"+row[1])
		} else {
			out = append(out, row[2]+"@"+row[3])
		}
	}
	return strings.Join(out, " ")
}

func list(t *testing.T, db *database.DB, query string, args ...any) (out [][4]string) {
	err := db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r [4]string
			if err := rows.Scan(&r[0], &r[1], &r[2], &r[3]); err != nil {
				return err
			}
			out = append(out, r)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
