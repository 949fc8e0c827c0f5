package opportunityhttp

import (
	"context"
	"time"

	"yunchou/internal/account/accounthttp"
	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

type followUpBody struct {
	ID         string        `json:"id"`
	Deal       string        `json:"opportunityId" doc:"empty where it concerns the account alone"`
	Channel    string        `json:"channel"`
	HappenedOn calendar.Date `json:"happenedOn"`
	TwoWay     bool          `json:"twoWay"`
	Words      string        `json:"words"`
	MemberID   string        `json:"memberId"`
	ContactIDs []string      `json:"contactIds"`
	MemberIDs  []string      `json:"memberIds"`
	RecordedAt time.Time     `json:"recordedAt"`
	RecordedBy string        `json:"recordedBy"`
}

func followUpOf(f opportunity.FollowUp) followUpBody {
	return followUpBody{
		f.ID, f.OpportunityID, f.Channel, f.HappenedOn, f.TwoWay, f.Words, f.MemberID, f.ContactIDs, f.MemberIDs,
		f.RecordedAt, f.RecordedBy,
	}
}

func followUpsOf(list []opportunity.FollowUp) []followUpBody {
	out := []followUpBody{}
	for _, f := range list {
		out = append(out, followUpOf(f))
	}
	return out
}

// FollowBody is a follow-up as it is written down.
type FollowBody struct {
	ID         string        `json:"id,omitempty" maxLength:"36"`
	Channel    string        `json:"channel" enum:"visit,phone,wechat,email,meeting,other"`
	Words      string        `json:"words" minLength:"1" maxLength:"8000"`
	TwoWay     bool          `json:"twoWay"`
	HappenedOn calendar.Date `json:"happenedOn,omitempty" maxLength:"10"`
	ContactIDs []string      `json:"contactIds,omitempty" maxItems:"30"`
	MemberIDs  []string      `json:"memberIds,omitempty" maxItems:"30" doc:"colleagues who took part"`
	Reason     string        `json:"reason,omitempty" maxLength:"1000" doc:"why it is dated back so far"`
}

func (b FollowBody) followUp() opportunity.FollowUp {
	return opportunity.FollowUp{
		ID: b.ID, Channel: b.Channel, Words: b.Words, TwoWay: b.TwoWay, HappenedOn: b.HappenedOn,
		ContactIDs: b.ContactIDs, MemberIDs: b.MemberIDs,
	}
}

func (h *handler) followUps(api *httpapi.API) {
	type followIn struct {
		httpapi.ByID
		Body FollowBody
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/opportunities/{id}/follow-ups", ID: "logFollowUp", Permission: org.OppWrite,
		Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *followIn) (*recordOut, error) {
		f := in.Body.followUp()
		f.OpportunityID = in.ID
		_, err := h.Opportunities.LogFollowUp(ctx, actor, f, in.Body.Reason)
		return h.record(ctx, actor, in.ID, err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/accounts/{id}/follow-ups", ID: "logAccountFollowUp",
		Summary: "A contact that concerns no deal", Permission: org.OppWrite, Status: 201,
	}, func(ctx context.Context, actor org.Actor, in *followIn) (*httpapi.Body[followUpBody], error) {
		f := in.Body.followUp()
		f.AccountID = in.ID
		f, err := h.Opportunities.LogFollowUp(ctx, actor, f, in.Body.Reason)
		return httpapi.Answer(followUpOf(f), err)
	})
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/accounts/{id}/follow-ups", ID: "listAccountFollowUps",
		Summary: "What was said with the customer, in deals and outside", Permission: org.AccountRead,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[[]followUpBody], error) {
		if _, err := h.Accounts.Get(ctx, actor, in.ID); err != nil {
			return nil, err
		}
		list, err := h.Opportunities.FollowUps(ctx, actor, opportunity.About{Account: in.ID})
		return httpapi.Answer(followUpsOf(list), err)
	})
	type personBody struct {
		Contact   accounthttp.ContactBody `json:"contact"`
		FollowUps []followUpBody          `json:"followUps" doc:"the newest 100 the person took part in"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/contacts/{id}/data", ID: "exportContact",
		Summary: "Everything kept about a person, at the person's request", Permission: org.ContactErase,
	}, func(ctx context.Context, actor org.Actor, in *httpapi.ByID) (*httpapi.Body[personBody], error) {
		c, err := h.Accounts.GetContact(ctx, actor, in.ID)
		if err != nil {
			return nil, err
		}
		list, err := h.Opportunities.FollowUps(ctx, actor, opportunity.About{Contact: in.ID})
		return httpapi.Answer(personBody{accounthttp.ContactOf(actor, c), followUpsOf(list)}, err)
	})
}
