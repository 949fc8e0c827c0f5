package opportunityimport

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
)

// A log of events grows, and comes in parts. What each import read of a case is kept beside the
// record (import_change): the case is always what all logs say together, whatever their order and
// however they were split, and an undo takes the part of one away.

// caseLog is what one import read of a case, its events in their order.
type caseLog struct {
	Source  string      `json:"source"`
	Version string      `json:"version"` // of the pipeline, whose stages the events name
	Events  []happening `json:"events"`
}

// happening is one event: a case enters a stage, or is withdrawn.
type happening struct {
	At    time.Time         `json:"at"`
	On    calendar.Date     `json:"on"`
	Stage string            `json:"stage,omitempty"`
	State opportunity.State `json:"state"`
	said
}

// said is what an event says of its case besides: it holds from then on. Empty is nothing said.
type said struct {
	Name       string            `json:"name,omitempty"`
	Owner      string            `json:"owner,omitempty"`
	Account    string            `json:"account,omitempty"`
	Region     string            `json:"region,omitempty"`
	Amount     *int64            `json:"amount,omitempty"`
	LossKind   string            `json:"lossKind,omitempty"`
	LossReason string            `json:"lossReason,omitempty"`
	Competitor string            `json:"competitor,omitempty"`
	Custom     map[string]string `json:"custom,omitempty"`
}

// over is what holds once something more was said.
func (s said) over(more said) said {
	s.Name, s.Owner, s.Account = cmp.Or(more.Name, s.Name), cmp.Or(more.Owner, s.Owner), cmp.Or(more.Account, s.Account)
	s.LossKind, s.LossReason = cmp.Or(more.LossKind, s.LossKind), cmp.Or(more.LossReason, s.LossReason)
	s.Competitor, s.Region = cmp.Or(more.Competitor, s.Competitor), cmp.Or(more.Region, s.Region)
	if more.Amount != nil {
		s.Amount = more.Amount
	}
	if len(more.Custom) > 0 {
		s.Custom = maps.Clone(s.Custom)
		if s.Custom == nil {
			s.Custom = map[string]string{}
		}
		maps.Copy(s.Custom, more.Custom)
	}
	return s
}

// entering names an event among those of its instant: the nth entry into a stage. The same event
// in two logs is one.
type entering struct {
	at    int64
	stage string
	state opportunity.State
	nth   int
}

// ordered is a log by time; what happened at one instant is in the order of the file.
func ordered(events []happening) []happening {
	slices.SortStableFunc(events, func(a, b happening) int { return a.At.Compare(b.At) })
	return events
}

// together is what all logs of a case say, in order. Of the same event told twice the later log's
// words count.
func together(v pipeline.Version, logs []caseLog) []happening {
	known, byInstant := map[entering]happening{}, map[int64][][]entering{}
	for _, l := range logs {
		nth, of := map[entering]int{}, map[int64][]entering{}
		for _, e := range l.Events {
			k := entering{at: e.At.UnixMilli(), stage: e.Stage, state: e.State}
			nth[k]++
			k.nth = nth[entering{at: k.at, stage: k.stage, state: k.state}]
			if was, there := known[k]; there {
				e.said = was.over(e.said)
			}
			known[k] = e
			of[k.at] = append(of[k.at], k)
		}
		for at, list := range of {
			byInstant[at] = append(byInstant[at], list)
		}
	}
	var out []happening
	for _, at := range slices.Sorted(maps.Keys(byInstant)) {
		for _, k := range atOnce(v, byInstant[at]) {
			out = append(out, known[k])
		}
	}
	return out
}

// atOnce orders what happened at one instant: as a log says that has all of it, else, where each
// log has a part, by the path of the pipeline.
func atOnce(v pipeline.Version, lists [][]entering) []entering {
	all := map[entering]bool{}
	for _, list := range lists {
		for _, k := range list {
			all[k] = true
		}
	}
	rank := func(k entering) int {
		if _, i := v.Stage(k.stage); i >= 0 {
			return i
		}
		return len(v.Stages)
	}
	byPath := func(a, b entering) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.state, b.state), cmp.Compare(a.nth, b.nth))
	}
	var best []entering
	for _, list := range lists {
		if len(list) == len(all) && (best == nil || slices.CompareFunc(list, best, byPath) < 0) {
			best = list
		}
	}
	if best == nil {
		best = slices.SortedFunc(maps.Keys(all), byPath)
	}
	return best
}

// in puts a log of another version of the pipeline on the path of v. Events in stages that are
// gone, and that no mapping takes anywhere, are left out.
func (l caseLog) in(v pipeline.Version, all []pipeline.Version) caseLog {
	if l.Version == v.ID {
		return l
	}
	path := pipeline.NewPath(v, all)
	out := caseLog{Source: l.Source, Version: v.ID}
	for _, e := range l.Events {
		if e.Stage != "" {
			at, known := path.Of(l.Version, e.Stage)
			if !known || at.Image < 0 {
				continue
			}
			e.Stage = v.Stages[at.Image].ID
		}
		out.Events = append(out.Events, e)
	}
	return out
}

// told is the history events tell: the stays, whose it was, and for what.
func told(events []happening, h *opportunity.History) {
	var now said
	for _, e := range slices.Backward(events) { // what is said first is carried back
		now = e.said.over(now)
	}
	first := now
	for _, e := range events {
		now = now.over(e.said)
	}
	h.CreatedOn = events[0].On
	h.Held = []opportunity.Holding{held(first, events[0].On, h.Currency)}
	at := first
	for _, e := range events {
		at = at.over(e.said)
		if next := held(at, e.On, h.Currency); !sameHolding(h.Held[len(h.Held)-1], next) {
			h.Held = append(h.Held, next)
		}
	}
	h.Visits = visits(events)
	final := h.Visits[len(h.Visits)-1]
	if final.State != opportunity.Open { // what is said of a closed case belongs to its closing
		for i := range h.Held {
			if final.On != "" {
				h.Held[i].From = min(h.Held[i].From, final.On)
			}
		}
	}
	h.Held = lastOfDays(h.Held)
	h.Name, h.OwnerID, h.AccountID, h.AmountMinor = cmp.Or(now.Name, h.Name), now.Owner, now.Account, now.Amount
	h.Region = now.Region
	closing(events, h)
}

func held(s said, from calendar.Date, currency string) opportunity.Holding {
	return opportunity.Holding{From: from, OwnerID: s.Owner, AccountID: s.Account, AmountMinor: s.Amount, Currency: currency}
}

// lastOfDays are the holdings that outlast their day, none where all is one.
func lastOfDays(list []opportunity.Holding) (out []opportunity.Holding) {
	for _, next := range list {
		n := len(out)
		switch {
		case n > 0 && (next.From == "" || out[n-1].From == next.From):
			next.From = out[n-1].From
			out[n-1] = next
		case n == 0 || !sameHolding(out[n-1], next):
			out = append(out, next)
		}
	}
	if len(out) == 1 {
		return nil
	}
	return out
}

func sameHolding(a, b opportunity.Holding) bool {
	a.From = b.From
	return reflect.DeepEqual(a, b)
}

// visits are the stays events tell of: one that repeats the present stage goes on.
func visits(events []happening) (out []opportunity.Visit) {
	for _, e := range events {
		if n := len(out); n > 0 && out[n-1].StageID == e.Stage && out[n-1].State == e.State {
			continue
		}
		at := e.At
		out = append(out, opportunity.Visit{StageID: e.Stage, State: e.State, On: e.On, At: &at})
	}
	return out
}

// closing says why a case that ends lost or withdrawn is so: what its last closing said.
func closing(events []happening, h *opportunity.History) {
	state := h.State()
	h.LossKind, h.LossReason, h.CompetitorID = "", "", ""
	if state != opportunity.Lost && state != opportunity.Withdrawn {
		return
	}
	var why said
	for _, e := range events {
		if e.State != state {
			why = said{}
			continue
		}
		why = why.over(e.said)
	}
	h.LossKind, h.LossReason, h.CompetitorID = why.LossKind, why.LossReason, why.Competitor
	withdrawn := h.LossKind == opportunity.Invalid || h.LossKind == opportunity.Duplicate
	switch {
	case state == opportunity.Withdrawn && !withdrawn:
		h.LossKind = opportunity.Invalid
	case state == opportunity.Lost && (h.LossKind == "" || withdrawn):
		h.LossKind = opportunity.UnknownLoss
	}
}

// lastCustom are the own fields as they were said last.
func lastCustom(events []happening) map[string]string {
	var now said
	for _, e := range events {
		now = now.over(e.said)
	}
	return now.Custom
}
