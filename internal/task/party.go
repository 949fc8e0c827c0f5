package task

import (
	"context"
	"slices"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// Parts a member may have in somebody else's task.
const (
	Partner   = "partner"
	Assistant = "assistant"
	// Was: it was his, or he was asked to take it; he goes on seeing it.
	Was = "was"
)

// Party is a member who has to do with somebody else's task. A partner or an assistant finishes what is his.
type Party struct {
	MemberID, Part string
	DoneOn         calendar.Date `json:",omitempty"`
	DoneAt         *time.Time    `json:",omitempty"`
}

// most partners of a task.
const mostParties = 20

// checkParties refuses parties who are not at work or twice. Faults: those of AtWork, task.part_twice,
// task.part_unknown, input.out_of_range.
func (t Task) checkParties(a org.Actor) error {
	seen := map[string]bool{t.MemberID: true}
	for _, p := range t.Parties {
		switch {
		case p.Part == Was:
			continue
		case p.Part != Partner && p.Part != Assistant:
			return fault.Input("/parties", "task.part_unknown", "a part is partner or assistant")
		case seen[p.MemberID]:
			return fault.Input("/parties", "task.part_twice", "a member has one part, and whose task it is has none besides")
		}
		seen[p.MemberID] = true
		if p.DoneOn == "" {
			if err := a.AtWork("/parties", p.MemberID); err != nil {
				return err
			}
		}
	}
	if len(t.Parties) > 2*mostParties || len(seen) > mostParties+1 {
		return fault.Input("/parties", "input.out_of_range", "at most 20").With("max", mostParties)
	}
	return nil
}

// party is where a member stands among the parties, -1 for nowhere; partOf, where he has a part.
func (t Task) party(member string) int {
	return slices.IndexFunc(t.Parties, func(p Party) bool { return p.MemberID == member })
}

func (t Task) partOf(member string) int {
	if i := t.party(member); i >= 0 && t.Parties[i].Part != Was {
		return i
	}
	return -1
}

// goesOnSeeing keeps the task in a member's sight.
func (t *Task) goesOnSeeing(member string) {
	if t.party(member) < 0 && member != "" {
		t.Parties = append(t.Parties, Party{MemberID: member, Part: Was})
	}
}

// becomes makes the task a member's, who has no other part then; whose it was goes on seeing it.
func (t *Task) becomes(member string) {
	was := t.MemberID
	if t.OfferedTo != member {
		t.endOffer()
	}
	t.MemberID, t.OfferedTo = member, ""
	t.Parties = slices.DeleteFunc(t.Parties, func(p Party) bool { return p.MemberID == member })
	t.goesOnSeeing(was)
}

// says are the parties as an entry tells them.
func (t Task) says() (out []partSaid) {
	for _, p := range t.Parties {
		out = append(out, partSaid{p.MemberID, p.Part})
	}
	return out
}

func (t *Task) finishPart(a org.Actor, i int, result string) step {
	t.Parties[i].DoneOn, t.Parties[i].DoneAt = a.Today, &a.Now
	return step{"task.part_done", partDone{a.Effective()}, Fact{Kind: FactPartDone, MemberID: a.Effective(), Words: text.Words(result)}}
}

func (t *Task) reopenPart(a org.Actor, i int) (step, error) {
	if t.Parties[i].DoneOn != a.Today {
		return step{}, errUndoLate
	}
	t.Parties[i].DoneOn, t.Parties[i].DoneAt = "", nil
	return step{"task.part_reopened", partDone{a.Effective()}, Fact{Kind: FactPartOpen, MemberID: a.Effective()}}, nil
}

// SetParties says who else has a part in an open task; who goes on has done what he did. Faults: task.done and those of
// checkParties.
func (s *Service) SetParties(ctx context.Context, a org.Actor, id string, parties []Party) (Task, error) {
	return s.changeBy(ctx, a, id, false, func(t *Task) (step, error) {
		return t.withParties(parties), t.checkParties(a)
	})
}

func (t *Task) withParties(parties []Party) step {
	was := *t
	t.Parties = slices.Clone(parties)
	var joined []string
	for _, p := range parties {
		if p.Part != Was && was.partOf(p.MemberID) < 0 {
			joined = append(joined, p.MemberID)
		}
	}
	for _, p := range was.Parties {
		switch i := t.party(p.MemberID); {
		case i >= 0:
			t.Parties[i].DoneOn, t.Parties[i].DoneAt = p.DoneOn, p.DoneAt
		default:
			t.goesOnSeeing(p.MemberID)
		}
	}
	return step{"task.partners_set", partners{t.says(), joined}, Fact{Kind: FactPartners}}
}
