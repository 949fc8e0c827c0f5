package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/record"
)

// TestListsSeeTodaysRelationAndFiguresWhatIsAttributed grows random organisations, moves
// teams and people about, and asks as everybody, and under random scopes: the list and the
// rule of relation applied to each record alone must agree, and so must the reports, the
// records behind their figure and the rule of attribution; and a manager sees what the
// tree, walked here by itself, says.
func TestListsSeeTodaysRelationAndFiguresWhatIsAttributed(t *testing.T) {
	for _, seed := range seeds(20) {
		databasetest.Each(t, func(t *testing.T, db *database.DB) { randomOrganisation(t, db, seed) })
	}
}

// tree is the test's own picture of who sits where, apart from the program's.
type tree struct {
	parent map[string]string // team → team
	seat   map[string]string // member's name → team
	leads  map[string]bool
}

// led lists the members in the teams under the one a member leads.
func (x *tree) led(name string) (names []string) {
	for other, team := range x.seat {
		for up := team; up != ""; up = x.parent[up] {
			if up == x.seat[name] && (x.leads[name] || other == name) {
				names = append(names, other)
				break
			}
		}
	}
	return names
}

func randomOrganisation(t *testing.T, db *database.DB, seed uint64) {
	w, rng := apptest.New(t, db), rand.New(rand.NewPCG(seed, 77))
	x := &tree{map[string]string{w.ID["公司"]: ""}, map[string]string{}, map[string]bool{}}
	teams := []string{w.ID["公司"]}
	for i := range 9 {
		parent := pickOne(rng, teams...)
		tm, err := w.Org.AddTeam(w.Ctx, w.As("管理员"), "", fmt.Sprint("队", i), parent, pickOne(rng, "华东", "华南", ""), org.Start)
		if err != nil {
			t.Fatal(err)
		}
		teams, x.parent[tm.ID] = append(teams, tm.ID), parent
	}
	products := productLines(t, w, "主轴", "导轨", "丝杠")
	var people []string
	roles := map[string]org.RoleKey{}
	for i := range 14 {
		name, team := fmt.Sprint("员工", i), pickOne(rng, teams...)
		role := pickOne(rng, org.Rep, org.Rep, org.Manager, org.Manager, org.Partner, org.Operations, org.ProductManager)
		leads := role == org.Manager
		w.AddMember(name, team, leads, role)
		people, roles[name] = append(people, name), role
		x.seat[name], x.leads[name] = team, leads
		if role == org.ProductManager {
			if err := w.Org.SetRole(w.Ctx, w.As("管理员"), w.ID[name], role, []string{pickOne(rng, products...)}, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range 40 {
		in := opportunity.New{Name: fmt.Sprint("商机", i), PipelineID: w.Bid.PipelineID, OwnerID: w.ID[pickOne(rng, people...)]}
		if rng.IntN(2) == 0 {
			in = ofLine(in, pickOne(rng, products...))
		}
		o, err := w.Opportunities.Create(w.Ctx, w.As("管理员"), in)
		if err != nil {
			t.Fatal(err)
		}
		if rng.IntN(3) == 0 {
			if err := w.Opportunities.SetTeam(w.Ctx, w.As("管理员"), o.ID, 0, []opportunity.TeamMember{{MemberID: w.ID[pickOne(rng, people...)]}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for round := range databasetest.Rounds(2, 4) {
		deals := attributes(t, w)
		for _, name := range append([]string{"管理员"}, people...) {
			a := w.As(name)
			sameEverywhere(t, w, deals, a, name)
			if roles[name] == org.Manager {
				got, want := named(w, people, a.Scope(record.Opportunity, org.Read).Owners), x.led(name)
				sort.Strings(want)
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("seed %d, round %d: %s sees the records of %v, the tree says %v", seed, round, name, got, want)
				}
			}
		}
		for range 6 { // scopes no preset makes
			var only org.Scope
			var figures org.Figures
			for range rng.IntN(4) {
				only.Owners = append(only.Owners, w.ID[pickOne(rng, people...)])
				figures.Members = append(figures.Members, w.ID[pickOne(rng, people...)])
			}
			for range rng.IntN(2) {
				only.DealTeams = append(only.DealTeams, w.ID[pickOne(rng, people...)])
				figures.Teams = append(figures.Teams, pickOne(rng, teams...))
			}
			for range rng.IntN(2) {
				only.ProductLines = append(only.ProductLines, pickOne(rng, products...))
				figures.ProductLines = append(figures.ProductLines, pickOne(rng, products...))
			}
			for range rng.IntN(2) {
				only.Regions = append(only.Regions, pickOne(rng, "华东", "华南"))
				figures.Regions = append(figures.Regions, pickOne(rng, "华东", "华南"))
			}
			a := w.As("管理员").Reaching(only)
			a.Figures = figures
			sameEverywhere(t, w, deals, a, fmt.Sprintf("%+v %+v", only, figures))
		}
		reorganise(t, w, rng, x, teams, people)
	}
}

// reorganise moves a team under another and two people to other teams.
func reorganise(t *testing.T, w *apptest.World, rng *rand.Rand, x *tree, teams, people []string) {
	t.Helper()
	w.Clock.Set(w.As("管理员").Today.Add(1 + rng.IntN(20)))
	boss := w.As("管理员")
	team, parent := teams[1+rng.IntN(len(teams)-1)], pickOne(rng, teams...)
	switch err := w.Org.MoveTeam(w.Ctx, boss, team, parent, boss.Today); {
	case err == nil:
		x.parent[team] = parent
	case fault.As(err) == nil: // a ring is refused
		t.Fatal(err)
	}
	for _, i := range rng.Perm(len(people))[:2] {
		name, to := people[i], pickOne(rng, teams...)
		if err := w.Org.Transfer(w.Ctx, w.As("管理员"), w.ID[name], to, "", x.leads[name], boss.Today); err != nil {
			t.Fatal(err)
		}
		x.seat[name] = to
	}
}

func named(w *apptest.World, people, ids []string) (names []string) {
	for _, name := range people {
		if strings.Contains(strings.Join(ids, " "), w.ID[name]) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// attributes reads what the rule looks at, of every record.
func attributes(t *testing.T, w *apptest.World) (deals []dealt) {
	t.Helper()
	all, _, err := w.Opportunities.List(w.Ctx, w.As("管理员"), opportunity.Filter{}, page.Request{Limit: 200}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range all.Items {
		r, err := w.Opportunities.Get(w.Ctx, w.As("管理员"), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		d := dealt{id: o.ID, owner: o.OwnerID, teamID: o.TeamID, region: o.Region}
		for _, m := range r.Team {
			d.team = append(d.team, m.MemberID)
		}
		for _, l := range r.Lines {
			d.lines = append(d.lines, l.ProductLineID)
		}
		deals = append(deals, d)
	}
	return deals
}

type dealt struct {
	id, owner, teamID, region string
	team, lines               []string
}

// attributed tells whether a figure's scope holds an open deal.
func (d dealt) attributed(f org.Figures) bool {
	return f.All || slices.Contains(f.Members, d.owner) || slices.Contains(f.Teams, d.teamID) || slices.Contains(f.Regions, d.region) ||
		slices.ContainsFunc(d.lines, func(line string) bool { return slices.Contains(f.ProductLines, line) })
}

func sameEverywhere(t *testing.T, w *apptest.World, deals []dealt, a org.Actor, who string) {
	t.Helper()
	var allowed, attributed []string
	for _, d := range deals {
		if a.Scope(record.Opportunity, org.Read).Allows(d.owner, d.team, d.lines, d.region) {
			allowed = append(allowed, d.id)
		}
		if d.attributed(a.Figures) {
			attributed = append(attributed, d.id)
		}
	}
	sort.Strings(allowed)
	sort.Strings(attributed)
	listed, _, err := w.Opportunities.List(w.Ctx, a, opportunity.Filter{}, page.Request{Limit: 200}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, o := range listed.Items {
		seen = append(seen, o.ID)
	}
	sort.Strings(seen)
	if fmt.Sprint(seen) != fmt.Sprint(allowed) {
		t.Fatalf("%s: the list has %d records, the rule allows %d", who, len(seen), len(allowed))
	}
	if !a.Can(org.ReportRead) {
		return
	}
	ask, answers := funnel.Ask{Pipeline: w.Bid.PipelineID, Group: funnel.ByTeam}, map[string]bool{}
	for name, f := range sources(w) {
		answers[answer(t, f, a, ask)] = true
		ids, total, err := f.Records(w.Ctx, a, ask, funnel.Measure{Name: "created"}, 0, 200)
		sort.Strings(ids)
		if err != nil || int(total) != len(attributed) || fmt.Sprint(ids) != fmt.Sprint(attributed) {
			t.Fatalf("%s, %s: %d records behind the population, %d attributed, %v", who, name, total, len(attributed), err)
		}
	}
	if len(answers) != 1 {
		t.Fatalf("%s: %d answers\n%v", who, len(answers), answers)
	}
}
