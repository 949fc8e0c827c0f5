package account

import (
	"context"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Expert is a member who is asked about a product (产品专家), from a day on.
type Expert struct {
	ProductLineID string        `json:"productLineId"`
	MemberID      string        `json:"memberId"`
	From          calendar.Date `json:"from"`
}

// mostExperts is how many experts a product has: with more of them nobody is.
const mostExperts = 20

// Faults.
var (
	errProductUnknown = fault.New(fault.NotFound, "product.unknown", "no such product line")
	errExpertLeft     = fault.Input("/memberId", "product.expert_left", "the member has left")
	errExperts        = fault.New(fault.Rule, "product.experts_many", "a product has %d experts at most", mostExperts).With("max", mostExperts)
)

// Experts are those of today, of all products.
func (s *Service) Experts(ctx context.Context, a org.Actor) (out []Expert, err error) {
	if err := a.Need(org.PipelineRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.ExpertsIn(ctx, tx, a)
		return err
	})
	return out, err
}

// ExpertsIn is Experts inside a transaction, whoever asks. Who has left since he was named is none, also when he is
// back: he is named anew.
func (s *Service) ExpertsIn(ctx context.Context, tx database.Tx, a org.Actor) ([]Expert, error) {
	list, err := s.Rows.Experts(ctx, tx, a.TenantID, a.Today)
	return slices.DeleteFunc(list, func(x Expert) bool { return !a.Structure.Stayed(x.MemberID, x.From, a.Today) }), err
}

// NameExpert names a member as an expert of a product from today on; one who is stays as he is. Faults: product.unknown,
// org.member_unknown, product.expert_left, product.experts_many.
func (s *Service) NameExpert(ctx context.Context, a org.Actor, product, member string) error {
	return s.expert(ctx, a, product, member, func(tx database.Tx, of []Expert) error {
		if a.Structure.Gone(member, a.Today) {
			return errExpertLeft
		}
		if is(of, member) {
			return nil
		} else if len(of) >= mostExperts {
			return errExperts
		}
		return s.named(ctx, tx, a, Expert{product, member, a.Today})
	})
}

// named writes an expert; what stands of him from a time before he left ends.
func (s *Service) named(ctx context.Context, tx database.Tx, a org.Actor, x Expert) error {
	if err := s.Rows.EndExpert(ctx, tx, a.TenantID, x.ProductLineID, x.MemberID, x.From); err != nil {
		return err
	}
	journal.Append(tx, a.By(), expertEvent("expert_named", x.ProductLineID, a.Today, expertSaid{x.MemberID}))
	return s.Rows.AddExpert(ctx, tx, a.TenantID, x)
}

// EndExpert ends it today; of who is none it is nothing. Faults: product.unknown, org.member_unknown.
func (s *Service) EndExpert(ctx context.Context, a org.Actor, product, member string) error {
	return s.expert(ctx, a, product, member, func(tx database.Tx, of []Expert) error {
		if !is(of, member) {
			return nil
		}
		journal.Append(tx, a.By(), expertEvent("expert_ended", product, a.Today, expertSaid{member}))
		return s.Rows.EndExpert(ctx, tx, a.TenantID, product, member, a.Today)
	})
}

// expert runs a change of the experts of a product by a member of the company.
func (s *Service) expert(ctx context.Context, a org.Actor, product, member string, fn func(tx database.Tx, of []Expert) error) error {
	if err := a.Need(org.SettingsEdit); err != nil {
		return err
	}
	if _, known := a.Structure.Members[member]; !known {
		return fault.Input("/memberId", "org.member_unknown", "no such member")
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := record.Take(ctx, tx, a.TenantID, product); err != nil {
			return err
		}
		all, err := s.Rows.ProductLines(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(p ProductLine) bool { return p.ID == product }) {
			return errProductUnknown
		}
		experts, err := s.ExpertsIn(ctx, tx, a)
		if err != nil {
			return err
		}
		return fn(tx, slices.DeleteFunc(experts, func(x Expert) bool { return x.ProductLineID != product }))
	})
}

func is(experts []Expert, member string) bool {
	return slices.ContainsFunc(experts, func(x Expert) bool { return x.MemberID == member })
}

// expertSaid is of whom it is said.
type expertSaid struct {
	MemberID string `json:"memberId"`
}

func expertEvent(kind, product string, on calendar.Date, p expertSaid) journal.Event {
	return journal.Event{Subject: record.Ref{Kind: "product_line", ID: product}, Kind: "product_line." + kind, On: on, Payload: p}
}

func (s *Service) playExpertNamed(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p expertSaid) error {
	if err := s.Rows.EndExpert(ctx, tx, a.TenantID, e.Subject.ID, p.MemberID, e.HappenedOn); err != nil {
		return err
	}
	return s.Rows.AddExpert(ctx, tx, a.TenantID, Expert{e.Subject.ID, p.MemberID, e.HappenedOn})
}

func (s *Service) playExpertEnded(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry, p expertSaid) error {
	return s.Rows.EndExpert(ctx, tx, a.TenantID, e.Subject.ID, p.MemberID, e.HappenedOn)
}
