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

// Purged is how many addresses and failures of before a day (KeptFrom) went, because the company keeps them no
// longer.
type Purged struct {
	KeptFrom  calendar.Date `json:"keptFrom"`
	Addresses int64         `json:"addresses"`
	Failures  int64         `json:"failures"`
}

func purgedEvent(company string, on calendar.Date, p Purged) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "company", ID: company}, Kind: "company.trail_purged", On: on, Payload: p}
}

// BackedUp is a backup of the whole installation: by its "schedule", a "command", or as a
// copy in the "store",
// encrypted for a key or not.
type BackedUp struct {
	Means  string `json:"means"`
	Bytes  int64  `json:"bytes"`
	Sealed bool   `json:"sealed"`
}

// BackedUpEvent is the entry of a backup.
func BackedUpEvent(company string, on calendar.Date, p BackedUp) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "company", ID: company}, Kind: "company.backed_up", On: on, Payload: p}
}

// Restored is a backup that was put in the database's place: when it was made, where its name says
// so, when the company's last entry in it was recorded, and how many people and companies that were
// erased since were erased in it again.
type Restored struct {
	MadeAt      string `json:"madeAt,omitempty"`
	LastEntry   string `json:"lastEntry"`
	ErasedAgain int    `json:"erasedAgain"`
}

// RestoredEvent is the entry of a restore.
func RestoredEvent(company string, on calendar.Date, p Restored) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "company", ID: company}, Kind: "company.restored", On: on, Payload: p}
}

// Checked is that somebody had the database looked through: its pages and tables ("tables"), or
// whether its journal gives back the tables ("journal"), and whether
// something was not so.
type Checked struct {
	Checked string `json:"checked"`
	Broken  bool   `json:"broken"`
}

// CheckedEvent is the entry of a check.
func CheckedEvent(company string, on calendar.Date, p Checked) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "company", ID: company}, Kind: "company.checked", On: on, Payload: p}
}

// Replays are the entries of the trail itself.
func (s *Service) Replays() map[string]org.Replay {
	nothing := func(context.Context, database.Tx, org.Actor, journal.Entry) error { return nil }
	return map[string]org.Replay{
		"audit.exported":    nothing,
		"company.backed_up": nothing, "company.restored": nothing, "company.checked": nothing, "company.trail_purged": nothing,
		"company.audit_policy_saved": org.Play(func(ctx context.Context, tx database.Tx, a org.Actor, _ journal.Entry, p PolicySaved) error {
			was, err := s.Rows.Policy(ctx, tx, a.TenantID)
			if err != nil {
				return err
			}
			return s.Rows.SavePolicy(ctx, tx, a.TenantID, Policy{p.KeepDays.New, was.Version + 1})
		}),
	}
}
