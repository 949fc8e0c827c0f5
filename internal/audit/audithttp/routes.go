// Package audithttp is the routes of the audit trail.
package audithttp

import (
	"context"
	"time"

	"yunchou/internal/audit"
	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/sheet"
)

// Deps is what the routes need.
type Deps struct {
	Audit *audit.Service
	// Words are the texts of the screens, by language and key: an exported trail reads like the
	// page. A key without a text is given back.
	Words func(locale, key string) string
}

type detailBody struct {
	Key string `json:"key"`
	Of  string `json:"of" doc:"what the values are: text, yes, day, instant, bytes, minutes, hours, days (how long), rate, member, team, role, permissions, reach, factor, way, means, checked"`
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
}

// Item is one act of the trail.
type Item struct {
	ID        string       `json:"id"`
	At        time.Time    `json:"at"`
	Until     time.Time    `json:"until" doc:"the last of several alike within an hour"`
	Times     int          `json:"times"`
	Kind      string       `json:"kind"`
	Outcome   string       `json:"outcome" enum:"done,failed,refused"`
	PersonID  string       `json:"personId,omitempty"`
	Person    string       `json:"person,omitempty" doc:"who was signed in"`
	For       string       `json:"for,omitempty" doc:"in whose name"`
	Path      string       `json:"path,omitempty"`
	Address   string       `json:"address,omitempty"`
	AboutKind string       `json:"aboutKind,omitempty"`
	AboutID   string       `json:"aboutId,omitempty"`
	About     string       `json:"about,omitempty" doc:"what it is called today, where the reader may see it"`
	Details   []detailBody `json:"details"`
}

func itemOf(i audit.Item) Item {
	b := Item{i.ID, i.At, i.Until, i.Times, i.Kind, i.Outcome, i.PersonID, i.Person, i.For, i.Path, i.Address, i.About.Kind, i.About.ID,
		i.Called, []detailBody{}}
	for _, d := range i.Details {
		b.Details = append(b.Details, detailBody(d))
	}
	return b
}

func pageOf(r page.Result[audit.Item], err error) (*httpapi.Body[page.Result[Item]], error) {
	out := page.Result[Item]{Items: []Item{}, Next: r.Next}
	for _, i := range r.Items {
		out.Items = append(out.Items, itemOf(i))
	}
	return httpapi.Answer(out, err)
}

// Asking is the query parameters of the trail.
type Asking struct {
	From    calendar.Date `query:"from" maxLength:"10"`
	To      calendar.Date `query:"to" maxLength:"10" doc:"the last day"`
	Person  string        `query:"person" maxLength:"60"`
	About   string        `query:"about" maxLength:"60"`
	Kind    string        `query:"kind" maxLength:"60"`
	Outcome string        `query:"outcome" enum:"done,failed,refused"`
	Address string        `query:"address" maxLength:"60"`
}

func (q Asking) query(a org.Actor) (audit.Query, error) {
	out := audit.Query{Person: q.Person, About: q.About, Kind: q.Kind, Outcome: q.Outcome, Address: q.Address}
	zone := a.Company.Zone()
	for _, x := range []struct {
		day calendar.Date
		to  *time.Time
		add int
	}{{q.From, &out.From, 0}, {q.To, &out.To, 1}} {
		if x.day == "" {
			continue
		}
		if _, err := calendar.Parse(string(x.day)); err != nil {
			return out, err
		}
		*x.to = x.day.Add(x.add).In(zone)
	}
	return out, nil
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	type listIn struct {
		Asking
		Cursor string `query:"cursor" maxLength:"2000"`
		Limit  int    `query:"limit" minimum:"0" maximum:"200"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/audit", ID: "listAudit", Summary: "The audit trail, the newest first", Permission: org.AuditRead,
	}, func(ctx context.Context, actor org.Actor, in *listIn) (*httpapi.Body[page.Result[Item]], error) {
		q, err := in.query(actor)
		if err != nil {
			return nil, err
		}
		return pageOf(d.Audit.List(ctx, actor, q, page.Request{Cursor: in.Cursor, Limit: in.Limit}))
	})
	type mineIn struct {
		Cursor string `query:"cursor" maxLength:"2000"`
		Limit  int    `query:"limit" minimum:"0" maximum:"200"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/sessions/events", ID: "listMyEvents", Summary: "What became of one's own sign-in, failures too", Permission: org.SignedIn,
	}, func(ctx context.Context, actor org.Actor, in *mineIn) (*httpapi.Body[page.Result[Item]], error) {
		return pageOf(d.Audit.Mine(ctx, actor, page.Request{Cursor: in.Cursor, Limit: in.Limit}))
	})
	type exportIn struct {
		Asking
		httpapi.ExportQuery
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/exports/audit", ID: "exportAudit", Summary: "The trail as a table; the journal notes it", Permission: org.AuditRead,
	}, func(ctx context.Context, actor org.Actor, in *exportIn) (*httpapi.Sent, error) {
		q, err := in.query(actor)
		if err != nil {
			return nil, err
		}
		return api.Table(ctx, in.ExportQuery, "audit", func(w sheet.Writer) error { return export(ctx, d, actor, q, in.ExportQuery, w) })
	})
	policy(api, d)
}

type policyBody struct {
	KeepDays int `json:"keepDays" minimum:"180" maximum:"3650" doc:"how long addresses and failures are kept; what was done stays"`
}

func policy(api *httpapi.API, d Deps) {
	type out struct {
		ETag string `header:"ETag"`
		Body policyBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/settings/audit", ID: "getAuditPolicy", Permission: org.AuditRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*out, error) {
		p, err := d.Audit.Policy(ctx, actor)
		if err != nil {
			return nil, err
		}
		return &out{httpapi.ETag(p.Version), policyBody{p.KeepDays}}, nil
	})
	type in struct {
		httpapi.AtVersion
		Body policyBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/settings/audit", ID: "saveAuditPolicy", Permission: org.SettingsEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, x *in) (*httpapi.Done, error) {
		actor, err := x.By(actor)
		if err != nil {
			return nil, err
		}
		return httpapi.Nothing(d.Audit.SavePolicy(ctx, actor, audit.Policy{KeepDays: x.Body.KeepDays}))
	})
}
