package app_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/internal/page"
)

const whoMapping = `version: 1
source: crm
files:
  - {match: c.csv, kind: account, columns: {externalId: id, name: name, industry: ind}}
  - {match: p.csv, kind: contact, columns: {externalId: id, name: name, mobile: mobile, account: account, title: title, email: email}}
`

func (s *source) accountNames(query string) (out []string) {
	s.T.Helper()
	list, _, err := s.Accounts.List(s.Ctx, s.As("管理员"), account.Filter{Query: query}, page.Request{})
	must(s.T, err)
	for _, c := range list.Items {
		out = append(out, c.Name+" "+c.Industry)
	}
	slices.Sort(out)
	return out
}

// TestAnAccountIsWhoseIdItHas: the same id with another name is renamed, two ids with names alike
// are two, and an account known by name alone gets the id.
func TestAnAccountIsWhoseIdItHas(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		files := func(text string) *source {
			return newSource(w, whoMapping, map[string]string{"c.csv": "id,name,ind\n" + text})
		}
		first := files("A1,更名前科技,电力\n")
		first.run()
		b := files("A1,更名后科技,电力\n").dryRunSaysTheSame()
		if got := first.accountNames("更名"); b.Summary.Updated["account"] != 1 || len(got) != 1 || got[0] != "更名后科技 电力" {
			t.Errorf("%v %+v", got, b.Summary)
		}
		if u := first.undo(b.ID); u.Restored != 1 || first.accountNames("更名")[0] != "更名前科技 电力" {
			t.Errorf("%+v %v", u, first.accountNames("更名"))
		}
		groups := "G1,南湖集团公司,综合\nG2,南湖有限公司,食品\n"
		for _, made := range []int64{2, 0} {
			b = files(groups).dryRunSaysTheSame()
			if got := first.accountNames("南湖"); b.Summary.Created["account"] != made || len(got) != 2 || got[0] != "南湖有限公司 食品" {
				t.Errorf("%v %+v", got, b.Summary)
			}
		}
		files("H1,华新机电,机械\n").dryRunSaysTheSame() // there by hand
		b = files("H1,华新机电集团新名,机械\n").dryRunSaysTheSame()
		if got := first.accountNames("华新"); len(got) != 1 || got[0] != "华新机电 机械" || b.Summary.Created["account"] != 0 {
			t.Errorf("%v %+v", got, b.Summary)
		}
	})
}

// TestAnAccountTwiceInAFileIsWhatBothRowsSay: the later row fills and changes the earlier, and one of a
// like name is told.
func TestAnAccountTwiceInAFileIsWhatBothRowsSay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		m := strings.Replace(whoMapping, "externalId: id, name: name, industry: ind", "name: name, industry: ind, class: id", 1)
		s := newSource(w, m, map[string]string{"c.csv": "id,name,ind\nA,两行机电,\n,两行机电,汽车\n,两行机电股份有限公司,航空\n"})
		b := s.dryRunSaysTheSame()
		if got := s.accountNames("两行"); len(got) != 1 || got[0] != "两行机电 航空" {
			t.Errorf("%v", got)
		}
		if !slices.ContainsFunc(b.Summary.Notes, func(n intake.Note) bool { return n.Code == "account_alike" && n.To == "两行机电" }) {
			t.Errorf("%+v", b.Summary.Notes)
		}
		if n := s.count(`SELECT count(*) FROM account WHERE name = '两行机电' AND class = 'A'`); n != 1 {
			t.Error("what the first row said is gone")
		}
	})
}

// TestAnIDGivenToAnAccountIsInTheJournalAndUndone: what was found by its name has no id once the import
// that gave it is undone.
func TestAnIDGivenToAnAccountIsInTheJournalAndUndone(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, whoMapping, map[string]string{"c.csv": "id,name,ind\nC1,华新机电,机械\n", "p.csv": "id,name,mobile,account,title,email\nK1,赵一,13911112222,华新机电,,\n"})
		for range 2 {
			b := s.run()
			if n := s.count(`SELECT count(*) FROM external_ref WHERE source = 'crm' AND record_id = $1`, w.Account); n != 1 {
				t.Fatalf("%d ids", n)
			}
			s.undo(b.ID)
			if n := s.count(`SELECT count(*) FROM external_ref`); n != 0 {
				t.Errorf("%d ids are left", n)
			}
		}
		s.run()
		played(t, w.DB, databasetest.Another(t, db), &apptest.Player{World: w})
	})
}

// TestAContactTwiceIsOne: by id, and without one by name, account and the end of the number; what
// a second file changes an undo gives back, and what it made an undo takes away.
func TestAContactTwiceIsOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		files := func(text string) *source {
			return newSource(w, whoMapping, map[string]string{"c.csv": "id,name,ind\nC1,联系测试甲公司,\n", "p.csv": "id,name,mobile,account,title,email\n" + text})
		}
		rows := "k1,赵重复,13911112222,联系测试甲公司,,\nk2,周空,,联系测试甲公司,,\n"
		s := files(rows)
		a := s.dryRunSaysTheSame()
		b := files(rows).dryRunSaysTheSame()
		if a.Summary.Created["contact"] != 2 || b.Summary.Created["contact"] != 0 || b.Summary.Unchanged["contact"] != 2 {
			t.Errorf("%+v %+v", a.Summary, b.Summary)
		}
		// Without an id; another number is another person.
		c := files(",赵重复,139-1111-2222,联系测试甲公司,总工,zhao@example.com\n,赵重复,13800009999,联系测试甲公司,,nobody\n").dryRunSaysTheSame()
		if c.Summary.Updated["contact"] != 1 || c.Summary.Created["contact"] != 1 {
			t.Errorf("%+v", c.Summary)
		}
		if n := s.count(`SELECT count(*) FROM contact WHERE name = '赵重复' AND title = '总工' AND email = 'zhao@example.com' AND deleted_at IS NULL`); n != 1 {
			t.Errorf("%d are changed", n)
		}
		if u := s.undo(c.ID); u.Restored != 1 || u.Removed != 1 || len(u.Kept) > 0 {
			t.Errorf("%+v", u)
		}
		if n := s.count(`SELECT count(*) FROM contact WHERE name = '赵重复' AND title = '' AND mobile = '13911112222' AND deleted_at IS NULL`); n != 1 {
			t.Errorf("%d are as they were", n)
		}
		if u := s.undo(a.ID); u.Removed != 3 {
			t.Errorf("%+v", u)
		}
		if n := s.count(`SELECT count(*) FROM contact WHERE deleted_at IS NULL`); n != 0 {
			t.Errorf("%d contacts are left", n)
		}
	})
}

// TestTheCasesOfWhoIsWho are small inputs others found wrong.
func TestTheCasesOfWhoIsWho(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "cases")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the cases are not beside this checkout")
	}
	read := func(name string) string {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		must(t, err)
		return string(raw)
	}
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		s := newSource(w, read("15-mapping.yaml"), map[string]string{"16.csv": read("16-group-and-company.csv")})
		b := s.dryRunSaysTheSame()
		if b.Summary.Created["account"]+b.Summary.Refused != 6 {
			t.Errorf("%+v %v", b.Summary, s.issuesOf(b))
		}
		if got := s.accountNames("南湖"); len(got) != 2 {
			t.Error(strings.Join(got, ", "))
		}
		for _, name := range []string{"12-reimport-first.csv", "12-reimport-second.csv", "13-reimport-blank-name.csv"} {
			newSource(w, read("12-mapping.yaml"), map[string]string{"x.csv": read(name)}).dryRunSaysTheSame()
		}
		if r := s.named("RC-1"); *r.AmountMinor != 7000_00 || r.Currency != "CNY" || r.AccountName != "重导乙公司" {
			t.Errorf("%+v", r.Opportunity)
		}
	})
}
