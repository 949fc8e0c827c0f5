// Package worktimehttp is the routes of working time and leave.
package worktimehttp

import (
	"context"
	"slices"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/worktime"
)

// Deps is what the routes need.
type Deps struct{ Times *worktime.Service }

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	teams(api, d)
	absences(api, d)
}

type spanBody struct {
	From string `json:"from" minLength:"5" maxLength:"5" doc:"09:00"`
	To   string `json:"to" minLength:"5" maxLength:"5" doc:"12:00, 24:00 at most"`
}

type wayBody struct {
	Pattern    calendar.Kind `json:"pattern" enum:"five_day,six_day,alternate,retail"`
	SixDayWeek calendar.Date `json:"sixDayWeek,omitempty" maxLength:"10" doc:"of alternate weeks: a day in one that has six"`
	Weekdays   []int         `json:"weekdays,omitempty" maxItems:"7" minimum:"1" maximum:"7" doc:"of retail: 1 is Monday, 7 Sunday"`
	OnHolidays bool          `json:"onHolidays,omitempty" doc:"the company's holidays are worked, and its make-up days change nothing"`
	Hours      []spanBody    `json:"hours" maxItems:"6" doc:"office hours, in order; what lies between is a break"`
	Zone       string        `json:"zone,omitempty" maxLength:"60" doc:"left out it is the company's"`
}

func bodyOf(w worktime.Way) wayBody {
	b := wayBody{Pattern: w.Pattern, SixDayWeek: w.SixDayWeek, Weekdays: w.Weekdays, OnHolidays: w.OnHolidays, Zone: w.Zone, Hours: []spanBody{}}
	for _, s := range w.Hours {
		b.Hours = append(b.Hours, spanBody{s.From.String(), s.To.String()})
	}
	return b
}

func (b wayBody) way() (*worktime.Way, error) {
	w := worktime.Way{Pattern: b.Pattern, SixDayWeek: b.SixDayWeek, Weekdays: b.Weekdays, OnHolidays: b.OnHolidays, Zone: b.Zone}
	for _, s := range b.Hours {
		from, err := worktime.ParseMinute(s.From)
		if err != nil {
			return nil, fault.Input("/hours", fault.CodeOf(err), "times are written 09:00")
		}
		to, err := worktime.ParseMinute(s.To)
		if err != nil {
			return nil, fault.Input("/hours", fault.CodeOf(err), "times are written 09:00")
		}
		w.Hours = append(w.Hours, worktime.Span{From: from, To: to})
	}
	return &w, nil
}

type statedBody struct {
	From calendar.Date `json:"from"`
	Way  *wayBody      `json:"way,omitempty" doc:"left out: from that day as the team above"`
}

func teams(api *httpapi.API, d Deps) {
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/working-time", ID: "listWorkingTime", Summary: "How each open team works today, and what was stated of it",
		Permission: org.OrgRead,
	}, func(ctx context.Context, a org.Actor, _ *struct{}) (*httpapi.Body[[]teamTime], error) {
		book, err := d.Times.Teams(ctx, a)
		out := []teamTime{}
		for id, t := range a.Structure.Teams {
			if t.ClosedOn == "" || t.ClosedOn > a.Today {
				out = append(out, timeOf(a, book, id))
			}
		}
		slices.SortFunc(out, func(x, y teamTime) int { return strings.Compare(x.TeamID, y.TeamID) })
		return httpapi.Answer(out, err)
	})
	type setIn struct {
		ID   string `path:"id" maxLength:"60"`
		Body struct {
			From     calendar.Date `json:"from,omitempty" maxLength:"10" doc:"left out it is today"`
			Inherits bool          `json:"inherits,omitempty" doc:"from that day as the team above; without a way"`
			Way      *wayBody      `json:"way,omitempty"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/teams/{id}/working-time", ID: "setWorkingTime", Summary: "How a team works from a day on",
		Permission: org.OrgEdit, Status: 204,
	}, func(ctx context.Context, a org.Actor, in *setIn) (*httpapi.Done, error) {
		if in.Body.Inherits == (in.Body.Way != nil) {
			return nil, fault.Missing("/way")
		}
		if in.Body.Inherits {
			return httpapi.Nothing(d.Times.SetTeam(ctx, a, in.ID, in.Body.From, nil))
		}
		way, err := in.Body.Way.way()
		if err != nil {
			return nil, err
		}
		return httpapi.Nothing(d.Times.SetTeam(ctx, a, in.ID, in.Body.From, way))
	})
}

type teamTime struct {
	TeamID        string       `json:"teamId"`
	Own           bool         `json:"own" doc:"stated of the team itself"`
	InheritedFrom string       `json:"inheritedFrom,omitempty" doc:"the team above as which it works; left out where nobody stated anything"`
	Way           wayBody      `json:"way"`
	Stated        []statedBody `json:"stated" doc:"what was stated of the team itself, by day"`
}

func timeOf(a org.Actor, book worktime.Book, team string) teamTime {
	way, from := book.On(a.Structure, team, a.Today)
	out := teamTime{TeamID: team, Own: from == team, Way: bodyOf(way), Stated: []statedBody{}}
	if !out.Own {
		out.InheritedFrom = from
	}
	for _, s := range book[team] {
		b := statedBody{From: s.From}
		if s.Way != nil {
			way := bodyOf(*s.Way)
			b.Way = &way
		}
		out.Stated = append(out.Stated, b)
	}
	return out
}

// AbsenceIn is what is entered of leave.
type AbsenceIn struct {
	From     calendar.Date `json:"from" maxLength:"10" doc:"the first day"`
	FromTime string        `json:"fromTime,omitempty" maxLength:"5" doc:"09:30, or noon: from where the halves of the day meet; left out from its beginning"`
	To       calendar.Date `json:"to" maxLength:"10" doc:"the last day"`
	ToTime   string        `json:"toTime,omitempty" maxLength:"5" doc:"15:30, or noon; left out to the end of the day"`
	DeputyID string        `json:"deputyId,omitempty" maxLength:"60" doc:"who answers meanwhile; left out the superior"`
	Kind     string        `json:"kind" enum:"annual,sick,personal,family,other"`
	Note     string        `json:"note,omitempty" maxLength:"200"`
}

func (b AbsenceIn) asked() worktime.Asked {
	return worktime.Asked{From: worktime.Moment{On: b.From, At: b.FromTime}, To: worktime.Moment{On: b.To, At: b.ToTime},
		DeputyID: b.DeputyID, Kind: b.Kind, Note: b.Note}
}

type absenceBody struct {
	ID       string    `json:"id"`
	MemberID string    `json:"memberId"`
	Begins   time.Time `json:"begins"`
	Ends     time.Time `json:"ends"`
	DeputyID string    `json:"deputyId,omitempty"`
	Kind     string    `json:"kind"`
	Note     string    `json:"note,omitempty"`
	Version  int       `json:"version"`
	Zone     string    `json:"zone,omitempty" doc:"whose clocks the member goes by; in lists"`
}

func bodyOfAbsence(b worktime.Absence) absenceBody {
	return absenceBody{b.ID, b.MemberID, b.From, b.To, b.DeputyID, b.Kind, b.Note, b.Version, b.Zone}
}

func absences(api *httpapi.API, d Deps) {
	type listIn struct {
		ID    string        `path:"id" maxLength:"60"`
		After calendar.Date `query:"after" maxLength:"10" doc:"those that end on this day or later"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/members/{id}/absences", ID: "listAbsences", Summary: "Leave of a member: his own, or of whom one leads",
		Permission: org.SignedIn,
	}, func(ctx context.Context, a org.Actor, in *listIn) (*httpapi.Body[[]absenceBody], error) {
		list, err := d.Times.Absences(ctx, a, in.ID, in.After)
		out := []absenceBody{}
		for _, b := range list {
			out = append(out, bodyOfAbsence(b))
		}
		return httpapi.Answer(out, err)
	})
	type reachIn struct {
		After calendar.Date `query:"after" maxLength:"10" doc:"those that end on this day or later; left out it is today"`
	}
	type reachBody struct {
		Members  []string      `json:"members" doc:"whose leave one may enter: one's own, of whom one leads, or everybody's"`
		Absences []absenceBody `json:"absences"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/absences", ID: "listAbsencesInReach", Summary: "Leave of everybody whose leave one may enter",
		Permission: org.SignedIn,
	}, func(ctx context.Context, a org.Actor, in *reachIn) (*httpapi.Body[reachBody], error) {
		members, list, err := d.Times.InReach(ctx, a, in.After)
		out := reachBody{Members: append([]string{}, members...), Absences: []absenceBody{}}
		for _, b := range list {
			out.Absences = append(out.Absences, bodyOfAbsence(b))
		}
		return httpapi.Answer(out, err)
	})
	type enterIn struct {
		ID   string `path:"id" maxLength:"60"`
		Body struct {
			ID string `json:"id,omitempty" maxLength:"36"`
			AbsenceIn
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/members/{id}/absences", ID: "enterAbsence", Permission: org.SignedIn, Status: 201,
	}, func(ctx context.Context, a org.Actor, in *enterIn) (*httpapi.Body[absenceBody], error) {
		asked := in.Body.asked()
		asked.ID = in.Body.ID
		b, err := d.Times.Enter(ctx, a, in.ID, asked)
		return httpapi.Answer(bodyOfAbsence(b), err)
	})
	changing(api, d)
	type answerIn struct {
		ID string    `path:"id" maxLength:"60"`
		At time.Time `query:"at" doc:"left out it is now"`
	}
	type answerBody struct {
		MemberID string   `json:"memberId,omitempty" doc:"left out where nobody is left to answer"`
		Passed   []string `json:"passed" doc:"who is away or has left, in the order they were looked for"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/members/{id}/answerer", ID: "getAnswerer", Summary: "Who answers for a member: himself, his deputy, or his superior",
		Permission: org.OrgRead,
	}, func(ctx context.Context, a org.Actor, in *answerIn) (*httpapi.Body[answerBody], error) {
		at := in.At
		if at.IsZero() {
			at = a.Now
		}
		found, err := d.Times.Answers(ctx, a, in.ID, at)
		return httpapi.Answer(answerBody{found.MemberID, append([]string{}, found.Passed...)}, err)
	})
}

func changing(api *httpapi.API, d Deps) {
	type changeIn struct {
		ID      string `path:"id" maxLength:"60"`
		IfMatch string `header:"If-Match"`
		Body    AbsenceIn
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/absences/{id}", ID: "changeAbsence", Permission: org.SignedIn, Status: 204,
	}, func(ctx context.Context, a org.Actor, in *changeIn) (_ *httpapi.Done, err error) {
		if a.IfMatch, err = httpapi.Version(in.IfMatch); err != nil {
			return nil, err
		}
		return httpapi.Nothing(d.Times.Change(ctx, a, in.ID, in.Body.asked()))
	})
	type withdrawIn struct {
		ID      string `path:"id" maxLength:"60"`
		IfMatch string `header:"If-Match"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "DELETE", Path: "/absences/{id}", ID: "withdrawAbsence", Permission: org.SignedIn, Status: 204,
	}, func(ctx context.Context, a org.Actor, in *withdrawIn) (_ *httpapi.Done, err error) {
		if a.IfMatch, err = httpapi.Version(in.IfMatch); err != nil {
			return nil, err
		}
		return httpapi.Nothing(d.Times.Withdraw(ctx, a, in.ID))
	})
}
