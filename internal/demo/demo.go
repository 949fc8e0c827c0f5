package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sort"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/calendar"
	"yunchou/internal/identity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// SignIn is one way into the demo company.
type SignIn struct {
	Role     string `json:"role"`
	Login    string `json:"login"`
	Password string `json:"password"`
	Name     string `json:"name"`
}

// years of selling the company looks back on.
const years = 3

// company is the simulation in progress.
type company struct {
	*app.App
	ctx     context.Context
	now, at time.Time // when it is made, and the instant that is lived through
	r       *rand.Rand
	actor   org.Actor
	cal     calendar.Calendar
	today   calendar.Date
	sellers []seller
	people  []SignIn
	tries   string // the manager who tries the program

	seed      uint64
	founded   calendar.Date
	customers map[string][]customer // by who they belong to, in the order they were met
	lines     []string
	rivals    []string // by name
}

// seller is a person with habits; habits are what the causes act on.
type seller struct {
	id       string
	skill    float64 // -1 to 1
	pace     int     // deals begun a year
	cadence  float64 // days between contacts, 4 to 20
	care     float64 // chance that evidence is supplied
	direct   bool    // projects, or distributors
	region   string
	optimist float64 // added to confidence
}

// Make creates the company. The same seed and day make the same company, but for
// ids and passwords.
func Make(ctx context.Context, a *app.App, seed uint64, locale string) ([]SignIn, error) {
	c := &company{App: a, ctx: ctx, seed: seed, now: a.Now(), r: rand.New(rand.NewPCG(seed, 20)), cal: calendar.China,
		customers: map[string][]customer{}}
	c.founded = c.workday(calendar.DateOf(c.now, time.UTC).Add(-365*years - 30)) // before it sells
	c.at = c.founded.In(time.UTC).Add(time.Hour)                                 // in the morning, in China
	clock := a.Org.Now
	a.Org.Now = func() time.Time { return c.at }
	defer func() { a.Org.Now = clock }()
	secret := identity.NewSecret()
	actor, err := a.NewCompany(ctx, org.Setup{Company: "衡远智能装备", Locale: locale, AdminName: "管理员", Login: "admin", Secret: secret})
	if err != nil {
		return nil, err
	}
	c.actor, c.today = actor, c.workday(calendar.DateOf(c.now, actor.Company.Zone()))
	c.people = []SignIn{{"admin", "admin", secret, "管理员"}}
	for _, step := range []func() error{c.organise, c.catalogue, c.sell} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	order := map[string]int{"rep": 0, "manager": 1, "director": 2, "admin": 3}
	sort.Slice(c.people, func(i, j int) bool { return order[c.people[i].Role] < order[c.people[j].Role] })
	return c.people, nil
}

// reload takes the organisation as it is now.
func (c *company) reload() (err error) {
	c.actor, err = c.Org.System(c.ctx, c.actor.TenantID, c.actor.MemberID, "job")
	return err
}

func (c *company) team(name, parent, region string) (string, error) {
	t, err := c.Org.AddTeam(c.ctx, c.actor, "", name, parent, region, org.Start)
	if err != nil {
		return "", err
	}
	return t.ID, c.reload()
}

// member adds a person; a login makes a sign-in with a generated password.
func (c *company) member(name, login, team, position string, leads bool, role org.RoleKey) (string, error) {
	in := org.NewMember{Name: name, TeamID: team, Position: position, Leads: leads, Role: role, From: org.Start, Login: login}
	if login != "" {
		in.Secret, in.KeepSecret = identity.NewSecret(), true
		c.people = append(c.people, SignIn{string(role), login, in.Secret, name})
	}
	m, err := c.Org.AddMember(c.ctx, c.actor, in)
	return m.ID, err
}

// organise makes the five-level tree: company, business, region, province, group.
func (c *company) organise() error {
	root := ""
	for id := range c.actor.Structure.Teams {
		root = id
	}
	if _, err := c.member(person(c.r), "director", root, "销售总监", true, org.Director); err != nil {
		return err
	}
	signedIn := false
	for _, b := range []struct {
		name   string
		direct bool
		groups int
	}{{"项目事业部", true, 2}, {"分销事业部", false, 1}} {
		business, err := c.team(b.name, root, "")
		if err != nil {
			return err
		}
		for _, region := range regionsOf {
			rt, err := c.team(region+"·"+b.name[:6], business, region)
			if err != nil {
				return err
			}
			if _, err := c.member(person(c.r), "", rt, "大区经理", true, org.Manager); err != nil {
				return err
			}
			for _, p := range provinces[region] {
				pt, err := c.team(p+"·"+b.name[:6], rt, region)
				if err != nil {
					return err
				}
				for g := range b.groups {
					gt, err := c.team(fmt.Sprintf("%s%s%s组", p, b.name[:6], []string{"一", "二"}[g]), pt, region)
					if err != nil {
						return err
					}
					login := ""
					if !signedIn {
						login = "manager"
					}
					head, err := c.member(person(c.r), login, gt, "主管", true, org.Manager)
					if err != nil {
						return err
					}
					if login != "" {
						c.tries = head
					}
					for i := range 2 + c.r.IntN(2) {
						login := ""
						if !signedIn && i == 0 {
							login = "rep"
						}
						id, err := c.member(person(c.r), login, gt, "销售", false, org.Rep)
						if err != nil {
							return err
						}
						c.sellers = append(c.sellers, c.hire(id, region, b.direct))
					}
					signedIn = true
				}
			}
		}
	}
	return c.reload()
}

func chunks[T any](list []T, n int) func(func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(list) > 0 {
			k := min(n, len(list))
			if !yield(list[:k]) {
				return
			}
			list = list[k:]
		}
	}
}

// sell lives through the years.
func (c *company) sell() error {
	var bid, dist pipeline.Version
	all, err := c.Pipelines.List(c.ctx, c.actor)
	if err != nil {
		return err
	}
	for i, p := range all {
		v, err := c.Pipelines.Get(c.ctx, c.actor, p.ID)
		if err != nil {
			return err
		}
		if i == 0 {
			bid = v
		} else {
			dist = v
		}
	}
	h := &history{company: c, taken: map[string]bool{}}
	for _, s := range c.sellers {
		h.meet(s)
	}
	var deals []deal
	for _, s := range c.sellers {
		v := bid
		if !s.direct {
			v = dist
		}
		for range s.pace * years {
			if d, ok := c.deal(s, v, c.someDay()); ok {
				h.add(d)
				deals = append(deals, d)
			}
		}
	}
	deals = append(deals, h.telling(c.seed, bid))
	h.guides(c.seed, deals)
	h.changes(c.seed, deals)
	h.watch(c.seed, deals)
	if err := h.play(); err != nil {
		return err
	}
	return c.DB.Analyze(c.ctx)
}

// someDay is a working day of the years; the company grows: the last months are half as busy again as the first.
func (c *company) someDay() calendar.Date {
	day := c.today.Add(-c.r.IntN(365 * years))
	if other := c.today.Add(-c.r.IntN(365 * years)); other > day && c.r.IntN(5) == 0 {
		day = other
	}
	return c.workday(day)
}

// workday is the last working day up to a day.
func (c *company) workday(d calendar.Date) calendar.Date {
	for !c.cal.IsWorkingDay(d) {
		d = d.Add(-1)
	}
	return d
}

// hire gives a seller habits.
func (c *company) hire(id, region string, direct bool) seller {
	r := c.r
	return seller{id: id, region: region, direct: direct, skill: r.Float64()*2 - 1, pace: 8 + r.IntN(15),
		cadence: 4 + 16*r.Float64()*r.Float64(), care: 0.5 + r.Float64()/2, optimist: r.Float64() * 0.25}
}
