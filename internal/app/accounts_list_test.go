package app_test

import (
	"cmp"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/engine/enginedb"
	"yunchou/internal/funnel/funneldb"
	"yunchou/internal/handover"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// TestListsOfCustomersAreWhatTheTablesSay plays random histories of accounts, people and deals,
// and asks for lists between the acts, under random scopes, filters, orders and sizes of page: of
// memory, of one that starts again from its file, and of SQL. Each must be what is found by
// reading all rows and looking at each, here, by itself.
func TestListsOfCustomersAreWhatTheTablesSay(t *testing.T) {
	for _, seed := range seeds(40) {
		databasetest.Each(t, func(t *testing.T, db *database.DB) {
			x := newCustomers(t, db, seed)
			for range 120 {
				x.act()
				if x.rng.IntN(2) == 0 {
					x.ask()
				}
			}
			for what, least := range map[string]int{"accounts": 10, "deleted": 1, "people": 5} {
				if x.found[what] < least {
					t.Errorf("seed %d: too little was found: %v", seed, x.found)
				}
			}
		})
	}
}

// customers is a company whose customers, people and deals change.
type customers struct {
	*apptest.World
	rng      *rand.Rand
	products []string
	field    string // of accounts, a choice
	note     string // and a text
	sellers  []string
	accounts []string
	people   []string
	deals    []string
	dir      string
	found    map[string]int
}

var namesOfCustomers = []string{"华新机电", "花心", "ABB 中国", "重庆长安", "hua xin", "É泵业", "一厂", "二厂", "二厂", "100%_合格", "中航工业", "Zhong"}

func newCustomers(t *testing.T, db *database.DB, seed uint64) *customers {
	w := apptest.New(t, db)
	x := &customers{World: w, rng: rand.New(rand.NewPCG(seed, 4)), dir: t.TempDir(), found: map[string]int{},
		sellers: []string{"陈露", "小李", "周涛", "蒋跃", "何峰"}}
	x.products = productLines(t, w, "主轴", "导轨")
	f, err := w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "account", Label: "等级", Key: "level", Type: field.Choice, Options: []string{"高", "低"}})
	must(t, err)
	x.field = f.Key
	f, err = w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "account", Label: "备注", Key: "note", Type: field.Text})
	must(t, err)
	x.note = f.Key
	x.restart("")
	return x
}

// restart makes memory anew, of its file where there is a folder.
func (x *customers) restart(dir string) {
	x.Engine = engine.New(x.DB, funneldb.Source{}, enginedb.Rows{}, dir)
	x.Engine.Wait = 1 << 40 // as long as it takes
	x.Accounts.Memory = x.Engine
}

// may lets an act be refused.
func (x *customers) may(err error) {
	x.T.Helper()
	if err != nil && fault.As(err) == nil {
		x.T.Fatal(err)
	}
}

// some is one of a list, "" of none.
func (x *customers) some(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[x.rng.IntN(len(list))]
}

func (x *customers) fields() account.Account {
	return account.Account{Name: x.some(namesOfCustomers), Industry: x.some(apptest.Industries), Region: x.some(apptest.Regions),
		Class: x.some([]string{"", "A", "B"}), ParentID: x.some(append(slices.Clone(x.accounts), "", "", "")),
		Custom: field.Values{x.field: x.some([]string{"", "高", "低"}), x.note: x.some([]string{"", "高", "好"})}}
}

func (x *customers) act() {
	boss := x.As("管理员")
	switch x.rng.IntN(8) {
	case 0, 1:
		c := x.fields()
		c.OwnerID = x.ID[x.some(x.sellers)]
		made, err := x.Accounts.Create(x.Ctx, boss, c, true)
		if x.may(err); err == nil {
			x.accounts = append(x.accounts, made.ID)
			if x.rng.IntN(5) == 0 {
				x.takeBack(boss, made)
			}
		}
		x.Clock.Set(boss.Today.Add(x.rng.IntN(2)))
	case 2:
		x.change(boss)
	case 3, 4:
		x.deal(boss)
	default:
		x.person(boss)
	}
}

// takeBack takes an account back as an undone import does.
func (x *customers) takeBack(a org.Actor, c account.Account) {
	_, err := database.Write(x.Ctx, x.DB, func(tx database.Tx) (bool, error) {
		return x.Accounts.Unrecord(x.Ctx, tx, a, record.Left{Ref: account.Ref(c.ID), Version: c.Version})
	})
	must(x.T, err)
}

// change does something to an account.
func (x *customers) change(a org.Actor) {
	id := x.some(x.accounts)
	if id == "" {
		return
	}
	now, err := x.Accounts.Get(x.Ctx, a, id)
	must(x.T, err)
	switch x.rng.IntN(5) {
	case 0, 1:
		x.may(x.Accounts.Delete(x.Ctx, a, id, 0, now.DeletedAt == nil))
	case 2:
		_, err := x.Handovers.HandOver(x.Ctx, a, handover.Ask{Kind: "account", IDs: []string{id}, ToID: x.ID[x.some(x.sellers)], Reason: "调整"})
		x.may(err)
	default:
		c := x.fields()
		c.ID, c.Version = id, now.Version
		_, err := x.Accounts.Update(x.Ctx, a, c)
		x.may(err)
	}
}

// deal makes an opportunity or does something to one.
func (x *customers) deal(a org.Actor) {
	id, at := x.some(x.deals), x.some(x.accounts)
	switch n := x.rng.IntN(7); {
	case id == "" || n < 3:
		in := opportunity.New{Name: "二期", AccountID: at, PipelineID: x.Bid.PipelineID, OwnerID: x.ID[x.some(x.sellers)]}
		if x.rng.IntN(3) == 0 {
			in = ofLine(in, x.some(x.products))
		}
		o, err := x.Opportunities.Create(x.Ctx, a, in)
		if x.may(err); err == nil {
			x.deals = append(x.deals, o.ID)
		}
	case n == 3:
		_, err := x.Opportunities.Edit(x.Ctx, a, id, 0, opportunity.Patch{AccountID: &at})
		x.may(err)
	case n == 4:
		x.may(x.Opportunities.Delete(x.Ctx, a, id, x.rng.IntN(2) == 0))
	case n == 5:
		x.may(x.Opportunities.SetTeam(x.Ctx, a, id, 0, []opportunity.TeamMember{{MemberID: x.ID[x.some(x.sellers)], Role: "售前"}}))
	default:
		_, err := x.Handovers.HandOver(x.Ctx, a, handover.Ask{Kind: "opportunity", IDs: []string{id}, ToID: x.ID[x.some(x.sellers)], Reason: "调整"})
		x.may(err)
	}
}

// person makes a person or does something to one.
func (x *customers) person(a org.Actor) {
	id, at := x.some(x.people), x.some(x.accounts)
	if at == "" {
		return
	}
	if id == "" || x.rng.IntN(3) > 0 {
		c, err := x.Accounts.CreateContact(x.Ctx, a, account.Contact{Name: x.some(namesOfCustomers), AccountID: at, EvenIfSame: true})
		if x.may(err); err == nil {
			x.people = append(x.people, c.ID)
		}
		return
	}
	now, err := x.Accounts.GetContact(x.Ctx, a, id)
	switch x.may(err); {
	case err != nil: // erased
	case x.rng.IntN(6) == 0:
		x.may(x.Accounts.EraseContact(x.Ctx, a, id))
	default:
		now.Name, now.AccountID, now.EvenIfSame = x.some(namesOfCustomers), at, true
		_, err := x.Accounts.UpdateContact(x.Ctx, a, now, account.Step{})
		x.may(err)
	}
}

// scope is somebody's, or one nobody has.
func (x *customers) scope() org.Scope {
	s := org.Scope{All: x.rng.IntN(8) == 0, Write: x.rng.IntN(2) == 0}
	for range x.rng.IntN(4) {
		s.Owners = append(s.Owners, x.ID[x.some(x.sellers)])
	}
	if x.rng.IntN(2) == 0 {
		s.DealTeams = []string{x.ID[x.some(x.sellers)]}
	}
	if x.rng.IntN(4) == 0 {
		s.ProductLines = []string{x.some(x.products)}
	}
	if x.rng.IntN(4) == 0 {
		s.Regions = []string{x.some(apptest.Regions[1:])}
	}
	return s
}

// filter asks for nothing, one thing or several.
func (x *customers) filter() account.Filter {
	some := func(list ...string) string {
		if x.rng.IntN(9) > 0 {
			return ""
		}
		return x.some(list)
	}
	f := account.Filter{Deleted: x.rng.IntN(4) == 0, Owner: some(x.ID["陈露"], x.ID["周涛"], "nobody"), Industry: some(apptest.Industries...),
		Region: some(apptest.Regions...), Class: some("A", "B"), Parent: some(x.accounts...), Query: some("华", "hua", "h", "厂", "%", "é", "ZHONG", "z", "xin")}
	if x.rng.IntN(8) == 0 {
		f.Custom = map[string]string{x.some([]string{x.field, x.note}): "高"}
		if x.rng.IntN(4) == 0 {
			f.Custom = map[string]string{x.field: "高", x.note: "好"}
		}
	}
	return f
}

// ask compares a list of accounts and one of people with what the tables say.
func (x *customers) ask() {
	by := x.rng.IntN(8)
	switch by {
	case 0:
		x.Accounts.Memory = nil
	case 1:
		x.Engine.Dir = x.dir
		must(x.T, x.Engine.Ready(x.Ctx, x.Admin.TenantID))
		must(x.T, x.Engine.Keep())
		x.restart(x.dir)
	default:
		x.Accounts.Memory = x.Engine
	}
	s := x.scope()
	a := x.As("管理员").Reaching(s)
	f := x.filter()
	if f.Deleted && x.rng.IntN(2) == 0 { // few are: else most of these lists were empty
		f, s = account.Filter{Deleted: true}, org.Scope{All: true}
		a = x.As("管理员").Reaching(s)
	}
	p := page.Request{Sort: pickOne(x.rng, "name", "created"), Desc: x.rng.IntN(2) == 0, Limit: 1 + x.rng.IntN(9)}
	got, total, err := accountsFrom(x.World, a, f, p)
	must(x.T, err)
	want := x.accountsByRule(s, f, p)
	if !slices.Equal(got, want) || total != int64(len(want)) {
		x.T.Fatalf("asked by %d: %+v %+v %+v:\n%v (%d)\nby the rule\n%v", by, s, f, p, got, total, want)
	}
	x.found["accounts"] += min(1, len(want))
	if f.Deleted {
		x.found["deleted"] += min(1, len(want))
	}
	query, at := f.Query, ""
	if x.rng.IntN(4) == 0 {
		at = x.some(x.accounts)
	}
	p.Sort, p.Cursor = "name", ""
	people, err := peopleFrom(x.World, a, at, query, p)
	must(x.T, err)
	ruled := x.peopleByRule(s, at, query, p)
	if !slices.Equal(people, ruled) {
		x.T.Fatalf("asked by %d: %+v, %q %q %+v: people\n%v\nby the rule\n%v", by, s, at, query, p, people, ruled)
	}
	x.found["people"] += min(1, len(ruled))
}

// accountsFrom walks the pages of a list.
func accountsFrom(w *apptest.World, a org.Actor, f account.Filter, p page.Request) (ids []string, total int64, err error) {
	for {
		out, n, err := w.Accounts.List(w.Ctx, a, f, p)
		if err != nil {
			return nil, 0, err
		}
		for _, c := range out.Items {
			ids = append(ids, c.ID)
		}
		if p.Cursor = out.Next; p.Cursor == "" {
			return ids, n, nil
		}
	}
}

func peopleFrom(w *apptest.World, a org.Actor, at, query string, p page.Request) (ids []string, err error) {
	for {
		out, err := w.Accounts.Contacts(w.Ctx, a, at, query, p)
		if err != nil {
			return nil, err
		}
		for _, c := range out.Items {
			ids = append(ids, c.ID)
		}
		if p.Cursor = out.Next; p.Cursor == "" {
			return ids, nil
		}
	}
}

// rowOf is a row of a table, by column; NULL is "".
type rowOf map[string]string

// rows reads a whole table.
func (x *customers) rows(table string, columns ...string) (out []rowOf) {
	x.T.Helper()
	must(x.T, x.DB.Read(x.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(x.Ctx, `SELECT `+strings.Join(columns, ", ")+` FROM `+table+` WHERE tenant_id = $1`, x.Admin.TenantID)
		out, err = database.All(rows, err, func(r *sql.Rows) (rowOf, error) {
			texts, into, row := make([]sql.NullString, len(columns)), make([]any, len(columns)), rowOf{}
			for i := range texts {
				into[i] = &texts[i]
			}
			err := r.Scan(into...)
			for i, c := range columns {
				row[c] = texts[i].String
			}
			return row, err
		})
		return err
	}))
	return out
}

// accountsSeen are those a scope sees: owned in it, of its regions, or with a deal in it.
func (x *customers) accountsSeen(s org.Scope) map[string]bool {
	in := func(id, column, table string, list []string) bool {
		return slices.ContainsFunc(x.rows(table, "opportunity_id", column), func(r rowOf) bool {
			return r["opportunity_id"] == id && slices.Contains(list, r[column])
		})
	}
	seen := map[string]bool{}
	for _, o := range x.rows("opportunity", "id", "account_id", "owner_id", "region", "deleted_at") {
		if o["deleted_at"] == "" && (slices.Contains(s.Owners, o["owner_id"]) || o["region"] != "" && slices.Contains(s.Regions, o["region"]) ||
			in(o["id"], "member_id", "deal_team", s.DealTeams) || in(o["id"], "product_line_id", "opportunity_line", s.ProductLines)) {
			seen[o["account_id"]] = true
		}
	}
	for _, c := range x.rows("account", "id", "owner_id", "region") {
		if slices.Contains(s.Owners, c["owner_id"]) || c["region"] != "" && slices.Contains(s.Regions, c["region"]) || s.All {
			seen[c["id"]] = true
		}
	}
	return seen
}

// called tells whether a search text finds a name: a part of it, or the beginning of a reading.
func called(r rowOf, query string) bool {
	q := strings.ToLower(query)
	return strings.Contains(strings.ToLower(r["name"]), q) || strings.HasPrefix(r["pinyin"], q) || strings.HasPrefix(r["initials"], q)
}

// sorted are the ids of rows in an order.
func sorted(rows []rowOf, column string, desc bool) (ids []string) {
	slices.SortFunc(rows, func(a, b rowOf) int {
		by := cmp.Or(strings.Compare(a[column], b[column]), strings.Compare(a["id"], b["id"]))
		if desc {
			return -by
		}
		return by
	})
	for _, r := range rows {
		ids = append(ids, r["id"])
	}
	return ids
}

func (x *customers) accountsByRule(s org.Scope, f account.Filter, p page.Request) []string {
	seen, key, holds := x.accountsSeen(s), map[string]string{}, map[string]int{}
	for _, f := range x.rows("custom_field", "id", "key") {
		key[f["id"]] = f["key"]
	}
	for _, v := range x.rows("custom_value", "record_id", "field_id", "text_value") {
		if want, asked := f.Custom[key[v["field_id"]]]; asked && v["text_value"] == want {
			holds[v["record_id"]]++
		}
	}
	columns := []string{"id", "name", "pinyin", "initials", "owner_id", "industry", "region", "class", "parent_id", "created_at", "deleted_at"}
	out := slices.DeleteFunc(x.rows("account", columns...), func(c rowOf) bool {
		for column, want := range map[string]string{"owner_id": f.Owner, "industry": f.Industry, "region": f.Region, "class": f.Class, "parent_id": f.Parent} {
			if want != "" && c[column] != want {
				return true
			}
		}
		return !seen[c["id"]] || (c["deleted_at"] != "") != f.Deleted || !called(c, f.Query) || holds[c["id"]] < len(f.Custom)
	})
	owned := map[string]bool{}
	for _, o := range x.rows("ownership", "record_id", "ended_seq") {
		owned[o["record_id"]] = owned[o["record_id"]] || o["ended_seq"] == ""
	}
	out = slices.DeleteFunc(out, func(c rowOf) bool { return f.Deleted && !owned[c["id"]] })
	return sorted(out, map[string]string{"name": "pinyin", "created": "created_at"}[p.Sort], p.Desc)
}

func (x *customers) peopleByRule(s org.Scope, at, query string, p page.Request) []string {
	seen := x.accountsSeen(s)
	out := slices.DeleteFunc(x.rows("contact", "id", "name", "pinyin", "initials", "account_id", "deleted_at"), func(c rowOf) bool {
		return !seen[c["account_id"]] || c["deleted_at"] != "" || at != "" && c["account_id"] != at || !called(c, query)
	})
	return sorted(out, "pinyin", p.Desc)
}

// TestPagesOfCustomersStayWhereTheyWereLeft turns the pages of lists while accounts come, change
// and go: what stays as it is comes once and in its order, and nothing comes twice, but what was
// renamed.
func TestPagesOfCustomersStayWhereTheyWereLeft(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		x := newCustomers(t, db, 7)
		for range 80 {
			x.act()
		}
		boss := x.As("管理员")
		for round := range 12 {
			x.Accounts.Memory = []account.Finder{x.Engine, nil}[min(1, round%4/3)]
			p := page.Request{Sort: pickOne(x.rng, "name", "created"), Desc: x.rng.IntN(2) == 0, Limit: 1 + x.rng.IntN(4)}
			before := map[string]string{}
			list := func() rowsByID { return x.named() }
			for id, at := range list() {
				before[id] = at
			}
			order, seen, changed := x.accountsByRule(org.Scope{All: true}, account.Filter{}, p), []string{}, map[string]bool{}
			for first := true; first || p.Cursor != ""; first = false {
				out, _, err := x.Accounts.List(x.Ctx, boss, account.Filter{}, p)
				must(t, err)
				for _, c := range out.Items {
					seen = append(seen, c.ID)
				}
				p.Cursor = out.Next
				x.act()
				x.change(boss)
				for id, at := range list() {
					if before[id] != at {
						changed[id] = true
					}
				}
				for id := range before {
					if _, there := list()[id]; !there {
						changed[id] = true
					}
				}
			}
			still := func(ids []string) []string {
				return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return changed[id] })
			}
			if got, want := still(seen), still(order); !slices.Equal(got, want) {
				t.Fatalf("round %d, %+v: came\n%v\nof\n%v", round, p, got, want)
			}
		}
	})
}

type rowsByID map[string]string

// named is what the order of an account that is there is made of.
func (x *customers) named() rowsByID {
	out := rowsByID{}
	for _, c := range x.rows("account", "id", "pinyin", "created_at", "deleted_at") {
		if c["deleted_at"] == "" {
			out[c["id"]] = fmt.Sprint(c["pinyin"], c["created_at"])
		}
	}
	return out
}
