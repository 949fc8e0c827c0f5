package app_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/page"
	"yunchou/internal/replay/replaytest"
)

const logMapping = `version: 1
source: log
fields: [{record: opportunity, key: budget, label: 预算, type: text}]
pipelines:
  - name: 流程
    stages:
      - {name: 线索, kind: open, phase: early, success: 10}
      - {name: 方案, kind: open, phase: middle, success: 40, qualified: true}
      - {name: 谈判, kind: open, phase: late, success: 70}
      - {name: 赢, kind: won}
      - {name: 输, kind: lost}
files:
  - {match: "*.csv", kind: events, pipeline: 流程, columns: {case: case, time: time, name: name, owner: owner, account: account,
      amount: amount, custom.budget: budget, lossReason: why,
      activity: {column: activity, values: {流标: "lost:tender_void", 丢给对手: "lost:competitor", 重复: "withdrawn:duplicate", 备注: ignore}}}}
`

const logHead = "case,activity,time,name,owner,account,amount,budget,why\n"

// logRows are random events of some cases, in the order of time.
func logRows(r *rand.Rand, cases int) (rows []string) {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	for c := range cases {
		day := r.IntN(10)
		for range 1 + r.IntN(7) {
			day += r.IntN(6)
			rows = append(rows, fmt.Sprintf("%02d|C%d,%s,2026-01-%02d %02d:%02d:%02d,%s,%s,%s,%s,%s,%s", day, c,
				pick("线索", "方案", "谈判", "线索", "方案", "赢", "输", "流标", "丢给对手", "重复", "备注"), 1+day%28, day/28*4+r.IntN(4), r.IntN(60), r.IntN(60),
				pick("", "", "一号", "二号"), pick("", "陈露", "小李", "周涛"), pick("", "甲厂", "乙厂"), pick("", "100", "200"), pick("", "已批", "未批"), pick("", "太贵")))
		}
	}
	slices.Sort(rows)
	for i := range rows {
		_, rows[i], _ = strings.Cut(rows[i], "|")
	}
	return rows
}

func logFile(rows []string) map[string]string {
	return map[string]string{"log.csv": logHead + strings.Join(rows, "\n") + "\n"}
}

// saidOfCases is all that is said of each case: fields, stays, dated values, owners and credit.
func (s *source) saidOfCases() map[string]string {
	s.T.Helper()
	out := map[string]string{}
	must(s.T, s.DB.Read(s.Ctx, func(tx database.Tx) error {
		known, err := s.Records.ByExternal(s.Ctx, tx, s.Admin.TenantID, "opportunity", "log")
		if err != nil {
			return err
		}
		for ext, id := range known {
			if out[ext], err = s.saidOfCase(tx, id); err != nil {
				return err
			}
		}
		return nil
	}))
	return out
}

func (s *source) saidOfCase(tx database.Tx, id string) (string, error) {
	var b strings.Builder
	r, err := s.Opportunities.Get(s.Ctx, s.As("管理员"), id)
	must(s.T, err)
	amount := func(n *int64) string {
		if n == nil || *n == 0 {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	fmt.Fprintln(&b, r.Name, r.OwnerID, r.TeamID, r.AccountName, r.Region, amount(r.AmountMinor), r.Currency, r.CreatedOn, r.State, r.StageID, r.EnteredOn,
		r.ClosedOn, amount(r.ContractMinor), r.LossKind, r.LossReason, r.ProgressOn, r.ClockOn, r.Custom)
	stays, err := s.Opportunities.Counted(s.Ctx, tx, s.As("管理员"), id)
	must(s.T, err)
	for _, st := range stays {
		fmt.Fprintln(&b, st.StageID, st.State, st.Move, st.EnteredOn, st.EnteredAt, st.LeftOn, st.LeftMove, amount(st.AmountMinor), st.LossKind, st.LossReason)
	}
	values, err := s.Opportunities.Values.Of(s.Ctx, tx, s.Admin.TenantID, id)
	must(s.T, err)
	for _, v := range values {
		fmt.Fprintln(&b, v.Field, v.Key, v.Day, v.Text, amount(v.Number), v.Basis)
	}
	owners, err := s.Records.Owners(s.Ctx, tx, s.Admin.TenantID, id)
	must(s.T, err)
	for _, o := range owners {
		fmt.Fprintln(&b, o.MemberID, o.TeamID, o.From, o.Basis)
	}
	var credit []string
	rows, err := tx.Query(s.Ctx, `SELECT COALESCE(member_id, ''), credited_on, outcome, sum(share_bp), sum(amount_minor) FROM credit_line
		WHERE fact_id = $1 GROUP BY member_id, credited_on, outcome HAVING sum(share_bp) <> 0 ORDER BY 2, 3, 1`, id)
	must(s.T, err)
	defer rows.Close()
	for rows.Next() {
		var member, on, outcome string
		var bp int64
		var worth *int64
		must(s.T, rows.Scan(&member, &on, &outcome, &bp, &worth))
		credit = append(credit, fmt.Sprint(member, on, outcome, bp, amount(worth)))
	}
	fmt.Fprintln(&b, strings.Join(credit, "\n"))
	return b.String(), rows.Err()
}

// sameIDs replaces what differs between two worlds by what it stands for.
func (s *source) sameIDs(said map[string]string) map[string]string {
	names := []string{}
	for name, id := range s.ID {
		names = append(names, id, name)
	}
	must(s.T, s.DB.Read(s.Ctx, func(tx database.Tx) error {
		for _, query := range []string{`SELECT id, name FROM account`, `SELECT id, name FROM stage`} {
			rows, err := tx.Query(s.Ctx, query)
			if err != nil {
				return err
			}
			for rows.Next() {
				var id, name string
				if err := rows.Scan(&id, &name); err != nil {
					return err
				}
				names = append(names, id, name)
			}
			rows.Close()
		}
		return nil
	}))
	r := strings.NewReplacer(names...)
	for k, v := range said {
		lines := strings.Split(r.Replace(v), "\n")
		slices.Sort(lines)
		said[k] = strings.Join(lines, "\n")
	}
	return said
}

func compareCases(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for ext, w := range want {
		if got[ext] != w {
			t.Errorf("%s: case %s is\n%s\nthe whole log alone says\n%s", what, ext, got[ext], w)
			return
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d cases, want %d", what, len(got), len(want))
	}
}

// TestALogInPartsSaysWhatTheWholeLogSays: however it is split, in whatever order the parts come,
// told once or twice; and the dry run says before what the run does.
func TestALogInPartsSaysWhatTheWholeLogSays(t *testing.T) {
	seeds := uint64(1)
	if os.Getenv("YUNCHOU_SOAK") != "" {
		seeds = 20
	}
	for seed := range seeds {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			r := rand.New(rand.NewPCG(seed, 7))
			rows := logRows(r, 25)
			w := apptest.New(t, db)
			whole := newSource(w, logMapping, logFile(rows))
			whole.run()
			want := whole.sameIDs(whole.saidOfCases())
			for _, how := range []string{"by time", "backwards", "at random", "the whole, then the first part"} {
				other := apptest.New(t, databasetest.Another(t, db))
				var parts [][]string
				switch cut := len(rows) / 3; how {
				case "by time":
					parts = [][]string{rows[:cut], rows[:2*cut], rows}
				case "backwards":
					parts = [][]string{rows[2*cut:], rows[cut : 2*cut], rows[:cut]}
				case "at random":
					parts = make([][]string, 4)
					for _, row := range rows {
						k := r.IntN(4)
						parts[k] = append(parts[k], row)
					}
				default:
					parts = [][]string{rows, rows[:cut]}
				}
				var last *source
				for _, part := range parts {
					last = newSource(other, logMapping, logFile(part))
					last.dryRunSaysTheSame()
				}
				compareCases(t, fmt.Sprint(how, " ", seed), last.sameIDs(last.saidOfCases()), want)
				for ext, n := range last.run().Summary.Updated {
					t.Errorf("%s: the same again changes %d %s", how, n, ext)
				}
				if how == "at random" && seed == 0 {
					played(t, other.DB, databasetest.Another(t, db), &apptest.Player{World: other})
				}
			}
		})
	}
}

// dryRunSaysTheSame runs a source dry and then in earnest, and compares what both counted.
func (s *source) dryRunSaysTheSame() intake.Batch {
	s.T.Helper()
	dry, err := s.Intake.Import(s.Ctx, s.As("管理员"), s.m, s.files, true)
	must(s.T, err)
	b := s.run()
	counts := func(sum *intake.Summary) string {
		return fmt.Sprint(sum.Rows, sum.Created, sum.Updated, sum.Unchanged, " refused ", sum.Refused, " deleted ", sum.Deleted, " errors ", sum.Errors,
			" warnings ", sum.Warnings)
	}
	if counts(dry.Summary) != counts(b.Summary) {
		issues, _ := s.Intake.Issues(s.Ctx, s.As("管理员"), b.ID, 0, 5)
		s.T.Errorf("the dry run said %s\nthe run did %s %+v", counts(dry.Summary), counts(b.Summary), issues)
	}
	return b
}

// TestALogUndoneTakesItsPartAway: in whatever order, what is left is what the others say.
func TestALogUndoneTakesItsPartAway(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		rows := logRows(rand.New(rand.NewPCG(3, 9)), 20)
		cut := len(rows) / 3
		first := newSource(w, logMapping, logFile(rows[:cut]))
		a := first.run()
		one := first.saidOfCases()
		b := newSource(w, logMapping, logFile(rows[cut:2*cut])).run()
		two := first.saidOfCases()
		c := newSource(w, logMapping, logFile(rows[2*cut:])).run()
		first.undo(c.ID)
		compareCases(t, "undone the last", first.saidOfCases(), two)
		c = newSource(w, logMapping, logFile(rows[2*cut:])).run()
		first.undo(b.ID)
		first.undo(c.ID)
		left := first.saidOfCases()
		for ext, was := range one {
			if left[ext] != was {
				t.Errorf("undone in another order, %s is\n%s\nwas\n%s", ext, left[ext], was)
			}
		}
		first.undo(a.ID)
		first.undoRest(b.ID, c.ID, a.ID)
		first.nothingIsLeftOf("log")
	})
}

// undoRest undoes again what something kept before.
func (s *source) undoRest(ids ...string) {
	s.T.Helper()
	for range 2 {
		for _, id := range ids {
			_, _ = s.Intake.Undo(s.Ctx, s.As("管理员"), id) // all of it may be undone
		}
	}
}

func (s *source) nothingIsLeftOf(name string) {
	s.T.Helper()
	list, _, err := s.Opportunities.List(s.Ctx, s.As("管理员"), opportunity.Filter{}, page.Request{}, s.Funnel)
	must(s.T, err)
	if len(list.Items) > 0 || s.count(`SELECT count(*) FROM external_ref WHERE source = $1`, name) > 0 {
		s.T.Errorf("%d deals are left", len(list.Items))
	}
}

// TestALogNamesANewAccountOfACaseThatIsThere: the account is made, and the case is its.
func TestALogNamesANewAccountOfACaseThatIsThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, logMapping, map[string]string{"log.csv": logHead + "A,线索,2026-01-05 09:00:00,甲案,陈露,,100,,\n"})
		s.run()
		b := newSource(w, logMapping, map[string]string{"log.csv": logHead + "A,方案,2026-02-05 09:00:00,,,新客户厂,,,\n"}).dryRunSaysTheSame()
		if now := s.named("甲案"); now.AccountName != "新客户厂" || b.Summary.Created["account"] != 1 {
			t.Errorf("%q %+v", now.AccountName, b.Summary)
		}
	})
}

// TestAStayEnteredHereIsNotReplacedByALog: nor is a value somebody changed here; both are told.
func TestAStayEnteredHereIsNotReplacedByALog(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, logMapping, map[string]string{"log.csv": logHead + "A,线索,2026-01-05 09:00:00,甲案,陈露,,100,,\nB,线索,2026-01-05 09:00:00,乙案,陈露,,100,,\n"})
		s.run()
		a, b := s.named("甲案"), s.named("乙案")
		to := ""
		for _, st := range a.Pipeline.Stages {
			if st.Name == "方案" {
				to = st.ID
			}
		}
		_, err := w.Opportunities.Move(w.Ctx, w.As("陈露"), a.ID, opportunity.MoveRequest{To: to, Reason: "按进展"})
		must(t, err)
		amount := int64(777_00)
		next := &amount
		_, err = w.Opportunities.Edit(w.Ctx, w.As("陈露"), b.ID, 0, opportunity.Patch{AmountMinor: &next})
		must(t, err)
		more := newSource(w, logMapping, map[string]string{"log.csv": logHead + "A,谈判,2026-02-05 09:00:00,,,,,,\nB,谈判,2026-02-05 09:00:00,,,,200,,\n"})
		batch := more.dryRunSaysTheSame()
		issues, err := w.Intake.Issues(w.Ctx, w.As("管理员"), batch.ID, 0, 10)
		must(t, err)
		if len(issues) != 1 || issues[0].Code != "import.stay_kept" || batch.Summary.Unchanged["opportunity"] != 1 || batch.Summary.Updated["opportunity"] != 1 {
			t.Errorf("%+v %+v", issues, batch.Summary)
		}
		if now := s.named("甲案"); now.StageID != to {
			t.Errorf("the stay that was entered here is gone: %+v", now.Stays)
		}
		now := s.named("乙案")
		st, _ := now.Pipeline.Stage(now.StageID)
		if st.Name != "谈判" || *now.AmountMinor != amount {
			t.Errorf("%s %d", st.Name, *now.AmountMinor)
		}
		kept := slices.ContainsFunc(batch.Summary.Notes, func(n intake.Note) bool { return n.Code == "kept_by_hand" && n.Field == "amount" })
		if !kept {
			t.Errorf("the amount that was kept is not told: %+v", batch.Summary.Notes)
		}
	})
}

// TestTheHelpdeskLogGrows: the first years of the help desk's log and then the whole log give what
// the whole gives alone, and the first part again changes nothing. The dry run says all of it.
func TestTheHelpdeskLogGrows(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(publicData(t, "helpdesk-log"), "helpdesk.csv"))
	must(t, err)
	head, body, _ := strings.Cut(string(raw), "\n")
	var first []string
	for line := range strings.Lines(body) {
		if strings.Contains(line, ",2010-") || strings.Contains(line, ",2011-") {
			first = append(first, line)
		}
	}
	mapping, err := os.ReadFile("../../examples/mappings/helpdesk-log.yaml")
	must(t, err)
	part, whole := map[string]string{"helpdesk.csv": head + "\n" + strings.Join(first, "")}, map[string]string{"helpdesk.csv": string(raw)}
	db := databasetest.SQLite(t)
	w, other := apptest.New(t, db), apptest.New(t, databasetest.Another(t, db))
	alone := newSource(w, string(mapping), whole)
	alone.run()
	newSource(other, string(mapping), part).dryRunSaysTheSame()
	s := newSource(other, string(mapping), whole)
	b := s.dryRunSaysTheSame()
	if b.Summary.Refused > 0 || b.Summary.Errors > 0 || b.Summary.Warnings > 0 || b.Summary.Updated["opportunity"] == 0 {
		t.Errorf("%+v", b.Summary)
	}
	t.Logf("%d rows of %d first; then %d created, %d updated, %d unchanged", len(first), strings.Count(body, "\n"), b.Summary.Created["opportunity"],
		b.Summary.Updated["opportunity"], b.Summary.Unchanged["opportunity"])
	if again := newSource(other, string(mapping), part).dryRunSaysTheSame(); again.Summary.Updated["opportunity"] > 0 {
		t.Errorf("the first part again: %+v", again.Summary)
	}
	for _, query := range []string{
		`SELECT st.name, s.state, s.entered_on, COALESCE(s.left_on, ''), s.move, count(*) FROM stay s LEFT JOIN stage st ON st.id = s.stage_id
			WHERE s.voided_at IS NULL GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`,
		`SELECT name, state, created_on, COALESCE(entered_on, ''), COALESCE(closed_on, ''), COALESCE(progress_on, '') FROM opportunity ORDER BY name`,
		`SELECT o.name, m.name, w.from_on FROM ownership w JOIN opportunity o ON o.id = w.record_id LEFT JOIN member m ON m.id = w.member_id
			WHERE w.ended_seq IS NULL ORDER BY 1, 3, 2`,
	} {
		if got, want := replaytest.Rows(t, other.DB, query), replaytest.Rows(t, db, query); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s: in parts it is otherwise: %d rows, %d", query, len(got), len(want))
		}
	}
}
