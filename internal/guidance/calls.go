package guidance

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/page"
)

// mostCalls is how many open calls for help are listed.
const mostCalls = 5

// Call is an open call for help; Waited are the minutes of work of who asked since then.
type Call struct {
	Kept
	Waited int
}

// Calls are the open calls for help of those who report to the actor, who leads others that lead, as far as he reads
// them; the oldest in front. They are nobody else's to see.
func (s *Service) Calls(ctx context.Context, a org.Actor) (out []Call, err error) {
	members := a.Structure.MembersUnder(a.Structure.Leads(a.Effective(), a.Today), a.Today)
	if !leadsLeaders(a, members) {
		return nil, nil
	}
	r := page.Request{Sort: "asked", Limit: mostCalls}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		list, err := s.Rows.Calls(ctx, tx, a.TenantID, s.Talks.Reading(a), members, r)
		if err != nil {
			return err
		}
		list = list[:min(mostCalls, len(list))]
		if err := s.complete(ctx, tx, a, list); err != nil {
			return err
		}
		for _, k := range list {
			works, err := s.Times.Of(ctx, tx, a, k.AskerID)
			if err != nil {
				return err
			}
			out = append(out, Call{k, works.Minutes(k.AskedAt, a.Now)})
		}
		return nil
	})
	return out, err
}

// leadsLeaders tells whether somebody below the actor leads, too.
func leadsLeaders(a org.Actor, members []string) bool {
	for _, id := range members {
		if id != a.Effective() && len(a.Structure.Leads(id, a.Today)) > 0 {
			return true
		}
	}
	return false
}
