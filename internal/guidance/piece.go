package guidance

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Piece is what was said well and may be said again in a team: words, without the customer and the amount.
type Piece struct {
	ID, TeamID, Text string
	MadeAt           time.Time
	MadeBy           string
	RemovedAt        *time.Time
	Version          int
	// Of what answered with it: how often, how often that was used, and how often the record went on since.
	Times, Used int64
}

// MostPiece is how long one may be, in characters.
const MostPiece = 500

// ErrPieceUnknown is the fault of one that is not there.
var ErrPieceUnknown = fault.New(fault.NotFound, "guidance.piece_unknown", "no such words of your team")

// teams are those whose pieces the actor has: his own, those above it, and those he leads.
func teams(a org.Actor) []string {
	out := append(a.Structure.Tops(a.Today), a.Structure.TeamsOf(a.Effective(), a.Today)...)
	for _, t := range out[:len(out):len(out)] {
		for depth := 0; t != "" && depth < 64; depth++ {
			if t = a.Structure.ParentOf(t, a.Today); t != "" {
				out = append(out, t)
			}
		}
	}
	return append(out, a.Structure.Leads(a.Effective(), a.Today)...)
}

// Pieces are those of the actor's teams, those used most in front.
func (s *Service) Pieces(ctx context.Context, a org.Actor) (out []Piece, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.Rows.Pieces(ctx, tx, a.TenantID, teams(a))
		return err
	})
	return out, err
}

// piece is one of the actor's teams, or one he made. Fault: guidance.piece_unknown.
func (s *Service) piece(ctx context.Context, tx database.Tx, a org.Actor, id string) (Piece, error) {
	p, err := s.Rows.Piece(ctx, tx, a.TenantID, id)
	if err == nil && p.MadeBy != a.Effective() && !slices.Contains(teams(a), p.TeamID) &&
		!a.Structure.Within(p.TeamID, a.Structure.Leads(a.Effective(), a.Today), a.Today) {
		err = ErrPieceUnknown
	}
	return p, err
}

// MakePiece keeps words that may be said again in the actor's team. Faults: record.id_taken, input.required,
// input.too_long.
func (s *Service) MakePiece(ctx context.Context, a org.Actor, id, words string) (Piece, error) {
	p := Piece{ID: id, Text: text.Words(words), MadeAt: a.Now, MadeBy: a.Effective(), Version: 1}
	switch {
	case p.Text == "":
		return p, fault.Missing("/text")
	case text.Longer(p.Text, MostPiece):
		return p, fault.Input("/text", "input.too_long", "at most %d characters", MostPiece).With("max", MostPiece)
	}
	if p.TeamID, _ = a.Structure.TeamOf(a.Effective(), a.Today); p.TeamID == "" {
		for _, top := range a.Structure.Tops(a.Today) { // of who is in no team they are everybody's
			p.TeamID = top
		}
	}
	if err := record.UseID(&p.ID, a.Now); err != nil {
		return p, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Piece, error) {
		if err := record.Take(ctx, tx, a.TenantID, p.ID); err != nil {
			return p, err
		}
		old, err := s.Rows.Piece(ctx, tx, a.TenantID, p.ID)
		switch {
		case err == nil && (old.Text != p.Text || old.MadeBy != p.MadeBy):
			return p, record.ErrIDTaken
		case err == nil:
			return old, nil
		case !fault.Is(err, fault.NotFound):
			return p, err
		}
		p.tell(tx, a, "guidance_piece.made")
		return p, s.Rows.SavePiece(ctx, tx, a.TenantID, p)
	})
}

// RemovePiece removes one, by who made it or who leads its team. Faults: guidance.piece_unknown,
// guidance.piece_not_yours.
func (s *Service) RemovePiece(ctx context.Context, a org.Actor, id string) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
			return err
		}
		p, err := s.piece(ctx, tx, a, id)
		if err != nil {
			return err
		}
		leads := a.Structure.Leads(a.Effective(), a.Today)
		if p.MadeBy != a.Effective() && !a.Structure.Within(p.TeamID, leads, a.Today) {
			return fault.New(fault.Forbidden, "guidance.piece_not_yours", "somebody else keeps these words; the team's leader may remove them")
		}
		if p.RemovedAt != nil {
			return nil
		}
		now := a.Now
		p.RemovedAt, p.Version = &now, p.Version+1
		p.tell(tx, a, "guidance_piece.removed")
		return s.Rows.SavePiece(ctx, tx, a.TenantID, p)
	})
}
