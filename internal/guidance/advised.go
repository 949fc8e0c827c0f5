package guidance

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Ending is what became of an opportunity by today: won, lost, withdrawn, or open; On is the day it was closed.
type Ending struct {
	State string
	On    calendar.Date
}

// Advised is an opportunity somebody gave advice on in a period, when first, and what became of it since.
type Advised struct {
	DealID, Name string
	At           time.Time
	Ending
}

// AdvisedOf is what became of the opportunities somebody advised on in a period, each once: of Deals, those Won and
// Lost since; the others are open or were withdrawn. Low and High are the 95 % interval of what was won of what was won or lost,
// in basis points, nil where nothing was yet.
type AdvisedOf struct {
	Deals, Won, Lost int
	Low, High        *int
}

// advisedDeals are the opportunities each of some members advised on in a time: those that were closed by then are no
// outcome of it, and those that are deleted are none at all. The first advised is in front.
func advisedDeals(notes []Kept, in Span, endings map[string]Ending, zone *time.Location) map[string][]Advised {
	out := map[string][]Advised{}
	for _, k := range notes {
		giver, at := k.advised()
		e, there := endings[k.On.ID]
		switch {
		case !k.advises() || !in.holds(at) || k.On.Kind != record.Opportunity || !there:
		case e.On != "" && e.On < calendar.DateOf(at, zone):
		default:
			list := out[giver]
			i := slices.IndexFunc(list, func(x Advised) bool { return x.DealID == k.On.ID })
			if i < 0 {
				out[giver] = append(list, Advised{DealID: k.On.ID, At: at, Ending: e})
			} else if at.Before(list[i].At) {
				list[i].At = at
			}
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(x, y Advised) int { return x.At.Compare(y.At) })
	}
	return out
}

func advisedOf(list []Advised) (out AdvisedOf) {
	out.Deals = len(list)
	for _, x := range list {
		switch x.State {
		case "won":
			out.Won++
		case "lost":
			out.Lost++
		}
	}
	if closed := out.Won + out.Lost; closed > 0 {
		low, high := funnel.Wilson(int64(out.Won), int64(closed))
		out.Low, out.High = &low, &high
	}
	return out
}

// advised reads what became of the opportunities of notes that hold advice.
func (s *Service) advised(ctx context.Context, tx database.Tx, a org.Actor, notes []Kept, in Span) (map[string][]Advised, error) {
	var ids []string
	for _, k := range notes {
		if k.advises() && k.On.Kind == record.Opportunity {
			ids = append(ids, k.On.ID)
		}
	}
	slices.Sort(ids)
	endings, err := s.Deals.Endings(ctx, tx, a.TenantID, slices.Compact(ids))
	return advisedDeals(notes, in, endings, a.Company.Zone()), err
}

// BehindAdvised are the opportunities a member advised on in a period, the last in front; unseen counts those the actor
// does not read, or that are too many. Faults: those of Behind.
func (s *Service) BehindAdvised(ctx context.Context, a org.Actor, member string, from, to calendar.Date) (out []Advised, unseen int, err error) {
	if err := s.measures(a, member, from, to); err != nil {
		return nil, 0, err
	}
	in := Span{from.In(a.Company.Zone()), to.Add(1).In(a.Company.Zone())}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		notes, err := s.Rows.Counted(ctx, tx, a.TenantID, []string{member}, in)
		if err != nil {
			return err
		}
		by, err := s.advised(ctx, tx, a, notes, in)
		if err != nil {
			return err
		}
		list := by[member]
		slices.Reverse(list)
		unseen = len(list)
		list = list[:min(len(list), mostBehind)]
		refs := make([]record.Ref, len(list))
		for i, x := range list {
			refs[i] = record.Ref{Kind: record.Opportunity, ID: x.DealID}
		}
		names, err := s.Kinds.Names(ctx, tx, a, false, refs)
		for i, x := range list {
			if x.Name = names[refs[i]]; x.Name != "" {
				out = append(out, x)
			}
		}
		unseen -= len(out)
		return err
	})
	return out, unseen, err
}
