package org

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
)

// Replay writes again what one entry of the journal says. The actor is the entry's, at its
// instant, with the organisation as the entries before left it; rows carry the entry's own
// number. It appends nothing to the journal.
type Replay func(ctx context.Context, tx database.Tx, a Actor, e journal.Entry) error

// As is the actor of an entry that is played again, as the rows written so far say; before
// the company's first row it is nobody's.
func (s *Service) As(ctx context.Context, tx database.Tx, tenant string, e journal.Entry) (Actor, error) {
	c, st, err := s.Load(ctx, tx, tenant)
	if err != nil {
		return Actor{TenantID: tenant, MemberID: e.ActorID, Path: e.Path, Now: e.RecordedAt, Today: e.HappenedOn}, nil //nolint:nilerr // no company yet
	}
	a := SystemActor(c, st.AsKnown(e.Seq), e.ActorID, e.Path, e.RecordedAt)
	a.OnBehalfOf = e.OnBehalfOf
	return a, nil
}

// Replays plays what is said about the company, its people and its teams.
func (s *Service) Replays() map[string]Replay {
	return map[string]Replay{}
}
