package opportunity

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// The fields of Hands; own fields are "custom." and their keys.
const (
	HandName       = "name"
	HandSource     = "source"
	HandOwner      = "owner"
	HandAccount    = "account"
	HandTerms      = "amount"
	HandExpected   = "expectedOn"
	HandConfidence = "confidence"
	HandRegion     = "region"
)

// Hands is what persons wrote of a record, where no import has written over it since: the fields,
// and the stays by id. The journal knows by which path each entry came.
type Hands struct {
	Fields map[string]bool
	Stays  map[string]bool
}

// Kept is what a retelling leaves alone of it.
func (h Hands) Kept() Kept {
	return Kept{Name: h.Fields[HandName], Owner: h.Fields[HandOwner], Account: h.Fields[HandAccount], Region: h.Fields[HandRegion],
		Terms: h.Fields[HandTerms]}
}

// Moved tells whether a stay of a record that counts was entered here by a person.
func (h Hands) Moved(counted []Stay) bool {
	return slices.ContainsFunc(counted, func(st Stay) bool { return h.Stays[st.ID] })
}

// handled is what an entry says of who wrote what, whatever its kind.
type handled struct {
	changes
	StayID string         `json:"stayId"`
	Move   string         `json:"move"`
	Ended  []database.Seq `json:"ended"`
}

// fields are those an entry's changes wrote.
func (c changes) fields() map[string]bool {
	out := map[string]bool{HandName: c.Name, HandSource: c.Source, HandAccount: c.AccountID != nil, HandExpected: c.ExpectedOn != nil,
		HandConfidence: c.ConfidenceBP != nil, HandTerms: c.AmountMinor != nil || c.Currency != nil || c.Lines != nil,
		HandRegion: c.Region != nil && c.AccountID == nil}
	for _, key := range c.Custom {
		out["custom."+key] = true
	}
	maps.DeleteFunc(out, func(_ string, wrote bool) bool { return !wrote })
	return out
}

// Hands reads it. A record that a person made has what he said of it by hand.
func (s *Service) Hands(ctx context.Context, tx database.Tx, a org.Actor, id string) (Hands, error) {
	list, err := journal.After(ctx, tx, a.TenantID, Ref(id), 0)
	return handsIn(list), err
}

func handsIn(list []journal.Entry) Hands {
	h := Hands{Fields: map[string]bool{}, Stays: map[string]bool{}}
	never := map[int64]bool{}
	for _, e := range list { // what an undone import wrote was never written
		var p handled
		if e.Kind == "opportunity.reverted" && json.Unmarshal(e.Payload, &p) == nil {
			for _, seq := range p.Ended {
				never[int64(seq)] = true
			}
		}
	}
	for _, e := range list {
		if e.Path == "job" || never[e.Seq] || e.Kind == "opportunity.reverted" {
			continue
		}
		h.take(e, e.Path != "import")
	}
	return h
}

// take takes in an entry.
func (h Hands) take(e journal.Entry, person bool) {
	set := func(of map[string]bool, key string) {
		if person {
			of[key] = true
		} else {
			delete(of, key)
		}
	}
	switch e.Kind {
	case "opportunity.created":
		h.made(e)
	case "opportunity.changed", "opportunity.moved", "opportunity.stay_corrected":
		var p handled
		if json.Unmarshal(e.Payload, &p) != nil {
			return
		}
		if e.Kind != "opportunity.stay_corrected" {
			for f := range p.changes.fields() {
				set(h.Fields, f)
			}
		}
		if p.StayID != "" && p.Move != "remap" {
			set(h.Stays, p.StayID)
		}
	case "opportunity.handed_over", "opportunity.shares_set":
		set(h.Fields, HandOwner)
	}
}

// made takes in a record a person made: what he stated is his.
func (h Hands) made(e journal.Entry) {
	var p created
	if e.Path == "import" || json.Unmarshal(e.Payload, &p) != nil {
		return
	}
	h.Fields[HandName], h.Stays[p.StayID] = true, true
	for field, stated := range map[string]bool{HandOwner: p.OwnerID != "", HandAccount: p.AccountID != "", HandTerms: p.AmountMinor != nil,
		HandExpected: p.ExpectedOn != "", HandConfidence: p.ConfidenceBP != nil} {
		if stated {
			h.Fields[field] = true
		}
	}
}
