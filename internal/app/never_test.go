package app_test

import (
	"fmt"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/funnel"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// valuesOf lists what counts of a field as known now: "day number text" by day.
func valuesOf(t *testing.T, w *apptest.World, id, field string) string {
	t.Helper()
	var out []string
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, `SELECT day, COALESCE(number_value, -1), COALESCE(text_value, '') FROM dated_value WHERE record_id = $1 AND field = $2
			AND ended_seq IS NULL ORDER BY day, seq`, id, field)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var day, text string
			var n int64
			if err := rows.Scan(&day, &n, &text); err != nil {
				return err
			}
			out = append(out, strings.TrimSpace(fmt.Sprint(strings.TrimPrefix(day, "2026-"), " ", n, " ", text)))
		}
		return rows.Err()
	}))
	return strings.Join(out, ", ")
}

// What a move wrote follows the move's day, also where the stay it made was replaced because
// the one before it never was.
func TestAReplacedStayKeepsWhatItsMoveWrote(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		boss := func() org.Actor { return w.As("管理员") }
		o := w.Opportunity("陈露", "二期改造")
		w.Clock.Set("2026-03-04")
		w.Move("管理员", o.ID, "报价", apptest.Exception)
		high := int64(7000)
		conf := &high
		_, err := w.Opportunities.Edit(w.Ctx, boss(), o.ID, 0, opportunity.Patch{ConfidenceBP: &conf})
		must(t, err)
		w.Clock.Set("2026-03-06")
		w.Move("管理员", o.ID, "入围") // a return: at most 40 %
		w.Clock.Set("2026-03-10")
		r, err := w.Opportunities.Get(w.Ctx, boss(), o.ID)
		must(t, err)
		_, err = w.Opportunities.Correct(w.Ctx, boss(), o.ID, opportunity.Correction{StayID: r.Stays[1].ID, Never: true, Reason: "拖错了"})
		must(t, err)
		_, err = w.Opportunities.CorrectStay(w.Ctx, boss(), o.ID, "2026-03-08", "日期写错")
		must(t, err)
		if got, want := valuesOf(t, w, o.ID, "confidence"), "03-04 7000, 03-08 4000"; got != want {
			t.Errorf("confidence %s, want %s", got, want)
		}
		_, err = w.Opportunities.TakeBack(w.Ctx, boss(), o.ID, "拖错了")
		must(t, err)
		if got, want := valuesOf(t, w, o.ID, "confidence"), "03-04 7000"; got != want {
			t.Errorf("taken back: confidence %s, want %s", got, want)
		}
		if now, err := w.Opportunities.Get(w.Ctx, boss(), o.ID); err != nil || now.ConfidenceBP == nil || *now.ConfidenceBP != 7000 {
			t.Errorf("%v %v", now.ConfidenceBP, err)
		}
	})
}

const accountsOnly = `version: 1
source: crm
files:
  - {match: c.csv, kind: account, columns: {externalId: id, name: name, class: class, region: region}}
`

// What an import wrote of an account never was once it is undone: on the days between, as
// known now, the old value holds; as known then what was imported.
func TestAnUndoneClassOfAnAccountNeverWas(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		first := newSource(w, accountsOnly, map[string]string{"c.csv": "id,name,class,region\nC1,东方集团,A,华东\nC2,西方集团,A,华东\nC3,南方集团,A,华东\nC4,北方集团,,\n"})
		first.run()
		id := func(name string) string {
			all, _, err := w.Accounts.List(w.Ctx, w.As("管理员"), account.Filter{Query: name}, pageOfAll)
			must(t, err)
			return all.Items[0].ID
		}
		east, west, south, north := id("东方"), id("西方"), id("南方"), id("北方")
		amount := int64(1000)
		_, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), opportunity.New{Name: "商机", PipelineID: w.Bid.PipelineID, AccountID: east, AmountMinor: &amount})
		must(t, err)
		w.Clock.Set("2026-03-05")
		b := newSource(w, accountsOnly, map[string]string{"c.csv": "id,name,class,region\nC1,东方集团,B,华南\nC2,西方集团,B,华南\nC3,南方集团,B,华南\nC4,北方集团,B,华南\n"}).run()
		set := func(id, class string) {
			c, err := w.Accounts.Get(w.Ctx, w.As("管理员"), id)
			must(t, err)
			c.Class = class
			_, err = w.Accounts.Update(w.Ctx, w.As("管理员"), c)
			must(t, err)
		}
		w.Clock.Set("2026-03-06")
		set(west, "C") // somebody's own: it stays
		set(south, "C")
		w.Clock.Set("2026-03-07")
		set(south, "B") // what the import said, but said by somebody
		w.Clock.Set("2026-03-10")
		first.undo(b.ID)
		for what, want := range map[[2]string]string{
			{east, "class"}: "0001-01-01 -1 A", {east, "region"}: "0001-01-01 -1 华东",
			{west, "class"}: "0001-01-01 -1 A, 03-05 -1 B, 03-06 -1 C", {west, "region"}: "0001-01-01 -1 华东",
			{south, "class"}: "0001-01-01 -1 A, 03-05 -1 B, 03-06 -1 C, 03-07 -1 B", {south, "region"}: "0001-01-01 -1 华东",
			{north, "class"}: "", {north, "region"}: "",
		} {
			if got := valuesOf(t, w, what[0], what[1]); got != want {
				t.Errorf("%s of %s: %s, want %s", what[1], what[0], got, want)
			}
		}
		for _, tt := range []struct{ knowledge, want string }{{funnel.KnownNow, "A"}, {funnel.KnownThen, "B"}} {
			for _, f := range []*funnel.Service{w.Funnel, reference(w.App)} {
				r, err := f.Report(w.Ctx, w.As("管理员"), funnel.Ask{Pipeline: w.Bid.PipelineID, AsOf: "2026-03-06", Knowledge: tt.knowledge, Group: funnel.ByClass})
				must(t, err)
				if len(r.Groups) != 1 || r.Groups[0].Key != tt.want {
					t.Errorf("known %s it was of class %+v, want %s", tt.knowledge, r.Groups, tt.want)
				}
			}
		}
		for name, class := range map[string]string{east: "A", west: "C", south: "B", north: ""} {
			if c, err := w.Accounts.Get(w.Ctx, w.As("管理员"), name); err != nil || c.Class != class {
				t.Errorf("%s is of class %q, want %q: %v", c.Name, c.Class, class, err)
			}
		}
		w.Again([]string{""}, "account", "dated_value")
	})
}

// An account that an undone import had restored was deleted all the time.
func TestARestoredAccountThatWasUndoneNeverWas(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, accountsOnly, map[string]string{"c.csv": "id,name,class,region\nC1,东方集团,A,华东\n"})
		s.run()
		all, _, err := w.Accounts.List(w.Ctx, w.As("管理员"), account.Filter{Query: "东方"}, pageOfAll)
		must(t, err)
		id := all.Items[0].ID
		w.Clock.Set("2026-03-05")
		must(t, w.Accounts.Delete(w.Ctx, w.As("管理员"), id, 0, true))
		w.Clock.Set("2026-03-09")
		again := newSource(w, accountsOnly, map[string]string{"c.csv": "id,name,class,region\nC1,东方集团,B,华东\n"})
		again.m.Files[0].Deleted = "restore"
		b := again.run()
		w.Clock.Set("2026-03-12")
		s.undo(b.ID)
		if got, want := valuesOf(t, w, id, "deleted"), "03-05 1"; got != want {
			t.Errorf("deleted %s, want %s", got, want)
		}
		if got, want := valuesOf(t, w, id, "class"), "0001-01-01 -1 A"; got != want {
			t.Errorf("class %s, want %s", got, want)
		}
		deleted, _, err := w.Accounts.List(w.Ctx, w.As("管理员"), account.Filter{Deleted: true}, pageOfAll)
		must(t, err)
		if len(deleted.Items) != 1 {
			t.Errorf("%d are deleted", len(deleted.Items))
		}
		w.Again([]string{""}, "account", "dated_value")
	})
}

// What an undone import had restored was never restored.
func TestARestoringThatWasUndoneNeverWas(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, dealsFiles)
		s.run()
		two := s.named("二号线")
		w.Clock.Set("2026-03-05")
		must(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), two.ID, true))
		w.Clock.Set("2026-03-09")
		for i := range s.m.Files {
			s.m.Files[i].Deleted = "restore"
		}
		b := s.run()
		w.Clock.Set("2026-03-12")
		s.undo(b.ID)
		r, err := w.Funnel.Report(w.Ctx, w.As("管理员"), funnel.Ask{Pipeline: w.Bid.PipelineID, AsOf: "2026-03-10"})
		must(t, err)
		if r.Population.Won != 0 {
			t.Errorf("as of 03-10, known now, %d are won: values %s", r.Population.Won, valuesOf(t, w, two.ID, "deleted"))
		}
		n := s.count(`SELECT count(*) FROM (SELECT 1 FROM credit_line WHERE fact_id = $1 AND credited_on BETWEEN '2026-03-06' AND '2026-03-11'
			GROUP BY credited_on HAVING sum(share_bp) <> 0) AS x`, two.ID)
		if n != 0 {
			t.Errorf("credit of %d days between stands", n)
		}
	})
}

// A record an undone import had recorded is touched by nobody any more: what is not there
// cannot be handed over, edited, set or accepted, and no answer is a crash.
func TestWhatNeverWasIsNotTouched(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, dealsFiles)
		b := s.run()
		id := s.named("二号线").ID
		s.undo(b.ID)
		name := "别的"
		for what, act := range map[string]func() error{
			"hand over": func() error {
				_, err := w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "opportunity", IDs: []string{id}, ToID: w.ID["周涛"], Reason: "分工"})
				return err
			},
			"edit": func() error {
				_, err := w.Opportunities.Edit(w.Ctx, w.As("管理员"), id, 0, opportunity.Patch{Name: &name})
				return err
			},
			"accept": func() (err error) {
				defer func() {
					if p := recover(); p != nil {
						err = fmt.Errorf("crash: %v", p)
					}
				}()
				return w.Opportunities.AcceptWin(w.Ctx, w.As("管理员"), id)
			},
			"correct": func() error {
				_, err := w.Opportunities.CorrectStay(w.Ctx, w.As("管理员"), id, "2026-03-01", "错")
				return err
			},
		} {
			if err := act(); fault.As(err) == nil {
				t.Errorf("%s: answered %v", what, err)
			}
		}
		n := s.count(`SELECT count(*) FROM ownership WHERE record_id = $1 AND ended_seq IS NULL`, id)
		v := s.count(`SELECT count(*) FROM dated_value WHERE record_id = $1 AND ended_seq IS NULL`, id)
		if n+v > 0 {
			t.Errorf("%d ownerships and %d values of what never was", n, v)
		}
	})
}

// While an import runs, a member is transferred: what it writes for him is in the team he is
// in then.
func TestAnImportWhileItsOwnerMoves(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, dealsFiles)
		w.Intake.Records = &lookingRecords{w.Records, func() {
			must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["二组"], "", false, "2026-03-02"))
		}}
		s.run()
		r := s.named("一号线")
		if r.TeamID != w.ID["二组"] {
			t.Errorf("it is of 一组 still, its owner is in 二组")
		}
	})
}

// The same of one record: the actor was read before the transfer was written.
func TestADealMadeWhileItsOwnerMoves(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		done := make(chan error, 40)
		for i := range 40 {
			go func() {
				a, err := w.Org.Actor(w.Ctx, w.Admin.TenantID, w.ID["陈露"], "form")
				if err == nil {
					_, err = w.Opportunities.Create(w.Ctx, a, opportunity.New{Name: fmt.Sprint("项目", i), PipelineID: w.Bid.PipelineID})
				}
				done <- err
			}()
			if i == 20 {
				must(t, w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID["陈露"], w.ID["二组"], "", false, "2026-03-02"))
			}
		}
		for range 40 {
			must(t, <-done)
		}
		s := &source{World: w}
		if n := s.count(`SELECT count(*) FROM opportunity WHERE name LIKE '项目%' AND team_id <> $1`, w.ID["二组"]); n > 0 {
			t.Errorf("%d of 40 are in the team she left", n)
		}
	})
}
