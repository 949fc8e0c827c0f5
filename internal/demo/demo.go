package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sort"
	"time"

	"yunchou/internal/account"
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

	accounts []account.Account
	contacts map[string][]account.Contact // by account
	lines    []string
	rivals   []string // by name
}

// seller is a person with habits; habits are what the causes act on.
type seller struct {
	id       string
	skill    float64 // -1 to 1
	cadence  float64 // days between two-way contacts, 4 to 20
	care     float64 // chance that evidence is supplied
	direct   bool    // projects, or distributors
	region   string
	optimist float64 // added to confidence
}

// Make creates the company. The same seed and day make the same company, but for
// ids and passwords.
func Make(ctx context.Context, a *app.App, seed uint64, locale string) ([]SignIn, error) {
	c := &company{App: a, ctx: ctx, now: a.Now(), r: rand.New(rand.NewPCG(seed, 20)), cal: calendar.China, contacts: map[string][]account.Contact{}}
	c.at = c.now.AddDate(-years, 0, -7) // the company is founded before it sells
	clock := a.Org.Now
	a.Org.Now = func() time.Time { return c.at }
	defer func() { a.Org.Now = clock }()
	secret := identity.NewSecret()
	actor, err := a.NewCompany(ctx, org.Setup{Company: "衡远智能装备", Locale: locale, AdminName: "管理员", Login: "admin", Secret: secret})
	if err != nil {
		return nil, err
	}
	c.actor, c.today = actor, calendar.DateOf(c.now, actor.Company.Zone())
	c.people = []SignIn{{"admin", "admin", secret, "管理员"}}
	for _, step := range []func() error{c.organise, c.market, c.sell} {
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
					if _, err := c.member(person(c.r), login, gt, "主管", true, org.Manager); err != nil {
						return err
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
						c.sellers = append(c.sellers, seller{id: id, skill: c.r.Float64()*2 - 1, cadence: 4 + 16*c.r.Float64()*c.r.Float64(), care: 0.5 + c.r.Float64()/2, direct: b.direct, region: region, optimist: c.r.Float64() * 0.25})
					}
					signedIn = true
				}
			}
		}
	}
	return c.reload()
}

// market makes customers, their people, product lines and competitors.
func (c *company) market() error {
	for _, p := range products {
		l, err := c.Accounts.AddProductLine(c.ctx, c.actor, account.ProductLine{Name: p})
		if err != nil {
			return err
		}
		c.lines = append(c.lines, l.ID)
	}
	c.rivals = rivals
	seen := map[string]bool{}
	var found []account.Account
	for range 700 {
		name, industry := firm(c.r)
		if seen[name] {
			continue
		}
		seen[name] = true
		region := one(c.r, regionsOf)
		owners := c.sellersIn(region)
		found = append(found, account.Account{Name: name, Industry: industry, Region: region, Class: string("ABBCCCD"[c.r.IntN(7)]),
			OwnerID: owners[c.r.IntN(len(owners))].id})
	}
	for part := range chunks(found, 100) {
		if err := c.DB.Together(c.ctx, func(ctx context.Context) error { return c.customers(ctx, part) }); err != nil {
			return err
		}
	}
	return nil
}

// customers writes accounts and their people.
func (c *company) customers(ctx context.Context, list []account.Account) error {
	for _, in := range list {
		a, err := c.Accounts.Create(ctx, c.as(in.OwnerID), in, true)
		if err != nil {
			return err
		}
		c.accounts = append(c.accounts, a)
		for range 1 + c.r.IntN(3) {
			p, err := c.Accounts.CreateContact(ctx, c.as(in.OwnerID), account.Contact{Name: person(c.r), AccountID: a.ID, Title: one(c.r, titles),
				Mobile: fmt.Sprintf("199%08d", c.r.IntN(1e8))})
			if err != nil {
				return err
			}
			c.contacts[a.ID] = append(c.contacts[a.ID], p)
		}
	}
	return nil
}

func (c *company) sellersIn(region string) []seller {
	var out []seller
	for _, s := range c.sellers {
		if s.region == region {
			out = append(out, s)
		}
	}
	return out
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
	h := &history{company: c}
	for _, s := range c.sellers {
		byRegion := []account.Account{}
		for _, a := range c.accounts {
			if a.Region == s.region {
				byRegion = append(byRegion, a)
			}
		}
		perYear, v := 16, bid
		if !s.direct {
			perYear, v = 14, dist
		}
		for range perYear * years {
			// The company grows: the last months are half as busy again as the first.
			begun := c.today.Add(-c.r.IntN(365 * years))
			if older := c.today.Add(-c.r.IntN(365 * years)); older > begun && c.r.IntN(5) == 0 {
				begun = older
			}
			h.add(c.deal(s, v, byRegion[c.r.IntN(len(byRegion))], begun))
		}
	}
	if err := h.play(); err != nil {
		return err
	}
	return c.DB.Analyze(c.ctx)
}
