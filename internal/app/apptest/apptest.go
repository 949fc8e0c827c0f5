// Package apptest builds the real program on a real database for tests: only the
// clock is ours.
package apptest

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/identity"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Clock is a clock a test sets.
type Clock struct{ at atomic.Int64 }

// Now returns the set instant.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.at.Load()).UTC() }

// Set moves the clock to ten in the morning, Shanghai time, of a day.
func (c *Clock) Set(d calendar.Date) { c.at.Store(d.Time().Add(2 * time.Hour).UnixMilli()) }

// Move moves the clock on.
func (c *Clock) Move(d time.Duration) { c.at.Add(d.Milliseconds()) }

// World is a company with two teams and people in each role.
type World struct {
	*app.App
	T     testing.TB
	Ctx   context.Context
	Clock *Clock
	Admin org.Actor
	// Ids of people and teams by the names below.
	ID map[string]string
	// Bid is the seven-stage bid pipeline.
	Bid     pipeline.Version
	Account string
}

// CheapHash is what hashing takes in tests: each signs people in, and three quarters of the time of
// some went into hashes that take as long as they shall. Hashes say what they were made with, so
// nothing else is different.
var CheapHash = identity.HashCost{Memory: 64, Passes: 1, Lanes: 1}

// Start is the day the world begins: a Monday.
const Start calendar.Date = "2026-03-02"

// New makes a world: 蒋跃 manages 一组 with 陈露 and 小李, 何峰 manages 二组 with 周涛;
// 总监 directs both.
func New(t testing.TB, db *database.DB) *World {
	t.Helper()
	w := &World{T: t, Ctx: context.Background(), Clock: &Clock{}, ID: map[string]string{}}
	w.Clock.Set(Start)
	w.App = app.New(db, t.TempDir(), slog.New(slog.NewTextHandler(io.Discard, nil)), w.Clock.Now)
	w.Identity.HashCost = CheapHash
	w.Funnel.Wait, w.Engine.Wait = time.Minute, time.Minute // a test asks once
	w.settle()
	return w
}

// Another makes a further company of the same kind in the same program.
func (w *World) Another() *World {
	w.T.Helper()
	next := &World{App: w.App, T: w.T, Ctx: w.Ctx, Clock: w.Clock, ID: map[string]string{}}
	next.settle()
	return next
}

// settle makes the company and its people.
func (w *World) settle() {
	w.T.Helper()
	admin := w.found()
	w.Admin = admin
	root := ""
	for id := range admin.Structure.Teams {
		root = id
	}
	w.ID["公司"] = root
	w.AddMember("总监", root, true, org.Director)
	for team, people := range map[string][]string{"一组": {"蒋跃", "陈露", "小李"}, "二组": {"何峰", "周涛"}} {
		tm, err := w.Org.AddTeam(w.Ctx, w.As("管理员"), "", team, root, "华东", org.Start)
		w.must(err)
		w.ID[team] = tm.ID
		for i, p := range people {
			role := org.Rep
			if i == 0 {
				role = org.Manager
			}
			w.AddMember(p, tm.ID, i == 0, role)
		}
	}
	v, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), "投标流程")
	w.must(err)
	w.Bid = v
	c, err := w.Accounts.Create(w.Ctx, w.As("陈露"), account.Account{Name: "华新机电"}, false)
	w.must(err)
	w.Account = c.ID
}

// found makes the company; a further one in the same database gets a number, because no two
// have the same name.
func (w *World) found() org.Actor {
	w.T.Helper()
	for n := 1; ; n++ {
		name := "测试公司"
		if n > 1 {
			name += strconv.Itoa(n)
		}
		admin, err := w.NewCompany(w.Ctx, org.Setup{Company: name, AdminName: "管理员"})
		if fault.CodeOf(err) == "org.company_name_taken" {
			continue
		}
		w.must(err)
		return admin
	}
}

func (w *World) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// AddMember adds a person who is findable by name.
func (w *World) AddMember(name, team string, leads bool, role org.RoleKey) {
	w.T.Helper()
	m, err := w.Org.AddMember(w.Ctx, w.As("管理员"), org.NewMember{Name: name, TeamID: team, Leads: leads, Role: role, From: org.Start})
	w.must(err)
	w.ID[name] = m.ID
}

// As returns the actor of a person now.
func (w *World) As(name string) org.Actor {
	w.T.Helper()
	id := w.ID[name]
	if name == "管理员" {
		id = w.Admin.MemberID
	}
	a, err := w.Org.Actor(w.Ctx, w.Admin.TenantID, id, "form")
	w.must(err)
	return a
}

// Stage returns a stage's id of the bid pipeline by name.
func (w *World) Stage(name string) string {
	s, ok := w.Bid.StageNamed(name)
	if !ok {
		w.T.Fatalf("no stage %s", name)
	}
	return s.ID
}

// Opportunity creates one owned by a person with 100,000 yuan.
func (w *World) Opportunity(owner, name string) opportunity.Opportunity {
	w.T.Helper()
	amount := int64(100_000_00)
	account := ""
	if owner == "陈露" {
		account = w.Account // hers: the others cannot see it
	}
	o, err := w.Opportunities.Create(w.Ctx, w.As(owner), opportunity.New{Name: name, AccountID: account, PipelineID: w.Bid.PipelineID, AmountMinor: &amount, ClashReason: "另一条产线"})
	w.must(err)
	return o
}

// Supply hands in evidence for every milestone of the record's present stage, and
// has 蒋跃 accept what asks for it.
func (w *World) Supply(owner, id string) {
	w.T.Helper()
	r, err := w.Opportunities.Get(w.Ctx, w.As(owner), id)
	w.must(err)
	st, _ := r.Pipeline.Stage(r.StageID)
	for _, m := range st.Milestones {
		if !m.Required {
			continue
		}
		in := opportunity.Submission{StageID: st.ID, Key: m.Key, Text: "见附件", Date: w.As(owner).Today}
		switch m.Evidence {
		case pipeline.Contact:
			in.ContactID = w.Contact(owner, "刘工")
		case pipeline.File:
			in.FileID = w.File(owner, id)
		}
		e, err := w.Opportunities.SubmitEvidence(w.Ctx, w.As(owner), id, in)
		w.must(err)
		if m.Acceptance {
			w.must(w.Opportunities.DecideEvidence(w.Ctx, w.As("蒋跃"), id, e.ID, true, ""))
		}
	}
}

// File attaches a text to a deal.
func (w *World) File(by, deal string) string {
	w.T.Helper()
	f, err := w.Files.Put(w.Ctx, w.As(by), opportunity.Ref(deal), "附件.txt", strings.NewReader("见附件"))
	w.must(err)
	return f.ID
}

// Contact adds a person at the world's account.
func (w *World) Contact(by, name string) string {
	w.T.Helper()
	c, err := w.Accounts.CreateContact(w.Ctx, w.As(by), account.Contact{Name: name, AccountID: w.Account, EvenIfSame: true})
	w.must(err)
	return c.ID
}

// Move moves and fails the test on a refusal.
func (w *World) Move(by, id, stage string, more ...func(*opportunity.MoveRequest)) opportunity.Opportunity {
	w.T.Helper()
	r := opportunity.MoveRequest{To: w.Stage(stage), Reason: "按进展"}
	for _, f := range more {
		f(&r)
	}
	o, err := w.Opportunities.Move(w.Ctx, w.As(by), id, r)
	w.must(err)
	return o
}

// Price does what the timetable does as rates change and days pass, from where it was; it
// returns where it is.
func (w *World) Price(at opportunity.Priced) opportunity.Priced {
	w.T.Helper()
	a, err := w.Org.System(w.Ctx, w.Admin.TenantID, "", "job")
	w.must(err)
	at, err = w.Opportunities.Price(w.Ctx, a, at, func(database.Tx, opportunity.Priced) error { return nil })
	w.must(err)
	return at
}

// Exception opens the gate with a reason.
func Exception(r *opportunity.MoveRequest) { r.Exception = "客户催得急" }

// GB18030 encodes a text as older Chinese systems do.
func GB18030(text string) []byte {
	out, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		panic(err) // every text can be encoded
	}
	return out
}

// SignIn signs somebody in whose sign-in was just given, as if he had chosen the password
// himself.
func (w *World) SignIn(login, secret string) (token string, session identity.Session, err error) {
	w.T.Helper()
	w.must(w.DB.Write(w.Ctx, func(tx database.Tx) error {
		_, err := tx.Exec(w.Ctx, `UPDATE password SET must_change = false WHERE member_id = (SELECT member_id FROM login WHERE name = $1)`, login)
		return err
	}))
	signed, err := w.Identity.SignIn(w.Ctx, identity.Attempt{Login: login, Secret: secret, Agent: "test", Address: "192.0.2.1"})
	return signed.Token, signed.Session, err
}
