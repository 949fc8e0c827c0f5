package scopedb_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/scopedb"
)

// TestListsOfAccountsAreTheRuleOfEach compares pages of accounts and of people, and how many there
// are, with the rule of scope asked of every row, over random scopes, filters and orders, and
// with as much gathered as there is, some of it and nothing: of the tables alone.
func TestListsOfAccountsAreTheRuleOfEach(t *testing.T) {
	defer scopedb.Gather(scopedb.Gather(0))
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w, rng := apptest.New(t, db), rand.New(rand.NewPCG(8, 15))
		w.Fill(700)
		w.Accounts.Memory = nil // as long as it is not there
		product := around(t, w)
		seen := map[string]int{}
		for range 120 {
			scopedb.Gather([]int{0, 40, 2000}[rng.IntN(3)])
			s := randomScope(rng, w, product)
			a := w.As("管理员").Reaching(s)
			f := account.Filter{Deleted: rng.IntN(6) == 0}
			some := func(one int, v string) string {
				if rng.IntN(one) == 0 {
					return v
				}
				return ""
			}
			f.Owner, f.Region, f.Query = some(5, w.ID[apptest.Seller(rng.IntN(60))]), some(4, "华南"), some(4, "1")
			p := page.Request{Sort: []string{"name", "created"}[rng.IntN(2)], Desc: rng.IntN(2) == 0, Limit: 1 + rng.IntN(60)}
			want, got := accountsByRule(t, w, s, f, p), accountsOf(t, w, a, f, p)
			if !slices.Equal(got, want) {
				t.Fatalf("%+v %+v %+v:\n%v\nby the rule\n%v", s, f, p, got, want)
			}
			seen[fmt.Sprint("accounts ", len(want) > 1)]++
			seen[fmt.Sprint("deleted ", f.Deleted && len(want) > 1)]++
			people, ruled := peopleOf(t, w, a, f.Query, p.Limit), peopleByRule(t, w, s, f.Query)
			if !slices.Equal(people, ruled) {
				t.Fatalf("%+v %q: people\n%v\nby the rule\n%v", s, f.Query, people, ruled)
			}
			seen[fmt.Sprint("people ", len(ruled) > 0)]++
		}
		for what, least := range map[string]int{"accounts true": 40, "people true": 40, "deleted true": 3} {
			if seen[what] < least {
				t.Errorf("too little was found: %v", seen)
			}
		}
	})
}

func randomScope(rng *rand.Rand, w *apptest.World, product string) org.Scope {
	s := org.Scope{All: rng.IntN(12) == 0, Write: rng.IntN(2) == 0}
	for range rng.IntN(9) * rng.IntN(2) {
		s.Owners = append(s.Owners, w.ID[apptest.Seller(rng.IntN(apptest.Sellers))])
	}
	if rng.IntN(2) == 0 {
		s.DealTeams = []string{w.ID[apptest.Seller(rng.IntN(2))]}
	}
	if rng.IntN(5) == 0 {
		s.ProductLines = []string{product}
	}
	if rng.IntN(5) == 0 {
		s.Regions = []string{"华南"}
	}
	return s
}

// around adds what scopes tell accounts by but owners, and people.
func around(t *testing.T, w *apptest.World) (product string) {
	t.Helper()
	p, err := w.Accounts.AddProductLine(w.Ctx, w.As("管理员"), account.ProductLine{Name: "主轴"})
	must(t, err)
	must(t, w.DB.Write(w.Ctx, func(tx database.Tx) error {
		for _, q := range []struct {
			text string
			more []any
		}{
			{`UPDATE account SET region = '华南' WHERE tenant_id = $1 AND id LIKE '%4'`, nil},
			{`UPDATE account SET owner_id = NULL WHERE tenant_id = $1 AND id LIKE '%6'`, nil},
			{`UPDATE account SET deleted_at = created_at WHERE tenant_id = $1 AND id LIKE '%8'`, nil},
			{`UPDATE opportunity SET account_id = NULL WHERE tenant_id = $1 AND id LIKE '%1'`, nil},
			{`UPDATE opportunity SET owner_id = NULL WHERE tenant_id = $1 AND id LIKE '%2'`, nil},
			{`UPDATE opportunity SET region = '华南' WHERE tenant_id = $1 AND id LIKE '%03'`, nil},
			{`UPDATE opportunity SET deleted_at = created_at WHERE tenant_id = $1 AND id LIKE '%7'`, nil},
			{`INSERT INTO ownership (tenant_id, record_id, ord, record_kind, member_id, from_on) SELECT tenant_id, id, 1, 'account', owner_id, '1900-01-01'
				FROM account WHERE tenant_id = $1 AND deleted_at IS NOT NULL AND owner_id IS NOT NULL
				AND NOT EXISTS (SELECT 1 FROM ownership o WHERE o.tenant_id = account.tenant_id AND o.record_id = account.id)`, nil},
			{`INSERT INTO deal_team (tenant_id, opportunity_id, member_id, role) SELECT tenant_id, id, $2, '' FROM opportunity
				WHERE tenant_id = $1 AND (id LIKE '%13' OR id LIKE '%27')`, []any{w.ID[apptest.Seller(0)]}},
			{`INSERT INTO opportunity_line (tenant_id, opportunity_id, ord, product_line_id, amount_minor, note)
				SELECT tenant_id, id, 1, $2, 1, '' FROM opportunity WHERE tenant_id = $1 AND id LIKE '%05'`, []any{p.ID}},
			{`INSERT INTO contact (tenant_id, id, name, name_key, pinyin, initials, account_id, title, mobile, phone, email, wechat, created_at, created_by, version)
				SELECT tenant_id, 'p' || id, '人' || id, '人' || id, 'ren' || substr(id, 34), 'r', id, '', '', '', '', '', created_at, created_by, 1
				FROM account WHERE tenant_id = $1`, nil},
		} {
			if _, err := tx.Exec(w.Ctx, q.text, append([]any{w.Admin.TenantID}, q.more...)...); err != nil {
				return err
			}
		}
		return nil
	}))
	return p.ID
}

// accountsOf walks the pages of a list; how many there are, told on each, is the last element.
func accountsOf(t *testing.T, w *apptest.World, a org.Actor, f account.Filter, p page.Request) (ids []string) {
	t.Helper()
	for {
		out, total, err := w.Accounts.List(w.Ctx, a, f, p)
		must(t, err)
		for _, c := range out.Items {
			ids = append(ids, c.ID)
		}
		if p.Cursor = out.Next; p.Cursor == "" {
			return append(ids, fmt.Sprint(total))
		}
	}
}

func accountsByRule(t *testing.T, w *apptest.World, s org.Scope, f account.Filter, p page.Request) (ids []string) {
	t.Helper()
	s.Write = false
	args := &database.Args{}
	where := `a.tenant_id = ` + args.Add(w.Admin.TenantID) + ` AND (a.deleted_at IS NOT NULL) = ` + args.Add(f.Deleted) + ` AND ` + scopedb.Account(args, s)
	if f.Owner != "" {
		where += ` AND a.owner_id = ` + args.Add(f.Owner)
	}
	if f.Region != "" {
		where += ` AND a.region = ` + args.Add(f.Region)
	}
	if f.Query != "" {
		where += ` AND a.name LIKE '%' || ` + args.Add(f.Query) + ` || '%'`
	}
	if f.Deleted {
		where += ` AND EXISTS (SELECT 1 FROM ownership x WHERE x.tenant_id = a.tenant_id AND x.record_id = a.id AND x.ended_seq IS NULL)`
	}
	order := map[string]string{"name": "a.pinyin", "created": "a.created_at"}[p.Sort]
	if p.Desc {
		order += " DESC, a.id DESC"
	} else {
		order += ", a.id"
	}
	ids = texts(t, w, `SELECT a.id FROM account a WHERE `+where+` ORDER BY `+order, args)
	return append(ids, fmt.Sprint(len(ids)))
}

func peopleOf(t *testing.T, w *apptest.World, a org.Actor, query string, limit int) (ids []string) {
	t.Helper()
	p := page.Request{Limit: limit}
	for {
		out, err := w.Accounts.Contacts(w.Ctx, a, "", query, p)
		must(t, err)
		for _, c := range out.Items {
			ids = append(ids, c.ID)
		}
		if p.Cursor = out.Next; p.Cursor == "" {
			return ids
		}
	}
}

func peopleByRule(t *testing.T, w *apptest.World, s org.Scope, query string) []string {
	t.Helper()
	s.Write = false
	args := &database.Args{}
	return texts(t, w, `SELECT c.id FROM contact c WHERE c.tenant_id = `+args.Add(w.Admin.TenantID)+` AND c.deleted_at IS NULL AND `+scopedb.Contact(args, s)+`
		AND c.name LIKE '%' || `+args.Add(query)+` || '%' ORDER BY c.pinyin, c.id`, args)
}

func texts(t *testing.T, w *apptest.World, query string, args *database.Args) (out []string) {
	t.Helper()
	must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
		rows, err := tx.Query(w.Ctx, query, args.Values...)
		out, err = database.All(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
		return err
	}))
	return out
}
