package guidance

import (
	"context"
	"encoding/json"

	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/notice"
	"yunchou/internal/reader"
)

// Kinds of notice; those that are not an entry's own say who is told.
const (
	toldAsked    = "guidance.asked"     // who has the turn of a question
	toldCorrect  = "guidance.corrected" // of a correction
	toldCalled   = "guidance.called"    // of a call for help
	toldResource = "guidance.resource"  // of a request for a resource
	toldAdvised  = "guidance.advised"   // who is given advice
	toldPraised  = "guidance.praised"   // who is praised
	toldAnswered = "guidance.answered"  // who asked
	toldFirst    = "guidance.customer_first"
	toldRejected = "guidance.rejected" // who answered
	toldUsed     = "guidance.used"     // who advised
	toldResulted = "guidance.resulted"
	toldChecked  = "guidance.checked"
	toldClimbed  = "guidance.climbed" // who has the turn now
	toldWentUp   = "guidance.went_up" // who asked
	toldMoved    = "guidance.moved"
	toldReturned = "guidance.returned" // who asked
)

// askedAs is what a note that waits is told as.
var askedAs = map[Kind]string{Question: toldAsked, Correction: toldCorrect, Help: toldCalled, Resource: toldResource}

// Notices tell who has a turn, who is answered, and whose note nobody answered.
func (s *Service) Notices() notice.Source {
	tells := map[string]notice.Teller{}
	for _, event := range Events {
		tells[event] = tellNote
	}
	tells["guidance.looked"] = tellLook
	opens := map[string]notice.Opener{}
	for _, kind := range []string{toldAsked, toldCorrect, toldCalled, toldResource, toldRejected, toldClimbed, toldMoved} {
		opens[kind] = s.hasTurn
	}
	return notice.Source{Tells: tells, Opens: opens, Kinds: map[string]bool{
		toldAsked: true, toldCorrect: true, toldCalled: true, toldResource: true, toldAdvised: true, toldPraised: false, toldAnswered: false, toldFirst: false, toldRejected: true, toldUsed: false,
		toldResulted: false, toldChecked: false, toldClimbed: true, toldWentUp: false, toldMoved: true, toldReturned: true,
	}}
}

// hasTurn tells whether the note still waits for its reader.
func (s *Service) hasTurn(ctx context.Context, tx database.Tx, tenant string, n notice.Notice) (bool, error) {
	k, err := s.Rows.Get(ctx, tx, tenant, n.About.ID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	open := k.Open()
	return open != nil && open.MemberID == n.MemberID, err
}

// tellLook has the owner's pages show who looked; nothing is told.
func tellLook(_ context.Context, _ database.Tx, e reader.Entry) ([]notice.To, error) {
	var p looked
	err := json.Unmarshal(e.Payload, &p)
	return []notice.To{{MemberID: p.OwnerID}}, err
}

// tellNote tells who is told something by an entry about a note; the pages of the others who had a part in it show
// it as it was.
func tellNote(_ context.Context, _ database.Tx, e reader.Entry) ([]notice.To, error) {
	var p stands
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return nil, err
	}
	out := p.told(e.Kind)
	for _, id := range append([]string{p.AskerID, p.ToID}, p.hands()...) {
		out = append(out, notice.To{MemberID: id})
	}
	return out, nil
}

// hands are those who had a turn, in its order.
func (p stands) hands() (out []string) {
	for _, t := range p.Turns {
		out = append(out, t.MemberID)
	}
	return out
}

// holder is who has the turn, "" where nobody has.
func (p stands) holder() string {
	if n := len(p.Turns); n > 0 && p.Turns[n-1].EndedAt == nil {
		return p.Turns[n-1].MemberID
	}
	return ""
}

func (p stands) told(event string) []notice.To {
	to := func(member, kind string) []notice.To { return []notice.To{{MemberID: member, Kind: kind}} }
	saying := func(member, kind, message string) []notice.To {
		if message == "" {
			return to(member, kind)
		}
		return []notice.To{{MemberID: member, Kind: kind, About: conversation.MessageRef(message)}}
	}
	switch {
	case event == "guidance.asked" && p.Kind == Praise:
		return to(p.ToID, toldPraised)
	case event == "guidance.asked" && !p.Kind.Timed():
		return to(p.ToID, toldAdvised)
	case event == "guidance.asked":
		return to(p.holder(), askedAs[p.Kind])
	case event == "guidance.answered" && p.Reply != nil:
		return saying(p.AskerID, toldAnswered, p.Reply.MessageID)
	case event == "guidance.customer_first":
		return to(p.AskerID, toldFirst)
	case event == "guidance.rejected":
		return to(p.holder(), toldRejected)
	case event == "guidance.used" && p.Outcome != nil:
		return saying(p.adviser(), toldUsed, p.Outcome.UsedID)
	case event == "guidance.resulted" && p.Outcome != nil:
		return saying(p.adviser(), toldResulted, p.Outcome.ResultID)
	case event == "guidance.checked" && p.Check != nil:
		return append(saying(p.AskerID, toldChecked, p.Check.CheckedID), saying(p.ToID, toldChecked, p.Check.CheckedID)...)
	case event == "guidance.climbed":
		return append(to(p.holder(), toldClimbed), to(p.AskerID, toldWentUp)...)
	case event == "guidance.moved":
		return to(p.holder(), toldMoved)
	case event == "guidance.returned":
		return to(p.AskerID, toldReturned)
	}
	return nil
}

// adviser is whose advice it was: he gave it unasked, or answered.
func (p stands) adviser() string {
	if p.Reply == nil {
		return p.AskerID
	}
	return p.Reply.By
}
