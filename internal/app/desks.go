package app

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/desk"
	"yunchou/internal/desk/deskdb"
	"yunchou/internal/guidance"
	"yunchou/internal/idempotency"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/task"
)

// desks wires what waits for a member: who knows of something is named here, and nowhere else.
func (a *App) desks(keys *idempotency.Keys) {
	deals := opportunity.OnDesk{Service: a.Opportunities, Limits: a.Funnel.LimitsNow}
	a.Desk = &desk.Service{DB: a.DB, Rows: deskdb.Rows{}, Keys: keys, Calendar: a.Org.Calendar, Rates: a.Funnel.StageRates,
		Await: a.Funnel.Await, Hand: a.hand, Question: a.question, Names: a.named,
		Limited: []string{opportunity.SignStalled, opportunity.SignPassed},
		Sources: []desk.Source{deals, a.Tasks, a.Handovers, a.Guidance, a.Changes, a.Confirms}, Weighs: deals}
}

// hand makes a task of a line that was handed over; it hangs on the record where tasks may.
func (a *App) hand(ctx context.Context, tx database.Tx, by org.Actor, m desk.Mark, what string, due calendar.Date) (string, error) {
	t := task.Task{What: what, MemberID: m.ToID, DueOn: due}
	if _, may := a.Kinds[m.Of.Kind]; may {
		t.On = []record.Ref{m.Of}
	}
	t, err := a.Tasks.AddIn(ctx, tx, by, t)
	return t.ID, err
}

// question asks about the record of a line, in the same write as the decision to ask.
func (a *App) question(ctx context.Context, tx database.Tx, by org.Actor, m desk.Mark, text string, mentions []string) (noteID, toID string, err error) {
	in := guidance.New{Kind: guidance.Question, On: m.Of, ToID: m.ToID, Text: text, Mentions: mentions}
	if err := record.UseID(&in.ID, by.Now); err != nil {
		return "", "", err
	}
	k, err := a.Guidance.AskIn(ctx, tx, by, in)
	return k.ID, k.ToID, err
}

func (a *App) named(ctx context.Context, tx database.Tx, by org.Actor, refs []record.Ref) (map[record.Ref]string, error) {
	return a.Kinds.Names(ctx, tx, by, false, refs)
}
