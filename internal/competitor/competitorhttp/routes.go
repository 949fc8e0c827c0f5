// Package competitorhttp is the routes of what is known of competitors: decode, call, encode.
package competitorhttp

import (
	"context"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/competitor"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

// Deps is what the routes need.
type Deps struct {
	Competitors *competitor.Service
	Accounts    *account.Service
}

type sightingBody struct {
	ID              string        `json:"id"`
	CompetitorID    string        `json:"competitorId"`
	CompetitorName  string        `json:"competitorName"`
	AccountID       string        `json:"accountId"`
	AccountName     string        `json:"accountName" doc:"empty where the reader does not see the account"`
	OpportunityID   string        `json:"opportunityId" doc:"empty where it is about no opportunity"`
	OpportunityName string        `json:"opportunityName"`
	Kind            string        `json:"kind" enum:"visit,quote,demo,bid,contact,person,other"`
	On              calendar.Date `json:"on"`
	SeenBy          string        `json:"seenBy" doc:"a member"`
	Source          string        `json:"source" enum:"customer,onsite,colleague,public,tender"`
	PriceMinor      *int64        `json:"priceMinor"`
	Currency        string        `json:"currency" doc:"of the price"`
	AgainstBP       *int          `json:"againstBp" doc:"the price in basis points of what the opportunity is worth, where both are in one currency"`
	Words           string        `json:"words"`
	MadeAt          time.Time     `json:"madeAt"`
	MadeBy          string        `json:"madeBy"`
	Mine            bool          `json:"mine" doc:"the reader may put it right and take it back"`
	Version         int           `json:"version"`
}

func sightingOf(x competitor.Sighting) sightingBody {
	return sightingBody{x.ID, x.CompetitorID, x.CompetitorName, x.AccountID, x.AccountName, x.OpportunityID, x.OpportunityName, x.Kind, x.On, x.SeenBy, x.Source,
		x.PriceMinor, x.Currency, x.AgainstBP, x.Words, x.MadeAt, x.MadeBy, x.Mine, x.Version}
}

func sightingsOf(list []competitor.Sighting) []sightingBody {
	out := []sightingBody{}
	for _, x := range list {
		out = append(out, sightingOf(x))
	}
	return out
}

type personBody struct {
	ContactID      string        `json:"contactId"`
	Name           string        `json:"name"`
	Title          string        `json:"title"`
	AccountID      string        `json:"accountId"`
	AccountName    string        `json:"accountName"`
	Employer       string        `json:"employer" doc:"as it is written of him"`
	Until          calendar.Date `json:"until" doc:"a year or a day; empty is not known"`
	CompetitorID   string        `json:"competitorId"`
	CompetitorName string        `json:"competitorName"`
	Role           string        `json:"role" doc:"in the opportunity asked about"`
	On             bool          `json:"present" doc:"the competitor is on that opportunity"`
}

func peopleOf(list []competitor.Person) []personBody {
	out := []personBody{}
	for _, p := range list {
		out = append(out, personBody(p))
	}
	return out
}

type entryBody struct {
	ID      string        `json:"id"`
	Kind    string        `json:"kind" enum:"product,tactic"`
	Title   string        `json:"title"`
	Words   string        `json:"words"`
	Helped  string        `json:"helped" doc:"of a tactic: what helped against it"`
	Source  string        `json:"source" enum:"customer,onsite,colleague,public,tender"`
	On      calendar.Date `json:"on"`
	SaidBy  string        `json:"saidBy"`
	Mine    bool          `json:"mine" doc:"the reader may put it right and take it back"`
	Version int           `json:"version"`
}

func entryOf(a org.Actor, e competitor.Entry) entryBody {
	return entryBody{e.ID, e.Kind, e.Title, e.Words, e.Helped, e.Source, e.On, e.SaidBy, a.Can(org.AccountWrite) && (a.Is(e.SaidBy) || a.Can(org.EvidenceDecide)), e.Version}
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	names(api, d)
	profiles(api, d)
	entries(api, d)
	sightings(api, d)
	corrections(api, d)
}

type oneCompetitor struct {
	ETag string `header:"ETag"`
	Body account.Competitor
}

func competitorOf(c account.Competitor, err error) (*oneCompetitor, error) {
	return &oneCompetitor{httpapi.ETag(c.Version), c}, err
}

// atVersion names one as it was read.
type atVersion struct {
	httpapi.ByID
	httpapi.AtVersion
}

func names(api *httpapi.API, d Deps) {
	type addIn struct {
		Body struct {
			ID   string `json:"id,omitempty" maxLength:"60" doc:"made by the sender; sent again it is one"`
			Name string `json:"name" minLength:"1" maxLength:"100"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/competitors", ID: "addCompetitor", Status: 201,
		Summary: "A competitor by name; one that is called so already is the answer", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *addIn) (*oneCompetitor, error) {
			return competitorOf(d.Accounts.AddCompetitor(ctx, a, account.Competitor{ID: in.Body.ID, Name: in.Body.Name}))
		})
	type nameIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			Name    string   `json:"name" minLength:"1" maxLength:"100"`
			Aliases []string `json:"aliases,omitempty" maxItems:"20" doc:"what it is called besides; what is left out is gone"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/competitors/{id}", ID: "nameCompetitor",
		Summary: "What a competitor is called, and besides", Permission: org.EvidenceDecide},
		func(ctx context.Context, a org.Actor, in *nameIn) (*oneCompetitor, error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			return competitorOf(d.Accounts.NameCompetitor(ctx, a, account.Competitor{ID: in.ID, Name: in.Body.Name, Aliases: in.Body.Aliases}))
		})
	type mergeIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			Into string `json:"into" minLength:"1" maxLength:"60"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/competitors/{id}/merge", ID: "mergeCompetitors",
		Summary: "It is another spelling of another: all that was written of it is read as the other's", Permission: org.SettingsEdit},
		func(ctx context.Context, a org.Actor, in *mergeIn) (*oneCompetitor, error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			return competitorOf(d.Accounts.MergeCompetitors(ctx, a, in.ID, in.Body.Into))
		})
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/competitors/{id}/split", ID: "splitCompetitor",
		Summary: "It is no spelling of another after all", Permission: org.SettingsEdit},
		func(ctx context.Context, a org.Actor, in *atVersion) (*oneCompetitor, error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			return competitorOf(d.Accounts.SplitCompetitor(ctx, a, in.ID))
		})
}

// StandingBody is how a competitor stands, as far as the reader sees it.
type StandingBody struct {
	Seen      int64         `json:"seen" doc:"sightings the reader sees"`
	LastOn    calendar.Date `json:"lastOn" doc:"the day of the last; empty where the reader sees none"`
	Open      int64         `json:"open" doc:"open opportunities the reader sees it is on"`
	Customers int64         `json:"customers" doc:"accounts it was seen at, of those sightings"`
}

// SeenBody is what the reader sees of where a competitor is.
type SeenBody struct {
	StandingBody
	Last  *sightingBody       `json:"last,omitempty" doc:"the last sighting the reader sees"`
	Worth []opportunity.Total `json:"worth" doc:"of the open opportunities, a currency each"`
}

func seenOf(s competitor.Standing, last *competitor.Sighting, worth []opportunity.Total) SeenBody {
	b := SeenBody{StandingBody(s), nil, append([]opportunity.Total{}, worth...)}
	if last != nil {
		x := sightingOf(*last)
		b.Last = &x
	}
	return b
}

func profiles(api *httpapi.API, d Deps) {
	type lineBody struct {
		account.Competitor
		SeenBody
		People int64 `json:"people" doc:"contacts the reader sees who came from it"`
	}
	type standingIn struct {
		Q string `query:"q" maxLength:"100" doc:"characters, reading or initials of any of its names; left out all"`
	}
	type standingsBody struct {
		Items []lineBody `json:"items" doc:"by name; spellings are counted as the competitor they are"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/competitors/standing", ID: "listCompetitorStanding",
		Summary: "All competitors, with when they were last seen and what they are on, as far as the reader sees it", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *standingIn) (*httpapi.Body[standingsBody], error) {
			list, err := d.Competitors.Lines(ctx, a, in.Q)
			b := standingsBody{Items: []lineBody{}}
			for _, l := range list {
				b.Items = append(b.Items, lineBody{l.Competitor, seenOf(l.Standing, l.Last, l.Worth), l.People})
			}
			return httpapi.Answer(b, err)
		})
	type profileBody struct {
		account.Competitor
		SeenBody
		Spellings []account.Competitor `json:"spellings" doc:"that are read as it"`
		Entries   []entryBody          `json:"entries" doc:"products and tactics, the last noted in front"`
		Prices    []sightingBody       `json:"prices" doc:"sightings with a price that the reader sees"`
		People    []personBody         `json:"people" doc:"contacts the reader sees who came from it"`
	}
	type profileOut struct {
		ETag string `header:"ETag"`
		Body profileBody
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/competitors/{id}", ID: "getCompetitor",
		Summary: "What is known of a competitor", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *httpapi.ByID) (*profileOut, error) {
			p, err := d.Competitors.Get(ctx, a, in.ID)
			b := profileBody{p.Competitor, seenOf(p.Standing, p.Last, p.Worth), append([]account.Competitor{}, p.Spellings...), []entryBody{}, sightingsOf(p.Prices), peopleOf(p.People)}
			for _, e := range p.Entries {
				b.Entries = append(b.Entries, entryOf(a, e))
			}
			return &profileOut{httpapi.ETag(p.Version), b}, err
		})
}

// EntrySaid is what is said of a competitor.
type EntrySaid struct {
	Title  string        `json:"title" minLength:"1" maxLength:"100" doc:"of a product its name, of a tactic what it does"`
	Words  string        `json:"words,omitempty" maxLength:"1000"`
	Helped string        `json:"helped,omitempty" maxLength:"1000" doc:"of a tactic: what helped against it"`
	Source string        `json:"source,omitempty" enum:"customer,onsite,colleague,public,tender" doc:"left out a colleague"`
	On     calendar.Date `json:"on,omitempty" maxLength:"10" doc:"left out today"`
}

func (b EntrySaid) entry() competitor.Entry {
	return competitor.Entry{Title: b.Title, Words: b.Words, Helped: b.Helped, Source: b.Source, On: b.On}
}

type oneEntry struct {
	ETag string `header:"ETag"`
	Body entryBody
}

func entries(api *httpapi.API, d Deps) {
	type addIn struct {
		httpapi.ByID
		Body struct {
			EntrySaid
			ID   string `json:"id,omitempty" maxLength:"36"`
			Kind string `json:"kind" enum:"product,tactic"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/competitors/{id}/entries", ID: "addCompetitorEntry", Status: 201,
		Summary: "Note a product or a tactic of a competitor; the whole company reads it", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *addIn) (*oneEntry, error) {
			e := in.Body.entry()
			e.ID, e.Kind, e.CompetitorID = in.Body.ID, in.Body.Kind, in.ID
			e, err := d.Competitors.AddEntry(ctx, a, e)
			return &oneEntry{httpapi.ETag(e.Version), entryOf(a, e)}, err
		})
	type changeIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body EntrySaid
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/competitor-entries/{id}", ID: "changeCompetitorEntry",
		Summary: "Put one right: who noted it, and who decides", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *changeIn) (*oneEntry, error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			e := in.Body.entry()
			e.ID = in.ID
			e, err = d.Competitors.ChangeEntry(ctx, a, e)
			return &oneEntry{httpapi.ETag(e.Version), entryOf(a, e)}, err
		})
	httpapi.Handle(api, httpapi.Route{Method: "DELETE", Path: "/competitor-entries/{id}", ID: "withdrawCompetitorEntry", Status: 204,
		Summary: "Take one back: it is shown nowhere any more", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *atVersion) (*struct{}, error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			return nil, d.Competitors.WithdrawEntry(ctx, a, in.ID)
		})
}

// SightingSaid is what is said of a sighting.
type SightingSaid struct {
	Kind       string        `json:"kind" enum:"visit,quote,demo,bid,contact,person,other"`
	On         calendar.Date `json:"on,omitempty" maxLength:"10" doc:"left out today"`
	SeenBy     string        `json:"seenBy,omitempty" maxLength:"60" doc:"a member; left out who writes it down"`
	Source     string        `json:"source,omitempty" enum:"customer,onsite,colleague,public,tender" doc:"left out the customer"`
	PriceMinor *int64        `json:"priceMinor,omitempty" minimum:"0"`
	Currency   string        `json:"currency,omitempty" maxLength:"3" doc:"of the price; left out the company's"`
	Words      string        `json:"words,omitempty" maxLength:"1000"`
}

func (b SightingSaid) sighting() competitor.Sighting {
	return competitor.Sighting{Kind: b.Kind, On: b.On, SeenBy: b.SeenBy, Source: b.Source, PriceMinor: b.PriceMinor, Currency: b.Currency, Words: b.Words}
}

type oneSighting struct {
	ETag string `header:"ETag"`
	Body sightingBody
}

func oneOf(x competitor.Sighting, err error) (*oneSighting, error) {
	return &oneSighting{httpapi.ETag(x.Version), sightingOf(x)}, err
}

func sightings(api *httpapi.API, d Deps) {
	type listIn struct {
		Competitor  string        `query:"competitor" maxLength:"60"`
		Account     string        `query:"account" maxLength:"60" doc:"about whichever of its opportunities, or none"`
		Opportunity string        `query:"opportunity" maxLength:"60"`
		Since       calendar.Date `query:"since" maxLength:"10"`
		After       string        `query:"after" maxLength:"60" doc:"the last of the page before"`
		Limit       int           `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	type sightingsBody struct {
		Items  []sightingBody `json:"items" doc:"the last day in front"`
		More   bool           `json:"more"`
		People []personBody   `json:"people" doc:"of an opportunity, or an account: people who came from a competitor, those whose competitor is on the opportunity in front"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/sightings", ID: "listSightings",
		Summary: "Where competitors were seen, as far as the reader sees it", Permission: org.AccountRead},
		func(ctx context.Context, a org.Actor, in *listIn) (*httpapi.Body[sightingsBody], error) {
			q := competitor.Asked{Account: in.Account, Opportunity: in.Opportunity, Since: in.Since, Limit: in.Limit + 1}
			if in.Competitor != "" {
				q.Competitors = []string{in.Competitor}
			}
			list, err := d.Competitors.List(ctx, a, q, in.After)
			b := sightingsBody{People: []personBody{}, More: len(list) > in.Limit}
			b.Items = sightingsOf(list[:min(len(list), in.Limit)])
			if err == nil && in.After == "" && (in.Opportunity != "" || in.Account != "") {
				var people []competitor.Person
				people, err = d.Competitors.People(ctx, a, in.Opportunity, in.Account)
				b.People = peopleOf(people)
			}
			return httpapi.Answer(b, err)
		})
	type noteIn struct {
		Body struct {
			SightingSaid
			ID            string `json:"id,omitempty" maxLength:"36"`
			CompetitorID  string `json:"competitorId,omitempty" maxLength:"60"`
			Competitor    string `json:"competitor,omitempty" maxLength:"100" doc:"instead: what it is called; a new name is a new competitor"`
			AccountID     string `json:"accountId,omitempty" maxLength:"60" doc:"of an opportunity its own"`
			OpportunityID string `json:"opportunityId,omitempty" maxLength:"60" doc:"the competitor is from then on among those of the opportunity"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/sightings", ID: "noteSighting", Status: 201,
		Summary: "Write down that a competitor was seen", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *noteIn) (*oneSighting, error) {
			x := in.Body.sighting()
			x.ID, x.CompetitorID, x.CompetitorAs, x.AccountID, x.OpportunityID = in.Body.ID, in.Body.CompetitorID, in.Body.Competitor, in.Body.AccountID, in.Body.OpportunityID
			return oneOf(d.Competitors.Note(ctx, a, x))
		})
}

func corrections(api *httpapi.API, d Deps) {
	type changeIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body SightingSaid
	}
	httpapi.Handle(api, httpapi.Route{Method: "PUT", Path: "/sightings/{id}", ID: "changeSighting",
		Summary: "Put one right: who noted or saw it, and who decides", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *changeIn) (*oneSighting, error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			x := in.Body.sighting()
			x.ID = in.ID
			return oneOf(d.Competitors.Change(ctx, a, x))
		})
	httpapi.Handle(api, httpapi.Route{Method: "DELETE", Path: "/sightings/{id}", ID: "withdrawSighting", Status: 204,
		Summary: "Take one back: it counts nowhere any more", Permission: org.AccountWrite},
		func(ctx context.Context, a org.Actor, in *atVersion) (*struct{}, error) {
			a, err := in.By(a)
			if err != nil {
				return nil, err
			}
			_, err = d.Competitors.Withdraw(ctx, a, in.ID)
			return nil, err
		})
}
