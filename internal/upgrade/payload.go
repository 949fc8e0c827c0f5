package upgrade

import (
	"encoding/json"
	"fmt"

	"yunchou/internal/calendar"
	"yunchou/internal/credit"
	"yunchou/internal/record"
)

// stated is what a dated field holds: a number, a text, both or nothing.
type stated struct {
	number int64
	known  bool // that there is a number
	text   string
}

func number(p *int64) stated {
	if p == nil {
		return stated{}
	}
	return stated{number: *p, known: true}
}

func priced(minor *int64, currency string) stated {
	s := number(minor)
	s.text = currency
	return s
}

// tax: with tax at an unknown rate is what nobody has to say.
func tax(with bool) stated {
	if with {
		return stated{}
	}
	return stated{text: "without"}
}

func deleted(is bool) stated {
	if is {
		return stated{number: 1, known: true}
	}
	return stated{}
}

func (s stated) minor() *int64 {
	if !s.known {
		return nil
	}
	n := s.number
	return &n
}

// value makes a row of it.
func (s stated) value(id, field, key string) record.Value {
	return record.Value{RecordID: id, Field: field, Key: key, Number: s.minor(), Text: s.text}
}

// payload is what entries of schema 5 say, as far as a fact is in it. Pairs are the value
// before and after; a move says the value after alone.
type payload struct {
	AmountMinor  json.RawMessage `json:"amountMinor"`
	Currency     json.RawMessage `json:"currency"`
	ExpectedOn   json.RawMessage `json:"expectedOn"`
	ConfidenceBP json.RawMessage `json:"confidenceBp"`
	AccountID    json.RawMessage `json:"accountId"`
	Region       json.RawMessage `json:"region"`
	Class        json.RawMessage `json:"class"`
	TaxIncluded  []bool          `json:"taxIncluded"`
	OwnerID      json.RawMessage `json:"ownerId"`
	Visits       []struct {
		Ord int64 `json:"ord"`
	} `json:"visits"`
	Lines  *[]oldLine  `json:"lines"`
	Shares *[]oldShare `json:"shares"`

	State         string `json:"state"`
	To            string `json:"to"`
	From          string `json:"from"`
	VersionID     string `json:"versionId"`
	StayID        string `json:"stayId"`
	Ord           int64  `json:"ord"`
	Voided        string `json:"voided"`
	HandoverID    string `json:"handoverId"`
	LossKind      string `json:"lossKind"`
	CompetitorID  string `json:"competitorId"`
	ContractMinor *int64 `json:"contractMinor"`
	BatchID       string `json:"batchId"`
}

type oldLine struct {
	ProductLineID string `json:"productLineId"`
	AmountMinor   int64  `json:"amountMinor"`
}

type oldShare struct {
	MemberID string `json:"memberId"`
	Kind     string `json:"kind"`
	BP       int64  `json:"shareBp"`
}

// pay reads an entry's payload.
func (e Entry) pay() (p payload, err error) {
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return p, fmt.Errorf("entry %d (%s): %w", e.Seq, e.Kind, err)
	}
	return p, nil
}

// pair reads a value before and after; ok is false where the entry has none.
func pair[T any](raw json.RawMessage) (was, is T, ok bool) {
	var two []T
	if len(raw) == 0 || raw[0] != '[' || json.Unmarshal(raw, &two) != nil || len(two) != 2 {
		return was, is, false
	}
	return two[0], two[1], true
}

// one reads a single value; ok is false where the entry has none, or a pair.
func one[T any](raw json.RawMessage) (v T, ok bool) {
	if len(raw) == 0 || raw[0] == '[' {
		return v, false
	}
	return v, json.Unmarshal(raw, &v) == nil
}

// change is what an entry says of a field.
type change struct {
	field    string
	was, is  stated
	wasKnown bool
}

// changes lists what an entry says of dated fields; now is how they are behind it.
func (e Entry) changes(now map[string]stated) ([]change, error) {
	switch e.Kind {
	case "opportunity.deleted", "account.deleted":
		return []change{{field: "deleted", was: deleted(false), is: deleted(true), wasKnown: true}}, nil
	case "opportunity.restored", "account.restored":
		return []change{{field: "deleted", was: deleted(true), is: deleted(false), wasKnown: true}}, nil
	case "opportunity.moved":
		p, err := e.pay()
		if bp, ok := one[*int64](p.ConfidenceBP); ok {
			return []change{{field: "confidence", is: number(bp)}}, err
		}
		return nil, err
	case "opportunity.changed", "account.changed":
		p, err := e.pay()
		return p.pairs(now), err
	}
	return nil, nil
}

// pairs lists the fields with old and new.
func (p payload) pairs(now map[string]stated) (out []change) {
	was, is := now["amount"], now["amount"]
	oldMinor, newMinor, told := pair[*int64](p.AmountMinor)
	if told {
		was, is = priced(oldMinor, was.text), priced(newMinor, is.text)
	}
	if a, b, ok := pair[string](p.Currency); ok {
		was.text, is.text, told = a, b, true
	}
	add := func(field string, was, is stated) { out = append(out, change{field, was, is, true}) }
	if told {
		add("amount", was, is)
	}
	if a, b, ok := pair[*int64](p.ConfidenceBP); ok {
		add("confidence", number(a), number(b))
	}
	if len(p.TaxIncluded) == 2 {
		add("tax", tax(p.TaxIncluded[0]), tax(p.TaxIncluded[1]))
	}
	for _, f := range []struct {
		name string
		raw  json.RawMessage
	}{{"expected", p.ExpectedOn}, {"account", p.AccountID}, {"region", p.Region}, {"class", p.Class}} {
		if a, b, ok := pair[string](f.raw); ok {
			add(f.name, stated{text: a}, stated{text: b})
		}
	}
	return out
}

// begun lists what the entry of a new record says it began with.
func (p payload) begun() map[string]stated {
	out := map[string]stated{}
	minor, ok := one[*int64](p.AmountMinor)
	if currency, told := one[string](p.Currency); ok && told {
		out["amount"] = priced(minor, currency)
	}
	if day, ok := one[calendar.Date](p.ExpectedOn); ok {
		out["expected"] = stated{text: string(day)}
	}
	if id, ok := one[string](p.AccountID); ok {
		out["account"] = stated{text: id}
	}
	return out
}

func products(lines []oldLine) []credit.Product {
	out := make([]credit.Product, len(lines))
	for i, l := range lines {
		out[i] = credit.Product{ProductLineID: l.ProductLineID, Minor: l.AmountMinor}
	}
	return out
}

func shares(list []oldShare) []credit.Share {
	out := make([]credit.Share, len(list))
	for i, s := range list {
		out[i] = credit.Share(s)
	}
	return out
}
