package audit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/identity"
	"yunchou/internal/intake"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type office struct {
	*apptest.World
	t *testing.T
}

func each(t *testing.T, test func(t *testing.T, w office)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := office{apptest.New(t, db), t}
		w.Clock.Move(time.Minute)
		test(t, w)
	})
}

// program is the program itself, of today.
func (w office) program() org.Actor {
	w.t.Helper()
	a, err := w.Org.System(w.Ctx, w.Admin.TenantID, "", "job")
	must(w.t, err)
	return a
}

// at is an actor who comes from an address.
func (w office) at(name, address string) org.Actor {
	a := w.As(name)
	a.Address = address
	return a
}

// answered has a fault noted as it is answered to somebody who is not signed in.
func (w office) answered(err error, address string) {
	of := identity.Attempted(err)
	w.Audit.Refused(audit.Refusal{TenantID: of.TenantID, MemberID: of.MemberID, Address: address, Code: fault.CodeOf(err), Status: 401})
}

// told is the trail as lines, the newest first.
func (w office) told(q audit.Query) []string {
	w.t.Helper()
	list, err := w.Audit.List(w.Ctx, w.As("管理员"), q, page.Request{Limit: 200})
	must(w.t, err)
	var out []string
	for _, i := range list.Items {
		line := strings.Join([]string{i.Person, i.For, i.Kind, i.Called, i.Outcome, i.Address}, "|")
		for _, d := range i.Details {
			line += fmt.Sprintf(" %s:%s→%s", d.Key, d.Old, d.New)
		}
		if i.Times > 1 {
			line += fmt.Sprintf(" x%d", i.Times)
		}
		out = append(out, line)
	}
	return out
}

func TestTheTrailTellsWhoDidWhatToWhomFromWhere(t *testing.T) {
	each(t, func(t *testing.T, w office) {
		since := w.Clock.Now()
		boss := w.at("管理员", "192.0.2.7")
		secret := identity.NewSecret()
		must(t, w.Org.GiveLogin(w.Ctx, boss, w.ID["陈露"], "chenlu", secret))
		w.Clock.Move(time.Second)
		must(t, w.Org.SetRole(w.Ctx, w.at("管理员", "192.0.2.7"), w.ID["陈露"], org.Manager, nil, nil))
		w.Clock.Move(time.Second)
		try := func(login, secret, address string) {
			_, err := w.Identity.SignIn(w.Ctx, identity.Attempt{Login: login, Secret: secret, Address: address})
			if err != nil && fault.CodeOf(err) != "org.sign_in_failed" && fault.CodeOf(err) != "identity.wait" {
				t.Fatal(err)
			}
			w.answered(err, address)
		}
		try("chenlu", "wrong one", "198.51.100.1")
		try("chenlu", "wrong one", "198.51.100.1")
		w.Clock.Move(time.Second)
		try("my password by mistake", "x", "198.51.100.2")
		w.Clock.Move(time.Minute)
		try("chenlu", secret, "203.0.113.9")
		want := []string{
			"陈露||member.signed_in|陈露|done|203.0.113.9 way:→password",
			"||sign_in.failed||failed|198.51.100.2",
			"||sign_in.failed|陈露|failed|198.51.100.1 x2",
			"管理员||member.role_set|陈露|done|192.0.2.7 role:rep→manager",
			"管理员||member.login_given|陈露|done|192.0.2.7",
		}
		if got := w.told(audit.Query{From: since}); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
		for what, x := range map[string]struct {
			q    audit.Query
			want int
		}{
			"of a person": {audit.Query{From: since, Person: w.ID["陈露"]}, 2}, "about one": {audit.Query{From: since, About: w.ID["陈露"]}, 4},
			"of a kind": {audit.Query{From: since, Kind: "member.role_set"}, 1}, "of a failure": {audit.Query{From: since, Kind: "sign_in.failed"}, 2},
			"that failed": {audit.Query{From: since, Outcome: audit.Failed}, 2}, "that was done": {audit.Query{From: since, Outcome: audit.Done}, 3},
			"from an address": {audit.Query{From: since, Address: "192.0.2.7"}, 2}, "of strangers": {audit.Query{From: since, Address: "198.51.100.2"}, 1},
			"before": {audit.Query{From: since.Add(-time.Hour), To: since.Add(-30 * time.Minute)}, 0},
		} {
			if got := w.told(x.q); len(got) != x.want {
				t.Errorf("%s: %d, want %d: %q", what, len(got), x.want, got)
			}
		}
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error { // what was typed is nowhere
			for _, q := range []string{`SELECT count(*) FROM failed_act WHERE id || hour || kind || member_id || address LIKE '%mistake%'`,
				`SELECT count(*) FROM stranger_act WHERE id || hour || kind || address LIKE '%mistake%'`,
				`SELECT count(*) FROM journal WHERE payload LIKE '%mistake%'`} {
				n := 0
				if err := tx.QueryRow(w.Ctx, q).Scan(&n); err != nil || n > 0 {
					t.Errorf("%d rows hold what was typed: %v", n, err)
				}
			}
			return nil
		}))
	})
}

func TestPagesOfTheTrailHaveNoHolesAndNoRepeats(t *testing.T) {
	each(t, func(t *testing.T, w office) {
		for i := range 20 {
			w.Clock.Move(time.Minute)
			w.Audit.Note(audit.Failure{TenantID: w.Admin.TenantID, MemberID: w.ID["陈露"], Kind: audit.SignInFailed,
				Address: fmt.Sprintf("198.51.100.%d", i), At: w.Clock.Now()})
			if i%2 == 0 {
				must(t, w.Org.Describe(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Details{Name: "陈露", Phone: fmt.Sprint(i)}))
			}
		}
		all, err := w.Audit.List(w.Ctx, w.As("管理员"), audit.Query{}, page.Request{Limit: 200})
		must(t, err)
		var paged []audit.Item
		_, err = page.Walk(page.Request{}, func(r page.Request) (page.Result[audit.Item], error) {
			r.Limit = 3
			return w.Audit.List(w.Ctx, w.As("管理员"), audit.Query{}, r)
		}, func(i audit.Item) error { paged = append(paged, i); return nil })
		must(t, err)
		if len(paged) != len(all.Items) || len(all.Items) < 30 {
			t.Fatalf("%d in pages, %d at once", len(paged), len(all.Items))
		}
		for i := range paged {
			if paged[i].ID != all.Items[i].ID {
				t.Fatalf("row %d is another", i)
			}
		}
		_, err = w.Audit.List(w.Ctx, w.As("管理员"), audit.Query{}, page.Request{Cursor: "forged"})
		if fault.CodeOf(err) != "page.cursor_malformed" {
			t.Error(err)
		}
	})
}

func TestStrangersCannotFillTheTrail(t *testing.T) {
	each(t, func(t *testing.T, w office) {
		for i := range 500 {
			w.Audit.Note(audit.Failure{Kind: audit.SignInFailed, Address: fmt.Sprintf("198.51.%d.%d", i/250, i%250), At: w.Clock.Now()})
		}
		must(t, w.Audit.Write(w.Ctx))
		rows, times := 0, 0
		must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
			return tx.QueryRow(w.Ctx, `SELECT count(*), sum(times) FROM stranger_act`).Scan(&rows, &times)
		}))
		if rows > 104 || times != 500 {
			t.Errorf("%d rows tell of %d tries", rows, times)
		}
	})
}

// TestNobodyHidesWhatOthersWereRefused: who is refused at one route after the other fills a part of
// his company's rows, whether they wait or are written.
func TestNobodyHidesWhatOthersWereRefused(t *testing.T) {
	each(t, func(t *testing.T, w office) {
		refused := func(who string, routes int) {
			for i := range routes {
				w.Audit.Refused(audit.Refusal{TenantID: w.Admin.TenantID, MemberID: w.ID[who], Status: 403, Route: fmt.Sprintf("/api/%d", i),
					Address: fmt.Sprintf("198.51.100.%d", i%250)})
			}
		}
		refused("陈露", 300) // all of them wait together
		refused("小李", 1)
		must(t, w.Audit.Write(w.Ctx))
		for range 3 {
			refused("陈露", 300)
			must(t, w.Audit.Write(w.Ctx)) // and some are written
		}
		refused("周涛", 1)
		must(t, w.Audit.Write(w.Ctx))
		for who, want := range map[string][3]int{"陈露": {1200, 30, 45}, "小李": {1, 1, 1}, "周涛": {1, 1, 1}} {
			times, rows, told := 0, 0, 0
			must(t, w.DB.Read(w.Ctx, func(tx database.Tx) error {
				return tx.QueryRow(w.Ctx, `SELECT COALESCE(sum(times), 0), count(*), count(CASE WHEN route <> '' THEN 1 END) FROM failed_act WHERE member_id = $1`,
					w.ID[who]).Scan(&times, &rows, &told)
			}))
			if times != want[0] || rows < want[1] || rows > want[2] || told == 0 {
				t.Errorf("%s: %d times in %d rows, %d with a route", who, times, rows, told)
			}
		}
	})
}

func TestWhoSeesWhatOfTheTrail(t *testing.T) {
	each(t, func(t *testing.T, w office) {
		secret := identity.NewSecret()
		must(t, w.Org.GiveLogin(w.Ctx, w.at("管理员", "192.0.2.7"), w.ID["陈露"], "chenlu", secret))
		_, err := w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "chenlu", Secret: secret, Address: "203.0.113.9"})
		must(t, err)
		_, err = w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "nobody", Secret: "x", Address: "198.51.100.9"})
		w.answered(err, "198.51.100.9")
		if fault.CodeOf(err) != "org.sign_in_failed" {
			t.Fatal(err)
		}
		_, err = w.Audit.List(w.Ctx, w.As("陈露"), audit.Query{}, page.Request{})
		if fault.CodeOf(err) != "org.permission_missing" {
			t.Errorf("a seller reads the trail: %v", err)
		}
		w.Audit.Note(audit.Failure{TenantID: w.Admin.TenantID, MemberID: w.ID["陈露"], Kind: audit.SizeRefused, At: w.Clock.Now()})
		mine, err := w.Audit.Mine(w.Ctx, w.As("陈露"), page.Request{}) // a form that was too large is nothing of it
		if must(t, err); len(mine.Items) != 2 || mine.Items[0].Address != "203.0.113.9" {
			t.Errorf("one's own: %+v", mine.Items)
		}
		for _, i := range mine.Items {
			if i.About.ID != w.ID["陈露"] {
				t.Errorf("another's: %+v", i)
			}
		}
		director, err := w.Audit.List(w.Ctx, w.As("总监"), audit.Query{}, page.Request{})
		must(t, err)
		for _, i := range director.Items {
			if i.Address != "" {
				t.Errorf("who administers no sign-ins sees an address: %+v", i)
			}
		}
		_, err = w.Audit.List(w.Ctx, w.As("总监"), audit.Query{Address: "203.0.113.9"}, page.Request{})
		if fault.CodeOf(err) != "audit.addresses" {
			t.Errorf("and asks for one: %v", err)
		}
		strangers := w.told(audit.Query{Address: "198.51.100.9"})
		other, err := w.NewCompany(w.Ctx, org.Setup{Company: "另一家", AdminName: "某人"})
		must(t, err)
		if len(strangers) != 1 || len(w.told(audit.Query{Address: "198.51.100.9"})) != 0 {
			t.Errorf("names nobody has are the only company's to see: %q", strangers)
		}
		theirs, err := w.Audit.List(w.Ctx, other, audit.Query{}, page.Request{Limit: 200})
		must(t, err)
		for _, i := range theirs.Items {
			if i.PersonID != other.MemberID && i.Path != "job" {
				t.Errorf("another company's: %+v", i)
			}
		}
	})
}

func TestAddressesAndFailuresGoAndWhatWasDoneStays(t *testing.T) {
	each(t, func(t *testing.T, w office) {
		for _, days := range []int{179, 3651} {
			if err := w.Audit.SavePolicy(w.Ctx, w.As("管理员"), audit.Policy{KeepDays: days}); fault.CodeOf(err) != "input.out_of_range" {
				t.Errorf("%d days: %v", days, err)
			}
		}
		must(t, w.Audit.SavePolicy(w.Ctx, w.at("管理员", "192.0.2.7"), audit.Policy{KeepDays: 200}))
		w.Audit.Note(audit.Failure{TenantID: w.Admin.TenantID, MemberID: w.ID["陈露"], Kind: audit.SignInFailed, Address: "198.51.100.1", At: w.Clock.Now()})
		w.Audit.Note(audit.Failure{Kind: audit.SignInFailed, Address: "198.51.100.1", At: w.Clock.Now()})
		w.Clock.Move(91 * 24 * time.Hour)
		must(t, w.Audit.Purge(w.Ctx, w.program()))
		if got := w.told(audit.Query{Outcome: audit.Failed}); len(got) != 1 {
			t.Errorf("after three months, of a member's and a stranger's: %q", got)
		}
		if got := w.told(audit.Query{Kind: "company.audit_policy_saved"}); len(got) != 1 || got[0] != "管理员||company.audit_policy_saved||done|192.0.2.7 keepDays:365→200" {
			t.Errorf("%q", got)
		}
		w.Clock.Move(120 * 24 * time.Hour)
		must(t, w.Org.Describe(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Details{Name: "陈露"}))
		must(t, w.Audit.Purge(w.Ctx, w.program()))
		if got := w.told(audit.Query{Outcome: audit.Failed}); len(got) != 0 {
			t.Errorf("failures stay: %q", got)
		}
		if got := w.told(audit.Query{Kind: "company.audit_policy_saved"}); len(got) != 1 || got[0] != "管理员||company.audit_policy_saved||done| keepDays:365→200" {
			t.Errorf("an address stays, or what was done goes: %q", got)
		}
		w.Again([]string{""}, "audit_policy")
	})
}

func TestBeyondOnesPowersIsToldToo(t *testing.T) {
	each(t, func(t *testing.T, w office) {
		w.AddMember("运营", w.ID["公司"], false, org.Operations)
		w.Audit.Refused(audit.Refusal{TenantID: w.Admin.TenantID, MemberID: w.ID["运营"], Address: "192.0.2.8", Code: org.BeyondOwnPowers, Status: 403})
		if got := w.told(audit.Query{Outcome: audit.Refused}); len(got) != 1 || got[0] != "运营||powers.refused|运营|refused|192.0.2.8" {
			t.Errorf("%q", got)
		}
	})
}

// TestTheTrailTellsWhatThingsAreCalled: not only people and records have names.
func TestTheTrailTellsWhatThingsAreCalled(t *testing.T) {
	each(t, func(t *testing.T, w office) {
		since := w.Clock.Now()
		v, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), w.Bid.PipelineID)
		must(t, err)
		v.Stages[0].StandardDays++
		_, err = w.Pipelines.Publish(w.Ctx, w.As("管理员"), v.PipelineID, v.ID, v, nil)
		must(t, err)
		w.Clock.Move(time.Second)
		_, err = w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "opportunity", Key: "heat", Label: "热度", Type: field.Text})
		must(t, err)
		w.Clock.Move(time.Second)
		_, err = w.Org.OpenSeat(w.Ctx, w.As("管理员"), org.Post{TeamID: w.ID["二组"], Position: "大客户经理"})
		must(t, err)
		w.Clock.Move(time.Second)
		id, err := w.Intake.Upload(w.Ctx, w.As("管理员"), "", strings.NewReader("商机名称,客户\n二期,华新\n"))
		must(t, err)
		look, err := w.Intake.Look(w.Ctx, w.As("管理员"), id, intake.Looked{Name: "上半年.csv"})
		must(t, err)
		_, err = w.Intake.Start(w.Ctx, w.As("管理员"), intake.Asked{Uploads: map[string]string{"上半年.csv": id}, Mapping: look.Mapping, DryRun: true})
		must(t, err)
		want := map[string]string{"pipeline.published": w.Bid.Name, "field.defined": "热度", "seat.opened": "二组 · 大客户经理", "import.started": "上半年.csv"}
		got := map[string]string{}
		for _, reader := range []string{"管理员", "总监"} { // who sells imports nothing, and is not told what others did
			list, err := w.Audit.List(w.Ctx, w.As(reader), audit.Query{From: since}, page.Request{Limit: 200})
			must(t, err)
			for _, i := range list.Items {
				got[i.Kind] = i.Called
			}
			for kind, name := range want {
				if reader == "总监" && kind == "import.started" {
					name = ""
				}
				if got[kind] != name {
					t.Errorf("%s reads %q of %s, want %q", reader, got[kind], kind, name)
				}
			}
		}
	})
}
