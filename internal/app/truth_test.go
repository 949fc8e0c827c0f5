package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/app/apptest/truth"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/funnel"
)

// TestFiguresOfThePast plays random histories and asks for figures of past days, as known
// now and as known then: report, groups, filters, scopes, trend, cohorts, forecast and
// waterfall agree with the reference, which was told of each act and shares no code with
// what answers. The same questions find each of six faults planted in the reference.
func TestFiguresOfThePast(t *testing.T) {
	seeds, length, days := 4, 60, 9
	if os.Getenv("YUNCHOU_SOAK") != "" {
		seeds, length, days = 40, 80, 50
	}
	var mu sync.Mutex
	planted, accepted, refused, asked := map[string]int{}, map[string]int{}, map[string]int{}, 0
	t.Run("histories", func(t *testing.T) {
		for seed := range seeds {
			databasetest.InTurn(t, seed, func(t *testing.T, db *database.DB) {
				x := newCheck(t, db, uint64(seed))
				for range 3 { // the program answers while the history goes on
					x.Play(length / 3)
					for range days / 3 {
						x.day(x.someDay())
					}
				}
				x.facts()
				mu.Lock()
				defer mu.Unlock()
				asked += x.asked
				addTo(planted, x.planted)
				addTo(accepted, x.Accepted)
				addTo(refused, x.Refused)
			})
		}
	})
	t.Logf("%d questions; planted faults found %v; accepted %v; refused %v", asked, planted, accepted, refused)
	for name := range wrongReadings {
		if asked > 0 && planted[name] == 0 {
			t.Errorf("no question finds the planted fault: %s", name)
		}
	}
}

func addTo(sums, more map[string]int) {
	for k, n := range more {
		sums[k] += n
	}
}

// TestNothingWasKnownBeforeTheFirstEntry: a day before it has no figures as known then,
// and says why.
func TestNothingWasKnownBeforeTheFirstEntry(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Opportunity("陈露", "二期改造")
		in := funnel.Ask{Pipeline: w.Bid.PipelineID, AsOf: apptest.Start.Add(-1), Knowledge: funnel.KnownThen}
		r, err := w.Funnel.Report(w.Ctx, w.As("管理员"), in)
		if err != nil || r.Why != "nothing_recorded" || r.Population.Created != 0 {
			t.Errorf("why %q, created %d, %v", r.Why, r.Population.Created, err)
		}
		admin := w.As("管理员")
		f, err1 := w.Funnel.Forecast(w.Ctx, admin, in)
		c, err2 := w.Funnel.Cohorts(w.Ctx, admin, in, "", "")
		rivals, err3 := w.Funnel.Rivals(w.Ctx, admin, in)
		it, err := w.Accounts.AddCompetitor(w.Ctx, admin, account.Competitor{Name: "恒力"})
		if err != nil {
			t.Fatal(err)
		}
		against, err5 := w.Funnel.Against(w.Ctx, admin, in, it.ID)
		trend, err4 := w.Funnel.Trend(w.Ctx, admin, in, "month", 2)
		if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
			t.Fatal(err)
		}
		for name, why := range map[string]string{"forecast": f.Why, "cohorts": c.Why, "rivals": rivals.Why, "against": against.Why,
			"trend": trend.Points[0].Why} {
			if why != funnel.NothingRecorded {
				t.Errorf("%s: why %q", name, why)
			}
		}
		for name, answer := range map[string]any{"report": r, "forecast": f, "cohorts": c, "rivals": rivals, "against": against, "trend": trend} {
			raw, err := json.Marshal(answer)
			if lists := regexp.MustCompile(`"(stages|losses|noRate|uncertain|months|rows|points|groups)":null`); err != nil || lists.Match(raw) {
				t.Errorf("%s has a list that is null: %s, %v", name, raw, err)
			}
		}
		in.AsOf = apptest.Start
		if r, err = w.Funnel.Report(w.Ctx, w.As("管理员"), in); err != nil || r.Why != "" || r.Population.Created != 1 {
			t.Errorf("on the first day: why %q, created %d, %v", r.Why, r.Population.Created, err)
		}
	})
}

// wrongReadings are faults of reading, planted one by one.
var wrongReadings = map[string]truth.Faults{
	"left-day rewrite":        {LeftDayRewrite: true},
	"rank by newest version":  {RankByNewest: true},
	"reversal on a wrong day": {ReversalDay: true},
	"owner of today":          {OwnerOfToday: true},
	"rate overwritten":        {RateOverwritten: true},
	"filter of today":         {FilterOfToday: true},
}

// check asks both and compares.
type check struct {
	*apptest.Player
	t    *testing.T
	seed uint64
	rng  *rand.Rand
	// by answers: the program, from memory, or now and then SQL alone.
	by, memory, sql *funnel.Service
	// asked counts questions, found those that were answered differently, of which the first
	// few are shown unless it is quiet; planted those that find a fault.
	asked, found int
	untrue       int // facts that are not as they were told
	quiet        bool
	planted      map[string]int
}

func newCheck(t *testing.T, db *database.DB, seed uint64) *check {
	rng := rand.New(rand.NewPCG(seed, 8))
	w := apptest.New(t, db)
	return &check{Player: apptest.NewPlayer(w, rng), t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 80)), memory: w.Funnel, sql: reference(w.App),
		planted: map[string]int{}}
}

// someDay is a day from the start to today, more often a late one.
func (x *check) someDay() calendar.Date {
	n := x.Today().Sub(apptest.Start) + 1
	return apptest.Start.Add(max(x.rng.IntN(n), x.rng.IntN(n)))
}

// day asks everything about a day, in both modes.
func (x *check) day(d calendar.Date) {
	for _, then := range []bool{false, true} {
		q := truth.Question{Pipeline: x.Bid.PipelineID, Day: d, Then: then}
		x.report("管理员", q)
		windowed := q
		windowed.From = d.Add(-x.rng.IntN(40))
		windowed.To = windowed.From.Add(1 + x.rng.IntN(40))
		x.report("管理员", windowed)
		for _, group := range []string{"owner", "team", "product", "month", pickOne(x.rng, "region", "account-industry", "account-class")} {
			g := pickOne(x.rng, q, windowed)
			g.Group = group
			x.report("管理员", g)
		}
		f := pickOne(x.rng, q, windowed)
		f.Owner, f.Group = x.ID[pickOne(x.rng, x.Sellers...)], pickOne(x.rng, "", "team")
		x.report("管理员", f)
		f.Owner, f.Team, f.Group = "", x.ID[pickOne(x.rng, x.Teams...)], pickOne(x.rng, "", "owner")
		x.report("管理员", f)
		f = q
		f.Version = 1 + x.rng.IntN(x.Truth.Versions(q.Pipeline))
		x.report("管理员", f)
		x.forecast("管理员", q)
		x.cohorts("管理员", q)
		x.scoped(q)
		x.filtered(q, windowed)
	}
	trend := truth.Question{Pipeline: x.Bid.PipelineID, Day: d, Then: x.rng.IntN(2) == 0}
	if x.rng.IntN(2) == 0 {
		trend.Filter = x.someFilter(trend)
	}
	x.trend(trend)
	x.waterfall(d)
}

// ask is the question as the funnel takes it.
func ask(q truth.Question) funnel.Ask {
	in := funnel.Ask{Pipeline: q.Pipeline, From: q.From, To: q.To, AsOf: q.Day, Version: q.Version}
	in.Group = funnel.GroupBy(q.Group)
	in.Filter = filterOf(q.Filter)
	in.Filter.Owner, in.Filter.Team = q.Owner, q.Team
	if q.Then {
		in.Knowledge = funnel.KnownThen
	}
	for id := range q.Deals {
		in.Filter.IDs = append(in.Filter.IDs, id)
	}
	return in
}

func (x *check) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// question is one that both can be asked.
type question struct {
	truth.Question
	what, who string
	want      func(*truth.Company, truth.Question) truth.Figures
	got       func(truth.Question) namedFigures
}

// put compares the two answers; where they differ it asks again record by record, and
// shows the facts of those that are seen differently.
func (x *check) put(q question) {
	x.t.Helper()
	x.asked++
	if x.by = x.memory; x.rng.IntN(12) == 0 {
		x.by = x.sql
	}
	want := q.want(x.Truth, q.Question)
	for name, f := range wrongReadings {
		const enough = 3 // it need not be looked for any more
		if x.planted[name] < enough && len(differ(want, q.want(x.Truth.With(f), q.Question))) > 0 {
			x.planted[name]++
		}
	}
	list := differ(want, q.got(q.Question))
	if len(list) == 0 {
		return
	}
	m, _ := x.Truth.Moment(q.Day, q.Then)
	if !x.quiet && !x.factsAt(m) {
		return // what was written is not what was told: no figure can be right
	}
	const shown = 4
	if x.found++; x.quiet || x.found > shown {
		return
	}
	mode := map[bool]string{false: "now", true: "then"}[q.Then]
	from := map[bool]string{false: "from memory", true: "by SQL"}[x.by == x.sql]
	x.t.Errorf("seed %d, %s as of %s known %s (%d), by %s, %s, %s:\n  %s\n%s", x.seed, q.what, q.Day, mode, m.K, q.who, from,
		x.Truth.Named(fmt.Sprintf("%+v", q.Question)), x.Truth.Named(strings.Join(list, "\n  ")), x.concerned(q))
}

// concerned tells the facts of the records that are seen differently.
func (x *check) concerned(q question) (told string) {
	shown := 0
	for _, id := range x.Truth.Deals() {
		one := q.Question
		one.Deals = map[string]bool{id: true}
		if d := differ(kept(q.want(x.Truth, one), ofOne), kept(truth.Figures(q.got(one)), ofOne)); len(d) > 0 && shown < 2 {
			shown++
			told += x.Truth.Tell(id) + "  differs: " + x.Truth.Named(strings.Join(d, "\n           ")) + "\n"
		}
	}
	return told
}

// ofOne are the figures that are of a record: calibrated rates are the company's.
func ofOne(name string) bool {
	return !strings.Contains(name, "resolved") && !strings.Contains(name, "calibrated")
}

func (x *check) report(who string, q truth.Question) {
	x.t.Helper()
	x.put(question{q, "report", who, func(c *truth.Company, q truth.Question) truth.Figures {
		f, _ := c.Report(q)
		return kept(f, reported)
	}, func(q truth.Question) namedFigures {
		r, err := x.by.Report(x.Ctx, x.As(who), ask(q))
		x.must(err)
		return ofReport(r)
	}})
}

func (x *check) forecast(who string, q truth.Question) {
	x.t.Helper()
	x.put(question{q, "forecast", who, func(c *truth.Company, q truth.Question) truth.Figures {
		f, _ := c.Forecast(q)
		return f
	}, func(q truth.Question) namedFigures {
		f, err := x.by.Forecast(x.Ctx, x.As(who), ask(q))
		x.must(err)
		return ofForecast(f)
	}})
}

func (x *check) cohorts(who string, q truth.Question) {
	x.t.Helper()
	q.From, q.To = "2025-11-01", ""
	m, _ := x.Truth.Moment(q.Day, q.Then)
	v := x.Truth.InForce(q.Pipeline, m)
	open := len(v.Stages) - 2
	from := x.rng.IntN(open)
	stage, target := v.Stages[from], v.Stages[from+1+x.rng.IntN(open-from)]
	x.put(question{q, "cohorts " + stage.Name + " to " + target.Name, who, func(c *truth.Company, q truth.Question) truth.Figures {
		f, _ := c.Cohorts(q, stage.ID, target.ID)
		return f
	}, func(q truth.Question) namedFigures {
		c, err := x.by.Cohorts(x.Ctx, x.As(who), ask(q), stage.ID, target.ID)
		x.must(err)
		return ofCohorts(c)
	}})
}

// scoped asks as people who see a part: what is attributed to the teams of their subtree
// today, or to themselves.
func (x *check) scoped(q truth.Question) {
	x.t.Helper()
	for _, who := range []string{"何峰", "蒋跃", "陈露"} {
		mine := x.seenBy(who, q)
		x.report(who, mine)
		x.forecast(who, mine)
	}
}

// seenBy is a question as far as somebody sees.
func (x *check) seenBy(who string, q truth.Question) truth.Question {
	now, _ := x.Truth.Moment(x.Today(), false)
	q.Teams, q.Members = map[string]bool{}, map[string]bool{x.ID[who]: true}
	if team, leads := map[string]string{"何峰": "二组", "蒋跃": "一组"}[who]; leads {
		q.Teams = x.Truth.Subtree(x.ID[team], now)
	}
	return q
}

// trend compares each point with the report as of its last day.
func (x *check) trend(q truth.Question) {
	x.t.Helper()
	got, err := x.memory.Trend(x.Ctx, x.As("管理员"), ask(q), pickOne(x.rng, "month", "quarter"), 3)
	x.must(err)
	for _, p := range got.Points {
		one := q
		one.From, one.To, one.Day = p.From, p.To, min(q.Day, p.To.Add(-1))
		if one.Day < apptest.Start {
			continue
		}
		x.put(question{one, "point of the trend", "管理员", func(c *truth.Company, q truth.Question) truth.Figures {
			f, _ := c.Report(q)
			return kept(f, func(n string) bool { return pointHas[n] })
		}, func(q truth.Question) namedFigures {
			if q.Deals == nil {
				return ofPoint(p)
			}
			return namedFigures{} // a point is not asked record by record: the report is
		}})
	}
}

// pointHas names what a point of the trend tells.
var pointHas = map[string]bool{"created": true, "won": true, "lost": true, "win bp": true,
	"won amount": true, "lost amount": true, "open amount": true,
	"cycle won median ×2": true, "cycle won n": true, "velocity open": true, "velocity won": true, "velocity lost": true,
	"velocity n": true, "velocity mean won": true, "velocity mean days ×1000": true, "flow left": true, "flow on time bp": true}

// waterfall compares both ends, and adds up what lies between.
func (x *check) waterfall(last calendar.Date) {
	x.t.Helper()
	from := apptest.Start.Add(1 + x.rng.IntN(max(1, last.Sub(apptest.Start))))
	if from > last {
		return
	}
	q := truth.Question{Pipeline: x.Bid.PipelineID, Then: true, Day: last}
	switch x.rng.IntN(5) {
	case 0:
		q.Owner = x.ID[pickOne(x.rng, x.Sellers...)]
	case 1:
		q.Team = x.ID[pickOne(x.rng, x.Teams...)]
	case 2:
		q.Filter = x.placed()
	case 3:
		q.Filter, q.Team = x.placed(), x.ID[pickOne(x.rng, x.Teams...)]
	}
	x.put(question{q, "waterfall from " + string(from), "管理员", func(c *truth.Company, q truth.Question) truth.Figures {
		f := namedFigures{}
		for name, day := range map[string]calendar.Date{funnel.OpenStart: from.Add(-1), funnel.OpenEnd: last} {
			q.Day = day
			n, minor, _ := c.End(q, last)
			f.set(n, "%s", name)
			f.set(minor, "%s amount", name)
		}
		return truth.Figures(f)
	}, func(q truth.Question) namedFigures {
		in := ask(q)
		in.AsOf, in.Knowledge, in.From, in.To = "", "", from, last.Add(1)
		w, err := x.by.Waterfall(x.Ctx, x.As("管理员"), in)
		x.must(err)
		return ofWaterfall(w)
	}})
}

// facts compares what was written, before anybody counts it: state, amount, owner, lines
// and shares of every record, and the credit that stands, on some days as known then and
// now.
func (x *check) facts() {
	x.t.Helper()
	for range 25 {
		d := x.someDay()
		m, ok := x.Truth.Moment(d, x.rng.IntN(2) == 0)
		if !ok {
			continue
		}
		x.factsAt(m)
	}
}

// factsAt compares them at one moment.
func (x *check) factsAt(m truth.Moment) bool {
	x.t.Helper()
	const shown = 2
	x.asked++
	want, got := x.Truth.Facts(m), x.Facts(m)
	for _, l := range x.Truth.Standing(m) {
		want[l] = "stands"
	}
	for _, l := range x.Credit(m) {
		got[l] = "stands"
	}
	list := differ(want, got)
	if len(list) == 0 {
		return true
	}
	if x.untrue++; x.untrue > shown {
		x.t.Fail()
		return false
	}
	told := ""
	for _, id := range x.Truth.Deals() {
		if strings.HasPrefix(list[0], id) {
			told = x.Truth.Tell(id)
		}
	}
	x.t.Errorf("seed %d, facts as of %s known at %d:\n  %s\n%s", x.seed, m.Day, m.K,
		x.Truth.Named(strings.Join(list, "\n  ")), told)
	return false
}
