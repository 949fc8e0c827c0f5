package app

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/guidance"
	"yunchou/internal/guidance/guidancedb"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/reader"
	"yunchou/internal/record"
	"yunchou/internal/task"
	"yunchou/internal/worktime"
)

// gives wires guidance notes: their threads are read as their kinds say.
func (a *App) gives() {
	for kind, by := range map[guidance.Kind]conversation.Readers{guidance.Question: conversation.OfRecord, guidance.Advice: conversation.OfRecord,
		guidance.Resource: conversation.OfRecord, guidance.Praise: conversation.Team, guidance.Correction: conversation.Two, guidance.Help: conversation.Two} {
		a.Conversations.Readers[string(kind)] = by
	}
	for _, kind := range guidance.Kinds {
		a.Conversations.Turns = append(a.Conversations.Turns, string(kind))
	}
	a.Guidance = &guidance.Service{DB: a.DB, Rows: guidancedb.Rows{}, Talks: a.Conversations, Kinds: a.Conversations.Kinds, Times: a.Times,
		Calendar: a.Org.Calendar, Timetable: a.Timetable, Records: a.Conversations, Contacts: promised{a.Tasks}, Winners: winners{a.Opportunities},
		Experts: knowing{a}, Deals: looked{a.Opportunities},
		As: a.Org.Job}
	a.Conversations.Stands = a.Guidance
}

// winners are those who won deals like one.
type winners struct{ *opportunity.Service }

func (w winners) Winners(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, limit int) (members []string, won []int64, err error) {
	if on.Kind != record.Opportunity {
		return nil, nil, nil
	}
	list, err := w.WonLike(ctx, tx, a, on.ID, limit)
	for _, x := range list {
		members, won = append(members, x.MemberID), append(won, x.Won)
	}
	return members, won, err
}

// knowing are the experts of what is offered in a deal: of its largest product first, and of one by how long they are.
type knowing struct{ *App }

func (k knowing) Experts(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref) (members []string, products [][]string, err error) {
	if on.Kind != record.Opportunity {
		return nil, nil, nil
	}
	lines, err := k.Opportunities.LinesIn(ctx, tx, a, on.ID)
	if err != nil || len(lines) == 0 {
		return nil, nil, err
	}
	experts, err := k.Accounts.ExpertsIn(ctx, tx, a)
	if err != nil || len(experts) == 0 {
		return nil, nil, err
	}
	all, err := k.Accounts.ProductLinesIn(ctx, tx, a)
	called := map[string]string{}
	for _, p := range all {
		called[p.ID] = p.Name
	}
	slices.SortStableFunc(lines, func(x, y opportunity.Line) int { return cmp.Compare(y.AmountMinor, x.AmountMinor) })
	for _, l := range lines {
		for _, x := range experts {
			if x.ProductLineID != l.ProductLineID {
				continue
			}
			at := slices.Index(members, x.MemberID)
			if at < 0 {
				at, members, products = len(members), append(members, x.MemberID), append(products, nil)
			}
			if name := called[l.ProductLineID]; !slices.Contains(products[at], name) {
				products[at] = append(products[at], name)
			}
		}
	}
	return members, products, err
}

// promised are the next contacts with customers, as the open tasks of a record say.
type promised struct{ *task.Service }

const promisedOf = 200 // open tasks of a record that are looked at

func (p promised) NextMet(ctx context.Context, tx database.Tx, tenant string, on record.Ref, from calendar.Date) (calendar.Date, error) {
	return p.first(ctx, tx, tenant, on, func(t task.Task) bool { return t.CustomerAgreed && t.DueOn >= from })
}

func (p promised) NextStep(ctx context.Context, tx database.Tx, tenant string, on record.Ref, today calendar.Date) (calendar.Date, error) {
	return p.first(ctx, tx, tenant, on, func(t task.Task) bool { return t.DueOn > today })
}

func (p promised) first(ctx context.Context, tx database.Tx, tenant string, on record.Ref, which func(task.Task) bool) (day calendar.Date, err error) {
	list, err := p.Rows.OfRecord(ctx, tx, tenant, on, promisedOf)
	for _, t := range list {
		if t.DoneOn == "" && t.DroppedAt == nil && which(t) && (day == "" || t.DueOn < day) {
			day = t.DueOn
		}
	}
	return day, err
}

// worksOtherwise are the entries after which a member, or anybody, may work at other hours: what they hold is due otherwise.
var worksOtherwise = map[string]bool{"member.transferred": true, "member.returned": true, "member.post_added": true, "member.post_ended": true,
	"member.main_post_set": true, "team.working_time_set": true, "team.moved": true, "company.holidays_loaded": true, "company.settings_saved": true}

// movesAlong has what a member holds go to who stands in, once he is away or has left, and be due anew once he works otherwise.
func (a *App) movesAlong() reader.Reader {
	return reader.Reader{Name: "guidance.away", Kinds: append([]string{"member.absence_entered", "member.absence_changed", "member.absence_withdrawn", "member.left"},
		slices.Sorted(maps.Keys(worksOtherwise))...),
		Apply: func(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
			at := e.RecordedAt
			if worksOtherwise[e.Kind] {
				member := ""
				if e.Subject.Kind == "member" {
					member = e.Subject.ID
				}
				return 1, a.Guidance.GoesAway(ctx, tx, e.TenantID, member, e.Key(), at)
			}
			switch e.Kind {
			case "member.absence_entered":
				var p worktime.AbsenceSaid
				if err := json.Unmarshal(e.Payload, &p); err != nil {
					return 0, err
				}
				at = p.Begins
			case "member.absence_changed":
				var p worktime.AbsenceChanged
				if err := json.Unmarshal(e.Payload, &p); err != nil {
					return 0, err
				}
				at = p.Begins.New
			case "member.left":
				c, _, err := a.Org.Load(ctx, tx, e.TenantID)
				if err != nil {
					return 0, err
				}
				at = e.HappenedOn.In(c.Zone())
			}
			if at.Before(e.RecordedAt) {
				at = e.RecordedAt
			}
			if at.After(e.RecordedAt) { // it is due otherwise from now on
				if err := a.Guidance.GoesAway(ctx, tx, e.TenantID, e.Subject.ID, e.Key("now"), e.RecordedAt); err != nil {
					return 0, err
				}
			}
			return 2, a.Guidance.GoesAway(ctx, tx, e.TenantID, e.Subject.ID, e.Key(), at)
		}}
}

// endsGone ends what is open about a record once that is deleted, or an import that made it is undone.
func (a *App) endsGone() reader.Reader {
	return reader.Reader{Name: "guidance.gone", First: reader.FromStart, Lost: reader.FromCommon,
		Kinds: []string{"opportunity.deleted", "opportunity.unrecorded", "account.deleted", "account.unrecorded", "contact.erased", "contact.taken_out",
			"contact.unrecorded", "follow_up.deleted", "follow_up.unrecorded"},
		Apply: func(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
			n, err := a.Guidance.RecordGone(ctx, tx, e.TenantID, e.Subject)
			return 1 + n, err
		}}
}
