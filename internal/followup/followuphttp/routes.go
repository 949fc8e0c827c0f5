// Package followuphttp is the routes of follow-ups: decode, call, encode.
package followuphttp

import (
	"context"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/account/accounthttp"
	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/followup"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Deps is what the routes need.
type Deps struct {
	FollowUps *followup.Service
	Accounts  *account.Service
	Talks     *conversation.Service
}

// Body is a follow-up as it is shown.
type Body struct {
	ID         string        `json:"id"`
	Deal       string        `json:"opportunityId" doc:"empty where it concerns no deal"`
	Channel    string        `json:"channel"`
	HappenedOn calendar.Date `json:"happenedOn"`
	HappenedAt *time.Time    `json:"happenedAt" doc:"null where only the day is known"`
	TwoWay     bool          `json:"twoWay"`
	Words      string        `json:"words"`
	MemberID   string        `json:"memberId"`
	ContactIDs []string      `json:"contactIds"`
	MemberIDs  []string      `json:"memberIds"`
	RecordedAt time.Time     `json:"recordedAt"`
	RecordedBy string        `json:"recordedBy"`
}

func bodyOf(f followup.FollowUp) Body {
	return Body{
		f.ID, f.First("opportunity"), f.Channel, f.HappenedOn, f.HappenedAt, f.TwoWay, f.Words, f.MemberID, f.ContactIDs, f.MemberIDs,
		f.RecordedAt, f.RecordedBy,
	}
}

// BodiesOf shows a list of follow-ups.
func BodiesOf(list []followup.FollowUp) []Body {
	out := []Body{}
	for _, f := range list {
		out = append(out, bodyOf(f))
	}
	return out
}

// FollowBody is a follow-up as it is written down.
type FollowBody struct {
	ID         string        `json:"id,omitempty" maxLength:"36"`
	Channel    string        `json:"channel" enum:"visit,phone,wechat,email,meeting,video,other"`
	Words      string        `json:"words" minLength:"1" maxLength:"8000"`
	TwoWay     bool          `json:"twoWay"`
	HappenedOn calendar.Date `json:"happenedOn,omitempty" maxLength:"10"`
	ContactIDs []string      `json:"contactIds,omitempty" maxItems:"30"`
	MemberIDs  []string      `json:"memberIds,omitempty" maxItems:"30" doc:"colleagues who took part"`
	Reason     string        `json:"reason,omitempty" maxLength:"1000" doc:"why it is dated back so far"`
}

// FollowUp is what was said, about some records.
func (b FollowBody) FollowUp(on ...record.Ref) followup.FollowUp {
	return followup.FollowUp{
		ID: b.ID, Channel: b.Channel, Words: b.Words, TwoWay: b.TwoWay, HappenedOn: b.HappenedOn,
		ContactIDs: b.ContactIDs, MemberIDs: b.MemberIDs, On: on,
	}
}

type talkBody struct {
	Text   string    `json:"text"`
	SaidAt time.Time `json:"saidAt"`
	SaidBy string    `json:"saidBy"`
}

func talksOf(list []conversation.Message) []talkBody {
	out := []talkBody{}
	for _, m := range list {
		if m.Text != "" {
			out = append(out, talkBody{m.Text, m.SaidAt, m.SaidBy})
		}
	}
	return out
}

type about struct {
	Kind string `json:"kind" maxLength:"30"`
	ID   string `json:"id" maxLength:"60"`
}

// Register adds the routes.
func Register(api *httpapi.API, d Deps) {
	type anyIn struct {
		Body struct {
			FollowBody
			On []about `json:"on" minItems:"1" maxItems:"10" doc:"the records it is about"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/follow-ups", ID: "logAnyFollowUp", Summary: "A contact about any records",
		Permission: org.OppWrite, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *anyIn) (*httpapi.Body[Body], error) {
		f := in.Body.FollowUp()
		for _, on := range in.Body.On {
			f.On = append(f.On, record.Ref{Kind: on.Kind, ID: on.ID})
		}
		f, err := d.FollowUps.Log(ctx, actor, f, in.Body.Reason)
		return httpapi.Answer(bodyOf(f), err)
	})
	ofAccounts(api, d)
	type personBody struct {
		Contact   accounthttp.ContactBody `json:"contact"`
		FollowUps []Body                  `json:"followUps" doc:"the newest 100 the person took part in"`
		Talks     []talkBody              `json:"talks" doc:"the newest 1,000 messages in threads on the person that the reader reads"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/contacts/{id}/data", ID: "exportContact",
		Summary: "Everything kept about a person, at the person's request", Permission: org.ContactErase,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[personBody], error) {
		c, err := d.Accounts.GetContact(ctx, actor, in.ID)
		if err != nil {
			return nil, err
		}
		if err := d.Accounts.TakenOut(ctx, actor, in.ID); err != nil {
			return nil, err
		}
		list, err := d.FollowUps.List(ctx, actor, followup.About{Contact: in.ID})
		if err != nil {
			return nil, err
		}
		talks, err := d.Talks.About(ctx, actor, account.ContactRef(in.ID))
		return httpapi.Answer(personBody{accounthttp.ContactOf(actor, c), BodiesOf(list), talksOf(talks)}, err)
	})
}

func ofAccounts(api *httpapi.API, d Deps) {
	type followIn struct {
		httpapi.ByID
		Body FollowBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/accounts/{id}/follow-ups", ID: "logAccountFollowUp",
		Summary: "A contact that concerns no deal", Permission: org.OppWrite, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *followIn) (*httpapi.Body[Body], error) {
		f, err := d.FollowUps.Log(ctx, actor, in.Body.FollowUp(account.Ref(in.ID)), in.Body.Reason)
		return httpapi.Answer(bodyOf(f), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/accounts/{id}/follow-ups", ID: "listAccountFollowUps",
		Summary: "What was said with the customer, in deals and outside", Permission: org.AccountRead,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[[]Body], error) {
		if _, err := d.Accounts.Get(ctx, actor, in.ID); err != nil {
			return nil, err
		}
		list, err := d.FollowUps.List(ctx, actor, followup.About{On: account.Ref(in.ID)})
		return httpapi.Answer(BodiesOf(list), err)
	})
}
