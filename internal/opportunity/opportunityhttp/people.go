package opportunityhttp

import (
	"context"

	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
)

func (h *handler) people(api *httpapi.API) {
	type sharesIn struct {
		httpapi.ByID
		Body struct {
			Shares []opportunity.Share `json:"shares" minItems:"1" maxItems:"30"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/opportunities/{id}/shares", ID: "setShares", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *sharesIn) (*recordOut, error) {
		return h.record(ctx, actor, in.ID, h.Opportunities.SetShares(ctx, actor, in.ID, in.Body.Shares))
	})
	type teamIn struct {
		httpapi.ByID
		Body struct {
			Team []opportunity.TeamMember `json:"team" maxItems:"50"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/opportunities/{id}/team", ID: "setDealTeam", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *teamIn) (*recordOut, error) {
		return h.record(ctx, actor, in.ID, h.Opportunities.SetTeam(ctx, actor, in.ID, in.Body.Team))
	})
	type contactsIn struct {
		httpapi.ByID
		Body struct {
			Contacts []struct {
				ContactID string `json:"contactId" maxLength:"60"`
				Role      string `json:"role" enum:"economic,technical,user,coach,approver,blocker,unknown"`
			} `json:"contacts" maxItems:"100"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/opportunities/{id}/contacts", ID: "setDealContacts", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *contactsIn) (*recordOut, error) {
		var list []opportunity.DealContact
		for _, c := range in.Body.Contacts {
			list = append(list, opportunity.DealContact{ContactID: c.ContactID, Role: c.Role})
		}
		return h.record(ctx, actor, in.ID, h.Opportunities.SetContacts(ctx, actor, in.ID, list))
	})
	type competitorsIn struct {
		httpapi.ByID
		Body struct {
			Names []string `json:"names" maxItems:"20"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/opportunities/{id}/competitors", ID: "setCompetitors", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *competitorsIn) (*recordOut, error) {
		return h.record(ctx, actor, in.ID, h.Opportunities.SetCompetitors(ctx, actor, in.ID, in.Body.Names))
	})
}
