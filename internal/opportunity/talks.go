package opportunity

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/followup"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/relation"
)

// Talks are what was said about records.
type Talks interface {
	// LastTwoWay is the last day on which one of some people answered.
	LastTwoWay(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, contacts []string) (calendar.Date, error)
	// LastMet is the last day on which each person answered about a record.
	LastMet(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref) (map[string]calendar.Date, error)
	// Threads are who of ours met whom of some people two-way about a record.
	Threads(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, contacts []string) ([]relation.Thread, error)
	// MetSince are who of ours met whom of some people two-way since a day: all there is, and of it what the actor may see.
	MetSince(ctx context.Context, tx database.Tx, a org.Actor, contacts []string, since calendar.Date) (all, seen []relation.Thread, err error)
	// MetAbout is the last day since one on which each of some people answered, by the opportunity it was about.
	MetAbout(ctx context.Context, tx database.Tx, a org.Actor, contacts []string, since calendar.Date) (map[string]map[string]calendar.Date, error)
	// LastMetOn is LastMet of several records of a kind.
	LastMetOn(ctx context.Context, tx database.Tx, a org.Actor, kind string, ids []string) (map[string]map[string]calendar.Date, error)
	// LastWith is the last two-way contact with each of some people, about whatever it was.
	LastWith(ctx context.Context, tx database.Tx, a org.Actor, contacts []string) (map[string]followup.Last, error)
}
