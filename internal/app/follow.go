package app

import (
	"context"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/reader"
	"yunchou/internal/timetable"
)

// readers is the one list of what follows the journal with a place of its own.
func (a *App) readers() []reader.Reader {
	return []reader.Reader{a.carriesOver(), a.movesAlong(), a.endsGone(), a.Notices.Reader(), a.Changes.Reader(), a.Ties.Reader(), a.Confirms.Reader()}
}

// Followers is how many follow the journal, each with a place of its own.
func (a *App) Followers() int { return len(a.readers()) }

// Follow has whatever follows the journal follow it, until the context ends and what was begun is done.
func (a *App) Follow(ctx context.Context) {
	var running sync.WaitGroup
	ready := make(chan struct{})
	running.Go(func() { a.Feed.Run(ctx, func() { close(ready) }) })
	<-ready
	running.Go(func() { a.Readers.Run(ctx, a.readers()) })
	running.Go(func() { a.Live.Run(ctx) })
	running.Wait()
}

// carryOver is the work that a published version makes.
const carryOver = "pipeline.carry_over"

// carryAfter leaves whoever published a version the time to carry the open records over himself, as he
// does; what he was cut off from is done then.
const carryAfter = time.Minute

// carriesOver puts on the timetable, once for each published version, that open records are taken over.
func (a *App) carriesOver() reader.Reader {
	return reader.Reader{Name: carryOver, Kinds: []string{"pipeline.published"},
		Apply: func(ctx context.Context, tx database.Tx, e reader.Entry) (int, error) {
			_, err := a.Timetable.Add(ctx, tx, timetable.Row{TenantID: e.TenantID, Kind: carryOver, Key: e.Key(), Due: a.Now().Add(carryAfter)})
			return 1, err
		}}
}

// takingOver goes on with the take-overs of a company.
func (a *App) takingOver(ctx context.Context, j *timetable.Job) error {
	actor, err := a.Org.System(ctx, j.TenantID, "", "job")
	if err != nil {
		return err
	}
	return a.Pipelines.TakeOver(ctx, actor)
}
