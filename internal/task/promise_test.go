package task_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
	"yunchou/internal/task"
)

func TestWhatBecameOfAPromise(t *testing.T) {
	type act struct {
		on    calendar.Date
		kind  string
		due   calendar.Date
		agree bool
	}
	given := act{"2026-03-02", task.FactGiven, "2026-03-06", true}
	for _, tt := range []struct {
		name string
		acts []act
		asOf calendar.Date
		want string
	}{
		{"done on its day", []act{given, {on: "2026-03-06", kind: task.FactDone}}, "2026-03-31", "kept 2026-03-06 0"},
		{"done a day late", []act{given, {on: "2026-03-07", kind: task.FactDone}}, "2026-03-31", "broken 2026-03-06 0"},
		{"its day is not over", []act{given}, "2026-03-06", "standing  0"},
		{"its day is over", []act{given}, "2026-03-07", "broken 2026-03-06 0"},
		{"another day agreed to in time", []act{given, {"2026-03-06", task.FactRedated, "2026-03-10", true}, {on: "2026-03-10", kind: task.FactDone}}, "2026-03-31", "kept 2026-03-10 1"},
		{"moved without asking the customer", []act{given, {"2026-03-05", task.FactRedated, "2026-03-10", false}, {on: "2026-03-10", kind: task.FactDone}}, "2026-03-31", "broken 2026-03-06 0"},
		{"agreed to when it had lapsed", []act{given, {"2026-03-07", task.FactRedated, "2026-03-10", true}, {on: "2026-03-09", kind: task.FactDone}}, "2026-03-31", "broken 2026-03-06 0"},
		{"a task of one's own that the customer agreed to later", []act{{"2026-03-02", task.FactGiven, "2026-03-06", false}, {"2026-03-09", task.FactRedated, "2026-03-12", true},
			{on: "2026-03-11", kind: task.FactDone}}, "2026-03-31", "kept 2026-03-11 0"},
		{"dropped before its day", []act{given, {on: "2026-03-04", kind: task.FactDropped}}, "2026-03-31", "withdrawn 2026-03-06 0"},
		{"dropped after its day", []act{given, {on: "2026-03-09", kind: task.FactDropped}}, "2026-03-31", "broken 2026-03-06 0"},
		{"done and taken back", []act{given, {on: "2026-03-05", kind: task.FactDone}, {on: "2026-03-05", kind: task.FactReopened}}, "2026-03-31", "broken 2026-03-06 0"},
		{"asked before it was promised", []act{given}, "2026-03-01", "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var x task.Task
			for i, a := range tt.acts {
				x.Facts = append(x.Facts, task.Fact{Ord: i + 1, Kind: a.kind, Day: a.on, DueOn: a.due, Agreed: a.agree})
			}
			j, is := x.Judge(tt.asOf)
			got := fmt.Sprintf("%s %s %d", j.Outcome, j.Day, j.Reagreed)
			if !is {
				got = "none"
			}
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// pledge is a promise as the test's own reference keeps it: day by day, with no facts.
type pledge struct {
	id, owner string
	held      calendar.Date // the day the customer counts on, "" none
	fate      string
	day       calendar.Date
	who       string
	reagreed  int
	done      bool
	dropped   bool
}

// evening is what a day does to a promise: one that was to be done today and is not is broken.
func (p *pledge) evening(today calendar.Date) {
	if p.held == today && p.fate == "" {
		p.fate, p.day, p.who = task.Broken, today, p.owner
	}
}

// TestPromisesAreCountedAsAReferenceCountsThem: random histories of promising, moving, finishing, taking back, handing on and moving
// people between teams, against counts kept day by day.
func TestPromisesAreCountedAsAReferenceCountsThem(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		first := apptest.New(t, db)
		for seed := range uint64(6) {
			first.Clock.Set(apptest.Start)
			promises(t, first.Another(), rand.New(rand.NewPCG(seed, 13)))
		}
	})
}

func promises(t *testing.T, w *apptest.World, rng *rand.Rand) {
	people := []string{"陈露", "小李", "周涛"}
	team := map[string]string{"陈露": "一组", "小李": "一组", "周涛": "二组"}
	var all []*pledge
	teamThen := map[string]map[calendar.Date]string{}
	for _, p := range people {
		teamThen[p] = map[calendar.Date]string{}
	}
	day := calendar.Date("2026-03-02")
	for ; day < "2026-04-20"; day = day.Add(1) {
		w.Clock.Set(day)
		if rng.IntN(12) == 0 {
			who := people[rng.IntN(3)]
			to := map[string]string{"一组": "二组", "二组": "一组"}[team[who]]
			must(t, w.Org.TransferTo(w.Ctx, w.As("管理员"), w.ID[who], org.Post{TeamID: w.ID[to], From: day}))
			team[who] = to
		}
		for _, p := range people {
			teamThen[p][day] = team[p]
		}
		for range 4 {
			all = pledgeAct(t, w, rng, all, people, day)
		}
		for _, p := range all {
			p.evening(day)
		}
	}
	today := day.Add(-1)
	want, teams, records := map[string]task.Count{}, map[string]task.Count{}, 0
	for _, p := range all {
		if p.held == "" {
			continue
		}
		if p.fate == task.Kept && p.day > today || p.day == today && p.fate == task.Broken {
			p.fate, p.day = "", "" // its day is not over
		}
		at, who := p.day, p.who
		if p.fate == "" || p.fate == task.TakenBack {
			at = p.held
		}
		if p.fate == "" {
			who = p.owner
		}
		if at > today {
			continue
		}
		count := func(of map[string]task.Count, key string) {
			c := of[key]
			c.Reagreed += p.reagreed
			switch p.fate {
			case task.Kept:
				c.Kept++
			case task.Broken:
				c.Broken++
			case task.TakenBack:
				c.TakenBack++
			default:
				c.Standing++
			}
			of[key] = c
		}
		count(want, w.ID[who])
		count(teams, w.ID[teamThen[who][at]])
		count(teams, w.ID["公司"])
		records++
	}
	got, err := w.Tasks.Promises(w.Ctx, w.As("总监"), task.PromiseAsk{From: "2026-03-01", To: today, Team: w.ID["公司"]})
	must(t, err)
	if fmt.Sprint(got.People) != fmt.Sprint(want) || fmt.Sprint(got.Teams) != fmt.Sprint(teams) {
		t.Errorf("people %v\nwant   %v\nteams  %v\nwant   %v", got.People, want, got.Teams, teams)
	}
	if len(got.Records) != records || records < 20 {
		t.Errorf("%d records of %d", len(got.Records), records)
	}
	// Cut on any day into two periods, each promise is in one of them.
	for cut := calendar.Date("2026-03-02"); cut < today; cut = cut.Add(3) {
		sum, listed := map[string]task.Count{}, 0
		for _, ask := range []task.PromiseAsk{{From: "2026-03-01", To: cut, Team: w.ID["公司"]}, {From: cut.Add(1), To: today, Team: w.ID["公司"]}} {
			part, err := w.Tasks.Promises(w.Ctx, w.As("总监"), ask)
			must(t, err)
			listed += len(part.Records)
			for id, c := range part.People {
				of := sum[id]
				sum[id] = task.Count{Kept: of.Kept + c.Kept, Broken: of.Broken + c.Broken, TakenBack: of.TakenBack + c.TakenBack,
					Standing: of.Standing + c.Standing, Reagreed: of.Reagreed + c.Reagreed}
			}
		}
		if fmt.Sprint(sum) != fmt.Sprint(want) || listed != records {
			t.Errorf("cut after %s the periods count %v and list %d, want %v and %d", cut, sum, listed, want, records)
		}
	}
	own, err := w.Tasks.Promises(w.Ctx, w.As("陈露"), task.PromiseAsk{From: "2026-03-01", To: today})
	must(t, err)
	if len(own.People) > 1 || own.People[w.ID["陈露"]] != want[w.ID["陈露"]] || len(own.Teams) != 0 {
		t.Errorf("a member sees her own: %v of teams %v", own.People, own.Teams)
	}
	head, err := w.Tasks.Promises(w.Ctx, w.As("蒋跃"), task.PromiseAsk{From: "2026-03-01", To: today, Team: w.ID["一组"]})
	must(t, err)
	must(t, w.Org.TransferTo(w.Ctx, w.As("管理员"), w.ID["小李"], org.Post{TeamID: w.ID["公司"], From: day}))
	w.Clock.Set(day.Add(30))
	_, err = w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["周涛"], "")
	must(t, err)
	later, err := w.Tasks.Promises(w.Ctx, w.As("总监"), task.PromiseAsk{From: "2026-03-01", To: today})
	must(t, err)
	want, teams = over(want), over(teams) // the last day is over since
	if fmt.Sprint(later.People) != fmt.Sprint(want) || fmt.Sprint(later.Teams) != fmt.Sprint(teams) {
		t.Errorf("what is told of a day changed with a reorganisation and a leaver: %v %v", later.People, later.Teams)
	}
	// The team's past is its head's, though of its people one has moved on and another left.
	must(t, w.Org.TransferTo(w.Ctx, w.As("管理员"), w.ID["陈露"], org.Post{TeamID: w.ID["二组"], From: day.Add(30)}))
	still, err := w.Tasks.Promises(w.Ctx, w.As("蒋跃"), task.PromiseAsk{From: "2026-03-01", To: today, Team: w.ID["一组"]})
	must(t, err)
	team1 := w.ID["一组"]
	if over(head.Teams)[team1] != teams[team1] || still.Teams[team1] != teams[team1] || len(still.Records) != len(head.Records) {
		t.Errorf("the head counts %v and later %v, want %v; records %d and %d", head.Teams[team1], still.Teams[team1], teams[team1], len(head.Records), len(still.Records))
	}
	for id := range still.People {
		if of := still.People[id]; of.Kept > want[id].Kept || of.Broken > want[id].Broken {
			t.Errorf("the head counts %v of %v", of, want[id])
		}
	}
}

// over are counts once the day of all that stand is over, and none was done.
func over(of map[string]task.Count) map[string]task.Count {
	out := map[string]task.Count{}
	for id, c := range of {
		c.Broken, c.Standing = c.Broken+c.Standing, 0
		out[id] = c
	}
	return out
}

// pledgeAct does one thing to a promise, in the program and in the reference.
func pledgeAct(t *testing.T, w *apptest.World, rng *rand.Rand, all []*pledge, people []string, today calendar.Date) []*pledge {
	t.Helper()
	soon := func() calendar.Date { return today.Add(rng.IntN(9)) }
	var open []*pledge
	for _, p := range all {
		if !p.done && !p.dropped {
			open = append(open, p)
		}
	}
	if len(open) == 0 || rng.IntN(3) == 0 {
		p := &pledge{owner: people[rng.IntN(len(people))]}
		due, agreed := soon(), rng.IntN(4) > 0
		x, err := w.Tasks.Add(w.Ctx, w.As(p.owner), task.Task{What: "送样", DueOn: due, CustomerAgreed: agreed})
		must(t, err)
		if p.id = x.ID; agreed {
			p.held = due
		}
		return append(all, p)
	}
	p := open[rng.IntN(len(open))]
	a := w.As(p.owner)
	switch rng.IntN(6) {
	case 0, 1:
		_, err := w.Tasks.Finish(w.Ctx, a, p.id, "")
		must(t, err)
		if rng.IntN(5) == 0 {
			_, err = w.Tasks.Reopen(w.Ctx, a, p.id)
			must(t, err)
			return all
		}
		if p.done = true; p.fate == "" && p.held != "" {
			p.fate, p.day, p.who = task.Kept, today, p.owner
		}
	case 2, 3:
		due, agreed := soon(), rng.IntN(2) == 0
		_, err := w.Tasks.Redate(w.Ctx, a, p.id, task.Moved{To: due, Reason: "改期", Agreed: agreed})
		must(t, err)
		if agreed && p.fate == "" {
			if p.held != "" {
				p.reagreed++
			}
			p.held = due
		}
	case 4:
		to := people[rng.IntN(len(people))]
		if to == p.owner {
			return all
		}
		_, err := w.Tasks.Offer(w.Ctx, a, p.id, w.ID[to], "")
		must(t, err)
		_, err = w.Tasks.Answer(w.Ctx, w.As(to), p.id, true, "")
		must(t, err)
		p.owner = to
	case 5:
		_, err := w.Tasks.Drop(w.Ctx, a, p.id)
		must(t, err)
		if p.dropped = true; p.fate == "" {
			p.fate, p.day, p.who = task.TakenBack, p.held, p.owner
		}
	}
	return all
}

func TestAPromiseBrokenOnTheLastDayOfAPeriodIsOfThatPeriod(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Clock.Set("2026-03-25")
		for _, due := range []calendar.Date{"2026-03-30", "2026-03-31"} {
			_, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "寄样机 " + string(due), DueOn: due, CustomerAgreed: true})
			must(t, err)
		}
		list, err := w.Tasks.List(w.Ctx, w.As("陈露"), false, false)
		must(t, err)
		_, err = w.Tasks.Finish(w.Ctx, w.As("陈露"), list[0].ID, "寄了") // the one of the 30th; that of the 31st is never done
		must(t, err)
		w.Clock.Set("2026-04-20")
		rate := func(from, to calendar.Date) task.Count {
			p, err := w.Tasks.Promises(w.Ctx, w.As("蒋跃"), task.PromiseAsk{From: from, To: to, Member: w.ID["陈露"]})
			must(t, err)
			c := p.People[w.ID["陈露"]]
			if listed := len(p.Records); listed != c.Kept+c.Broken+c.TakenBack+c.Standing {
				t.Errorf("%d are listed of %+v", listed, c)
			}
			return c
		}
		first, second, whole := rate("2026-01-01", "2026-03-31"), rate("2026-04-01", "2026-06-30"), rate("2026-01-01", "2026-06-30")
		if first.Kept+second.Kept != whole.Kept || first.Broken+second.Broken != whole.Broken {
			t.Errorf("the quarters have %+v and %+v, both together %+v", first, second, whole)
		}
		if first.RateBP() != 5000 {
			t.Errorf("three weeks after its end the rate of the first quarter is %d (%+v)", first.RateBP(), first)
		}
	})
}
