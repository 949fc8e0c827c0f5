package demo

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// act is what somebody does at an instant. The company lives through its acts in the order
// of time and through the use cases, so its journal is one a real company could have.
type act struct {
	at time.Time
	by string
	do func(ctx context.Context, a org.Actor) error
}

// history collects acts.
type history struct {
	*company
	acts   []act
	offset int // minutes by which the acts of one story are later than those of another
	taken  map[string]bool
}

// begins begins a story: its acts of a day keep their order and are at their own minutes.
func (h *history) begins(offset int) { h.offset = offset }

// on adds an act on a day; minute orders the acts of a day as they can only have happened.
func (h *history) on(day calendar.Date, minute int, by string, do func(ctx context.Context, a org.Actor) error) {
	at := day.In(h.actor.Company.Zone()).Add(9*time.Hour + time.Duration(minute+h.offset)*time.Minute + time.Duration(h.r.IntN(50))*time.Second)
	if at.After(h.now) {
		at = h.now
	}
	h.acts = append(h.acts, act{at, by, do})
}

// play lives through all acts, many to a transaction: nobody waits for the others here.
func (h *history) play() error {
	sort.SliceStable(h.acts, func(i, j int) bool { return h.acts[i].at.Before(h.acts[j].at) })
	for part := range chunks(h.acts, 200) {
		err := h.DB.Together(h.ctx, func(ctx context.Context) error {
			for _, x := range part {
				h.at = x.at
				if err := x.do(ctx, h.as(x.by)); err != nil {
					return fmt.Errorf("%s: %w", x.at.Format(time.DateOnly), err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// as is a member at the instant of the act.
func (c *company) as(member string) org.Actor {
	return org.SystemActor(c.actor.Company, c.actor.Structure, member, "form", c.at)
}

// add turns a deal into acts.
func (h *history) add(d deal) {
	h.begins(h.r.IntN(50))
	h.on(d.begun, 0, d.owner.id, func(ctx context.Context, a org.Actor) error { return h.begin(ctx, a, d) })
	if d.rival != "" {
		h.on(d.begun, 5, d.owner.id, func(ctx context.Context, a org.Actor) error {
			return h.Opportunities.SetCompetitors(ctx, a, d.id, 0, []string{d.rival})
		})
	}
	for i, x := range d.visits {
		for _, e := range x.evidence {
			h.evidence(d, x, e)
		}
		if i > 0 {
			h.moves(d, x.on, 330+i, opportunity.MoveRequest{To: x.stage.ID, Reason: "按进展"})
		}
	}
	for _, t := range d.talks {
		h.talk(d, t)
	}
	for _, e := range d.expected[1:] {
		h.on(e.said, 300, d.owner.id, func(ctx context.Context, a org.Actor) error {
			_, err := h.Opportunities.Edit(ctx, a, d.id, 0, opportunity.Patch{ExpectedOn: &e.value})
			return err
		})
	}
	h.close(d)
}

// talk writes a contact down, and what was promised in it.
func (h *history) talk(d deal, t talk) {
	h.on(t.on, 60, d.owner.id, func(ctx context.Context, a org.Actor) error { return h.log(ctx, a, d, t) })
	if t.step == nil {
		return
	}
	id := record.NewID(h.at)
	h.on(t.on, 65, d.owner.id, func(ctx context.Context, a org.Actor) error {
		_, err := h.Tasks.Add(ctx, a, task.Task{ID: id, On: []record.Ref{opportunity.Ref(d.id)}, What: t.step.what, DueOn: t.step.due, CustomerAgreed: true})
		return err
	})
	h.on(t.step.done, 310, d.owner.id, func(ctx context.Context, a org.Actor) error {
		_, err := h.Tasks.Finish(ctx, a, id, "")
		return err
	})
}

// begin writes the deal down, with the people known at first.
func (h *history) begin(ctx context.Context, a org.Actor, d deal) error {
	in := opportunity.New{ID: d.id, Name: d.name, AccountID: d.account.ID, PipelineID: d.version.PipelineID, OwnerID: d.owner.id,
		AmountMinor: &d.amount, Source: d.source, Lines: []opportunity.Line{{ProductLineID: d.product, AmountMinor: d.amount}},
		ExpectedOn: d.expected[0].value}
	if _, err := h.Opportunities.Create(ctx, a, in); err != nil {
		return err
	}
	var people []opportunity.DealContact
	for _, p := range d.known {
		people = append(people, opportunity.DealContact{ContactID: p.ID, Role: roles[p.Title]})
	}
	return h.Opportunities.SetContacts(ctx, a, d.id, 0, people)
}

// evidence hands a milestone in, and has the superior accept it the next working day
// where one must; he hurries where the deal goes on the same day.
func (h *history) evidence(d deal, x visit, e handed) {
	var id string
	h.on(e.on, 280, d.owner.id, func(ctx context.Context, a org.Actor) error {
		in := opportunity.Submission{StageID: x.stage.ID, Key: e.milestone.Key, Text: e.milestone.Name + "，已与客户确认", Date: e.on}
		switch e.milestone.Evidence {
		case pipeline.Contact:
			in.Text, in.ContactID = "", d.known[0].ID
		case pipeline.File:
			f, err := h.Files.Put(ctx, a, opportunity.Ref(d.id), e.milestone.Name+".txt", strings.NewReader(e.milestone.Name+"\n"))
			if err != nil {
				return err
			}
			in.Text, in.FileID = "", f.ID
		}
		done, err := h.Opportunities.SubmitEvidence(ctx, a, d.id, in)
		id = done.ID
		return err
	})
	accepted := min(h.cal.AddWorkingDays(e.on, 1), x.left)
	if !e.milestone.Acceptance || accepted == e.on && x.left == h.today {
		return // nobody has looked at it yet
	}
	h.on(accepted, 320, h.actor.MemberID, func(ctx context.Context, a org.Actor) error {
		return h.Opportunities.DecideEvidence(ctx, h.as(h.superior(a, d)), d.id, id, true, "")
	})
}

// moves moves through the gate, by exception where evidence is missing. The superior looks at that the next working day,
// and accepts a win by it within some; those of the manager who tries the program wait for him.
func (h *history) moves(d deal, on calendar.Date, minute int, r opportunity.MoveRequest) {
	excepted := false
	h.on(on, minute, d.owner.id, func(ctx context.Context, a org.Actor) (err error) {
		excepted, err = h.move(ctx, a, d, r)
		return err
	})
	if d.version.OfKind(pipeline.Won).ID == r.To {
		h.accepts(d, h.cal.AddWorkingDays(on, 1+minute%5), &excepted)
		return
	}
	looked := h.cal.AddWorkingDays(on, 1)
	if looked > h.today {
		return
	}
	h.on(looked, 325, h.actor.MemberID, func(ctx context.Context, a org.Actor) error {
		if !excepted {
			return nil
		}
		return h.Opportunities.SeeExceptions(ctx, h.as(h.superior(a, d)), d.id)
	})
}

// accepts has the superior accept a win by exception on a day.
func (h *history) accepts(d deal, on calendar.Date, excepted *bool) {
	at := on.In(h.actor.Company.Zone()).Add(15*time.Hour + time.Duration(h.offset)*time.Minute)
	if at.After(h.now) {
		return
	}
	h.acts = append(h.acts, act{at, h.actor.MemberID, func(ctx context.Context, a org.Actor) error {
		superior := h.superior(a, d)
		if !*excepted || superior == h.tries {
			return nil
		}
		return h.Opportunities.AcceptWin(ctx, h.as(superior), d.id)
	}})
}

func (h *history) superior(a org.Actor, d deal) string {
	return append(a.Structure.Superiors(d.owner.id, a.Today), h.actor.MemberID)[0]
}

// move tells whether it took an exception.
func (h *history) move(ctx context.Context, a org.Actor, d deal, r opportunity.MoveRequest) (excepted bool, err error) {
	_, err = h.Opportunities.Move(ctx, a, d.id, r)
	if code := fault.CodeOf(err); code == "pipeline.milestones_missing" || code == "pipeline.skip_not_allowed" {
		r.Exception, excepted = "客户催得急，材料后补", true
		_, err = h.Opportunities.Move(ctx, a, d.id, r)
	}
	return excepted, err
}

func (h *history) log(ctx context.Context, a org.Actor, d deal, t talk) error {
	f := followup.FollowUp{ID: record.NewID(h.at), On: []record.Ref{opportunity.Ref(d.id), account.Ref(d.account.ID)},
		Channel: t.channel, TwoWay: t.twoWay(), Words: t.words}
	if t.twoWay() {
		f.ContactIDs = []string{t.contact}
	}
	_, err := h.FollowUps.Log(ctx, a, f, "")
	return err
}

// close ends the deal, or gives an open one what its owner says of it.
func (h *history) close(d deal) {
	switch d.end.state {
	case opportunity.Won:
		h.moves(d, d.end.on, 400, opportunity.MoveRequest{To: d.version.OfKind(pipeline.Won).ID, SignedOn: d.end.on})
	case opportunity.Lost, opportunity.Withdrawn:
		to := "withdrawn"
		if d.end.state == opportunity.Lost {
			to = d.version.OfKind(pipeline.Lost).ID
		}
		r := opportunity.MoveRequest{To: to, LossKind: d.end.kind, Reason: d.end.reason}
		if d.end.kind == opportunity.LostToCompetitor {
			r.Competitor = d.rival
		}
		h.moves(d, d.end.on, 400, r)
	default:
		h.on(d.visits[len(d.visits)-1].on, 410, d.owner.id, func(ctx context.Context, a org.Actor) error {
			bp := &d.confidence
			_, err := h.Opportunities.Edit(ctx, a, d.id, 0, opportunity.Patch{ConfidenceBP: &bp})
			return err
		})
		if d.step == nil {
			return
		}
		due := *d.step
		h.on(max(d.begun, h.workday(min(due, h.today).Add(-3))), 420, d.owner.id, func(ctx context.Context, a org.Actor) error {
			_, err := h.Tasks.Add(ctx, a, task.Task{On: []record.Ref{opportunity.Ref(d.id)}, What: h.nextStep(&d), DueOn: due,
				CustomerAgreed: h.r.IntN(2) == 0})
			return err
		})
	}
}
