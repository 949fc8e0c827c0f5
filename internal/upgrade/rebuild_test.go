package upgrade

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/credit"
)

var company = Company{ID: "c", Currency: "CNY", Zone: time.UTC, Today: "2026-06-05", Baseline: 100, Rates: map[string]int64{},
	Holdings: []Holding{{MemberID: "陈露", TeamID: "一组", PositionID: "销售", Main: true, From: "0001-01-01", To: "2026-03-15"},
		{MemberID: "陈露", TeamID: "二组", PositionID: "销售", Main: true, From: "2026-03-15"}}}

func amount(n int64) *int64 { return &n }

// deal is an open record of 100 yuan, made by form on 2 March by entry 1.
func deal(change func(*Opportunity)) Opportunity {
	o := Opportunity{ID: "o", Currency: "CNY", AmountMinor: amount(100_00), WithTax: true, CreatedOn: "2026-03-02", State: "open",
		Stays:   []Stay{{Ord: 1000, ID: "s1", State: "open", Move: "create", EnteredOn: "2026-03-02", RecordedOn: "2026-03-02", RecordedAt: at("2026-03-02")}},
		Owners:  []Owner{{Ord: 1, MemberID: "陈露", TeamID: "一组", From: "2026-03-02"}},
		Shares:  whole("陈露"),
		Entries: []Entry{said(1, "opportunity.created", "2026-03-02", `{"amountMinor":10000,"currency":"CNY","expectedOn":"","accountId":"","ownerId":"陈露","state":"open"}`)}}
	if change != nil {
		change(&o)
	}
	return o
}

func at(day string) string { return day + "T02:00:00.000Z" }

func said(seq int64, kind string, day calendar.Date, payload string) Entry {
	return Entry{Seq: seq, Kind: kind, On: day, RecordedAt: at(string(day)), Payload: []byte(payload)}
}

func move(ord int64, id, state, name string, day calendar.Date) Stay {
	return Stay{Ord: ord, ID: id, State: state, Move: name, EnteredOn: day, RecordedOn: day, RecordedAt: at(string(day))}
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }

// told writes what was rebuilt as lines a reader can check.
func told(t *testing.T, o Opportunity, fields string) string {
	t.Helper()
	f := newFacts()
	if err := f.opportunity(company, o); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, v := range f.Values {
		if !strings.Contains(fields, v.Field) {
			continue
		}
		n := "-"
		if v.Number != nil {
			n = fmt.Sprint(*v.Number)
		}
		out = append(out, words(fmt.Sprintf("%s%s %s #%d..%d %s %s %s", v.Field, v.Key, v.Day, v.Seq, v.EndedSeq, n, v.Text, v.Basis)))
	}
	if strings.Contains(fields, "credit") {
		for _, l := range f.Credit {
			out = append(out, words(fmt.Sprintf("credit %s #%d %s %s %d %s %s", l.On, l.Seq, l.Outcome, l.TeamID, *l.AmountMinor, l.Reversal, l.Basis)))
		}
	}
	if strings.Contains(fields, "stays") {
		for _, s := range f.Stays[o.ID] {
			out = append(out, words(fmt.Sprintf("stay %d #%d..%d %s", s.Ord, s.Seq, s.EndedSeq, s.LossKind)))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestHistoriesAreRebuiltBackwards(t *testing.T) {
	for _, tt := range []struct {
		name   string
		deal   Opportunity
		fields string
		want   string
	}{
		{"a value that never changed was so from the beginning", deal(nil), "amount", "amount 2026-03-02 #1..0 10000 CNY"},
		{"a change holds from its day, what was before from the first", deal(func(o *Opportunity) {
			o.AmountMinor = amount(300_00)
			o.Entries = append(o.Entries, said(5, "opportunity.changed", "2026-03-09", `{"amountMinor":[10000,30000]}`))
		}), "amount", "amount 2026-03-02 #1..0 10000 CNY\namount 2026-03-09 #5..0 30000 CNY"},
		{"an amount that was taken out leaves its currency", deal(func(o *Opportunity) {
			o.AmountMinor = nil
			o.Entries = append(o.Entries, said(5, "opportunity.changed", "2026-03-09", `{"amountMinor":[10000,null]}`))
		}), "amount", "amount 2026-03-02 #1..0 10000 CNY\namount 2026-03-09 #5..0 - CNY"},
		{"what the row says and no entry told is so from the upgrade on", deal(func(o *Opportunity) { o.AmountMinor = amount(7) }), "amount",
			"amount 2026-03-02 #1..0 10000 CNY\namount 2026-06-05 #100..0 7 CNY"},
		{"an import's values are carried back to the first day it knows", deal(func(o *Opportunity) {
			o.CreatedOn, o.Stays[0].EnteredOn = "2025-11-03", "2025-12-01"
			o.Entries[0] = said(1, "opportunity.recorded", "2026-03-02", `{"amountMinor":10000,"currency":"CNY","visits":[{"ord":1000}]}`)
		}), "amount", "amount 2025-11-03 #1..0 10000 CNY carried"},
		{"a record no entry is known of has the upgrade's number", deal(func(o *Opportunity) { o.Entries = nil }), "amount stays",
			"amount 2026-03-02 #100..0 10000 CNY carried\nstay 1000 #100..0"},
		{"a confidence held to its stage's cap: the move says what it became", deal(func(o *Opportunity) {
			o.ConfidenceBP = amount(1000)
			o.Stays = append(o.Stays, move(2000, "s2", "open", "return", "2026-03-16"))
			o.Entries = append(o.Entries, said(5, "opportunity.changed", "2026-03-09", `{"confidenceBp":[null,3000]}`),
				said(6, "opportunity.moved", "2026-03-16", `{"stayId":"s2","state":"open","confidenceBp":1000}`))
		}), "confidence", "confidence 2026-03-09 #5..0 3000\nconfidence 2026-03-16 #6..0 1000"},
		{"a share handed over with the record", deal(func(o *Opportunity) {
			o.Shares = whole("小李")
			o.Entries = append(o.Entries, said(5, "opportunity.handed_over", "2026-03-09", `{"ownerId":["陈露","小李"],"handoverId":"h"}`))
		}), "share", "share小李:direct 2026-03-09 #5..0 10000\nshare陈露:direct 2026-03-02 #1..0 10000\nshare陈露:direct 2026-03-09 #5..0 -"},
		{"lines before somebody set them are the earliest known, shared out over the amount of then", deal(func(o *Opportunity) {
			o.AmountMinor, o.Lines = amount(300_00), []credit.Product{{ProductLineID: "A", Minor: 100_00}, {ProductLineID: "B", Minor: 200_00}}
			o.Entries = append(o.Entries, said(5, "opportunity.changed", "2026-03-09", `{"amountMinor":[10000,30000]}`),
				said(6, "opportunity.changed", "2026-03-10", `{"lines":[{"productLineId":"A","amountMinor":10000},{"productLineId":"B","amountMinor":20000}]}`))
		}), "line", "lineA 2026-03-02 #1..0 3333 carried\nlineA 2026-03-09 #5..0 10000 carried\nlineB 2026-03-02 #1..0 6667 carried\nlineB 2026-03-09 #5..0 20000 carried"},
		{"a win corrected to an earlier day takes its amount and its credit along", deal(func(o *Opportunity) {
			o.AmountMinor, o.ContractMinor, o.State = amount(90_00), amount(90_00), "won"
			wrong := move(2000, "s2", "won", "win", "2026-03-20")
			wrong.Voided = true
			o.Stays = append(o.Stays, wrong, move(2001, "s3", "won", "win", "2026-03-10"))
			o.Credit = []Credited{{Line: credit.Line{ID: "l", FactID: "o", Outcome: "won", MemberID: "陈露", TeamID: "二组", Kind: "direct", ShareBP: 10000, AmountMinor: amount(90_00), Currency: "CNY", On: "2026-03-20"}}}
			o.Entries = append(o.Entries, said(5, "opportunity.changed", "2026-03-20", `{"amountMinor":[10000,9000]}`),
				said(6, "opportunity.moved", "2026-03-20", `{"stayId":"s2","state":"won","contractMinor":9000}`),
				said(7, "opportunity.stay_corrected", "2026-03-23", `{"voided":"s2","stayId":"s3"}`))
		}), "amount credit", "amount 2026-03-02 #1..0 10000 CNY\namount 2026-03-10 #7..0 9000 CNY\namount 2026-03-20 #6..7 9000 CNY\n" +
			"credit 2026-03-10 #7 won 一组 9000\ncredit 2026-03-20 #7 won 二组 -9000 never"},
		{"a reopening corrected to another day took credit back on that day", deal(func(o *Opportunity) {
			o.Stays = append(o.Stays, move(2000, "s2", "lost", "lose", "2026-03-09"), move(3000, "s3", "open", "reopen", "2026-03-20"), move(3001, "s4", "open", "reopen", "2026-03-16"))
			o.Stays[2].Voided = true
			o.Entries = append(o.Entries, said(5, "opportunity.moved", "2026-03-09", `{"stayId":"s2","state":"lost","lossKind":"cancelled"}`),
				said(6, "opportunity.moved", "2026-03-20", `{"stayId":"s3","state":"open","move":"reopen"}`),
				said(7, "opportunity.stay_corrected", "2026-03-23", `{"voided":"s3","stayId":"s4"}`))
		}), "credit stays", "credit 2026-03-09 #5 lost 一组 10000 carried\ncredit 2026-03-16 #7 lost 一组 -10000 ceased carried\n" +
			"credit 2026-03-20 #6 lost 一组 -10000 ceased carried\ncredit 2026-03-20 #7 lost 一组 10000 never carried\n" +
			"stay 1000 #1..0\nstay 2000 #5..0 cancelled\nstay 3000 #6..7\nstay 3001 #7..0"},
		{"an import that was undone never was", deal(func(o *Opportunity) {
			o.Undone, o.Deleted = true, true
			o.Entries = append(o.Entries, said(9, "opportunity.deleted", "2026-03-09", `{}`))
		}), "stays deleted amount", "amount 2026-03-02 #1..9 10000 CNY\ndeleted 2026-03-09 #9..0 1\nstay 1000 #1..9"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := told(t, tt.deal, tt.fields); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
