package opportunity

import (
	"sort"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/record"
)

// Fields of an opportunity that are kept with the day they hold from; docs/facts.md says
// what each of them holds.
const (
	fieldAmount     = "amount"
	fieldTax        = "tax"
	fieldExpected   = "expected"
	fieldConfidence = "confidence"
	fieldAccount    = "account"
	fieldRegion     = "region"
	fieldDeleted    = "deleted"
	fieldLine       = "line"
	fieldShare      = "share"
)

// stated is what a dated field holds; the zero value is nothing.
type stated struct {
	number int64
	known  bool // number is stated
	text   string
}

func word(s string) stated { return stated{text: s} }

func number(n *int64, with string) stated {
	if n == nil {
		return stated{text: with}
	}
	return stated{*n, true, with}
}

// held is what an opportunity holds in each dated field. Amounts with tax at an unknown
// rate are what nobody has to say.
func held(o Opportunity) map[string]stated {
	out := map[string]stated{fieldAmount: number(o.AmountMinor, o.Currency), fieldExpected: word(string(o.ExpectedOn)),
		fieldConfidence: number(o.ConfidenceBP, ""), fieldAccount: word(o.AccountID), fieldRegion: word(o.Region)}
	if !o.TaxIncluded || o.TaxBP != nil {
		out[fieldTax] = stated{text: "with"}
		if !o.TaxIncluded {
			out[fieldTax] = stated{text: "without"}
		}
		if o.TaxBP != nil {
			out[fieldTax] = stated{*o.TaxBP, true, out[fieldTax].text}
		}
	}
	if o.DeletedAt != nil {
		out[fieldDeleted] = stated{number: 1, known: true}
	}
	return out
}

// changed are the values a change writes: what differs, from a day on.
func changed(was, o Opportunity, day calendar.Date, seq database.Seq) []record.Value {
	before, after := held(was), held(o)
	var out []record.Value
	for _, field := range []string{fieldAmount, fieldTax, fieldExpected, fieldConfidence, fieldAccount, fieldRegion, fieldDeleted} {
		if before[field] != after[field] {
			out = append(out, after[field].value(o.ID, field, "", day, seq))
		}
	}
	return out
}

func (v stated) value(id, field, key string, day calendar.Date, seq database.Seq) record.Value {
	out := record.Value{RecordID: id, Field: field, Key: key, Day: day, Seq: seq, Text: v.text}
	if v.known {
		out.Number = &v.number
	}
	return out
}

// keyed are the values a new list writes over an old one: what was added or differs, and
// nothing for what is gone.
func keyed(id, field string, was, now map[string]int64, day calendar.Date, seq database.Seq) []record.Value {
	keys := []string{}
	for k := range was {
		if _, kept := now[k]; !kept {
			keys = append(keys, k)
		}
	}
	for k, n := range now {
		if before, there := was[k]; !there || before != n {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	out := make([]record.Value, len(keys))
	for i, k := range keys {
		n, there := now[k]
		out[i] = stated{n, there, ""}.value(id, field, k, day, seq)
	}
	return out
}

// linesByProduct adds lines up by product line.
func linesByProduct(lines []Line) map[string]int64 {
	out := map[string]int64{}
	for _, l := range lines {
		out[l.ProductLineID] += l.AmountMinor
	}
	return out
}

// sharesByKey keys shares by member and kind.
func sharesByKey(shares []Share) map[string]int64 {
	out := map[string]int64{}
	for _, sh := range shares {
		out[sh.MemberID+":"+sh.Kind] = sh.BP
	}
	return out
}

// sharesOn reads the shares of a day from a record's values, none where none were stated.
func sharesOn(values []record.Value, day calendar.Date) []Share {
	var out []Share
	for k, v := range record.On(values, day) {
		if k[0] == fieldShare && v.Number != nil {
			member, kind, _ := strings.Cut(k[1], ":")
			out = append(out, Share{member, kind, *v.Number})
		}
	}
	sortShares(out)
	return out
}

func sortShares(list []Share) {
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.Kind != b.Kind {
			return a.Kind < b.Kind
		}
		if a.BP != b.BP {
			return a.BP > b.BP
		}
		return a.MemberID < b.MemberID
	})
}

// linesOn reads the product lines of a day.
func linesOn(values []record.Value, day calendar.Date) []Line {
	var out []Line
	for k, v := range record.On(values, day) {
		if k[0] == fieldLine && v.Number != nil {
			out = append(out, Line{ProductLineID: k[1], AmountMinor: *v.Number})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ProductLineID < out[j].ProductLineID })
	return out
}
