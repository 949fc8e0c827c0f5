package task

import (
	"cmp"
	"context"
	"encoding/json"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/notice"
	"yunchou/internal/reader"
)

// Notices tell who is given a task or a part in one, asked to take one over or answered, and who waits for a result or a
// review. What
// changes hands with a hand-over is told by that.
func (s *Service) Notices() notice.Source {
	return notice.Source{
		Kinds: map[string]bool{noticeGiven: true, noticeDone: true, noticeAccepted: false, noticeSentBack: true, noticeOffered: true,
			noticeTaken: false, noticeDeclined: false, noticeJoined: true},
		Tells: map[string]notice.Teller{"task.added": tellAdded, "task.done": s.tellDone, "task.reviewed": s.tellReviewed,
			"task.offered": tellOffered, "task.offer_answered": tellAnswered, "task.partners_set": tellPartners},
		Opens: map[string]notice.Opener{noticeGiven: s.opens(isDoing), noticeJoined: s.opens(hasToDo), noticeSentBack: s.opens(isDoing),
			noticeDone:    s.opens(func(t Task, _ string) bool { return t.State() == InReview }),
			noticeOffered: s.opens(func(t Task, member string) bool { return t.OfferedTo == member && t.DoneOn == "" && t.DroppedAt == nil })},
	}
}

func isDoing(t Task, member string) bool {
	return t.MemberID == member && t.DoneOn == "" && t.DroppedAt == nil
}

// hasToDo: his part in it is not done.
func hasToDo(t Task, member string) bool {
	i := t.partOf(member)
	return i >= 0 && t.Parties[i].DoneOn == "" && t.DoneOn == "" && t.DroppedAt == nil
}

// opens tells of a task whether it waits for somebody.
func (s *Service) opens(waits func(t Task, member string) bool) notice.Opener {
	return func(ctx context.Context, tx database.Tx, tenant string, n notice.Notice) (bool, error) {
		t, err := s.Rows.Get(ctx, tx, tenant, n.About.ID)
		if fault.Is(err, fault.NotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		list := []Task{t}
		err = s.withParts(ctx, tx, tenant, []string{t.ID}, list)
		return waits(list[0], n.MemberID), err
	}
}

// Kinds of notice.
const (
	noticeGiven    = "task.given"
	noticeJoined   = "task.joined"
	noticeDone     = "task.to_review"
	noticeAccepted = "task.accepted"
	noticeSentBack = "task.sent_back"
	noticeOffered  = "task.offered"
	noticeTaken    = "task.taken_over"
	noticeDeclined = "task.declined"
)

func tellAdded(_ context.Context, _ database.Tx, e reader.Entry) ([]notice.To, error) {
	var p added
	if err := json.Unmarshal(e.Payload, &p); err != nil || e.Path == "import" {
		return nil, err
	}
	out := []notice.To{{MemberID: p.MemberID, Kind: noticeGiven}}
	for _, x := range p.Parties {
		if x.Part != Was {
			out = append(out, notice.To{MemberID: x.MemberID, Kind: noticeJoined})
		}
	}
	return out, nil
}

// tellPartners tells who has a part now and had none before.
func tellPartners(_ context.Context, _ database.Tx, e reader.Entry) (out []notice.To, err error) {
	var p partners
	err = json.Unmarshal(e.Payload, &p)
	for _, id := range p.Joined {
		out = append(out, notice.To{MemberID: id, Kind: noticeJoined})
	}
	return out, err
}

// tellDone tells who reviews a long order that its result is there.
func (s *Service) tellDone(ctx context.Context, tx database.Tx, e reader.Entry) ([]notice.To, error) {
	t, err := s.as(ctx, tx, e)
	if err != nil || e.Path == "import" || !t.Long || !t.isOrder() || cmp.Or(e.OnBehalfOf, e.ActorID) != t.MemberID {
		return nil, err // done by somebody else it waits for no review
	}
	a, err := s.Job(ctx, tx, e.TenantID)
	if err != nil {
		return nil, err
	}
	return []notice.To{{MemberID: t.Reviewer(a.Structure, e.HappenedOn), Kind: noticeDone}}, nil
}

// as is the task an entry is about, of whom it was then: it may be another's by the time the reader comes by.
func (s *Service) as(ctx context.Context, tx database.Tx, e reader.Entry) (Task, error) {
	t, err := s.Rows.Get(ctx, tx, e.TenantID, e.Subject.ID)
	if err != nil {
		return t, err
	}
	list := []Task{t}
	err = s.withParts(ctx, tx, e.TenantID, []string{t.ID}, list)
	for _, f := range list[0].Facts {
		if (f.Kind == FactGiven || f.Kind == FactHanded) && !f.At.After(e.RecordedAt) {
			t.MemberID = f.MemberID
		}
	}
	return t, err
}

// tellReviewed tells whoever did a long order.
func (s *Service) tellReviewed(ctx context.Context, tx database.Tx, e reader.Entry) ([]notice.To, error) {
	var p reviewed
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return nil, err
	}
	t, err := s.as(ctx, tx, e)
	kind := noticeSentBack
	if p.Accepted {
		kind = noticeAccepted
	}
	return []notice.To{{MemberID: t.MemberID, Kind: kind}}, err
}

func tellOffered(_ context.Context, _ database.Tx, e reader.Entry) ([]notice.To, error) {
	var p offered
	err := json.Unmarshal(e.Payload, &p)
	return []notice.To{{MemberID: p.ToID, Kind: noticeOffered}}, err
}

// tellAnswered tells whose task it is or was, who alone may offer it.
func tellAnswered(_ context.Context, _ database.Tx, e reader.Entry) ([]notice.To, error) {
	var p answered
	err := json.Unmarshal(e.Payload, &p)
	kind := noticeDeclined
	if p.Accepted {
		kind = noticeTaken
	}
	return []notice.To{{MemberID: p.MemberID[0], Kind: kind}}, err
}
