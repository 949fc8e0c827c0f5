package app_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/funnel"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// source is a file beside a mapping, to be imported again and again.
type source struct {
	*apptest.World
	m     intake.Mapping
	files []intake.File
}

func newSource(w *apptest.World, yaml string, files map[string]string) *source {
	w.T.Helper()
	m, err := intake.ParseMapping([]byte(yaml))
	must(w.T, err)
	s := &source{World: w, m: m}
	for name, text := range files {
		path := filepath.Join(w.T.TempDir(), name)
		must(w.T, os.WriteFile(path, []byte(text), 0o600))
		s.files = append(s.files, intake.File{Name: name, Path: path})
	}
	return s
}

func (s *source) run() intake.Batch {
	s.T.Helper()
	b, err := s.Intake.Import(s.Ctx, s.As("管理员"), s.m, s.files, false)
	must(s.T, err)
	return b
}

func (s *source) undo(id string) intake.Undone {
	s.T.Helper()
	u, err := s.Intake.Undo(s.Ctx, s.As("管理员"), id)
	must(s.T, err)
	return u
}

func (s *source) named(name string) opportunity.Record {
	s.T.Helper()
	list, _, err := s.Opportunities.List(s.Ctx, s.As("管理员"), opportunity.Filter{Query: name}, page.Request{}, s.Funnel)
	must(s.T, err)
	if len(list.Items) != 1 {
		s.T.Fatalf("%d records are called %s", len(list.Items), name)
	}
	r, err := s.Opportunities.Get(s.Ctx, s.As("管理员"), list.Items[0].ID)
	must(s.T, err)
	return r
}

func (s *source) count(query string, args ...any) (n int64) {
	s.T.Helper()
	must(s.T, s.DB.Read(s.Ctx, func(tx database.Tx) error { return tx.QueryRow(s.Ctx, query, args...).Scan(&n) }))
	return n
}

const dealsAndPeople = `version: 1
source: crm
fields:
  - {record: opportunity, key: budget, label: 预算, type: text}
  - {record: account, key: code, label: 代码, type: text}
files:
  - {match: c.csv, kind: account, columns: {externalId: id, name: name, industry: industry, parent: parent, custom.code: code}}
  - {match: p.csv, kind: contact, columns: {externalId: id, name: name, account: account, mobile: mobile}}
  - {match: x.csv, kind: opportunity, pipeline: 投标流程, columns: {externalId: id, name: name, account: account, owner: owner, stage: stage,
      amount: amount, product: product, createdOn: created, closedOn: closed, expectedOn: expected, source: source, custom.budget: budget}}
`

var dealsFiles = map[string]string{
	"c.csv": "id,name,industry,parent,code\nC1,东方集团,汽车,,A1\nC2,东方一厂,汽车,东方集团,A2\n",
	"p.csv": "id,name,account,mobile\nP1,刘工,东方一厂,13800001111\n",
	"x.csv": "id,name,account,owner,stage,amount,product,created,closed,expected,source,budget\n" +
		"1,一号线,东方一厂,陈露,机会,100,主轴,2026-01-05,,2026-06-30,展会,已批\n" +
		"2,二号线,东方集团,陈露,中标,200,主轴,2026-01-05,2026-02-03,,展会,\n",
}

// TestAnImportUndoneIsAsIfItHadNeverBeen: nothing of it counts, not even as taken out, and
// the same file brings everything again.
func TestAnImportUndoneIsAsIfItHadNeverBeen(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, dealsFiles)
		for range 2 {
			b := s.run()
			if b.Summary.Created["opportunity"] != 2 || b.Summary.Created["account"] != 2 || b.Summary.Created["contact"] != 1 || b.Summary.Errors > 0 {
				t.Fatalf("%+v", *b.Summary)
			}
			r := s.named("一号线")
			if len(r.Lines) != 1 || r.Custom["budget"] != "已批" || *r.AmountMinor != 100_00 {
				t.Errorf("%+v", r)
			}
			if u := s.undo(b.ID); u.Removed != 5 || u.Restored != 0 || len(u.Kept) != 0 || u.Left != 0 {
				t.Errorf("%+v", u)
			}
			s.nothingIsLeft()
			if err := s.Opportunities.Delete(s.Ctx, s.As("管理员"), r.ID, false); fault.CodeOf(err) != "opportunity.unrecorded" {
				t.Errorf("restoring what never was answers %v", err)
			}
			if _, err := s.Intake.Undo(s.Ctx, s.As("管理员"), b.ID); fault.CodeOf(err) != "import.not_undoable" {
				t.Errorf("undone twice: %v", err)
			}
		}
	})
}

// TestADayThatHasNotComeIsNoDayThatWas: what a file says has happened is not later than today, and
// such a cell is left out and told; a day that is expected may be later.
func TestADayThatHasNotComeIsNoDayThatWas(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db) // 2026-03-02
		s := newSource(w, `version: 1
source: crm
files:
  - {match: x.csv, kind: opportunity, pipeline: 投标流程, columns: {externalId: id, name: name, stage: stage, createdOn: created,
      closedOn: closed, expectedOn: expected, lastContactOn: contact, entered.机会: chance}}
`, map[string]string{"x.csv": "id,name,stage,created,closed,expected,contact,chance\n" +
			"1,今天,机会,2026-03-02,,2026-06-30,2026-03-02,2026-03-02\n" +
			"2,新建,机会,2026-03-03,,,,\n" +
			"3,关闭,中标,2026-01-05,2026-03-03,,,\n" +
			"4,联系,机会,2026-01-05,,,2026-03-03,\n" +
			"5,进入,机会,2026-01-05,,,,2026-03-03\n"})
		b := s.run()
		issues, err := w.Intake.Issues(w.Ctx, w.As("管理员"), b.ID, 0, 100)
		must(t, err)
		got := map[int]string{}
		for _, i := range issues {
			if i.Level == "warning" {
				got[i.Line] += i.Field + " " + i.Code
			}
		}
		want := map[int]string{3: "createdOn import.date_in_future", 4: "closedOn import.date_in_future",
			5: "lastContactOn import.date_in_future", 6: "entered.机会 import.date_in_future"}
		if !maps.Equal(got, want) || b.Summary.Created["opportunity"] != 5 || b.Summary.Errors > 0 {
			t.Errorf("%v, %+v", got, *b.Summary)
		}
	})
}

// nothingIsLeft looks for what an undone import must not leave.
func (s *source) nothingIsLeft() {
	s.T.Helper()
	for what, query := range map[string]string{
		"stays":        `SELECT count(*) FROM stay WHERE ended_seq IS NULL OR voided_at IS NULL`,
		"values":       `SELECT count(*) FROM dated_value WHERE ended_seq IS NULL AND record_id <> tenant_id`,
		"owners":       `SELECT count(*) FROM ownership WHERE ended_seq IS NULL AND record_id NOT IN (SELECT id FROM account WHERE name = '华新机电')`,
		"external ids": `SELECT count(*) FROM external_ref`,
		"contacts":     `SELECT count(*) FROM contact WHERE deleted_at IS NULL`,
		"credit":       `SELECT count(*) FROM (SELECT 1 FROM credit_line GROUP BY COALESCE(reverses, id), credited_on HAVING sum(share_bp) <> 0) AS x`,
	} {
		if n := s.count(query); n != 0 {
			s.T.Errorf("%d %s are left", n, what)
		}
	}
	rep, err := s.Funnel.Report(s.Ctx, s.As("管理员"), funnel.Ask{Pipeline: "投标流程"})
	must(s.T, err)
	if p := rep.Population; p.Open+p.Won+p.Lost+p.Withdrawn != 0 {
		s.T.Errorf("still in figures: %+v", p)
	}
	for _, deleted := range []bool{true, false} {
		list, _, err := s.Opportunities.List(s.Ctx, s.As("管理员"), opportunity.Filter{Deleted: deleted}, page.Request{}, s.Funnel)
		must(s.T, err)
		accounts, _, err := s.Accounts.List(s.Ctx, s.As("管理员"), account.Filter{Query: "东方", Deleted: deleted}, page.Request{})
		must(s.T, err)
		if len(list.Items)+len(accounts.Items) > 0 {
			s.T.Errorf("deleted %v: still listed %v %v", deleted, list.Items, accounts.Items)
		}
	}
}

// TestAnUpdateUndoneGivesEveryFieldBack: of what the second file changed, all but what
// somebody changed since; the values it wrote were never true.
func TestAnUpdateUndoneGivesEveryFieldBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		first := newSource(w, dealsAndPeople, dealsFiles)
		first.run()
		was := first.named("一号线")
		second := map[string]string{
			"c.csv": "id,name,industry,parent,code\nC1,东方集团,航空,,B1\nC2,东方一厂,汽车,,A2\n",
			"x.csv": "id,name,account,owner,stage,amount,product,created,closed,expected,source,budget\n" +
				"1,一号线改,东方一厂,陈露,机会,150,磨床,2026-01-05,,2026-09-30,转介绍,未批\n",
		}
		w.Clock.Set("2026-03-09")
		s := newSource(w, dealsAndPeople, second)
		s.m.Files[0].Columns["industry"] = intake.Cell{Column: "industry"}
		b := s.run()
		if now := first.named("一号线改"); *now.AmountMinor != 150_00 || now.ExpectedOn != "2026-09-30" || now.Custom["budget"] != "未批" || now.Pushes != 1 {
			t.Fatalf("%+v", now)
		}
		w.Clock.Set("2026-03-10")
		note := "老客户介绍"
		_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), was.ID, 0, opportunity.Patch{Source: &note})
		must(t, err)
		u := s.undo(b.ID)
		if u.Restored != 2 || u.Removed != 0 || len(u.Kept) != 1 || u.Kept[0] != "opportunity:"+was.ID {
			t.Errorf("%+v", u)
		}
		now := first.named("一号线")
		if now.Name != "一号线" || *now.AmountMinor != 100_00 || now.ExpectedOn != was.ExpectedOn || now.Custom["budget"] != "已批" || now.Pushes != 0 ||
			now.Source != note || len(now.Lines) != 1 || now.Lines[0] != was.Lines[0] {
			t.Errorf("%+v", now)
		}
		if n := s.count(`SELECT count(*) FROM dated_value WHERE record_id = $1 AND ended_seq IS NULL AND day > '2026-01-05'`, was.ID); n != 0 {
			t.Errorf("%d values of the undone import still count", n)
		}
		c, err := w.Accounts.Get(w.Ctx, w.As("管理员"), now.AccountID)
		must(t, err)
		parent, err := w.Accounts.Get(w.Ctx, w.As("管理员"), c.ParentID)
		must(t, err)
		if parent.Industry != "汽车" || parent.Custom["code"] != "A1" {
			t.Errorf("%+v", parent)
		}
	})
}

// TestAMoveOfAnImportIsTakenBackUnlessSomebodyTouchedTheRecord: with its contract and its
// credit.
func TestAMoveOfAnImportIsTakenBackUnlessSomebodyTouchedTheRecord(t *testing.T) {
	for _, touched := range []bool{false, true} {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			w := apptest.New(t, db)
			s := newSource(w, dealsAndPeople, dealsFiles)
			s.run()
			r := s.named("一号线")
			more := newSource(w, dealsAndPeople, map[string]string{"x.csv": "id,name,account,owner,stage,amount,product,created,closed,expected,source,budget\n" +
				"1,一号线,东方一厂,陈露,丢单,100,主轴,2026-01-05,2026-03-02,2026-06-30,展会,已批\n"})
			b := more.run()
			if now := s.named("一号线"); now.State != opportunity.Lost {
				t.Fatalf("%+v %+v", now, *b.Summary)
			}
			if touched {
				name := "一号线(李)"
				_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), r.ID, 0, opportunity.Patch{Name: &name})
				must(t, err)
			}
			u := more.undo(b.ID)
			now := s.named("一号线")
			if lost := now.State == opportunity.Lost; lost != touched || (len(u.Kept) == 1) != touched {
				t.Errorf("touched %v: %s, %+v", touched, now.State, u)
			}
			standing := s.count(`SELECT count(*) FROM (SELECT 1 FROM credit_line WHERE fact_id = $1 GROUP BY COALESCE(reverses, id) HAVING sum(share_bp) <> 0) AS x`, r.ID)
			if (standing > 0) != touched {
				t.Errorf("touched %v: %d credit lines stand", touched, standing)
			}
		})
	}
}

// TestWhatSomebodyUsesSinceAnImportStays: a record, a person, an account.
func TestWhatSomebodyUsesSinceAnImportStays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, dealsFiles)
		b := s.run()
		r, two := s.named("一号线"), s.named("二号线")
		people, err := w.Accounts.Contacts(w.Ctx, w.As("管理员"), r.AccountID, "", page.Request{})
		must(t, err)
		must(t, w.Opportunities.SetContacts(w.Ctx, w.As("陈露"), r.ID, 0, []opportunity.DealContact{{ContactID: people.Items[0].ID, Role: "user"}}))
		u := s.undo(b.ID)
		if u.Removed != 2 || strings.Join(u.Kept, " ") != "account:"+r.AccountID+" contact:"+people.Items[0].ID+" opportunity:"+r.ID {
			t.Errorf("%+v", u)
		}
		if again := s.run(); again.Summary.Created["opportunity"] != 1 || again.Summary.Created["account"] != 1 || again.Summary.Unchanged["opportunity"] != 1 {
			t.Errorf("%+v", *again.Summary)
		}
		if s.named("二号线").ID == two.ID {
			t.Error("what never was came back instead of being made anew")
		}
	})
}

// failingRows fails a write of an undo once.
type failingRows struct {
	intake.Rows
	left int
}

func (f *failingRows) SetUndone(ctx context.Context, tx database.Tx, tenant, batch string, list []intake.Change, o []intake.Outcome) error {
	if f.left--; f.left == 0 {
		return errors.New("the power went out")
	}
	return f.Rows.SetUndone(ctx, tx, tenant, batch, list, o)
}

// TestAnUndoCutShortGoesOnWhereItStopped: what it undid is not undone twice.
func TestAnUndoCutShortGoesOnWhereItStopped(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, dealsFiles)
		b := s.run()
		rows := &failingRows{Rows: w.Intake.Rows, left: 2}
		w.Intake.Rows = rows
		if _, err := w.Intake.Undo(w.Ctx, w.As("管理员"), b.ID); err == nil {
			t.Fatal("it did not fail")
		}
		now, err := w.Intake.Get(w.Ctx, w.As("管理员"), b.ID)
		must(t, err)
		if now.Status != "undoing" || now.Undone == nil || now.Undone.Removed != 2 || now.Undone.Left != 3 {
			t.Errorf("%s %+v", now.Status, now.Undone)
		}
		if u := s.undo(b.ID); u.Removed != 5 || len(u.Kept) != 0 {
			t.Errorf("%+v", u)
		}
		s.nothingIsLeft()
	})
}

// TestADeletedRecordIsToldOfAndComesBackWhereAsked: never silently.
func TestADeletedRecordIsToldOfAndComesBackWhereAsked(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, dealsFiles)
		s.run()
		r, two := s.named("一号线"), s.named("二号线")
		must(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), r.ID, true))
		must(t, w.Opportunities.Delete(w.Ctx, w.As("管理员"), two.ID, true))
		must(t, w.Accounts.Delete(w.Ctx, w.As("管理员"), r.AccountID, 0, true))
		for _, dry := range []bool{true, false} {
			b, err := w.Intake.Import(w.Ctx, w.As("管理员"), s.m, s.files, dry)
			must(t, err)
			issues, err := w.Intake.Issues(w.Ctx, w.As("管理员"), b.ID, 0, 10)
			must(t, err)
			var told []string
			for _, i := range issues {
				told = append(told, i.Level+" "+i.Code+" "+i.Detail)
			}
			want := "warning import.record_deleted 东方一厂|warning import.record_deleted 一号线|warning import.record_deleted 二号线"
			if got := strings.Join(told, "|"); got != want || b.Summary.Deleted != 3 || b.Summary.Created["opportunity"] != 0 {
				t.Errorf("dry %v: %s; %+v", dry, got, *b.Summary)
			}
		}
		for i := range s.m.Files {
			s.m.Files[i].Deleted = "restore"
		}
		b := s.run()
		if b.Summary.Updated["opportunity"] != 2 || b.Summary.Updated["account"] != 1 || b.Summary.Deleted != 0 || b.Summary.Errors > 0 {
			t.Errorf("%+v", *b.Summary)
		}
		if now := s.named("二号线"); now.State != opportunity.Won || now.DeletedAt != nil {
			t.Errorf("%+v", now)
		}
		if u := s.undo(b.ID); u.Restored != 3 || len(u.Kept) != 0 {
			t.Errorf("%+v", u)
		}
		list, _, err := w.Opportunities.List(w.Ctx, w.As("管理员"), opportunity.Filter{Deleted: true}, page.Request{}, w.Funnel)
		must(t, err)
		if len(list.Items) != 2 {
			t.Errorf("%d records are deleted again, want 2", len(list.Items))
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestARunningImportIsItsOwnersAlone: a second process that starts leaves it alone, and
// takes it for dead only after its lease; what has lost its lease writes nothing more.
func TestARunningImportIsItsOwnersAlone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		other := app.New(db, t.TempDir(), w.Log, w.Clock.Now)
		s := newSource(w, dealsAndPeople, dealsFiles)
		w.Intake.Records = &lookingRecords{w.Records, func() {
			all, err := other.Intake.List(w.Ctx, w.As("管理员"))
			must(t, err)
			b := all[0].ID
			must(t, other.Intake.Recover(w.Ctx))
			now, err := other.Intake.Get(w.Ctx, w.As("管理员"), b)
			must(t, err)
			if now.Status != "running" {
				t.Errorf("the other process made it %s", now.Status)
			}
			if _, err := other.Intake.Undo(w.Ctx, w.As("管理员"), b); fault.CodeOf(err) != "import.not_undoable" {
				t.Errorf("the other process undoes it: %v", err)
			}
			w.Clock.Set("2026-03-03") // the lease ends, and the other looks again
			must(t, other.Intake.Recover(w.Ctx))
		}}
		b, err := w.Intake.Import(w.Ctx, w.As("管理员"), s.m, s.files, false)
		if err == nil {
			t.Error("it went on without its lease")
		}
		now, err := other.Intake.Get(w.Ctx, w.As("管理员"), b.ID)
		must(t, err)
		if now.Status != "failed" || now.Error != "import.interrupted" {
			t.Errorf("%s %s", now.Status, now.Error)
		}
		if n := s.count(`SELECT count(*) FROM opportunity`); n != 0 {
			t.Errorf("%d records were written after the lease was lost", n)
		}
		_, err = other.Intake.Undo(w.Ctx, w.As("管理员"), b.ID)
		must(t, err)
		s.nothingIsLeft()
	})
}

// lookingRecords lets another process look once the import has begun.
type lookingRecords struct {
	record.Rows
	look func()
}

func (l *lookingRecords) ByExternal(ctx context.Context, tx database.Tx, tenant, kind, source string) (map[string]string, error) {
	if kind == "opportunity" {
		l.look()
	}
	return l.Rows.ByExternal(ctx, tx, tenant, kind, source)
}

// TestImportAndUndoAreWorkedOffTheTimetable: asked for here, done by whoever works it off.
func TestImportAndUndoAreWorkedOffTheTimetable(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, dealsAndPeople, dealsFiles)
		ctx, stop := context.WithCancel(w.Ctx)
		worked := make(chan struct{})
		go func() { defer close(worked); w.Work(ctx) }()
		defer func() { stop(); <-worked }()
		uploads := map[string]string{}
		for name, text := range dealsFiles {
			id, err := w.Intake.Upload(w.Ctx, w.As("管理员"), "", strings.NewReader(text))
			must(t, err)
			uploads[name] = id
		}
		b, err := w.Intake.Start(w.Ctx, w.As("管理员"), intake.Asked{Mapping: s.m, Uploads: uploads})
		must(t, err)
		until := func(status string) (now intake.Batch) {
			for range 4000 {
				now, err = w.Intake.Get(w.Ctx, w.As("管理员"), b.ID)
				must(t, err)
				if now.Status == status {
					return now
				}
				time.Sleep(5 * time.Millisecond)
			}
			t.Fatalf("it is %s, not %s", now.Status, status)
			return now
		}
		if now := until("done"); now.Summary.Created["opportunity"] != 2 {
			t.Errorf("%+v", *now.Summary)
		}
		if now, err := w.Intake.StartUndo(w.Ctx, w.As("管理员"), b.ID); err != nil || now.Status != "undoing" {
			t.Errorf("%s %v", now.Status, err)
		}
		if now := until("undone"); now.Undone == nil || now.Undone.Removed != 5 {
			t.Errorf("%+v", now.Undone)
		}
		s.nothingIsLeft()
	})
}
