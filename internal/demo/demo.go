package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/app"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
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
	r       *rand.Rand
	actor   org.Actor
	cal     calendar.Calendar
	today   calendar.Date
	sellers []seller
	people  []SignIn

	accounts []account.Account
	contacts map[string][]account.Contact // by account
	lines    []string
	rivals   []string
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
	c := &company{App: a, ctx: ctx, r: rand.New(rand.NewPCG(seed, 20)), cal: calendar.China, contacts: map[string][]account.Contact{}}
	secret := org.NewSecret()
	actor, err := a.NewCompany(ctx, org.Setup{Company: "衡远智能装备", Locale: locale, AdminName: "管理员", Login: "admin", Secret: secret})
	if err != nil {
		return nil, err
	}
	c.actor, c.today = actor, actor.Today
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
		in.Secret = org.NewSecret()
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
	if err := c.DB.Write(c.ctx, func(tx database.Tx) error {
		c.rivals = nil
		for _, n := range rivals {
			id, err := c.Accounts.CompetitorIn(c.ctx, tx, c.actor, n)
			if err != nil {
				return err
			}
			c.rivals = append(c.rivals, id)
		}
		return nil
	}); err != nil {
		return err
	}
	seen := map[string]bool{}
	for range 700 {
		name, industry := firm(c.r)
		if seen[name] {
			continue
		}
		seen[name] = true
		region := one(c.r, regionsOf)
		owners := c.sellersIn(region)
		owner := owners[c.r.IntN(len(owners))]
		a := account.Account{ID: journal.NewID(c.actor.Now), Name: name, Industry: industry, Region: region, Class: string("ABBCCCD"[c.r.IntN(7)]), OwnerID: owner.id, CreatedBy: owner.id, CreatedAt: c.actor.Now, Version: 1}
		a.TeamID, _ = c.actor.Structure.TeamOf(owner.id, c.today)
		c.accounts = append(c.accounts, a)
		for range 1 + c.r.IntN(3) {
			c.contacts[a.ID] = append(c.contacts[a.ID], account.Contact{ID: journal.NewID(c.actor.Now), Name: person(c.r), AccountID: a.ID, Title: one(c.r, titles), Mobile: fmt.Sprintf("199%08d", c.r.IntN(1e8)), CreatedAt: c.actor.Now, CreatedBy: owner.id, Version: 1})
		}
	}
	for part := range chunks(c.accounts, 200) {
		err := c.DB.Write(c.ctx, func(tx database.Tx) error {
			if err := c.Accounts.Rows.Insert(c.ctx, tx, c.actor.TenantID, part); err != nil {
				return err
			}
			var owners []account.Ownership
			for _, a := range part {
				owners = append(owners, account.Ownership{RecordID: a.ID, MemberID: a.OwnerID, TeamID: a.TeamID})
				journal.Append(tx, c.actor.By(), journal.Event{Subject: account.Ref(a.ID), Kind: "account.created", On: c.today, Payload: map[string]any{"ownerId": a.OwnerID}})
				for _, p := range c.contacts[a.ID] {
					if err := c.Accounts.Rows.InsertContact(c.ctx, tx, c.actor.TenantID, p); err != nil {
						return err
					}
					if err := c.Accounts.Rows.InsertEmployment(c.ctx, tx, c.actor.TenantID, p.ID, account.Employment{ID: journal.NewID(c.actor.Now), AccountID: a.ID, Title: p.Title}); err != nil {
						return err
					}
				}
			}
			return c.Accounts.Rows.FirstOwners(c.ctx, tx, c.actor.TenantID, "account", owners)
		})
		if err != nil {
			return err
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

// deal is one simulated opportunity with what surrounds it.
type deal struct {
	history  opportunity.History
	contacts []opportunity.DealContact
	follow   []opportunity.FollowUp
	evidence []opportunity.Evidence
	steps    []opportunity.NextStep
	rival    string
}

// sell simulates every deal of the years and writes them in chunks.
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
	var deals []deal
	for _, s := range c.sellers {
		byRegion := []account.Account{}
		for _, a := range c.accounts {
			if a.Region == s.region {
				byRegion = append(byRegion, a)
			}
		}
		perYear, v := 42, bid
		if !s.direct {
			perYear, v = 36, dist
		}
		for range perYear * years {
			// The company grows: the last months are half as busy again as the first.
			begun := c.today.Add(-c.r.IntN(365 * years))
			if older := c.today.Add(-c.r.IntN(365 * years)); older > begun && c.r.IntN(5) == 0 {
				begun = older
			}
			deals = append(deals, c.deal(s, v, byRegion[c.r.IntN(len(byRegion))], begun))
		}
	}
	for part := range chunks(deals, 120) {
		if err := c.DB.Write(c.ctx, func(tx database.Tx) error { return c.write(tx, part) }); err != nil {
			return err
		}
	}
	return c.DB.Analyze(c.ctx)
}

func (c *company) write(tx database.Tx, part []deal) error {
	t := c.actor.TenantID
	batch := make([]opportunity.History, len(part))
	for i := range part {
		batch[i] = part[i].history
	}
	if err := c.Opportunities.Record(c.ctx, tx, c.actor, batch); err != nil {
		return err
	}
	var follow []opportunity.FollowUp
	for _, d := range part {
		id := d.history.ID
		if err := c.Opportunities.Rows.SetContacts(c.ctx, tx, t, id, d.contacts); err != nil {
			return err
		}
		if d.rival != "" {
			if err := c.Opportunities.Rows.SetCompetitors(c.ctx, tx, t, id, []string{d.rival}); err != nil {
				return err
			}
		}
		for _, e := range d.evidence {
			if err := c.Opportunities.Rows.InsertEvidence(c.ctx, tx, t, id, e); err != nil {
				return err
			}
		}
		for _, n := range d.steps {
			if err := c.Opportunities.Rows.InsertNextStep(c.ctx, tx, t, n); err != nil {
				return err
			}
		}
		follow = append(follow, d.follow...)
	}
	return c.Opportunities.Rows.InsertFollowUps(c.ctx, tx, t, follow)
}

// deal walks one opportunity through the stages; every step is decided by Causes.
func (c *company) deal(s seller, v pipeline.Version, a account.Account, begun calendar.Date) deal {
	r, w := c.r, Causes
	people := c.contacts[a.ID]
	known := people[:1+r.IntN(len(people))]
	source := one(r, sources)
	d := deal{history: opportunity.History{Replayed: true}}
	h := &d.history
	amount := int64(math.Exp(12.6+r.NormFloat64()*0.8)/1000) * 1000 * 100 // around 30 万, in fen
	name := a.Name + " · " + one(r, projects)
	if !s.direct {
		amount = int64(math.Exp(10.2+r.NormFloat64()*0.6)/100) * 100 * 100
		name = a.Name + " · 备件" + begun.Month()
	}
	h.Opportunity = opportunity.Opportunity{ID: journal.NewID(c.actor.Now), Name: name, AccountID: a.ID, PipelineID: v.PipelineID, VersionID: v.ID, OwnerID: s.id, Region: s.region, AmountMinor: &amount, Currency: "CNY", TaxIncluded: true, Source: source, CreatedOn: begun, CreatedBy: s.id}
	h.TeamID, _ = c.actor.Structure.TeamOf(s.id, c.today)
	product := c.lines[r.IntN(3)]
	if !s.direct {
		product = c.lines[3+r.IntN(2)]
	}
	h.Lines = []opportunity.Line{{ProductLineID: product, AmountMinor: amount}}
	if r.Float64() < 0.4 {
		d.rival = c.rivals[r.IntN(len(c.rivals))]
	}
	for _, p := range known {
		d.contacts = append(d.contacts, opportunity.DealContact{ContactID: p.ID, Role: []string{"technical", "economic", "user", "unknown"}[r.IntN(4)]})
	}
	cadence := max(2, s.cadence*(0.6+0.8*r.Float64()))
	day := begun
	for i, st := range v.Stages {
		if st.Kind != pipeline.Open {
			break
		}
		h.Visits = append(h.Visits, opportunity.Visit{StageID: st.ID, State: opportunity.Open, On: day})
		stay := float64(st.StandardDays) * (0.3 + r.ExpFloat64()*0.6)
		if cadence > 14 {
			stay *= w.SlowStayFactor
		}
		if nearFestival(day) {
			stay += w.FestivalDays
		}
		days := max(1, int(stay))
		leave := c.cal.AddWorkingDays(day, days)
		supplied := r.Float64() < s.care
		if supplied {
			d.evidence = append(d.evidence, c.supply(s, st, known, day, days)...)
		}
		forward := r.Float64() < chance(s.skill, []cause{{cadence <= 7, w.QuickCadence}, {cadence > 14, w.SlowCadence}, {supplied, w.Evidence}, {len(known) == 1, w.SingleThread}, {days > 2*st.StandardDays, w.Overstay},
			{d.rival != "", w.Competitor}, {source == "老客户介绍", w.Introduced}, {st.Phase == pipeline.Late, w.LateStage}, {i == 3, w.QuoteStage}})
		if leave > c.today {
			c.stillOpen(&d, s, st, day, cadence)
			return d
		}
		if !forward {
			c.lose(&d, v, leave, day)
			c.talk(&d, s, begun, leave, cadence)
			return d
		}
		day = leave
	}
	h.Visits = append(h.Visits, opportunity.Visit{StageID: v.OfKind(pipeline.Won).ID, State: opportunity.Won, On: day})
	h.SignedOn = day
	c.talk(&d, s, begun, day, cadence)
	return d
}

// cause is one of Causes, and whether it holds.
type cause struct {
	holds  bool
	weight float64
}

// chance is that of leaving a stage forward, by the causes that hold.
func chance(skill float64, causes []cause) float64 {
	odds := Causes.Base + Causes.Skill*skill
	for _, c := range causes {
		if c.holds {
			odds += c.weight
		}
	}
	return 1 / (1 + math.Exp(-odds))
}

func nearFestival(d calendar.Date) bool {
	for _, f := range springFestival {
		if n := calendar.Date(f).Sub(d); n >= 0 && n <= 15 {
			return true
		}
	}
	return false
}

// lose closes a deal; one in twelve turns out not to have been one.
func (c *company) lose(d *deal, v pipeline.Version, on, entered calendar.Date) {
	h := &d.history
	if c.r.IntN(12) == 0 {
		h.Visits = append(h.Visits, opportunity.Visit{State: opportunity.Withdrawn, On: on})
		h.LossKind = opportunity.Invalid
		return
	}
	h.Visits = append(h.Visits, opportunity.Visit{StageID: v.OfKind(pipeline.Lost).ID, State: opportunity.Lost, On: on})
	h.LossKind, h.LossReason = []string{opportunity.NoDecision, opportunity.Cancelled, opportunity.WeWithdrew, opportunity.TenderVoid}[c.r.IntN(4)], "客户没有继续"
	if d.rival != "" && c.r.Float64() < 0.7 {
		h.LossKind, h.CompetitorID, h.LossReason = opportunity.LostToCompetitor, d.rival, "价格和交期不占优"
	}
}

// stillOpen gives an open deal its expectation, confidence and next step. A third
// of the slow sellers' deals has gone quiet.
func (c *company) stillOpen(d *deal, s seller, st pipeline.Stage, entered calendar.Date, cadence float64) {
	h := &d.history
	h.ExpectedOn = h.CreatedOn.Add(50 + c.r.IntN(100))
	for h.ExpectedOn < c.today && c.r.IntN(10) < 8 { // most dates that pass are pushed
		h.ExpectedOn, h.Pushes = h.ExpectedOn.Add(15+c.r.IntN(40)), h.Pushes+1
	}
	conf := int64(min(float64(st.ConfidenceCapBP), float64(st.SuccessBP)+10000*s.optimist)/500) * 500
	h.ConfidenceBP = &conf
	until := c.today
	if cadence > 10 && c.r.IntN(3) == 0 {
		until = max(h.CreatedOn, c.today.Add(-20-c.r.IntN(30)))
	}
	c.talk(d, s, h.CreatedOn, until, cadence)
	if c.r.Float64() < 0.75 {
		due := c.today.Add(c.r.IntN(12) - 4)
		d.steps = append(d.steps, opportunity.NextStep{ID: journal.NewID(c.actor.Now), OpportunityID: h.ID, What: one(c.r, nextSteps), MemberID: s.id, DueOn: due, CustomerAgreed: c.r.IntN(2) == 0, CreatedAt: c.actor.Now, CreatedBy: s.id, Version: 1})
	}
}

// talk writes the follow-ups between two days at the deal's cadence.
func (c *company) talk(d *deal, s seller, from, to calendar.Date, cadence float64) {
	h := &d.history
	for day := from; ; {
		day = day.Add(max(1, int(cadence*(0.5+c.r.Float64()))))
		if day > to || len(d.follow) > 25 {
			return
		}
		if !c.cal.IsWorkingDay(day) {
			continue
		}
		f := opportunity.FollowUp{ID: journal.NewID(c.actor.Now), OpportunityID: h.ID, AccountID: h.AccountID, Channel: []string{"visit", "phone", "wechat", "meeting"}[c.r.IntN(4)], HappenedOn: day, TwoWay: c.r.IntN(5) > 0, MemberID: s.id, RecordedAt: day.Time().Add(10 * time.Hour), RecordedBy: s.id, Version: 1, Words: one(c.r, said)}
		if f.TwoWay {
			f.ContactIDs, h.LastContact = []string{d.contacts[c.r.IntN(len(d.contacts))].ContactID}, day
		} else {
			f.Words = one(c.r, oneWay)
		}
		d.follow = append(d.follow, f)
	}
}

// supply hands in the evidence of a stage's required milestones.
func (c *company) supply(s seller, st pipeline.Stage, known []account.Contact, from calendar.Date, days int) []opportunity.Evidence {
	var out []opportunity.Evidence
	for _, m := range st.Milestones {
		on := c.cal.AddWorkingDays(from, c.r.IntN(days+1))
		if !m.Required || on > c.today {
			continue
		}
		e := opportunity.Evidence{ID: journal.NewID(c.actor.Now), StageID: st.ID, Key: m.Key, Status: "accepted", SubmittedOn: on, SubmittedAt: c.actor.Now, SubmittedBy: s.id, Text: m.Name + ",已与客户确认"}
		if m.Evidence == pipeline.Contact {
			e.Text, e.ContactID = "", known[0].ID
		}
		out = append(out, e)
	}
	return out
}
