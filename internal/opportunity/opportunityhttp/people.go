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
		httpapi.AtVersion
		Body struct {
			Shares []opportunity.Share `json:"shares" minItems:"1" maxItems:"30"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/opportunities/{id}/shares", ID: "setShares", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *sharesIn) (*recordOut, error) {
		return h.at(ctx, actor, in.ID, in.AtVersion, func(version int) error {
			return h.Opportunities.SetShares(ctx, actor, in.ID, version, in.Body.Shares)
		})
	})
	type teamIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			Team []opportunity.TeamMember `json:"team" maxItems:"50"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/opportunities/{id}/team", ID: "setDealTeam", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *teamIn) (*recordOut, error) {
		return h.at(ctx, actor, in.ID, in.AtVersion, func(version int) error {
			return h.Opportunities.SetTeam(ctx, actor, in.ID, version, in.Body.Team)
		})
	})
	type owningIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			TeamID string `json:"teamId" maxLength:"60" doc:"the owner's main team, which the deal then follows, or another of his"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/opportunities/{id}/owning-team", ID: "setOwningTeam", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *owningIn) (*recordOut, error) {
		return h.at(ctx, actor, in.ID, in.AtVersion, func(version int) error {
			_, err := h.Opportunities.Belong(ctx, actor, in.ID, version, in.Body.TeamID)
			return err
		})
	})
	type contactsIn struct {
		httpapi.ByID
		httpapi.AtVersion
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
		return h.at(ctx, actor, in.ID, in.AtVersion, func(version int) error {
			return h.Opportunities.SetContacts(ctx, actor, in.ID, version, list)
		})
	})
	type competitorsIn struct {
		httpapi.ByID
		httpapi.AtVersion
		Body struct {
			Names []string `json:"names" maxItems:"20"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/opportunities/{id}/competitors", ID: "setCompetitors", Permission: org.OppWrite,
	}, func(ctx context.Context, actor org.Actor, in *competitorsIn) (*recordOut, error) {
		return h.at(ctx, actor, in.ID, in.AtVersion, func(version int) error {
			return h.Opportunities.SetCompetitors(ctx, actor, in.ID, version, in.Body.Names)
		})
	})
}

// at runs a write on a record as it was read and answers with the record.
func (h *handler) at(ctx context.Context, actor org.Actor, id string, v httpapi.AtVersion, write func(version int) error) (*recordOut, error) {
	version, err := httpapi.Version(v.IfMatch)
	if err == nil {
		err = write(version)
	}
	return h.record(ctx, actor, id, err)
}
