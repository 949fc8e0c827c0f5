package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/intake"
)

// TestImportsHaveSoManyRowsInHand: a file of more rows is refused by name, and one for which
// there is no room at the moment waits, can be cancelled, and goes on when there is.
func TestImportsHaveSoManyRowsInHand(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Intake.Load = intake.NewLoad(1000, 1000)
		file, m := customers(t)
		b, err := w.Intake.Import(w.Ctx, w.As("管理员"), m, file(1001), true)
		if fault.CodeOf(err) != "file.too_many_rows" || b.Status != "failed" || b.Error != "file.too_many_rows" {
			t.Errorf("more than there is room for: %v, %s %s", err, b.Status, b.Error)
		}
		// Within the first run, which has 600 of the thousand in hand, the second waits.
		var second string
		_, err = w.Intake.Run(w.Ctx, w.As("管理员"), m, file(600), intake.Options{DryRun: true, Progress: func(done, _ int64) {
			if second != "" {
				return
			}
			waits := 0
			_, err := w.Intake.Run(w.Ctx, w.As("管理员"), m, file(401), intake.Options{DryRun: true,
				Progress: func(done, total int64) {
					if waits++; done != 0 || total != 401 {
						t.Errorf("it has begun: %d of %d", done, total)
					}
				}, Stop: func() bool { return waits > 0 }})
			second = fmt.Sprint(err)
			if sum, err := w.Intake.Run(w.Ctx, w.As("管理员"), m, file(400), intake.Options{DryRun: true}); err != nil || sum.Created["account"] != 400 {
				t.Errorf("for which there is room: %v %v", sum, err)
			}
		}})
		if err != nil || !strings.Contains(second, "stopped") {
			t.Errorf("the first %v, the second %s", err, second)
		}
		if sum, err := w.Intake.Run(w.Ctx, w.As("管理员"), m, file(1000), intake.Options{DryRun: true}); err != nil || sum.Created["account"] != 1000 {
			t.Errorf("when all have ended: %v %v", sum, err)
		}
	})
}

// customers makes a file of so many rows, and says what is in its columns.
func customers(t *testing.T) (file func(rows int) []intake.File, m intake.Mapping) {
	file = func(rows int) []intake.File {
		path := filepath.Join(t.TempDir(), "a.csv")
		text := "客户名称\n"
		for n := range rows {
			text += fmt.Sprintf("客户 %d\n", n)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return []intake.File{{Name: "a.csv", Path: path}}
	}
	m, err := intake.ParseMapping([]byte("version: 1\nsource: crm\nfiles: [{match: a.csv, kind: account, columns: {name: 客户名称}}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	return file, m
}

// TestALargeImportHasTheRowsToItself: one of more rows than all have in hand together is not
// refused; it has them alone.
func TestALargeImportHasTheRowsToItself(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Intake.Load = intake.NewLoad(2000, 1200)
		file, m := customers(t)
		run := func(rows int, stop func() bool, progress func(done, total int64)) error {
			_, err := w.Intake.Run(w.Ctx, w.As("管理员"), m, file(rows), intake.Options{DryRun: true, Progress: progress, Stop: stop})
			return err
		}
		var within []error
		err := run(2000, nil, func(int64, int64) {
			if within == nil {
				within = append(within, run(1, func() bool { return true }, nil))
			}
		})
		if err != nil || len(within) != 1 || !strings.Contains(fmt.Sprint(within[0]), "stopped") {
			t.Errorf("a large one: %v; one beside it: %v", err, within)
		}
		within = nil
		err = run(600, nil, func(int64, int64) {
			if within == nil {
				within = append(within, run(2000, func() bool { return true }, nil), run(600, nil, nil))
			}
		})
		if err != nil || len(within) != 2 || !strings.Contains(fmt.Sprint(within[0]), "stopped") || within[1] != nil {
			t.Errorf("a small one: %v; a large one and a small one beside it: %v", err, within)
		}
	})
}
