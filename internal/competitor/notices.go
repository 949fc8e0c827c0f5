package competitor

import (
	"context"
	"encoding/json"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/reader"
)

// told is the kind of notice that a competitor was seen.
const told = "sighting.noted"

// Notices tell whose opportunity, or account, it is that a colleague saw a competitor there, and who leads him next where
// the opportunity is in a late phase. What is put right or taken back makes their pages stale.
func (s *Service) Notices() notice.Source {
	tells := map[string]notice.Teller{}
	for _, kind := range Events {
		tells[kind] = s.tells
	}
	return notice.Source{Tells: tells, Kinds: map[string]bool{told: false}, Shows: map[string]notice.Shower{SightingKind: s.shows}, Reads: s.reads}
}

func (s *Service) tells(ctx context.Context, tx database.Tx, e reader.Entry) (out []notice.To, err error) {
	var p stands
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return nil, err
	}
	a, err := s.Job(ctx, tx, e.TenantID)
	if err != nil {
		return nil, err
	}
	owner, late, err := s.whose(ctx, tx, a, p)
	if err != nil || owner == "" {
		return nil, err
	}
	who, kind := a.Structure.InPlaceOf(owner, a.Today), ""
	if e.Kind == Events[0] && p.MadeBy != who && e.Path != "import" {
		kind = told
	}
	out = append(out, notice.To{MemberID: who, Kind: kind})
	if late {
		for _, m := range a.Structure.HeadsOn(a.Today).Next(who) {
			out = append(out, notice.To{MemberID: m, Kind: kind})
		}
	}
	return out, nil
}

// whose is who owns where something was seen, "" where nobody does any more, and whether an open opportunity is late.
func (s *Service) whose(ctx context.Context, tx database.Tx, a org.Actor, p stands) (owner string, late bool, err error) {
	if p.OpportunityID == "" {
		owner, err := s.Accounts.OwnerIn(ctx, tx, a, p.AccountID)
		return owner, false, err
	}
	o, err := s.Deals.AnyIn(ctx, tx, a, p.OpportunityID)
	if fault.Is(err, fault.NotFound) || err == nil && o.DeletedAt != nil {
		return "", false, nil
	}
	if err != nil || o.State != opportunity.Open {
		return o.OwnerID, false, err
	}
	phase, err := s.Deals.PhaseIn(ctx, tx, a, o)
	return o.OwnerID, phase == pipeline.Late, err
}

func (s *Service) reads(ctx context.Context, tx database.Tx, a org.Actor, e reader.Entry) (bool, error) {
	if e.Scope.Kind == opportunity.Ref("").Kind {
		seen, err := s.Deals.SeenIn(ctx, tx, a, []string{e.Scope.ID})
		return len(seen) > 0, err
	}
	seen, err := s.Accounts.Seen(ctx, tx, a, []string{e.Scope.ID})
	return len(seen) > 0, err
}

// shows says of a sighting where it was, and of whom; of one that was taken back nothing.
func (s *Service) shows(ctx context.Context, tx database.Tx, a org.Actor, ids []string) (map[string]notice.Shown, error) {
	out := map[string]notice.Shown{}
	for _, id := range ids {
		x, err := s.one(ctx, tx, a, id)
		if fault.Is(err, fault.NotFound) || err == nil && x.WithdrawnAt != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[id] = notice.Shown{On: account.Ref(x.AccountID), Name: x.AccountName, Text: x.CompetitorName}
		if x.OpportunityID != "" {
			out[id] = notice.Shown{On: opportunity.Ref(x.OpportunityID), Name: x.OpportunityName, Text: x.CompetitorName}
		}
	}
	return out, nil
}
