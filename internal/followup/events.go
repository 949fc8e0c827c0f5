package followup

import (
	"encoding/json"
	"time"

	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// logged is the payload of follow_up.logged; the words stay in the row.
type logged struct {
	Channel    string       `json:"channel"`
	TwoWay     bool         `json:"twoWay"`
	MemberID   string       `json:"memberId"`
	HappenedAt *time.Time   `json:"happenedAt,omitempty"`
	Contacts   []string     `json:"contacts"`
	Members    []string     `json:"members"`
	On         []record.Ref `json:"on"`
}

func followUpLogged(f FollowUp) journal.Event {
	return journal.Event{Subject: Ref(f.ID), Scope: f.On[0], Kind: "follow_up.logged", On: f.HappenedOn,
		Payload: logged{f.Channel, f.TwoWay, f.MemberID, f.HappenedAt, f.ContactIDs, f.MemberIDs, f.On}}
}

// followUp is what an entry says of a follow-up.
func (p logged) followUp(e journal.Entry) FollowUp {
	return FollowUp{ID: e.Subject.ID, On: p.On, Channel: p.Channel, HappenedOn: e.HappenedOn, HappenedAt: p.HappenedAt,
		TwoWay: p.TwoWay, MemberID: p.MemberID, ContactIDs: p.Contacts, MemberIDs: p.Members, RecordedAt: e.RecordedAt,
		RecordedBy: e.ActorID, Version: 1}
}

// LoggedKind is the kind of the entry that something was said.
const LoggedKind = "follow_up.logged"

// Said is what an entry says of a follow-up, for whatever follows from it; the words are in its row.
func Said(e journal.Entry) (FollowUp, error) {
	var p logged
	err := json.Unmarshal(e.Payload, &p)
	return p.followUp(e), err
}
