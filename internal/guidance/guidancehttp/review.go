package guidancehttp

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/guidance"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type lookBody struct {
	ID            string          `json:"id"`
	OpportunityID string          `json:"opportunityId"`
	MemberID      string          `json:"memberId"`
	At            time.Time       `json:"at"`
	Facts         []guidance.What `json:"facts" enum:"stage,figures,talk,step,people,evidence" doc:"what was looked at; none where it was marked with others"`
	Text          string          `json:"text"`
	Bulk          bool            `json:"bulk" doc:"marked with others, which counts for nothing"`
}

func bodyOfLook(l guidance.Look) lookBody {
	b := lookBody{l.ID, l.DealID, l.MemberID, l.At, l.Facts, l.Text, l.Bulk}
	if b.Facts == nil {
		b.Facts = []guidance.What{}
	}
	return b
}

type toLookBody struct {
	OpportunityID string          `json:"opportunityId"`
	Name          string          `json:"name"`
	OwnerID       string          `json:"ownerId"`
	Since         time.Time       `json:"since" doc:"when the first of what is new was written down"`
	News          []guidance.What `json:"news" enum:"stage,figures,talk,step,people,evidence" doc:"what is new, the first in front"`
	DueOn         calendar.Date   `json:"dueOn" doc:"the last day to look at it"`
	Late          bool            `json:"late" doc:"it was to be looked at earlier already"`
}

func reviews(api *httpapi.API, d Deps) {
	type waitIn struct {
		Limit int `query:"limit" minimum:"0" maximum:"200" doc:"left out it is 50"`
	}
	type waitBody struct {
		Count int          `json:"count" doc:"all there are"`
		Items []toLookBody `json:"items" doc:"what is due first in front"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/reviews", ID: "listReviews", Permission: org.SignedIn,
		Summary: "Opportunities with something new that the reader is to look at"},
		func(ctx context.Context, a org.Actor, in *waitIn) (*httpapi.Body[waitBody], error) {
			if in.Limit == 0 {
				in.Limit = 50
			}
			list, count, err := d.Guidance.ToLook(ctx, a, in.Limit)
			out := waitBody{count, []toLookBody{}}
			for _, x := range list {
				out.Items = append(out.Items, toLookBody{x.ID, x.Name, x.OwnerID, x.Since, x.News, x.DueOn, x.Late})
			}
			return httpapi.Answer(out, err)
		})
	type looksIn struct {
		ID string `query:"id" maxLength:"60" doc:"of the opportunity"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/looks", ID: "listLooks", Permission: org.SignedIn,
		Summary: "Who looked at an opportunity, the last in front"},
		func(ctx context.Context, a org.Actor, in *looksIn) (*httpapi.Body[[]lookBody], error) {
			list, err := d.Guidance.Looks(ctx, a, in.ID)
			out := []lookBody{}
			for _, l := range list {
				out = append(out, bodyOfLook(l))
			}
			return httpapi.Answer(out, err)
		})
	type seeIn struct {
		Body struct {
			ID            string          `json:"id,omitempty" maxLength:"36"`
			OpportunityID string          `json:"opportunityId" maxLength:"60"`
			Facts         []guidance.What `json:"facts" minItems:"1" maxItems:"6" enum:"stage,figures,talk,step,people,evidence" doc:"what was looked at"`
			Text          string          `json:"text,omitempty" maxLength:"500"`
		}
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/looks", ID: "lookAt", Permission: org.SignedIn, Status: 201,
		Summary: "Mark an opportunity as looked at; of those who lead its owner next it counts"},
		func(ctx context.Context, a org.Actor, in *seeIn) (*httpapi.Body[lookBody], error) {
			b := in.Body
			l, err := d.Guidance.See(ctx, a, guidance.Look{ID: b.ID, DealID: b.OpportunityID, Facts: b.Facts, Text: b.Text})
			return httpapi.Answer(bodyOfLook(l), err)
		})
	type manyIn struct {
		Body struct {
			IDs []string `json:"ids" minItems:"1" maxItems:"200" doc:"of opportunities"`
		}
	}
	type manyBody struct {
		Count int `json:"count"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "POST", Path: "/looks/many", ID: "lookAtMany", Permission: org.SignedIn,
		Summary: "Mark opportunities as seen, many at once, which counts for nothing"},
		func(ctx context.Context, a org.Actor, in *manyIn) (*httpapi.Body[manyBody], error) {
			n, err := d.Guidance.SeeMany(ctx, a, in.Body.IDs)
			return httpapi.Answer(manyBody{n}, err)
		})
	coverage(api, d)
}

type coverageBody struct {
	MemberID string        `json:"memberId"`
	WeekOn   calendar.Date `json:"weekOn" doc:"its Monday"`
	Due      int           `json:"due" doc:"what was to be looked at"`
	Covered  int           `json:"covered" doc:"of that, what was looked at, or given a note"`
	Missed   int           `json:"missed"`
	Open     int           `json:"open" doc:"what still has time"`
	BulkOnly int           `json:"bulkOnly" doc:"of missed and open, what was marked with others"`
}

func coverage(api *httpapi.API, d Deps) {
	type coverageIn struct {
		From calendar.Date `query:"from" maxLength:"10" doc:"left out it is four weeks ago"`
		To   calendar.Date `query:"to" maxLength:"10" doc:"left out it is today"`
	}
	httpapi.Handle(api, httpapi.Route{Method: "GET", Path: "/guidance-coverage", ID: "measureCoverage", Permission: org.SignedIn,
		Summary: "What those who report to the reader were to look at, week by week, and he himself"},
		func(ctx context.Context, a org.Actor, in *coverageIn) (*httpapi.Body[[]coverageBody], error) {
			from, to := period(a, in.From, in.To)
			list, err := d.Guidance.Covered(ctx, a, from, to)
			out := []coverageBody{}
			for _, c := range list {
				out = append(out, coverageBody(c))
			}
			return httpapi.Answer(out, err)
		})
}

// period is what was asked for, or the last four weeks.
func period(a org.Actor, from, to calendar.Date) (calendar.Date, calendar.Date) {
	if to == "" {
		to = a.Today
	}
	if from == "" {
		from = to.Add(-27)
	}
	return from, to
}
