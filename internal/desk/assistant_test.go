package desk_test

import (
	"testing"

	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/desk"
	"yunchou/internal/record"
)

// desks are a member's lines by record, as somebody reads them.
func (w *world) desks(reader, of string) map[record.Ref]desk.Line {
	w.t.Helper()
	a := w.As(reader)
	if reader != of {
		var err error
		a, err = a.For(w.ID[of])
		w.must(err)
	}
	w.must(w.Funnel.Await(w.Ctx, a.TenantID))
	list, err := w.Desk.Read(w.Ctx, a, desk.Most)
	w.must(err)
	by := map[record.Ref]desk.Line{}
	for _, l := range list.Lines {
		by[l.On] = l
	}
	return by
}

// TestWhoActsForSeveralReadsForEachWhatIsHis: a colleague, and the manager of another team, act for a director, a manager
// and a rep at once. What they read for one of them is on that one's own desk, on the same level and for the same
// reasons; and what he holds himself is there.
func TestWhoActsForSeveralReadsForEachWhatIsHis(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, "2026-03-02")
		principals, assistants := []string{"总监", "蒋跃", "小李"}, []string{"陈露", "何峰"}
		own := map[string]string{}
		for _, owner := range append(principals, assistants...) {
			own[owner] = w.expected(owner, owner+"的小单", "2026-03-06", 90_000_00)
			w.expected(owner, owner+"的大单", "2026-03-06", 4_000_000_00)
			promised := w.expected(owner, owner+"的约定", "2026-03-06", 90_000_00)
			w.step(owner, promised, "2026-03-06", true)
		}
		for _, reader := range assistants {
			for _, of := range principals {
				w.must(w.Org.Delegate(w.Ctx, w.As("管理员"), w.ID[of], w.ID[reader]))
			}
		}
		w.Clock.Set("2026-03-10")
		for _, of := range principals {
			his := w.desks(of, of)
			for _, reader := range assistants {
				read := w.desks(reader, of)
				if _, there := read[record.Ref{Kind: record.Opportunity, ID: own[of]}]; !there {
					t.Errorf("%s does not read for %s what that one holds", reader, of)
				}
				for on, l := range read {
					if is, there := his[on]; !there || is.Level != l.Level || kinds(&is) != kinds(&l) {
						t.Errorf("%s reads for %s %q on level %d with %q, which has there: %v, level %d with %q",
							reader, of, l.Name, l.Level, kinds(&l), there, is.Level, kinds(&is))
					}
				}
			}
		}
	})
}
