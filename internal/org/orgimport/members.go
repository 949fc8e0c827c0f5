// Package orgimport reads files of people into the organisation, and finds or adds the members
// other files name. It states a mapping's exchange rates.
package orgimport

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/intake"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
	"yunchou/internal/text"
)

// Importer implements intake.Importer.
type Importer struct{ Org *org.Service }

// Kinds are files of members. What they made is not undone: people may have worked by then.
func (Importer) Kinds() []intake.Kind {
	return []intake.Kind{{
		Name:  "member",
		After: []string{"account"}, // an owner a file of accounts names is added at the top and found here
		Read:  func(t *intake.Table) error { return intake.PartOf[*Members](t.Run).read(t) },
		Targets: intake.Titled([]intake.Target{
			{Name: "name", Required: true,
				Columns: []string{"sales agent", "sales rep", "employee name", "rep", "employee", "name", "姓名", "员工姓名", "销售", "销售员", "业务员", "员工", "销售姓名", "full name", "人员", "成员"}},
			{Name: "email", Holds: intake.Emails, Columns: []string{"email", "e-mail", "邮箱"}},
			{Name: "phone", Holds: intake.Phones, Columns: []string{"phone", "mobile", "电话", "手机"}},
			{Name: "manager", Holds: intake.Persons, Columns: []string{"manager", "supervisor", "主管", "经理", "上级", "直属上级", "上级主管", "reports to", "团队负责人", "直接上级", "汇报对象", "manager name"}},
			{Name: "team", Holds: intake.Words, Columns: []string{"team", "department", "团队", "部门", "小组", "所属部门", "所在部门", "销售团队", "team name"}},
			{Name: "region", Holds: intake.Words, Columns: []string{"region", "regional office", "区域", "大区", "地区", "office", "所属区域", "城市"}},
			{Name: "joinedOn", Date: true, Columns: []string{"hire date", "joined", "入职日期", "入职时间", "start date", "join date"}},
		}, Columns),
	}}
}

// Columns are those of a table of people to be filled.
var Columns = []sheet.Column{
	{Target: "name", Label: sheet.Label{"姓名", "Name"}},
	{Target: "email", Label: sheet.Label{"邮箱", "E-mail"}},
	{Target: "phone", Label: sheet.Label{"电话", "Phone"}},
	{Target: "manager", Label: sheet.Label{"主管", "Manager"}},
	{Target: "team", Label: sheet.Label{"团队", "Team"}},
	{Target: "region", Label: sheet.Label{"区域", "Region"}},
	{Target: "joinedOn", Label: sheet.Label{"入职日期", "Joined on"}},
}

// Members are the people rows name.
type Members struct {
	run    *intake.Run
	org    *org.Service
	byName map[string]string // match key → id; ambiguous where several are meant
	byMail map[string]string // in small letters
	teams  map[string]string // likewise; of the file being read
}

// Begin states the mapping's rates and reads the names of members.
func (i Importer) Begin(r *intake.Run) (intake.Part, error) {
	for _, rate := range r.Mapping.Rates {
		v, err := money.Parse(rate.Rate+"e6", "JPY")
		if err != nil {
			return nil, fault.Input("/rates", "mapping.rate_malformed", "%s: a rate is a decimal such as 7.1234", rate.Currency)
		}
		day, err := calendar.Parse(rate.From)
		if err != nil {
			return nil, calendar.BadDate("/rates")
		}
		if rate.Currency != r.Actor.Company.Currency && !r.DryRun {
			if err := i.Org.SetRate(r.Ctx, r.Actor, org.Rate{Currency: rate.Currency, From: day, Rate: v}); err != nil {
				return nil, err
			}
		}
	}
	m := &Members{run: r, org: i.Org}
	m.names()
	return m, nil
}

// read reads people, their managers and regions, and makes the team tree: root, region, the
// manager's team.
func (m *Members) read(t *intake.Table) error {
	m.teams = map[string]string{}
	for id, tm := range m.run.Actor.Structure.Teams {
		m.teams[text.Match(tm.Name)] = id
	}
	return t.Rows(m.member)
}

func (m *Members) member(x *intake.Row) error {
	name, manager, region := x.Text("name"), x.Text("manager"), x.Text("region")
	joined, _ := x.Date("joinedOn")
	if name == "" {
		x.Issue("error", "name", "input.required", "a person needs a name")
	}
	if x.Failed() {
		return nil
	}
	parent := m.root()
	var err error
	if region != "" {
		if parent, err = m.team(region, parent, region); err != nil {
			return err
		}
	}
	own := parent
	teamName := x.Text("team")
	if teamName == "" {
		teamName = manager
	}
	if teamName != "" {
		if own, err = m.team(teamName, parent, region); err != nil {
			return err
		}
	}
	if manager != "" {
		if err := m.person(manager, org.NewMember{TeamID: own, Leads: true, Role: org.Manager}); err != nil {
			return err
		}
	}
	if m.Named(name) != "" {
		m.run.Sum.Unchanged["member"]++
		return nil
	}
	return m.person(name, org.NewMember{TeamID: own, Role: org.Rep, From: joined, Email: m.email(x), Phone: text.Cut(x.Text("phone"), 40)})
}

// email is an address, "" where the cell holds none.
func (m *Members) email(x *intake.Row) string {
	said := x.Text("email")
	if said != "" && (!strings.Contains(said, "@") || len(said) > 200) {
		x.Issue("warning", "email", "input.email_malformed", "an address has an @: left out")
		return ""
	}
	return said
}

// team finds a team by name, or makes it under its parent.
func (m *Members) team(name, parent, region string) (string, error) {
	key, r := text.Match(name), m.run
	if id, ok := m.teams[key]; ok {
		return id, nil
	}
	if r.DryRun {
		r.Sum.Created["team"]++
		m.teams[key] = "new-" + name
		return m.teams[key], nil
	}
	find := func(st *org.Structure) string { return teamNamed(st, name) }
	id, added, err := m.once(find, func(ctx context.Context) (string, error) {
		tm, err := m.org.AddTeam(ctx, r.Actor, "", name, parent, region, org.Start)
		return tm.ID, err
	})
	if err != nil {
		return "", err
	}
	if added {
		r.Sum.Created["team"]++
	}
	m.teams[key] = id
	return id, nil
}

// person adds a member who cannot sign in yet, unless one of the name is there.
func (m *Members) person(name string, as org.NewMember) error {
	key, r := text.Match(name), m.run
	if _, ok := m.byName[key]; ok {
		return nil
	}
	kind := "member"
	if as.Leads {
		kind = "manager"
	}
	if r.DryRun {
		r.Sum.Created[kind]++
		m.byName[key] = "new-" + name
		return nil
	}
	if as.Name = unspaced(name); as.From == "" {
		as.From = org.Start
	}
	find := func(st *org.Structure) string { return namesOf(st)[key] }
	id, added, err := m.once(find, func(ctx context.Context) (string, error) {
		made, err := m.org.AddMember(ctx, r.Actor, as)
		return made.ID, err
	})
	if err != nil {
		return err
	}
	if added {
		r.Sum.Created[kind]++
	}
	m.byName[key] = id
	return nil
}

// unspaced is a Chinese name without the blanks that make it as wide as others in a list: 王 芳 is 王芳.
func unspaced(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return r != ' ' && !unicode.Is(unicode.Han, r) }) >= 0 {
		return name
	}
	return strings.ReplaceAll(name, " ", "")
}

// ambiguous stands for several members of a name of whom none is the one.
const ambiguous = "?"

// names reads who is called how: of several of a name the one who is there today, if he is the
// only one.
func (m *Members) names() {
	m.byName, m.byMail = map[string]string{}, map[string]string{}
	a := m.run.Actor
	all := map[string][]string{}
	for id, one := range a.Structure.Members {
		all[text.Match(one.Name)] = append(all[text.Match(one.Name)], id)
		if one.Email != "" {
			m.byMail[strings.ToLower(one.Email)] = id
		}
	}
	for key, ids := range all {
		there := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return a.Structure.Gone(id, a.Today) })
		switch {
		case len(ids) == 1:
			m.byName[key] = ids[0]
		case len(there) == 1:
			m.byName[key] = there[0]
		default:
			m.byName[key] = ambiguous
		}
	}
}

// find finds a member by email address, else by name; told is false where none, or nobody knows
// which, is meant.
func (m *Members) find(name string) (id string, told bool) {
	if id := m.byMail[strings.ToLower(name)]; id != "" {
		return id, true
	}
	id = m.byName[text.Match(name)]
	return id, id != "" && id != ambiguous
}

// Named finds a member by email address or name, "" for none, or where several are meant.
func (m *Members) Named(name string) string {
	id, told := m.find(name)
	if !told {
		return ""
	}
	return id
}

// Owner finds the member a row's owner names; an unknown one is added or refused, as the
// mapping says.
func (m *Members) Owner(x *intake.Row, name string) string {
	id, told := m.find(name)
	switch {
	case told:
		return id
	case id == ambiguous:
		x.Issue("warning", "owner", "import.member_ambiguous", "several members have this name")
		return ""
	case x.Empties():
		x.Note("owner", "left_empty", name, "")
		return ""
	case x.Refuses():
		x.Issue("error", "owner", "org.member_unknown", "no member of this name")
		return ""
	}
	x.Note("owner", "member_created", name, "")
	if err := m.person(name, org.NewMember{TeamID: m.root(), Role: org.Rep}); err != nil {
		x.Refuse("owner", err, "the member could not be added")
		return ""
	}
	return m.Named(name)
}

// namesOf are the members by match key; of several of a name the first made.
func namesOf(st *org.Structure) map[string]string {
	out := map[string]string{}
	for id, m := range st.Members {
		key := text.Match(m.Name)
		if old, taken := out[key]; !taken || id < old {
			out[key] = id
		}
	}
	return out
}

func teamNamed(st *org.Structure, name string) (first string) {
	for id, tm := range st.Teams {
		if text.Match(tm.Name) == text.Match(name) && (first == "" || id < first) {
			first = id
		}
	}
	return first
}

func (m *Members) root() string {
	a := m.run.Actor
	for id := range a.Structure.Teams {
		if a.Structure.ParentOf(id, a.Today) == "" {
			return id
		}
	}
	return ""
}

// once makes what rows name unless it is there: find looks for it in the organisation as it is
// by then.
func (m *Members) once(find func(*org.Structure) string, add func(context.Context) (string, error)) (id string, added bool, err error) {
	type result struct {
		id    string
		added bool
	}
	r := m.run
	got, err := database.Together(r.Ctx, r.DB, func(ctx context.Context) (out result, err error) {
		err = r.DB.Write(ctx, func(tx database.Tx) error { return r.Alone(ctx, tx) })
		if err != nil {
			return out, err
		}
		err = r.DB.Read(ctx, func(tx database.Tx) error {
			_, st, err := m.org.Load(ctx, tx, r.Actor.TenantID)
			if err == nil {
				out.id = find(st)
			}
			return err
		})
		if err != nil || out.id != "" {
			return out, err
		}
		out.added = true
		out.id, err = add(ctx)
		return out, err
	})
	if err == nil {
		err = m.reload()
	}
	return got.id, got.added, err
}

// reload takes the organisation as it is now into the run's actor.
func (m *Members) reload() error {
	r := m.run
	return r.DB.Read(r.Ctx, func(tx database.Tx) error {
		_, st, err := m.org.Load(r.Ctx, tx, r.Actor.TenantID)
		r.Actor.Structure = st
		return err
	})
}
