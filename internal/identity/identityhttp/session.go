package identityhttp

import (
	"context"
	"sort"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

type cookieBody[T any] struct {
	SetCookie []string `header:"Set-Cookie"`
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
	IdleMinutes int              `json:"idleMinutes" doc:"left alone so long the session ends"`
	EndsIn      int              `json:"endsInSeconds" doc:"and then in any case"`
	Permissions []org.Permission `json:"permissions"`
	Principals  []string         `json:"principals" doc:"members the member may act for today"`
	Leads       []string         `json:"leads" doc:"teams the member leads today"`
	Calendar    string           `json:"calendarStatus" enum:"official,estimated,missing"`
	Workday     bool             `json:"workingDay"`
	MonthDay    int              `json:"workingDayOfMonth"`
	MonthDays   int              `json:"workingDaysInMonth"`
	NextDay     calendar.Date    `json:"nextWorkingDay" doc:"the first working day after today"`
	MustChange  bool             `json:"mustChangePassword" doc:"everything else is refused until another password is chosen"`
	MustEnrol   bool             `json:"mustAddFactor" doc:"and then until a second factor is set up"`
}

func meOf(svc *org.Service, s identity.Session, a org.Actor) me {
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
	return me{
		MemberID: a.MemberID, Name: m.Name, CSRF: s.CSRF, Company: a.Company.Name, Currency: a.Company.Currency,
		Locale: locale, TimeZone: a.Company.TimeZone, Today: a.Today, Permissions: perms, Principals: a.Principals(),
		IdleMinutes: s.Policy.IdleMinutes, EndsIn: int(s.Left(a.Now).Seconds()),
		Leads: leads, Calendar: string(cal.Status(a.Today.Time().Year())), Workday: cal.IsWorkingDay(a.Today),
		MonthDay: cal.WorkingDaysIn(first, a.Today.Add(1)), MonthDays: cal.WorkingDaysIn(first, next), NextDay: cal.AddWorkingDays(a.Today, 1), MustChange: s.MustChange, MustEnrol: s.MustEnrol,
	}
}

func sessions(api *httpapi.API, d Deps) {
	type start struct {
		CSRF string `json:"csrfToken"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/session/start", ID: "startSession", Summary: "The token a sign-in or a set-up is sent with", Public: true,
	}, func(ctx context.Context, _ org.Actor, _ *struct{}) (*cookieBody[start], error) {
		token, header := httpapi.Start(ctx)
		return &cookieBody[start]{[]string{header}, start{token}}, nil
	})
	type signInIn struct {
		Agent string `header:"User-Agent"`
		Body  struct {
			Login    string `json:"login" minLength:"1" maxLength:"80"`
			Password string `json:"password" minLength:"1" maxLength:"200"`
			Company  string `json:"company,omitempty" maxLength:"200" doc:"which one, where several have the sign-in name"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session", ID: "signIn", Public: true,
		Summary: "Sign in; with a second factor the answer is 401 identity.second_factor_due, a ticket in a cookie, and the kinds that may follow",
	}, func(ctx context.Context, _ org.Actor, in *signInIn) (*cookieBody[me], error) {
		b := in.Body
		return signIn(ctx, d, attempt(ctx, identity.Attempt{Login: b.Login, Secret: b.Password, Company: b.Company, Agent: in.Agent}))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/session", ID: "getMe", Permission: org.SignedIn, Early: true,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[me], error) {
		return httpapi.Answer(meOf(d.Org, httpapi.Session(ctx), actor), nil)
	})
	type out struct {
		SetCookie []string `header:"Set-Cookie"`
		Clear     string   `header:"Clear-Site-Data" doc:"pages a browser keeps for its back button go"`
	}
	gone := func(ctx context.Context, err error) (*out, error) {
		return &out{[]string{httpapi.SessionCookie(ctx, "")}, `"cache"`}, err
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/session", ID: "signOut", Permission: org.SignedIn, Status: 204, Early: true,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*out, error) {
		return gone(ctx, d.Identity.SignOut(ctx, actor, httpapi.Session(ctx).ID))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/sessions", ID: "listSessions", Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[[]sessionBody], error) {
		list, err := d.Identity.MySessions(ctx, actor)
		return httpapi.Answer(sessionsOf(ctx, list), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/sessions", ID: "revokeOtherSessions", Summary: "End every session but this one",
		Permission: org.SignedIn, Status: 204,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Identity.SignOutOthers(ctx, actor, httpapi.Session(ctx)))
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/sessions/{id}", ID: "revokeSession", Permission: org.SignedIn, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Identity.EndOwn(ctx, actor, httpapi.Session(ctx), in.ID))
	})
	type passwordIn struct {
		Body struct {
			Current string `json:"current" maxLength:"200"`
			Next    string `json:"next" minLength:"15" maxLength:"200"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/session/password", ID: "changePassword", Summary: "Choose another password, and sign in again with it",
		Permission: org.SignedIn, Status: 204, Early: true,
	}, func(ctx context.Context, actor org.Actor, in *passwordIn) (*out, error) {
		return gone(ctx, d.Identity.ChangePassword(ctx, actor, in.Body.Current, in.Body.Next))
	})
}

type sessionBody struct {
	ID      string    `json:"id"`
	Agent   string    `json:"agent"`
	Address string    `json:"address,omitempty" doc:"from where it was opened"`
	Way     string    `json:"way,omitempty" doc:"by what: password, password_totp, password_recovery, password_passkey, passkey"`
	Created time.Time `json:"createdAt"`
	Seen    time.Time `json:"seenAt"`
	Current bool      `json:"current"`
}

func sessionsOf(ctx context.Context, list []identity.Session) []sessionBody {
	body := []sessionBody{}
	for _, s := range list {
		body = append(body, sessionBody{s.ID, s.Agent, s.Address, s.Way, s.CreatedAt, s.SeenAt, s.ID == httpapi.Session(ctx).ID})
	}
	return body
}

// from is where a request without a session comes from.
func from(ctx context.Context, agent string) identity.From {
	return identity.From{Address: httpapi.ClientAddress(ctx), Device: httpapi.DeviceToken(ctx), Start: httpapi.StartToken(ctx), Earlier: httpapi.SessionToken(ctx), Agent: agent}
}

// attempt is one with what the request says of where it comes from.
func attempt(ctx context.Context, at identity.Attempt) identity.Attempt {
	f := from(ctx, at.Agent)
	at.Address, at.Device, at.Start, at.Earlier = f.Address, f.Device, f.Start, f.Earlier
	return at
}

func signIn(ctx context.Context, d Deps, at identity.Attempt) (*cookieBody[me], error) {
	signed, err := d.Identity.SignIn(ctx, at)
	if err != nil {
		return nil, err
	}
	if signed.Ticket != "" {
		return nil, httpapi.WithCookies(identity.SecondFactorDue(signed.Due), httpapi.TicketCookie(ctx, signed.Ticket))
	}
	return signedIn(ctx, d, signed)
}

// signedIn is the answer to who has signed in.
func signedIn(ctx context.Context, d Deps, signed identity.Signed) (*cookieBody[me], error) {
	session, actor, err := d.Identity.Authenticate(ctx, signed.Token, "form")
	if err != nil {
		return nil, err
	}
	cookies := []string{httpapi.SessionCookie(ctx, signed.Token), httpapi.DeviceCookie(ctx, signed.Device)}
	if httpapi.TicketToken(ctx) != "" {
		cookies = append(cookies, httpapi.TicketCookie(ctx, ""))
	}
	return &cookieBody[me]{cookies, meOf(d.Org, session, actor)}, nil
}
