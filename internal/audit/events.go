package audit

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Exported is how many rows of the trail left, and in which form.
type Exported struct {
	Count  int    `json:"count"`
	Format string `json:"format"`
}

func exportedEvent(id string, on calendar.Date, p Exported) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "export", ID: id}, Kind: "audit.exported", On: on, Payload: p}
}

// PolicySaved is how long addresses and failures were and are kept.
type PolicySaved struct {
	KeepDays org.Was[int] `json:"keepDays"`
}

func policySaved(company string, on calendar.Date, p PolicySaved) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "company", ID: company}, Kind: "company.audit_policy_saved", On: on, Payload: p}
}

// Replays are the entries of the trail itself.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{
		"audit.exported": func(context.Context, database.Tx, org.Actor, journal.Entry) error { return nil },
		"company.audit_policy_saved": org.Play(func(ctx context.Context, tx database.Tx, a org.Actor, _ journal.Entry, p PolicySaved) error {
			was, err := s.Rows.Policy(ctx, tx, a.TenantID)
			if err != nil {
				return err
			}
			return s.Rows.SavePolicy(ctx, tx, a.TenantID, Policy{p.KeepDays.New, was.Version + 1})
		}),
	}
}
