package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/opportunity"
	"yunchou/internal/replay/replaytest"
)

const peopleMapping = `version: 1
source: crm
fields: [{record: account, key: code, label: 代码, type: text}]
files:
  - {match: a.csv, kind: account, columns: {externalId: id, name: name, industry: industry, region: region, class: class, parent: parent, custom.code: code}}
  - {match: p.csv, kind: contact, columns: {externalId: id, name: name, account: account, title: title, mobile: mobile, email: email}}
`

// peopleFiles are accounts and contacts, each time some of them and some otherwise.
func peopleFiles(r *rand.Rand) map[string]string {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	a, p := "id,name,industry,region,class,parent,code\n", "id,name,account,title,mobile,email\n"
	for i, name := range []string{"甲厂", "乙厂", "丙厂", "丁厂"} {
		if r.IntN(3) > 0 {
			a += fmt.Sprintf("A%d,%s,%s,%s,%s,%s,%s\n", i, name, pick("", "汽车", "航空"), pick("", "华东", "华南"), pick("", "A", "B"), pick("", "", "甲厂"), pick("", "X", "Y"))
			p += fmt.Sprintf("P%d,联系人%d,%s,%s,%s,%s\n", i, i, name, pick("", "总工", "采购"), pick("", "13800001111", "13900002222"), pick("", fmt.Sprintf("p%d@example.com", i)))
		}
	}
	return map[string]string{"a.csv": a, "p.csv": p}
}

// all is what the tables say of everything imports make: deals, accounts and contacts.
func (s *source) all() (out []string) {
	s.T.Helper()
	for id, rows := range s.saidInTables() {
		for _, row := range rows {
			out = append(out, id+" "+row)
		}
	}
	tenant := ` = '` + s.Admin.TenantID + `'`
	for what, query := range map[string]string{
		"account": `SELECT a.name, COALESCE(x.external_id, ''), a.industry, a.region, a.class, COALESCE(p.name, ''), COALESCE(a.created_on, ''), COALESCE(v.text_value, '')
			FROM account a LEFT JOIN external_ref x ON x.record_id = a.id LEFT JOIN account p ON p.id = a.parent_id LEFT JOIN custom_value v ON v.record_id = a.id
			WHERE a.deleted_at IS NULL AND a.tenant_id` + tenant,
		"contact": `SELECT c.name, COALESCE(x.external_id, ''), COALESCE(a.name, ''), c.title, c.mobile, c.email FROM contact c
			LEFT JOIN external_ref x ON x.record_id = c.id LEFT JOIN account a ON a.id = c.account_id WHERE c.deleted_at IS NULL AND c.tenant_id` + tenant,
		"value": `SELECT x.external_id, d.field, d.day, COALESCE(CAST(d.number_value AS text), ''), COALESCE(m.name, d.text_value, '') FROM dated_value d
			JOIN external_ref x ON x.record_id = d.record_id LEFT JOIN account m ON m.id = d.text_value WHERE d.ended_seq IS NULL AND d.field <> 'line' AND d.tenant_id` + tenant,
		"owner": `SELECT x.external_id, COALESCE(m.name, ''), w.from_on, COALESCE(w.to_on, '') FROM ownership w JOIN external_ref x ON x.record_id = w.record_id
			LEFT JOIN member m ON m.id = w.member_id WHERE w.ended_seq IS NULL AND w.tenant_id` + tenant,
	} {
		for _, row := range replaytest.Rows(s.T, s.DB, query) {
			out = append(out, what+" "+strings.Join(row, "|"))
		}
	}
	slices.Sort(out)
	return out
}

// notIn are the rows of one list that another has not.
func notIn(list, other []string) (out []string) {
	for _, row := range list {
		if !slices.Contains(other, row) {
			out = append(out, row)
		}
	}
	return out
}

// imports are some files of every kind in the order they were given, with what was there before each.
type imports struct {
	*source
	seed   uint64
	ids    []string
	kinds  []string
	before [][]string
}

func (i *imports) some(r *rand.Rand) {
	months := 1 + r.IntN(3)
	ledger := editions(r, months, 5+r.IntN(5))
	log := logRows(r, 6)
	for n := range 2 + r.IntN(4) {
		var s *source
		kind := []string{"ledger", "ledger", "log", "people"}[r.IntN(4)]
		switch kind {
		case "ledger":
			part := parts(r, ledger[min(n, months-1)])
			s = newSource(i.World, ledgerMapping, ledgerFile(part[0]))
		case "log":
			from := r.IntN(len(log))
			s = newSource(i.World, logMapping, logFile(log[from:min(len(log), from+5+r.IntN(10))]))
		default:
			s = newSource(i.World, peopleMapping, peopleFiles(r))
		}
		i.before, i.kinds = append(i.before, i.all()), append(i.kinds, kind)
		b, err := s.Intake.Import(s.Ctx, s.As("管理员"), s.m, s.files, false)
		if err != nil {
			i.T.Fatalf("YUNCHOU_SEED=%d: %v: %v", i.seed, i.kinds, err)
		}
		i.ids = append(i.ids, b.ID)
	}
}

// is holds what is there against what was.
func (i *imports) is(what string, was []string) {
	i.T.Helper()
	now := i.all()
	if left, gone := notIn(now, was), notIn(was, now); len(left)+len(gone) > 0 {
		i.T.Errorf("YUNCHOU_SEED=%d: %v, %s: left\n  %s\ngone\n  %s", i.seed, i.kinds, what, strings.Join(left, "\n  "), strings.Join(gone, "\n  "))
	}
}

// TestImportsUndoneInAnyOrderLeaveWhatWas: backwards, each gives back what was before it; in any order,
// and again what a later one held, all of them what was before the first.
func TestImportsUndoneInAnyOrderLeaveWhatWas(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, seed := range forms(t, 4, 400, 27) {
			r := rand.New(rand.NewPCG(seed, 23))
			i := &imports{source: newSource(apptest.New(t, db), ledgerMapping, nil), seed: seed}
			i.Clock.Set("2026-04-28")
			i.some(r)
			if r.IntN(2) == 0 {
				for n, id := range slices.Backward(i.ids) {
					if u := i.undo(id); len(u.Kept)+int(u.Left) > 0 {
						t.Errorf("YUNCHOU_SEED=%d: %v, undone backwards keeps %+v", seed, i.kinds, u)
					}
					i.is(fmt.Sprint("undone backwards to ", n), i.before[n])
					if t.Failed() {
						return
					}
				}
				continue
			}
			order := r.Perm(len(i.ids))
			for _, n := range order {
				i.undo(i.ids[n])
			}
			for range i.ids {
				i.undoRest(i.ids...)
			}
			i.is(fmt.Sprint("undone in the order ", order), i.before[0])
			if t.Failed() {
				return
			}
		}
	})
}

// TestWhatAPersonWroteSinceAnImportStays: whatever is undone in whatever order, and it is listed.
func TestWhatAPersonWroteSinceAnImportStays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, seed := range forms(t, 3, 200) {
			r := rand.New(rand.NewPCG(seed, 29))
			i := &imports{source: newSource(apptest.New(t, db), ledgerMapping, nil), seed: seed}
			i.Clock.Set("2026-04-28")
			i.some(r)
			deals := replaytest.Rows(t, db, `SELECT id FROM opportunity WHERE deleted_at IS NULL AND tenant_id = '`+i.Admin.TenantID+`' ORDER BY name, created_on`)
			accounts := replaytest.Rows(t, db, `SELECT id FROM account WHERE deleted_at IS NULL AND name LIKE '%厂' AND tenant_id = '`+i.Admin.TenantID+`' ORDER BY name`)
			touched := map[string]bool{}
			if len(deals) > 0 {
				id := deals[r.IntN(len(deals))][0]
				name := "手改的"
				_, err := i.Opportunities.Edit(i.Ctx, i.As("管理员"), id, 0, opportunity.Patch{Name: &name})
				must(t, err)
				touched["opportunity:"+id] = true
			}
			if len(accounts) > 0 {
				id := accounts[r.IntN(len(accounts))][0]
				c, err := i.Accounts.Get(i.Ctx, i.As("管理员"), id)
				must(t, err)
				c.Industry = "手改的行业"
				_, err = i.Accounts.Update(i.Ctx, i.As("管理员"), c)
				must(t, err)
				touched["account:"+id] = true
			}
			kept := map[string]bool{}
			for range 3 {
				for _, n := range r.Perm(len(i.ids)) {
					u, err := i.Intake.Undo(i.Ctx, i.As("管理员"), i.ids[n])
					if err == nil {
						for _, k := range u.Kept {
							kept[k] = true
						}
					}
				}
			}
			for what := range touched {
				kind, id, _ := strings.Cut(what, ":")
				field, want := "name", "手改的"
				if kind == "account" {
					field, want = "industry", "手改的行业"
				}
				row := replaytest.Rows(t, db, `SELECT `+field+`, COALESCE(deleted_at, '') FROM `+kind+` WHERE id = '`+id+`'`)
				if len(row) != 1 || row[0][0] != want || row[0][1] != "" || !kept[what] {
					t.Errorf("YUNCHOU_SEED=%d: %v: %s is %v, listed %v", seed, i.kinds, what, row, kept[what])
				}
			}
			if t.Failed() {
				return
			}
		}
	})
}
