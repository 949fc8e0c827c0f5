// Package tiehttp is the routes of who knows whom: decode, call, encode.
package tiehttp

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/tie"
)

// Deps is what the routes need.
type Deps struct{ Ties *tie.Service }

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	mine(api, d)
	backgrounds(api, d)
	ties(api, d)
	changes(api, d)
	knowers(api, d)
	introductions(api, d)
	askArounds(api, d)
}

type pastBody struct {
	Name     string `json:"name" minLength:"1" maxLength:"100"`
	FromYear int    `json:"fromYear,omitempty" minimum:"0" maximum:"2100" doc:"0 is not known"`
	ToYear   int    `json:"toYear,omitempty" minimum:"0" maximum:"2100" doc:"the last year; 0 is not known, or still"`
}

func pastsOf(list []tie.Past) []pastBody {
	out := []pastBody{}
	for _, p := range list {
		out = append(out, pastBody{p.Name, p.FromYear, p.ToYear})
	}
	return out
}

func pasts(list []pastBody) (out []tie.Past) {
	for _, p := range list {
		out = append(out, tie.Past{Name: p.Name, FromYear: p.FromYear, ToYear: p.ToYear})
	}
	return out
}

type mineBody struct {
	Schools    []pastBody `json:"schools"`
	Employers  []pastBody `json:"employers"`
	HomeTown   string     `json:"homeTown"`
	State      string     `json:"state" enum:"unasked,skipped,given"`
	Visibility string     `json:"visibility" enum:"askable,shown" doc:"whether an answer to who knows somebody that follows from it names the member"`
	Version    int        `json:"version"`
}

type mineOut struct {
	ETag string `header:"ETag"`
	Body mineBody
}

func mineOf(m tie.Mine, err error) (*mineOut, error) {
	return &mineOut{httpapi.ETag(m.Version), mineBody{pastsOf(m.Schools), pastsOf(m.Employers), m.HomeTown, m.State, m.Visibility, m.Version}}, err
}

func mine(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/me/background", ID: "getMyBackground",
		Summary: "What the reader said of his schools and employers; nobody else reads it", Permission: org.SignedIn},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*mineOut, error) {
			return mineOf(d.Ties.Mine(ctx, a))
		})
	type putIn struct {
		Body struct {
			Schools    []pastBody `json:"schools,omitempty" maxItems:"20"`
			Employers  []pastBody `json:"employers,omitempty" maxItems:"20"`
			HomeTown   string     `json:"homeTown,omitempty" maxLength:"100"`
			State      string     `json:"state,omitempty" enum:"skipped,given" doc:"skipped: he would rather not, and is not asked again; left out it is given"`
			Visibility string     `json:"visibility,omitempty" enum:"askable,shown" doc:"left out it is askable"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/me/background", ID: "setMyBackground",
		Summary: "Say, or skip, where one learnt and worked", Permission: org.SignedIn},
		func(ctx context.Context, a org.Actor, in *putIn) (*mineOut, error) {
			b := in.Body
			return mineOf(d.Ties.Give(ctx, a, tie.Mine{Schools: pasts(b.Schools), Employers: pasts(b.Employers), HomeTown: b.HomeTown, State: b.State, Visibility: b.Visibility}))
		})
	httpapi.Handle(api, httpapi.Route{Method: "DELETE", Path: "/me/background", ID: "withdrawMyBackground", Status: 204,
		Summary: "Withdraw all of it, for good", Permission: org.SignedIn},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*struct{}, error) {
			return nil, d.Ties.Withdraw(ctx, a)
		})
}

type itemBody struct {
	Kind     string        `json:"kind" enum:"school,employer,home"`
	Name     string        `json:"name" minLength:"1" maxLength:"100"`
	FromYear int           `json:"fromYear,omitempty" minimum:"0" maximum:"2100" doc:"0 is not known"`
	ToYear   int           `json:"toYear,omitempty" minimum:"0" maximum:"2100" doc:"the last year; 0 is not known, or still"`
	Source   string        `json:"source,omitempty" enum:"card,public,self,colleague" doc:"who says so; left out a colleague"`
	On       calendar.Date `json:"on,omitempty" maxLength:"10" doc:"when; left out today"`
	Purpose  string        `json:"purpose,omitempty" maxLength:"200" doc:"what it is kept for"`
}

type backgroundOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Items   []itemBody `json:"items"`
		Version int        `json:"version"`
	}
}

func backgroundOf(b tie.Background, err error) (*backgroundOut, error) {
	out := &backgroundOut{ETag: httpapi.ETag(b.Version)}
	out.Body.Items, out.Body.Version = []itemBody{}, b.Version
	for _, p := range b.Items {
		out.Body.Items = append(out.Body.Items, itemBody{p.Kind, p.Name, p.FromYear, p.ToYear, p.Source, p.On, p.Purpose})
	}
	return out, err
}

func backgrounds(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/contacts/{id}/background", ID: "getContactBackground",
		Summary: "Schools, former employers and home town of a contact, each with who says so", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *httpapi.ByID) (*backgroundOut, error) {
			return backgroundOf(d.Ties.Background(ctx, a, in.ID))
		})
	type putIn struct {
		httpapi.ByID
		Body struct {
			Items   []itemBody `json:"items" maxItems:"20"`
			Version int        `json:"version,omitempty" minimum:"0" doc:"as it was read; left out it is not asked"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/contacts/{id}/background", ID: "setContactBackground",
		Summary: "Replace what is known of a contact's life before; what is left out is gone for good", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *putIn) (*backgroundOut, error) {
			var items []tie.Past
			for _, p := range in.Body.Items {
				items = append(items, tie.Past{Kind: p.Kind, Name: p.Name, FromYear: p.FromYear, ToYear: p.ToYear, Source: p.Source, On: p.On, Purpose: p.Purpose})
			}
			a.IfMatch = in.Body.Version
			return backgroundOf(d.Ties.SetBackground(ctx, a, in.ID, items))
		})
}

type tieBody struct {
	ID              string        `json:"id"`
	MemberID        string        `json:"memberId" doc:"whose tie it is; empty of one between two contacts"`
	MemberName      string        `json:"memberName"`
	Mine            bool          `json:"mine" doc:"the reader noted it, and may change it and take it back"`
	FromContactID   string        `json:"fromContactId"`
	FromContactName string        `json:"fromContactName"`
	ContactID       string        `json:"contactId"`
	ContactName     string        `json:"contactName"`
	AccountName     string        `json:"accountName"`
	Kind            string        `json:"kind" enum:"classmate,ex_colleague,hometown,family,superior,teammate,ally,rival"`
	Direction       string        `json:"direction" doc:"of a superior: above where the first is the contact's superior, or below"`
	Strength        int           `json:"strength"`
	From            calendar.Date `json:"from"`
	To              calendar.Date `json:"to"`
	Visibility      string        `json:"visibility" enum:"private,askable,shown"`
	Avoid           bool          `json:"avoid" doc:"to be kept out of it: never offered, and told to compliance"`
	Source          string        `json:"source" enum:"card,public,self,colleague"`
	Version         int           `json:"version"`
}

func tieOf(a org.Actor, t tie.Tie) tieBody {
	b := tieBody{ID: t.ID, MemberID: t.MemberID(), Mine: a.OnBehalfOf == "" && t.HolderID == a.MemberID, FromContactID: t.FromContactID, FromContactName: t.FromName, ContactID: t.ContactID,
		ContactName: t.ContactName, AccountName: t.AccountName, Kind: t.Kind, Direction: t.Direction, Strength: t.Strength, From: t.From, To: t.To,
		Visibility: t.Visibility, Avoid: t.Avoid, Source: t.Source, Version: t.Version}
	if b.MemberID != "" {
		b.MemberName = t.HolderName
	}
	return b
}

type tiesBody struct {
	Items []tieBody `json:"items"`
}

func tiesOf(a org.Actor, list []tie.Tie) tiesBody {
	b := tiesBody{Items: []tieBody{}}
	for _, t := range list {
		b.Items = append(b.Items, tieOf(a, t))
	}
	return b
}

type oneTie struct {
	ETag string `header:"ETag"`
	Body tieBody
}

func ties(api *httpapi.API, d Deps) {
	type listIn struct {
		Contact string   `query:"contact" maxLength:"60" doc:"of a contact; left out the reader's own"`
		Between []string `query:"between,explode" maxItems:"100" doc:"contacts: their ties with each other, and no others"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/ties", ID: "listTies", Summary: "Ties the reader may see: his own, and those that are shown", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *listIn) (*httpapi.Body[tiesBody], error) {
			if len(in.Between) > 0 {
				list, err := d.Ties.Between(ctx, a, in.Between)
				return httpapi.Answer(tiesOf(a, list), err)
			}
			list, err := d.Ties.List(ctx, a, in.Contact)
			return httpapi.Answer(tiesOf(a, list), err)
		})
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/ties/avoided", ID: "listAvoidedTies", Summary: "Ties to be kept out of, for compliance", Permission: org.ComplianceRead},
		func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[tiesBody], error) {
			list, err := d.Ties.Avoided(ctx, a)
			return httpapi.Answer(tiesOf(a, list), err)
		})
}

// TieSaid is what is said of a tie.
type TieSaid struct {
	Kind       string        `json:"kind" enum:"classmate,ex_colleague,hometown,family,superior,teammate,ally,rival"`
	Direction  string        `json:"direction,omitempty" enum:"above,below"`
	Strength   int           `json:"strength,omitempty" minimum:"0" maximum:"3" doc:"1 to 3; left out it is 2"`
	From       calendar.Date `json:"from,omitempty" maxLength:"10"`
	To         calendar.Date `json:"to,omitempty" maxLength:"10"`
	Visibility string        `json:"visibility,omitempty" enum:"private,askable,shown" doc:"left out it is askable"`
	Avoid      bool          `json:"avoid,omitempty"`
	Source     string        `json:"source,omitempty" enum:"card,public,self,colleague"`
}

func (b TieSaid) tie() tie.Tie {
	return tie.Tie{Kind: b.Kind, Direction: b.Direction, Strength: b.Strength, From: b.From, To: b.To, Visibility: b.Visibility, Avoid: b.Avoid, Source: b.Source}
}

func changes(api *httpapi.API, d Deps) {
	type noteIn struct {
		Body struct {
			TieSaid
			ID            string `json:"id,omitempty" maxLength:"36"`
			FromContactID string `json:"fromContactId,omitempty" maxLength:"60" doc:"of two contacts; left out it is the writer's own"`
			ContactID     string `json:"contactId" minLength:"1" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/ties", ID: "noteTie", Status: 201, Summary: "Note a tie of one's own, or of two contacts", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *noteIn) (*oneTie, error) {
			t := in.Body.tie()
			t.ID, t.FromContactID, t.ContactID = in.Body.ID, in.Body.FromContactID, in.Body.ContactID
			t, err := d.Ties.Note(ctx, a, t)
			return &oneTie{httpapi.ETag(t.Version), tieOf(a, t)}, err
		})
	type changeIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body TieSaid
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/ties/{id}", ID: "changeTie", Summary: "Change what one noted", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *changeIn) (*oneTie, error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			t := in.Body.tie()
			t.ID = in.ID
			t, err = d.Ties.Change(ctx, a, t)
			return &oneTie{httpapi.ETag(t.Version), tieOf(a, t)}, err
		})
	httpapi.Handle(api, httpapi.Route{Method: "DELETE", Path: "/ties/{id}", ID: "takeTieBack", Status: 204, Summary: "Take back what one noted, for good", Permission: org.SignedIn},
		func(ctx context.Context, a org.Actor, in *httpapi.ByID) (*struct{}, error) {
			return nil, d.Ties.TakeBack(ctx, a, in.ID)
		})
}

type personBody struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	AccountName string `json:"accountName"`
	Title       string `json:"title"`
	Former      string `json:"former" doc:"an employer before"`
}

type wayBody struct {
	Way              string        `json:"way" enum:"tie,met,colleagues_met,school,employer,through,predecessor,someone" doc:"someone is a colleague who knows him, and nothing else"`
	Token            string        `json:"token" doc:"with which to ask for an introduction; empty where no colleague is asked"`
	ContactID        string        `json:"contactId" doc:"the person it leads to; empty where the reader does not see him"`
	MemberID         string        `json:"memberId" doc:"empty of a colleague who is not named, and of a predecessor"`
	MemberName       string        `json:"memberName"`
	Own              bool          `json:"own" doc:"the reader himself"`
	Boss             bool          `json:"boss" doc:"who leads the reader next"`
	Kind             string        `json:"kind" doc:"of a tie"`
	Direction        string        `json:"direction"`
	Strength         int           `json:"strength" doc:"of a tie 1 to 3; of a predecessor his attitude"`
	School           string        `json:"school"`
	Employer         string        `json:"employer"`
	FromYear         int           `json:"fromYear" doc:"in common; 0 is not known"`
	ToYear           int           `json:"toYear"`
	Entered          int           `json:"entered" doc:"the year the person began at the school in common; 0 is not known"`
	MetOn            calendar.Date `json:"metOn" doc:"the last time, of those the reader may see"`
	Met              int           `json:"met" doc:"how often"`
	ThroughContactID string        `json:"throughContactId"`
	ThroughName      string        `json:"throughName"`
}

type knownBody struct {
	Contacts []personBody `json:"contacts" doc:"people of the name whom the reader sees, the same letters or the same sound"`
	Ways     []wayBody    `json:"ways" doc:"the nearest first"`
	More     int          `json:"more"`
}

func knownOf(k tie.Known) knownBody {
	b := knownBody{Contacts: []personBody{}, Ways: []wayBody{}, More: k.More}
	for _, p := range k.Contacts {
		b.Contacts = append(b.Contacts, personBody{p.ID, p.Name, p.AccountName, p.Title, p.Former})
	}
	for _, w := range k.Ways {
		b.Ways = append(b.Ways, wayBody{w.Way, w.Token, w.ContactID, w.MemberID, w.MemberName, w.Own, w.Boss, w.Kind, w.Direction, w.Strength, w.School, w.Employer,
			w.FromYear, w.ToYear, w.Entered, w.MetOn, w.Met, w.ThroughContactID, w.ThroughName})
	}
	return b
}

func knowers(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/contacts/{id}/knowers", ID: "listKnowers", Summary: "Who of us knows a contact, worked out now", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *httpapi.ByID) (*httpapi.Body[knownBody], error) {
			k, err := d.Ties.Knowers(ctx, a, tie.Question{ContactID: in.ID})
			return httpapi.Answer(knownOf(k), err)
		})
	type askIn struct {
		Name   string `query:"name" minLength:"1" maxLength:"100" required:"true"`
		Former string `query:"former" maxLength:"100" doc:"a firm he was at"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/knowers", ID: "findKnowers", Summary: "Who of us knows somebody of a name", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *askIn) (*httpapi.Body[knownBody], error) {
			k, err := d.Ties.Knowers(ctx, a, tie.Question{Name: in.Name, Former: in.Former})
			return httpapi.Answer(knownOf(k), err)
		})
}
