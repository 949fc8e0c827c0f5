package server_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
)

// roles are who lists are asked as.
var roles = []string{"rep", "manager", "director"}

// every asks a path by every filter alone and every pair of two, in every order and direction.
func every(path string, filters, sorts []string) (out []asked) {
	for i, a := range filters {
		for _, b := range filters[i:] {
			if a != "" && (a == b || parameter(a) == parameter(b)) {
				continue
			}
			for _, sort := range sorts {
				for _, who := range roles {
					out = append(out, asked{who: who, path: path + "?" + joined(sort, a, b)})
				}
			}
		}
	}
	return out
}

// joined are the parts of a query that there are.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "&")
}

// several asks for lists by three to five filters, sampled by a seed.
func several(path string, filters, sorts []string, n int) (out []asked) {
	rng := rand.New(rand.NewPCG(3, 8))
	for range n {
		query, seen := "", map[string]bool{}
		for _, k := range rng.Perm(len(filters))[:3+rng.IntN(3)] {
			if name := parameter(filters[k]); name != "" && !seen[name] {
				seen[name] = true
				query += "&" + filters[k]
			}
		}
		out = append(out, asked{who: roles[rng.IntN(3)], path: path + "?" + sorts[rng.IntN(len(sorts))] + query})
	}
	return out
}

// ordersOf are the orders of a list, each either way.
func ordersOf(names ...string) (out []string) {
	for _, name := range names {
		out = append(out, "limit=50&sort="+name+"&desc=true", "limit=50&sort="+name+"&desc=false")
	}
	return out
}

// sampled are some of a kind's requests where YUNCHOU_BENCH_SAMPLE says how many, by a seed that
// YUNCHOU_BENCH_SEED names; else all.
func sampled(list []asked) []asked {
	most, err := strconv.Atoi(os.Getenv("YUNCHOU_BENCH_SAMPLE"))
	if err != nil || len(list) <= most {
		return list
	}
	seed, err := strconv.ParseUint(os.Getenv("YUNCHOU_BENCH_SEED"), 10, 64)
	if err != nil {
		seed = 1
	}
	fmt.Printf("%d of %d, by seed %d\n", most, len(list), seed)
	rng := rand.New(rand.NewPCG(seed, 8))
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:most]
}

// kindsOf are the lists of every other kind of record.
func kindsOf(w *apptest.World) map[string][]asked {
	one := "00000000-0000-7000-9000-000000000001"
	accounts := []string{"", "q=1", "q=kh12", "q=%E5%AE%A2%E6%88%B7", "q=%E6%B2%A1%E6%9C%89", "owner=" + w.ID[apptest.Seller(0)], "industry=%E6%B1%BD%E8%BD%A6",
		"region=%E5%8D%8E%E4%B8%9C", "class=A", "parent=" + one, "deleted=true"}
	people := []string{"", "q=1", "q=lxr12", "q=%E8%81%94%E7%B3%BB", "q=%E6%B2%A1%E6%9C%89", "account=" + one}
	return map[string][]asked{
		"accounts": append(every("/api/accounts", accounts, ordersOf("name", "created")), several("/api/accounts", accounts, ordersOf("name", "created"), 200)...),
		"people":   every("/api/contacts", people, ordersOf("name")),
		"tasks": every("/api/tasks", []string{"", "handed=true", "done=true", "kind=opportunity&id=00000000-0000-7000-8000-000000000001", "kind=account&id=" + one},
			[]string{""}),
		"follow-ups": {{who: "director", path: "/api/accounts/" + one + "/follow-ups"}},
	}
}

// fillPeople writes two people for every account, a task on every fifth deal that is open, due on
// one of sixteen days around today, and two talks on every second deal that is, with the first of
// its account's people. What is there stays, but for the days of the tasks.
func fillPeople(w *apptest.World) error {
	own, err := ownFields(w)
	if err != nil {
		return err
	}
	var days []string
	for i := range 16 {
		days = append(days, fmt.Sprintf("SELECT '%x' AS last, '%s' AS day", i, w.Admin.Today.Add(2*i-10)))
	}
	open := `o.tenant_id = $1 AND o.state = 'open' AND o.id LIKE '00000000-0000-7000-8000-%' AND o.account_id IS NOT NULL`
	was := w.DB.Bound(time.Hour) // of a million deals more is written than an act may
	defer w.DB.Bound(was)
	fresh, err := database.Write(database.Long(w.Ctx), w.DB, func(tx database.Tx) (fresh int64, err error) {
		for n, text := range []string{
			`INSERT INTO custom_value (tenant_id, record_id, field_id, text_value)
				SELECT o.tenant_id, o.id, '` + own["level"] + `', CASE WHEN substr(o.id, 36, 1) < '8' THEN '高' ELSE '低' END FROM opportunity o WHERE ` + open + ` ON CONFLICT DO NOTHING`,
			`INSERT INTO custom_value (tenant_id, record_id, field_id, text_value)
				SELECT o.tenant_id, o.id, '` + own["note"] + `', '备注 ' || substr(o.id, 34) FROM opportunity o WHERE ` + open + ` ON CONFLICT DO NOTHING`,
			`INSERT INTO contact (tenant_id, id, name, name_key, pinyin, initials, spelled, account_id, title, mobile, phone, email, wechat, created_at, created_by, version)
				SELECT a.tenant_id, replace(a.id, '-7000-9000-', '-7000-b' || n.i || '00-'), '联系人' || substr(a.id, 26) || n.i, '', 'lianxiren' || substr(a.id, 26) || n.i,
				'lxr' || substr(a.id, 26) || n.i, '''lian''xi''ren', a.id, '', '', '', '', '', a.created_at, a.created_by, 1
				FROM account a JOIN (SELECT '0' AS i UNION ALL SELECT '1') AS n ON 1 = 1 WHERE a.tenant_id = $1 AND a.id LIKE '00000000-0000-7000-9000-%' ON CONFLICT DO NOTHING`,
			`INSERT INTO task (tenant_id, id, what, member_id, due_on, customer_agreed, created_at, created_by, version)
				SELECT o.tenant_id, replace(o.id, '-7000-8000-', '-7000-c000-'), '送样', o.owner_id, days.day, o.id IS NULL, o.created_at, o.created_by, 1
				FROM opportunity o JOIN (` + strings.Join(days, " UNION ALL ") + `) AS days ON days.last = substr(o.id, 35, 1)
				WHERE ` + open + ` AND (o.id LIKE '%0' OR o.id LIKE '%5' OR o.id LIKE '%a')
				ON CONFLICT (tenant_id, id) DO UPDATE SET due_on = excluded.due_on`,
			`INSERT INTO record_link (tenant_id, kind, id, to_kind, to_id)
				SELECT t.tenant_id, 'task', t.id, 'opportunity', replace(t.id, '-7000-c000-', '-7000-8000-') FROM task t
				WHERE t.tenant_id = $1 AND t.id LIKE '00000000-0000-7000-c000-%' ON CONFLICT DO NOTHING`,
			`INSERT INTO follow_up (tenant_id, id, channel, happened_on, two_way, words, member_id, recorded_at, recorded_by, version)
				SELECT o.tenant_id, replace(o.id, '-7000-8000-', '-7000-d' || n.i || '00-'), 'phone', '2026-02-1' || n.i, o.id IS NOT NULL, '再看看', o.owner_id, o.created_at, o.created_by, 1
				FROM opportunity o JOIN (SELECT '0' AS i UNION ALL SELECT '1') AS n ON 1 = 1 WHERE ` + open + ` AND substr(o.id, 36, 1) < '8' ON CONFLICT DO NOTHING`,
			`INSERT INTO record_link (tenant_id, kind, id, to_kind, to_id)
				SELECT f.tenant_id, 'follow_up', f.id, x.kind, CASE x.kind WHEN 'account' THEN o.account_id ELSE o.id END
				FROM follow_up f JOIN opportunity o ON o.tenant_id = f.tenant_id AND o.id = replace(replace(f.id, '-7000-d000-', '-7000-8000-'), '-7000-d100-', '-7000-8000-')
				JOIN (SELECT 'account' AS kind UNION ALL SELECT 'opportunity') AS x ON 1 = 1
				WHERE f.tenant_id = $1 AND f.id LIKE '00000000-0000-7000-d%' ON CONFLICT DO NOTHING`,
			`INSERT INTO follow_up_contact (tenant_id, follow_up_id, contact_id)
				SELECT l.tenant_id, l.id, replace(l.to_id, '-7000-9000-', '-7000-b000-') FROM record_link l
				WHERE l.tenant_id = $1 AND l.kind = 'follow_up' AND l.to_kind = 'account' AND l.id LIKE '00000000-0000-7000-d%' ON CONFLICT DO NOTHING`,
		} {
			rows, err := tx.Exec(w.Ctx, text, w.Admin.TenantID)
			if err != nil {
				return 0, fmt.Errorf("%.60s: %w", text, err)
			}
			if n == 0 {
				fresh = rows
			}
		}
		return fresh, nil
	})
	if err == nil && fresh > 0 { // no entry tells columns of it
		err = w.Engine.Forget(w.Admin.TenantID)
	}
	return err
}

// ownFields are two own fields of deals, by key: a choice, and free text.
func ownFields(w *apptest.World) (map[string]string, error) {
	boss, out := w.As("管理员"), map[string]string{}
	for _, f := range []field.Field{{Record: "opportunity", Key: "level", Label: "等级", Type: field.Choice, Options: []string{"高", "低"}},
		{Record: "opportunity", Key: "note", Label: "备注", Type: field.Text}} {
		if _, err := w.Fields.Define(w.Ctx, boss, f); err != nil && !is(err, "field.key_taken") {
			return nil, err
		}
	}
	all, err := w.Fields.All(w.Ctx, boss)
	for _, f := range all {
		out[f.Key] = f.ID
	}
	return out, err
}

// is tells a fault by its code.
func is(err error, code string) bool {
	f := fault.As(err)
	return f != nil && f.Code == code
}

// resident is the memory this process has, in MB.
func resident() int {
	raw, _ := os.ReadFile("/proc/self/statm")
	var size, pages int
	if _, err := fmt.Sscan(string(raw), &size, &pages); err != nil {
		return 0
	}
	return pages * os.Getpagesize() >> 20
}

// took is what a request cost in a world of another size: CPU and bytes.
type took struct {
	deals int
	cpu   time.Duration
	bytes int
}

// earlier are the requests of the size before, by database, who asked, and the path without ids
// that are another's in every world.
var earlier = map[string]took{}

// growth says how a request grew from the size before, and marks one that takes more than 5 ms
// and grew by twice what its answer did.
func (s *slowest) growth(x asked) string {
	before, there := s.before[s.key(x)]
	if !there || before.cpu <= 0 || before.deals == s.deals {
		return ""
	}
	ratio := float64(x.took) / float64(before.cpu)
	mark := ""
	if x.took > 5*time.Millisecond && ratio > 2*float64(x.bytes)/float64(max(1, before.bytes)) {
		mark = " !"
	}
	return fmt.Sprintf("%.1f × that of %d%s", ratio, before.deals, mark)
}

// note keeps what a request took, for the next size.
func (s *slowest) note(x asked) { earlier[s.key(x)] = took{s.deals, x.took, x.bytes} }

func (s *slowest) key(x asked) string { return s.kind + " " + x.who + " " + s.plain.Replace(x.path) }

// plain takes the ids out of paths that differ from world to world.
func plainOf(w *apptest.World) *strings.Replacer {
	return strings.NewReplacer(w.Bid.PipelineID, "P", w.Stage("报价"), "S", w.ID[apptest.Seller(0)], "M", w.ID["二组"], "T")
}
