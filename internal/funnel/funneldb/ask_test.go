package funneldb_test

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/funneldb"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/pipeline/pipelinedb"
)

// answer asks a question: day, options in pairs, then the measure and what it needs.
func (w *world) answer(words []string) string {
	w.t.Helper()
	text := ""
	columns := engine.New(w.db, funneldb.Source{}, byName{}, "")
	read := func(tx database.Tx) error {
		q, rest, err := w.query(tx, words)
		if err != nil {
			return err
		}
		inSQL, err := said(tx, funneldb.Source{}, q, rest)
		if err != nil {
			return err
		}
		text = inSQL
		inMemory, err := said(tx, columns, q, rest)
		if err == nil && inMemory != inSQL {
			w.t.Errorf("%v: SQL says %s, memory %s", words, inSQL, inMemory)
		}
		return err
	}
	ctx := context.Background()
	err := funnel.WhenReady(ctx, columns, w.tenant, func() error { return w.db.Read(ctx, read) })
	if err != nil {
		w.t.Fatalf("%v: %v", words, err)
	}
	if text == "" {
		return "-"
	}
	return text
}

// said is what one source answers.
func said(tx database.Tx, of funnel.Source, q funnel.Query, rest []string) (string, error) {
	source, err := of.Begin(context.Background(), tx, q)
	if err != nil {
		return "", err
	}
	list, err := measured(tx, source, q, rest)
	sort.Strings(list)
	return strings.Join(list, "; "), err
}

var optionNames = []string{"known", "group", "owner", "team", "members", "teams", "lines", "regions", "from", "to",
	"version", "source", "currency"}

func (w *world) query(tx database.Tx, words []string) (q funnel.Query, rest []string, err error) {
	date := func(text string) calendar.Date {
		d, _ := day(text).(string)
		return calendar.Date(d)
	}
	list := func(text string) []string {
		if text == "" {
			return nil
		}
		return strings.Split(text, ",")
	}
	n := 1
	for n < len(words) && slices.Contains(optionNames, words[n]) {
		n += 2
	}
	o := options(words[1:n])
	all, err := (&pipeline.Service{Rows: pipelinedb.Rows{}}).Versions(context.Background(), tx, w.tenant, "p")
	if err != nil {
		return q, nil, err
	}
	shown := all[len(all)-1]
	for _, v := range all {
		if v.ID == o["version"] {
			shown = v
		}
	}
	q = funnel.Query{TenantID: w.tenant, Pipeline: shown, Path: pipeline.NewPath(shown, all), AsOf: date(words[0]),
		Today: "2026-12-31", From: date(o["from"]), To: date(o["to"]),
		Group: funnel.GroupBy(o["group"]), Scope: org.Scope{All: true}, Currency: "CNY",
		Calendar: calendar.New(calendar.ShippedYears()...),
		Filter:   opportunity.Filter{Owner: o["owner"], Team: o["team"], Source: o["source"]}}
	if o["currency"] != "" {
		q.Currency = o["currency"]
	}
	if o["known"] != "" {
		if q.Known, err = strconv.ParseInt(o["known"], 10, 64); q.Known == 0 {
			q.Known = funnel.NothingKnown
		}
	}
	q.Figures = org.Figures{Members: list(o["members"]), Teams: list(o["teams"]), ProductLines: list(o["lines"]),
		Regions: list(o["regions"])}
	q.Figures.All = o["members"]+o["teams"]+o["lines"]+o["regions"] == ""
	for _, line := range w.tree {
		part := strings.Fields(line)
		if part[0] == o["team"] {
			q.Spans = append(q.Spans, org.Span{From: date(part[1]), To: date(part[2]), Teams: list(part[3])})
		}
	}
	if o["team"] != "" && q.Spans == nil {
		q.Spans = []org.Span{{From: org.Start, Teams: []string{o["team"]}}}
	}
	return q, words[n:], err
}

// amount writes a sum in major units, and what has no rate in its own.
func amount(s funnel.Sum) string {
	out := strconv.FormatFloat(float64(s.Minor)/100, 'f', 2, 64)
	switch {
	case s.Overflow:
		out = "too much"
	case s.NoRate != "":
		out = fmt.Sprint(s.Raw, " minor ", s.NoRate)
	}
	if s.NoAmount > 0 {
		out += fmt.Sprintf(" (%d without)", s.NoAmount)
	}
	return out
}

func named(name string) string {
	if name == "" {
		return "nobody"
	}
	return name
}

func yes(holds bool, word string) string {
	if holds {
		return " " + word
	}
	return ""
}

// measured is the answers of one measure, as texts.
func measured(tx database.Tx, s funnel.Source, q funnel.Query, words []string) (out []string, err error) {
	ctx := context.Background()
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch words[0] {
	case "counts":
		list, err := s.Counts(ctx, tx, q)
		for _, c := range list {
			key := ""
			if q.Group != "" {
				key = named(c.Key) + " "
			}
			say("%s%s %d %s%s%s", key, c.State, c.N, amount(c.Sum), yes(q.Windowed() && c.InClosed, "closed in it"),
				yes(!c.ClosedDated, "on an unknown day"))
		}
		return out, err
	case "pathless":
		list, err := s.Counts(ctx, tx, q)
		for _, c := range list {
			if c.Pathless && c.InClosed {
				say("%s %d", c.State, c.N)
			}
		}
		return out, err
	case "multi":
		credit, err := s.MultiCredit(ctx, tx, q)
		if err != nil {
			return nil, err
		}
		product, err := s.MultiProduct(ctx, tx, q)
		say("credit %d product %d", credit, product)
		return out, err
	case "cycles":
		list, err := s.Cycles(ctx, tx, q)
		for _, c := range list {
			say("%s %s %d in %d days%s", named(c.Key), c.State, c.N, c.Days, yes(!c.Known, "unknown"))
		}
		return out, err
	case "reached":
		list, err := s.Reached(ctx, tx, q)
		for _, c := range list {
			say("%s %d %s%s%s", c.StageID, c.N, c.Fate, yes(!c.Stayed, "passed"), yes(!c.Dated, "undated"))
		}
		return out, err
	case "open":
		list, err := s.Open(ctx, tx, q)
		for _, c := range list {
			bp := "-"
			if c.ConfidenceBP != nil {
				bp = fmt.Sprint(*c.ConfidenceBP)
			}
			say("%s %d %s %s %s%s", c.StageID, c.N, amount(c.Sum), named(c.Month), bp, yes(c.Overdue, "overdue"))
		}
		return out, err
	case "losses":
		list, err := s.Losses(ctx, tx, q)
		for _, c := range list {
			say("%s %s from %s %d %s", c.Kind, named(c.Competitor), named(c.StageID), c.N, amount(c.Sum))
		}
		return out, err
	}
	return more(tx, s, q, words)
}

func more(tx database.Tx, s funnel.Source, q funnel.Query, words []string) (out []string, err error) {
	ctx := context.Background()
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch words[0] {
	case "stays":
		stays, err := s.Stays(ctx, tx, q)
		for _, c := range stays.Lengths {
			if !c.Known {
				say("%s %d unknown", c.StageID, c.N)
			} else {
				say("%s %d %d working days%s%s", c.StageID, c.N, c.Working, yes(c.Ended, "ended"), yes(c.Forward, "forward"))
			}
		}
		for _, c := range stays.Days {
			say("%s %d in %d days%s", c.StageID, c.N, c.Length, yes(c.Forward, "forward"))
		}
		return out, err
	case "worked":
		stays, err := s.Stays(ctx, tx, q)
		for _, c := range stays.Worked {
			say("%s %d in %d+%d/36 days%s", c.StageID, c.N, c.Length/36, c.Length%36, yes(c.Forward, "forward"))
		}
		return out, err
	case "qualified":
		list, err := s.Qualified(ctx, tx, q, words[1])
		for _, c := range list {
			say("%s %d %s in %d days%s", c.State, c.N, amount(c.Sum), c.Days, yes(!c.Known, "unknown"))
		}
		return out, err
	case "cohorts":
		list, err := s.Cohorts(ctx, tx, q, words[1], words[2])
		for _, c := range list {
			say("%s %d %s %s", named(c.Entered), c.N, c.Fate, named(c.Reached))
		}
		return out, err
	case "rivals":
		list, err := s.Rivals(ctx, tx, q)
		for _, c := range list {
			say("%s %s %d %s%s", named(c.Competitor), c.State, c.N, amount(c.Sum), yes(c.LostTo, "to it"))
		}
		return out, err
	case "against":
		list, err := s.Against(ctx, tx, q, words[1])
		for _, c := range list {
			key := ""
			if q.Group != "" {
				key = named(c.Key) + " "
			}
			say("%s%s from %s %d%s%s", key, c.State, named(c.StageID), c.N, yes(c.Met, "met"), yes(c.LostTo, "to it"))
		}
		return out, err
	case "resolved":
		list, err := s.Resolved(ctx, tx, q)
		for _, c := range list {
			say("%s %d:%d", c.StageID, c.Won, c.Lost)
		}
		return out, err
	case "wonstays":
		list, err := s.WonStays(ctx, tx, q.TenantID)
		for _, c := range list {
			say("%s %d %s to %s", c.StageID, c.N, c.From[5:], c.To[5:])
		}
		return out, err
	case "ground":
		list, err := funneldb.Source{}.WonGround(ctx, tx, q.TenantID)
		for _, c := range list {
			say("%s %s %s", c.OpportunityID, c.On[5:], c.StageID)
		}
		return out, err
	case "records":
		m := funnel.Measure{Name: words[1], Bin: funnel.Bin{To: -1}}
		o := options(words[2:])
		m.StageID, m.Target, m.Month, m.LossKind, m.CompetitorID = o["stage"], o["target"], o["month"], o["kind"], o["rival"]
		if key, ok := o["key"]; ok {
			m.Key = &key
		}
		ids, total, err := s.Records(ctx, tx, q, m, 0, 50)
		names(ids)
		say("%s", strings.TrimSpace(fmt.Sprint(total, ": ", strings.Join(ids, " "))))
		return out, err
	}
	return nil, fmt.Errorf("no such measure %q", words[0])
}
