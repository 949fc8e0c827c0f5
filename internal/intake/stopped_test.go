package intake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/internal/timetable"
)

// TestAnImportEndsWhenItsProcessIsAskedTo: a look at a file is begun again by whoever takes it
// up, and says the same; an import ends as interrupted after its present chunk, and is undone.
func TestAnImportEndsWhenItsProcessIsAskedTo(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		admin := w.As("管理员")
		const rows = 20_000
		var file strings.Builder
		file.WriteString("客户名称,行业\n")
		for n := range rows {
			fmt.Fprintf(&file, "客户 %d,机电\n", n)
		}
		id, err := w.Intake.Upload(w.Ctx, admin, "", strings.NewReader(file.String()))
		if err != nil {
			t.Fatal(err)
		}
		look, err := w.Intake.Look(w.Ctx, admin, id, intake.Looked{Name: "a.csv"})
		if err != nil {
			t.Fatal(err)
		}
		for _, dry := range []bool{true, false} {
			uploads := map[string]string{"a.csv": id}
			b, err := w.Intake.Start(w.Ctx, admin, intake.Asked{Mapping: look.Mapping, Uploads: uploads, DryRun: dry})
			if err != nil {
				t.Fatal(err)
			}
			payload, err := json.Marshal(map[string]any{"batch": b.ID, "uploads": uploads})
			if err != nil {
				t.Fatal(err)
			}
			run := func(ctx context.Context) error {
				return w.Intake.Jobs()["import"].Do(ctx, &timetable.Job{Row: timetable.Row{
					TenantID: admin.TenantID, Kind: "import", CreatedBy: admin.MemberID, Payload: payload,
				}})
			}
			ctx, stop := context.WithCancel(w.Ctx)
			ended := make(chan error, 1)
			go func() { ended <- run(ctx) }()
			for begun := b; begun.RowsDone == 0 && begun.Status == "running"; {
				if begun, err = w.Intake.Get(w.Ctx, admin, b.ID); err != nil {
					t.Fatal(err)
				}
			}
			stop()
			err = <-ended
			got, e := w.Intake.Get(w.Ctx, admin, b.ID)
			if e != nil {
				t.Fatal(e)
			}
			if dry {
				if err == nil || got.Status != "running" {
					t.Fatalf("a look that was stopped: %v, %s after %d", err, got.Status, got.RowsDone)
				}
				if err := run(w.Ctx); err != nil {
					t.Fatal(err)
				}
				if got, e = w.Intake.Get(w.Ctx, admin, b.ID); e != nil || got.Status != "done" || got.RowsDone != rows {
					t.Errorf("taken up: %s %s after %d, %v", got.Status, got.Error, got.RowsDone, e)
				}
				continue
			}
			if err != nil || got.Status != "failed" || got.Error != "import.interrupted" || got.RowsDone >= rows {
				t.Errorf("an import that was stopped: %v, %s %s after %d", err, got.Status, got.Error, got.RowsDone)
			}
			if _, err := w.Intake.StartUndo(w.Ctx, admin, b.ID); err != nil {
				t.Errorf("it cannot be undone: %v", err)
			}
		}
	})
}
