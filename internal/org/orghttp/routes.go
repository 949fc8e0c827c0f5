// Package orghttp is the routes of the organisation: set-up, sign-in, people,
// teams, company fields, settings.
package orghttp

import (
	"context"
	"sort"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/field"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type cookieBody[T any] struct {
	SetCookie string `header:"Set-Cookie"`
	Body      T
}

type me struct {
	MemberID    string           `json:"memberId"`
	Name        string           `json:"name"`
	CSRF        string           `json:"csrfToken"`
	Company     string           `json:"company"`
	Currency    string           `json:"currency"`
	Locale      string           `json:"locale"`
	TimeZone    string           `json:"timeZone"`
	Today       calendar.Date    `json:"today"`
	Permissions []org.Permission `json:"permissions"`
	Principals  []string         `json:"principals" doc:"members the member may act for today"`
	Leads       []string         `json:"leads" doc:"teams the member leads today"`
	Calendar    string           `json:"calendarStatus" enum:"official,estimated,missing"`
	Workday     bool             `json:"workingDay"`
	MonthDay    int              `json:"workingDayOfMonth"`
	MonthDays   int              `json:"workingDaysInMonth"`
}

func meOf(svc *org.Service, s org.Session, a org.Actor) me {
	cal := svc.Calendar(a.TenantID)
	first := calendar.Date(a.Today.Month() + "-01")
	next := calendar.DateOf(first.Time().AddDate(0, 1, 0), time.UTC)
	m := a.Structure.Members[a.MemberID]
	locale := m.Locale
	if locale == "" {
		locale = a.Company.Locale
	}
	leads := a.Structure.Leads(a.MemberID, a.Today)
	if leads == nil {
		leads = []string{}
	}
	perms := a.Permissions()
	sort.Slice(perms, func(i, j int) bool { return perms[i] < perms[j] })
	return me{MemberID: a.MemberID, Name: m.Name, CSRF: s.CSRF, Company: a.Company.Name, Currency: a.Company.Currency, Locale: locale, TimeZone: a.Company.TimeZone,
		Today: a.Today, Permissions: perms, Principals: a.Principals(), Leads: leads, Calendar: string(cal.Status(a.Today.Time().Year())), Workday: cal.IsWorkingDay(a.Today),
		MonthDay: cal.WorkingDaysIn(first, a.Today.Add(1)), MonthDays: cal.WorkingDaysIn(first, next)}
}

type memberBody struct {
	org.Member
	TeamID       string      `json:"teamId"`
	Team         string      `json:"team"`
	Position     string      `json:"position"`
	Leads        bool        `json:"leads"`
	Role         org.RoleKey `json:"role"`
	ProductLines []string    `json:"productLines"`
}

type teamBody struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Region   string `json:"region"`
	ParentID string `json:"parentId"`
	Version  int    `json:"version"`
}

type structureBody struct {
	Members []memberBody `json:"members"`
	Teams   []teamBody   `json:"teams"`
	Roles   []string     `json:"roles"`
}

func structureOf(a org.Actor) structureBody {
	st := a.Structure
	out := structureBody{Members: []memberBody{}, Teams: []teamBody{}}
	for _, m := range st.Members {
		b := memberBody{Member: m, ProductLines: []string{}}
		var pos string
		b.TeamID, pos = st.TeamOf(m.ID, a.Today)
		b.Team, b.Position, b.Leads = st.Teams[b.TeamID].Name, st.Positions[pos].Name, st.Positions[pos].Leads
		for _, g := range st.Grants {
			if g.MemberID == m.ID && g.On(a.Today) {
				b.Role = g.Role
				b.ProductLines = append(b.ProductLines, g.ProductLines...)
			}
		}
		if !a.Can(org.OrgEdit) { // sign-in names and phones are the administrator's
			b.Login, b.Phone, b.Email = "", "", ""
		}
		out.Members = append(out.Members, b)
	}
	sort.Slice(out.Members, func(i, j int) bool {
		return out.Members[i].Pinyin+out.Members[i].ID < out.Members[j].Pinyin+out.Members[j].ID
	})
	for _, t := range st.Teams {
		out.Teams = append(out.Teams, teamBody{t.ID, t.Name, t.Region, st.ParentOf(t.ID, a.Today), t.Version})
	}
	sort.Slice(out.Teams, func(i, j int) bool { return out.Teams[i].Name+out.Teams[i].ID < out.Teams[j].Name+out.Teams[j].ID })
	for r := range org.Roles {
		out.Roles = append(out.Roles, string(r))
	}
	sort.Strings(out.Roles)
	return out
}

type ByID struct {
	ID string `path:"id" maxLength:"60"`
}

// Deps is what the routes need.
type Deps struct {
	Org    *org.Service
	Fields *field.Service
	// NewCompany makes the first company ready to use: its administrator, and what
	// other capabilities ship with it.
	NewCompany func(context.Context, org.Setup) (org.Actor, error)
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	setup(api, d)
	people(api, d)
	settings(api, d)
}

func setup(api *httpapi.API, d Deps) {
	type status struct {
		NeedsSetup bool `json:"needsSetup"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/setup", ID: "getSetup", Public: true}, func(ctx context.Context, _ org.Actor, _ *struct{}) (*httpapi.Body[status], error) {
		all, err := d.Org.Companies(ctx)
		return httpapi.Answer(status{len(all) == 0}, err)
	})
	type setupIn struct {
		Body struct {
			Company  string `json:"company" minLength:"1" maxLength:"200"`
			Currency string `json:"currency,omitempty" maxLength:"3"`
			TimeZone string `json:"timeZone,omitempty" maxLength:"60"`
			Locale   string `json:"locale" enum:"zh-CN,en-US"`
			Name     string `json:"name" minLength:"1" maxLength:"100"`
			Login    string `json:"login" minLength:"2" maxLength:"80"`
			Password string `json:"password" minLength:"10" maxLength:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/setup", ID: "setUp", Summary: "First-run set-up; refused once a company exists", Public: true},
		func(ctx context.Context, _ org.Actor, in *setupIn) (*cookieBody[me], error) {
			if err := api.Allow("setup"); err != nil {
				return nil, err
			}
			b := in.Body
			if _, err := d.NewCompany(ctx, org.Setup{First: true, Company: b.Company, Currency: b.Currency, Zone: b.TimeZone, Locale: b.Locale, AdminName: b.Name, Login: b.Login, Secret: b.Password}); err != nil {
				return nil, err
			}
			return signIn(ctx, api, d, b.Login, b.Password, "setup")
		})
	type signInIn struct {
		Agent string `header:"User-Agent"`
		Body  struct {
			Login    string `json:"login" minLength:"1" maxLength:"80"`
			Password string `json:"password" minLength:"1" maxLength:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/session", ID: "signIn", Public: true}, func(ctx context.Context, _ org.Actor, in *signInIn) (*cookieBody[me], error) {
		if err := api.Allow("signin:" + httpapi.Client(ctx)); err != nil {
			return nil, err
		}
		return signIn(ctx, api, d, in.Body.Login, in.Body.Password, in.Agent)
	})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/session", ID: "getMe", Permission: org.SignedIn}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[me], error) {
		return httpapi.Answer(meOf(d.Org, httpapi.Session(ctx), actor), nil)
	})
	type out struct {
		SetCookie string `header:"Set-Cookie"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "DELETE", Path: "/session", ID: "signOut", Permission: org.SignedIn, Status: 204}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*out, error) {
		return &out{api.SetCookie("")}, d.Org.SignOut(ctx, actor, httpapi.Session(ctx).ID)
	})
	type sessionBody struct {
		ID      string    `json:"id"`
		Agent   string    `json:"agent"`
		Created time.Time `json:"createdAt"`
		Seen    time.Time `json:"seenAt"`
		Current bool      `json:"current"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/sessions", ID: "listSessions", Permission: org.SignedIn}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]sessionBody], error) {
		list, err := d.Org.MySessions(ctx, actor)
		body := []sessionBody{}
		for _, s := range list {
			body = append(body, sessionBody{s.ID, s.Agent, s.CreatedAt, s.SeenAt, s.ID == httpapi.Session(ctx).ID})
		}
		return httpapi.Answer(body, err)
	})
	httpapi.Handle(api, httpapi.Route{Method: "DELETE", Path: "/sessions/{id}", ID: "revokeSession", Permission: org.SignedIn, Status: 204}, func(ctx context.Context, actor org.Actor, in *ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.SignOut(ctx, actor, in.ID))
	})
	type passwordIn struct {
		Body struct {
			Current string `json:"current" maxLength:"200"`
			Next    string `json:"next" minLength:"10" maxLength:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/session/password", ID: "changePassword", Permission: org.SignedIn, Status: 204}, func(ctx context.Context, actor org.Actor, in *passwordIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.ChangePassword(ctx, actor, in.Body.Current, in.Body.Next))
	})
}

func signIn(ctx context.Context, api *httpapi.API, d Deps, login, secret, agent string) (*cookieBody[me], error) {
	token, s, err := d.Org.SignIn(ctx, login, secret, agent)
	if err != nil {
		return nil, err
	}
	_, actor, err := d.Org.Authenticate(ctx, token, "form")
	if err != nil {
		return nil, err
	}
	return &cookieBody[me]{SetCookie: api.SetCookie(token), Body: meOf(d.Org, s, actor)}, nil
}

func people(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/org", ID: "getOrg", Permission: org.OrgRead}, func(_ context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[structureBody], error) {
		return httpapi.Answer(structureOf(actor), nil)
	})
	type memberIn struct {
		Body struct {
			Name         string        `json:"name" minLength:"1" maxLength:"100"`
			Email        string        `json:"email,omitempty" maxLength:"200"`
			Phone        string        `json:"phone,omitempty" maxLength:"40"`
			Login        string        `json:"login,omitempty" maxLength:"80"`
			Password     string        `json:"password,omitempty" maxLength:"200"`
			TeamID       string        `json:"teamId,omitempty" maxLength:"60"`
			Position     string        `json:"position,omitempty" maxLength:"60"`
			Leads        bool          `json:"leads,omitempty"`
			Role         org.RoleKey   `json:"role,omitempty" maxLength:"30"`
			ProductLines []string      `json:"productLines,omitempty" maxItems:"100"`
			From         calendar.Date `json:"from,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/members", ID: "addMember", Permission: org.OrgEdit, Status: 201}, func(ctx context.Context, actor org.Actor, in *memberIn) (*httpapi.Body[org.Member], error) {
		b := in.Body
		return httpapi.Answer(d.Org.AddMember(ctx, actor, org.NewMember{Name: b.Name, Email: b.Email, Phone: b.Phone, Login: b.Login, Secret: b.Password, TeamID: b.TeamID, Position: b.Position, Leads: b.Leads, Role: b.Role, ProductLines: b.ProductLines, From: b.From}))
	})
	type transferIn struct {
		ByID
		Body struct {
			TeamID   string        `json:"teamId" maxLength:"60"`
			Position string        `json:"position,omitempty" maxLength:"60"`
			Leads    bool          `json:"leads,omitempty"`
			From     calendar.Date `json:"from,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/members/{id}/transfer", ID: "transferMember", Permission: org.OrgEdit, Status: 204}, func(ctx context.Context, actor org.Actor, in *transferIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.Transfer(ctx, actor, in.ID, in.Body.TeamID, in.Body.Position, in.Body.Leads, in.Body.From))
	})
	type roleIn struct {
		ByID
		Body struct {
			Role         org.RoleKey `json:"role" maxLength:"30"`
			ProductLines []string    `json:"productLines,omitempty" maxItems:"100"`
			Regions      []string    `json:"regions,omitempty" maxItems:"100"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/members/{id}/role", ID: "setRole", Permission: org.OrgEdit, Status: 204}, func(ctx context.Context, actor org.Actor, in *roleIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.SetRole(ctx, actor, in.ID, in.Body.Role, in.Body.ProductLines, in.Body.Regions))
	})
	type loginIn struct {
		ByID
		Body struct {
			Login    string `json:"login" minLength:"2" maxLength:"80"`
			Password string `json:"password" minLength:"10" maxLength:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/members/{id}/login", ID: "giveLogin", Permission: org.OrgEdit, Status: 204}, func(ctx context.Context, actor org.Actor, in *loginIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.GiveLogin(ctx, actor, in.ID, in.Body.Login, in.Body.Password))
	})
	type leaveIn struct {
		ByID
		Body struct {
			On calendar.Date `json:"on,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/members/{id}/leave", ID: "memberLeaves", Permission: org.OrgEdit, Status: 204}, func(ctx context.Context, actor org.Actor, in *leaveIn) (*httpapi.Done, error) {
		on := in.Body.On
		if on == "" {
			on = actor.Today
		}
		return httpapi.Nothing(d.Org.Leave(ctx, actor, in.ID, on))
	})
	type delegateIn struct {
		ByID
		Body struct {
			AssistantID string `json:"assistantId" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/members/{id}/delegate", ID: "delegate", Permission: org.OrgEdit, Status: 204}, func(ctx context.Context, actor org.Actor, in *delegateIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.Delegate(ctx, actor, in.ID, in.Body.AssistantID))
	})
	type teamIn struct {
		Body struct {
			Name     string `json:"name" minLength:"1" maxLength:"100"`
			ParentID string `json:"parentId" maxLength:"60"`
			Region   string `json:"region,omitempty" maxLength:"100"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/teams", ID: "addTeam", Permission: org.OrgEdit, Status: 201}, func(ctx context.Context, actor org.Actor, in *teamIn) (*httpapi.Body[teamBody], error) {
		t, err := d.Org.AddTeam(ctx, actor, "", in.Body.Name, in.Body.ParentID, in.Body.Region, "")
		return httpapi.Answer(teamBody{t.ID, t.Name, t.Region, in.Body.ParentID, t.Version}, err)
	})
	type moveIn struct {
		ByID
		Body struct {
			ParentID string        `json:"parentId" maxLength:"60"`
			From     calendar.Date `json:"from,omitempty" maxLength:"10"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/teams/{id}/move", ID: "moveTeam", Permission: org.OrgEdit, Status: 204}, func(ctx context.Context, actor org.Actor, in *moveIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.MoveTeam(ctx, actor, in.ID, in.Body.ParentID, in.Body.From))
	})
}

func settings(api *httpapi.API, d Deps) {
	type fieldsOut = httpapi.Body[[]field.Field]
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/fields", ID: "listFields", Permission: org.PipelineRead}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*fieldsOut, error) {
		return httpapi.Answer(d.Fields.All(ctx, actor))
	})
	type fieldIn struct {
		Body struct {
			Record  string     `json:"record" enum:"account,contact,opportunity"`
			Key     string     `json:"key" minLength:"1" maxLength:"40"`
			Label   string     `json:"label" minLength:"1" maxLength:"60"`
			Type    field.Type `json:"type" enum:"text,number,money,date,choice,person"`
			Options []string   `json:"options,omitempty" maxItems:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/fields", ID: "defineField", Permission: org.FieldEdit, Status: 201}, func(ctx context.Context, actor org.Actor, in *fieldIn) (*httpapi.Body[field.Field], error) {
		b := in.Body
		return httpapi.Answer(d.Fields.Define(ctx, actor, field.Field{Record: b.Record, Key: b.Key, Label: b.Label, Type: b.Type, Options: append([]string{}, b.Options...)}))
	})
	type settingsIn struct {
		Body struct {
			Name         string `json:"name" minLength:"1" maxLength:"200"`
			BackdateDays int    `json:"backdateDays" minimum:"0" maximum:"3660"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/settings", ID: "saveSettings", Permission: org.SettingsEdit, Status: 204}, func(ctx context.Context, actor org.Actor, in *settingsIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.SaveSettings(ctx, actor, in.Body.Name, in.Body.BackdateDays))
	})
	type settingsBody struct {
		Name         string     `json:"name"`
		BackdateDays int        `json:"backdateDays"`
		Years        []year     `json:"calendarYears"`
		Rates        []org.Rate `json:"rates" doc:"into the reporting currency, in millionths, newest first"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/settings", ID: "getSettings", Permission: org.OrgRead}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[settingsBody], error) {
		cal := d.Org.Calendar(actor.TenantID)
		b := settingsBody{Name: actor.Company.Name, BackdateDays: actor.Company.BackdateDays, Years: []year{}}
		for _, y := range cal.Years() {
			first := calendar.DateOf(time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)
			b.Years = append(b.Years, year{y, string(cal.Status(y)), cal.WorkingDaysIn(first, calendar.DateOf(time.Date(y+1, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC))})
		}
		var err error
		b.Rates, err = d.Org.Rates(ctx, actor)
		return httpapi.Answer(b, err)
	})
	type rawIn struct {
		RawBody []byte `contentType:"application/json"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/settings/holidays", ID: "loadHolidays", Summary: "Take a holiday-cn year file", Permission: org.SettingsEdit}, func(ctx context.Context, actor org.Actor, in *rawIn) (*httpapi.Body[year], error) {
		y, err := d.Org.LoadHolidays(ctx, actor, in.RawBody)
		return httpapi.Answer(year{Year: y.Year, Status: "loaded", WorkingDays: len(y.Days)}, err)
	})
	type rateIn struct{ Body org.Rate }
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/settings/rates", ID: "setRate", Permission: org.SettingsEdit, Status: 204}, func(ctx context.Context, actor org.Actor, in *rateIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.SetRate(ctx, actor, in.Body))
	})
}

type year struct {
	Year        int    `json:"year"`
	Status      string `json:"status"`
	WorkingDays int    `json:"workingDays"`
}
