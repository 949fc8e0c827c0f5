package app_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/followup"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
	"yunchou/internal/scopedb"
	"yunchou/internal/timeline"
	"yunchou/internal/upgrade"
	"yunchou/internal/upgrade/upgradedb"
)

// large are the tables that grow with the work: a statement of a list, a record or a
// move must find its rows in them by an index.
var large = map[string]bool{"opportunity": true, "stay": true, "ownership": true, "journal": true, "entry_address": true, "failed_act": true, "follow_up": true, "follow_up_contact": true, "evidence": true, "account": true, "contact": true, "task": true, "record_link": true,
	"deal_team": true, "opportunity_line": true, "opportunity_contact": true, "opportunity_competitor": true, "opportunity_share": true, "credit_line": true, "custom_value": true, "file": true, "employment": true, "external_ref": true}

// TestNoStatementScansWhatItShouldSeek runs what people do over and over on a filled
// database, and asks each engine how it answers every statement that was sent: none may
// read a large table from end to end, and a list may not sort all there is to show fifty.
func TestNoStatementScansWhatItShouldSeek(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Fill(4000)
		w.FillTrail(20_000)
		if err := w.Engine.Ready(w.Ctx, w.Admin.TenantID); err != nil {
			t.Fatal(err)
		}
		a := w.As("蒋跃")
		seller := w.As(apptest.Seller(0))
		mine, _, err := w.Opportunities.List(w.Ctx, seller, opportunity.Filter{States: []opportunity.State{opportunity.Open}}, page.Request{}, w.Funnel)
		if err != nil || len(mine.Items) < 2 {
			t.Fatal(err)
		}
		id := mine.Items[0].ID
		p := &plans{t: t, w: w}
		list := func(a org.Actor, f opportunity.Filter, r page.Request) func(context.Context) error {
			return func(ctx context.Context) error {
				out, _, err := w.Opportunities.List(ctx, a, f, r, w.Funnel)
				if err != nil || out.Next == "" {
					return err
				}
				r.Cursor = out.Next
				_, _, err = w.Opportunities.List(ctx, a, f, r, w.Funnel)
				return err
			}
		}
		open := opportunity.Filter{Pipeline: w.Bid.PipelineID, States: []opportunity.State{opportunity.Open}}
		for _, r := range []page.Request{{Sort: "created", Desc: true}, {Sort: "amount", Desc: true}, {Sort: "closed", Desc: true}, {Sort: "expected", Desc: true}, {Sort: "expected"}, {Sort: "entered"}, {Sort: "progress"}, {Sort: "contact"}, {Sort: "name"}} {
			p.look("list by "+r.Sort, true, list(w.As("管理员"), opportunity.Filter{}, r))
			p.look("manager's list by "+r.Sort, true, list(a, open, r))
		}
		p.look("a seller's list", false, list(seller, open, page.Request{}))
		p.look("an account's deals", false, list(a, opportunity.Filter{Account: w.Account}, page.Request{}))
		p.look("record", false, func(ctx context.Context) error { _, err := w.Opportunities.Get(ctx, a, id); return err })
		longStory(t, w, id)
		for _, of := range []record.Ref{opportunity.Ref(id), account.Ref(w.Account), account.ContactRef(w.Contact("陈露", "王工"))} {
			p.look("timeline of "+of.Kind, false, func(ctx context.Context) error {
				r := page.Request{Limit: 5}
				out, err := w.Timeline.Page(ctx, w.As("管理员"), timeline.Asked{Of: of}, r)
				if r.Cursor = out.Next; err != nil || r.Cursor == "" {
					return err
				}
				_, err = w.Timeline.Page(ctx, w.As("管理员"), timeline.Asked{Of: of}, r)
				return err
			})
		}
		p.look("today", false, func(ctx context.Context) error { _, err := w.Opportunities.TodayOf(ctx, seller); return err })
		p.look("tasks", false, func(ctx context.Context) error {
			_, err := w.Tasks.OfRecord(ctx, a, opportunity.Ref(id))
			_, err2 := w.Tasks.Due(ctx, seller, 50)
			_, err3 := w.Tasks.List(ctx, seller, true, false)
			_, err4 := w.Tasks.List(ctx, seller, false, true)
			return errors.Join(err, err2, err3, err4)
		})
		p.look("without a next step", true, list(a, opportunity.Filter{NoNextStep: true}, page.Request{Sort: "amount", Desc: true}))
		accounts := func(a org.Actor) func(context.Context) error {
			return func(ctx context.Context) error {
				_, _, err := w.Accounts.List(ctx, a, account.Filter{}, page.Request{})
				_, err2 := w.Accounts.Contacts(ctx, a, "", "", page.Request{})
				return errors.Join(err, err2)
			}
		}
		p.look("accounts by memory", false, accounts(a))
		w.Accounts.Memory = nil // as while columns are not there
		p.look("accounts", true, accounts(w.As("管理员")))
		p.look("accounts of somebody with few, which are sorted", false, accounts(seller))
		p.walks = db.Dialect() == database.SQLite // PostgreSQL joins so few accounts as a whole
		p.look("how many accounts somebody with few has", false, func(ctx context.Context) error {
			_, _, err := w.Accounts.List(ctx, seller, account.Filter{}, page.Request{})
			return err
		})
		p.walks = false
		was := scopedb.Gathered
		scopedb.Gathered = 0
		p.look("accounts of somebody with many", true, accounts(a))
		scopedb.Gathered, w.Accounts.Memory = was, w.Engine
		p.look("accounts after one was added", false, func(ctx context.Context) error {
			c, err := w.Accounts.Create(ctx, seller, account.Account{Name: "新客户"}, false)
			if err != nil {
				return err
			}
			_, err = w.Accounts.CreateContact(ctx, seller, account.Contact{Name: "王工", AccountID: c.ID})
			return errors.Join(err, accounts(a)(ctx))
		})
		p.look("pipelines", false, func(ctx context.Context) error { _, err := w.Pipelines.List(ctx, a); return err })
		p.look("create", false, func(ctx context.Context) error {
			_, err := w.Opportunities.Create(ctx, seller, opportunity.New{Name: "新的", PipelineID: w.Bid.PipelineID})
			return err
		})
		p.look("move", false, func(ctx context.Context) error {
			to := w.Stage("报价")
			if mine.Items[1].StageID == to {
				to = w.Stage("方案制定")
			}
			_, err := w.Opportunities.Move(ctx, w.As("管理员"), mine.Items[1].ID, opportunity.MoveRequest{To: to, Exception: "急", Reason: "r"})
			return err
		})
		p.look("follow-up", false, func(ctx context.Context) error {
			_, err := w.FollowUps.Log(ctx, seller, followup.FollowUp{On: []record.Ref{opportunity.Ref(id)}, Channel: "phone", Words: "约了"}, "")
			return err
		})
		p.look("report after a move", false, func(ctx context.Context) error {
			_, err := w.Funnel.Report(ctx, a, funnel.Ask{Pipeline: w.Bid.PipelineID, Group: funnel.ByOwner})
			return err
		})
		for name, q := range map[string]audit.Query{
			"all": {}, "a person's": {Person: a.MemberID}, "about a member": {About: a.MemberID}, "of a kind": {Kind: "member.added"},
			"from an address": {Address: "192.0.2.1"}, "of days": {From: w.Clock.Now().Add(-time.Hour), To: w.Clock.Now()},
			"what failed": {Outcome: audit.Failed}, "what was refused": {Outcome: audit.Refused}, "of a failure": {Kind: audit.PermissionRefused},
			"a person's of a kind": {Person: a.MemberID, Kind: "member.signed_in"}, "a person's about a member": {Person: a.MemberID, About: a.MemberID},
			"a person's of days":     {Person: a.MemberID, From: w.Clock.Now().Add(-time.Hour), To: w.Clock.Now()},
			"what was done, of days": {Outcome: audit.Done, From: w.Clock.Now().Add(-time.Hour)},
		} {
			p.look("audit trail, "+name, true, func(ctx context.Context) error {
				out, err := w.Audit.List(ctx, w.As("管理员"), q, page.Request{Limit: 5})
				if err != nil || out.Next == "" {
					return err
				}
				_, err = w.Audit.List(ctx, w.As("管理员"), q, page.Request{Limit: 5, Cursor: out.Next})
				return err
			})
		}
		p.look("own sign-ins", false, func(ctx context.Context) error {
			_, err := w.Audit.Mine(ctx, a, page.Request{})
			return err
		})
		p.look("records behind a figure", false, func(ctx context.Context) error {
			_, _, err := w.Funnel.Records(ctx, a, funnel.Ask{Pipeline: w.Bid.PipelineID}, funnel.Measure{Name: "open"}, 0, 50)
			return err
		})
		p.walks = db.Dialect() == database.SQLite // PostgreSQL reads all deals there are at once
		p.look("a chunk of an upgrade", false, func(ctx context.Context) error {
			return w.DB.Write(ctx, func(tx database.Tx) error {
				rows := upgradedb.Rows{}
				if err := rows.SaveStep(ctx, tx, w.Admin.TenantID, "facts", upgrade.Step{}, w.Clock.Now()); err != nil {
					return err
				}
				_, err := rows.Company(ctx, tx, w.Admin.TenantID, w.Clock.Now())
				_, err2 := rows.Accounts(ctx, tx, w.Admin.TenantID, "", 5)
				_, err3 := rows.Opportunities(ctx, tx, w.Admin.TenantID, "", 5)
				_, err4 := rows.Organisation(ctx, tx, w.Admin.TenantID)
				return errors.Join(err, err2, err3, err4)
			})
		})
		if p.seen < 60 {
			t.Errorf("only %d statements looked at", p.seen)
		}
		t.Logf("%d statements looked at", p.seen)
	})
}

// longStory gives a deal 2,000 entries among those of all the others.
func longStory(t *testing.T, w *apptest.World, deal string) {
	t.Helper()
	must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
		n, err := tx.Exec(w.Ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
			INSERT INTO journal (tenant_id, seq, id, recorded_at, happened_on, actor_id, path, subject_kind, subject_id, scope_kind, scope_id, kind, version, payload)
			SELECT j.tenant_id, j.seq - 10000 - n.i, 'long' || n.i, j.recorded_at, j.happened_on, j.actor_id, j.path, 'opportunity', $2, 'opportunity', $2,
			'opportunity.restored', 1, '{}' FROM (SELECT * FROM journal WHERE tenant_id = $1 ORDER BY seq LIMIT 1) j, n`, w.Admin.TenantID, deal)
		if err == nil && n != 2000 {
			t.Errorf("%d entries", n)
		}
		return err
	}))
}

type plans struct {
	t     *testing.T
	w     *apptest.World
	seen  int
	walks bool            // refuses a walk over all rows of a company too
	once  map[string]bool // statements that were looked at, where each is once
}

// look runs an act and asks for the plan of each of its statements; inOrder says that its
// lists come from an index in their order.
func (p *plans) look(name string, inOrder bool, act func(context.Context) error) {
	p.t.Helper()
	type sent struct {
		query string
		args  []any
	}
	var all []sent
	err := act(database.Observed(p.t.Context(), func(query string, args []any) { all = append(all, sent{query, append([]any{}, args...)}) }))
	if err != nil {
		p.t.Errorf("%s: %v", name, err)
	}
	for _, s := range all {
		if strings.HasPrefix(s.query, "SET ") || strings.HasPrefix(s.query, "SAVEPOINT") || strings.Contains(s.query, "advisory") {
			continue
		}
		if key := fmt.Sprint(inOrder, s.query); p.once[key] {
			continue
		} else if p.once != nil {
			p.once[key] = true
		}
		p.seen++
		plan := p.explain(s.query, s.args)
		found := faults(p.w.DB.Dialect(), plan, s.query, inOrder && listed.MatchString(s.query))
		if p.walks {
			found = append(found, walked(p.w.DB.Dialect(), plan, s.query)...)
		}
		for _, bad := range found {
			p.t.Errorf("%s: %s in\n%.400s\n%s", name, bad, s.query, plan)
		}
	}
}

var undo = errors.New("only looked at")

// explain asks for the plan with scans made dear, so that a small table is not scanned
// because it is small.
func (p *plans) explain(query string, args []any) (plan string) {
	p.t.Helper()
	ctx := p.t.Context()
	ask := func(tx database.Tx) error {
		prefix := "EXPLAIN QUERY PLAN "
		if tx.Dialect() == database.PostgreSQL {
			prefix = "EXPLAIN "
			for _, set := range []string{"SET LOCAL enable_seqscan = off", "SET LOCAL plan_cache_mode = force_custom_plan", "SET LOCAL enable_bitmapscan = on"} {
				if _, err := tx.Exec(ctx, set); err != nil {
					return err
				}
			}
		}
		var rows *sql.Rows
		var err error
		if strings.Contains(query, "$1") {
			rows, err = tx.Query(ctx, prefix+written(query, args))
		} else {
			rows, err = tx.Query(ctx, prefix+query, args...)
		}
		lines, err := database.All(rows, err, func(r *sql.Rows) (line string, err error) {
			if tx.Dialect() == database.SQLite {
				var id, parent, unused int
				return line, r.Scan(&id, &parent, &unused, &line)
			}
			return line, r.Scan(&line)
		})
		plan = strings.Join(lines, "\n")
		return errors.Join(err, undo)
	}
	if err := p.w.DB.Write(ctx, ask); !errors.Is(err, undo) || strings.Count(err.Error(), "\n") > 0 {
		p.t.Fatalf("explain %.300s: %v", query, err)
	}
	return plan
}

// written is a statement with its values in it: a plan is asked for without a typed
// preparation, so PostgreSQL could not tell what an empty text is.
func written(query string, args []any) string {
	for n := len(args); n > 0; n-- {
		value := "NULL"
		switch v := args[n-1].(type) {
		case nil:
		case string:
			value = "'" + strings.ReplaceAll(v, "'", "''") + "'"
		case []string:
			quoted := make([]string, len(v))
			for i, text := range v {
				quoted[i] = written("$1", []any{text})
			}
			value = "ARRAY[" + strings.Join(quoted, ", ") + "]"
		case []byte:
			value = "'" + strings.ReplaceAll(string(v), "'", "''") + "'"
		default:
			value = fmt.Sprint(v)
			if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer {
				value = "NULL"
				if !rv.IsNil() {
					value = fmt.Sprint(rv.Elem())
				}
			} else if rv.Kind() == reflect.String {
				value = "'" + strings.ReplaceAll(rv.String(), "'", "''") + "'"
			}
		}
		query = strings.ReplaceAll(query, fmt.Sprint("$", n), value)
	}
	return query
}

var (
	// listed is a statement that reads a page of a list.
	listed           = regexp.MustCompile(`(?s)FROM (?:opportunity o|account a|journal j|file f|entry_address x JOIN[^W]*|(?:failed|stranger)_act)\s+WHERE .*ORDER BY .*LIMIT`)
	aliased          = regexp.MustCompile(`(?:FROM|JOIN) (\w+) (?:AS )?(\w+)\b`)
	orderedByWhether = regexp.MustCompile(`(?s)ORDER BY.*EXISTS ?\(`)
	// SCAN o USING INDEX … walks a whole index, over all companies: only SEARCH seeks.
	liteScan = regexp.MustCompile(`SCAN (\w+)`)
	pgScan   = regexp.MustCompile(`Seq Scan on (\w+)`)
	pgSort   = regexp.MustCompile(`Sort  \(cost=\S+ rows=(\d+)`)
	pgWalk   = regexp.MustCompile(`Index (?:Only )?Scan (?:Backward )?using \w+ on (\w+)`)
)

// faults names what a plan must not hold.
func faults(engine database.Dialect, plan, query string, inOrder bool) (bad []string) {
	alias := map[string]string{}
	for _, m := range aliased.FindAllStringSubmatch(query, -1) {
		alias[m[2]] = m[1]
	}
	if engine == database.SQLite {
		for _, m := range liteScan.FindAllStringSubmatch(plan, -1) {
			// How many there are is told by looking at all; with one company that is the table.
			if (large[m[1]] || large[alias[m[1]]]) && !strings.HasPrefix(query, "SELECT count(*)") {
				bad = append(bad, "scan of "+m[1])
			}
		}
		if inOrder && strings.Contains(plan, "USE TEMP B-TREE FOR ORDER BY") {
			bad = append(bad, "a list sorted as a whole")
		}
		return bad
	}
	for _, m := range pgScan.FindAllStringSubmatch(plan, -1) {
		if large[m[1]] {
			bad = append(bad, "scan of "+m[1])
		}
	}
	if orderedByWhether.MatchString(query) {
		bad = append(bad, "an order by EXISTS, which gathers all there are once the tables have grown,")
	}
	lines := strings.Split(plan, "\n")
	for i, line := range lines {
		if m := pgWalk.FindStringSubmatch(line); m != nil && large[m[1]] && (i+1 == len(lines) || !strings.Contains(lines[i+1], "Index Cond: ")) {
			bad = append(bad, "walk over all of "+m[1])
		}
		if m := pgSort.FindStringSubmatch(line); inOrder && m != nil && len(m[1]) > 2 { // of a hundred and more
			bad = append(bad, "a list sorted as a whole")
		}
	}
	return bad
}
