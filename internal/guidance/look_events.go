package guidance

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// LookRef names a look in the journal.
func LookRef(id string) record.Ref { return record.Ref{Kind: "guidance_look", ID: id} }

// looked is the payload of a look; its words are in the row alone.
type looked struct {
	DealID  string `json:"dealId"`
	OwnerID string `json:"ownerId"`
	Facts   string `json:"facts,omitempty"`
	Bulk    bool   `json:"bulk,omitempty"`
}

func (l Look) tell(tx database.Tx, a org.Actor) {
	journal.Append(tx, a.By(), journal.Event{Subject: LookRef(l.ID), Kind: "guidance.looked", On: a.Today,
		Payload: looked{l.DealID, l.OwnerID, l.Said(), l.Bulk}})
}

func (s *Service) playLooked(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p looked) error {
	return s.Rows.AddLook(ctx, tx, a.TenantID, Look{ID: e.Subject.ID, DealID: p.DealID, MemberID: a.Effective(), OwnerID: p.OwnerID, At: e.RecordedAt,
		Facts: FactsOf(p.Facts), Bulk: p.Bulk})
}
