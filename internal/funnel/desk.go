package funnel

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// Desk is the figures beside what waits for a member: each pipeline's funnel over all time.
type Desk struct {
	Funnels []DeskFunnel `json:"funnels"`
}

// DeskFunnel is the few figures of a report a desk shows.
type DeskFunnel struct {
	PipelineID    string      `json:"pipelineId"`
	Pipeline      string      `json:"pipeline"`
	Created       int64       `json:"created"`
	Stages        []DeskStage `json:"stages" doc:"the open ones"`
	ClosedWinRate Rate        `json:"closedWinRate"`
	WonMinor      int64       `json:"wonAmountMinor"`
	Currency      string      `json:"currency"`
	TooLarge      bool        `json:"tooLarge" doc:"the amount won is too large to state"`
}

// DeskStage is one stage of it.
type DeskStage struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Reached    int64    `json:"reached"`
	AdvancedBP *int     `json:"advancedBp"`
	Dwell      *float64 `json:"dwellDays" doc:"the median stay in working days"`
}

// desks are the figures of desks as they were last computed, by whose they are: those who see
// and add up the same share one.
type desks struct {
	mu      sync.Mutex
	by      map[string]*desk
	working sync.WaitGroup // who computes
}

// desk is one of them. It is computed anew when somebody asks and the journal has gone on, at no
// more than a part of the time: a small company's is always new, a large one's at work seconds
// old. It is guarded by its desks.
type desk struct {
	value    *Desk // nil until there is one
	err      error
	entry    string // the last one of the journal it knows
	asked    time.Time
	at       time.Time
	took     time.Duration
	renewing chan struct{} // closed when it is computed; nil where nobody does
}

const (
	// patience is how long an asker waits for figures, rather than ask again.
	patience = 100 * time.Millisecond
	// rest is how many times as long as they took figures are left alone.
	rest = 20
	// mostDesks bounds the memory of them, a few kilobytes each.
	mostDesks = 500
)

// DeskOf returns the figures of an actor's desk, nil where there are none yet, and whether newer
// ones are being computed, so that it is worth to ask again.
func (s *Service) DeskOf(ctx context.Context, a org.Actor) (d *Desk, computing bool, err error) {
	if !a.Can(org.ReportRead) || !a.Can(org.PipelineRead) {
		return &Desk{Funnels: []DeskFunnel{}}, false, nil
	}
	var last journal.Entry
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		last, err = journal.Last(ctx, tx, a.TenantID)
		return err
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, false, err
	}
	key, err := json.Marshal([]any{a.TenantID, a.Today, a.Scope(record.Opportunity, org.Read), a.Figures})
	if err != nil {
		return nil, false, err
	}
	entry := fmt.Sprint(last.Seq, " ", last.ID)
	mine, renewing := s.desks.ask(string(key), entry, func() (Desk, error) { return s.desk(database.Aside(context.WithoutCancel(ctx)), a) })
	if renewing != nil {
		select {
		case <-renewing:
		case <-time.After(patience):
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
	s.desks.mu.Lock()
	defer s.desks.mu.Unlock()
	return mine.value, mine.entry != entry, mine.err
}

// ask finds figures, and has them computed where they are not of the last entry; the channel is
// closed when they are.
func (k *desks) ask(key, entry string, compute func() (Desk, error)) (*desk, chan struct{}) {
	k.mu.Lock()
	defer k.mu.Unlock()
	d := k.by[key]
	if d == nil {
		d = &desk{}
		k.makeRoom()
		k.by[key] = d
	}
	d.asked = time.Now()
	switch {
	case d.renewing != nil:
		return d, d.renewing
	case d.entry == entry && d.err == nil, d.value != nil && time.Since(d.at) < rest*d.took:
		return d, nil
	}
	done := make(chan struct{})
	d.renewing = done
	k.working.Go(func() {
		start := time.Now()
		v, err := compute()
		k.mu.Lock()
		defer k.mu.Unlock()
		if d.err = err; err == nil {
			d.value, d.entry = &v, entry
		}
		d.at, d.took, d.renewing = time.Now(), time.Since(start), nil
		close(done)
	})
	return d, done
}

// makeRoom lets go of the figures nobody has asked for the longest.
func (k *desks) makeRoom() {
	if k.by == nil {
		k.by = map[string]*desk{}
	}
	for len(k.by) >= mostDesks {
		oldest := ""
		for key, d := range k.by {
			if oldest == "" || d.asked.Before(k.by[oldest].asked) {
				oldest = key
			}
		}
		delete(k.by, oldest)
	}
}

// desk computes the figures of an actor's desk.
func (s *Service) desk(ctx context.Context, a org.Actor) (Desk, error) {
	d := Desk{Funnels: []DeskFunnel{}}
	all, err := s.Pipelines.List(ctx, a)
	if err != nil {
		return d, err
	}
	for _, p := range all {
		r, err := s.Report(ctx, a, Ask{Pipeline: p.ID})
		if err != nil {
			return d, err
		}
		if r.Population.Created > 0 {
			d.Funnels = append(d.Funnels, deskFunnel(r))
		}
	}
	return d, nil
}

func deskFunnel(r Report) DeskFunnel {
	f := DeskFunnel{
		PipelineID: r.PipelineID, Pipeline: r.Pipeline, Created: r.Population.Created, Stages: []DeskStage{},
		ClosedWinRate: r.ClosedWinRate, WonMinor: r.WonMinor, Currency: r.Currency, TooLarge: r.TooLarge.Won,
	}
	for _, st := range r.Stages {
		if st.Kind != pipeline.Open {
			continue
		}
		row := DeskStage{ID: st.ID, Name: st.Name, Reached: st.Reached}
		if st.Cohort != nil {
			row.AdvancedBP = st.Cohort.AdvancedBP
		}
		if st.Dwell != nil {
			row.Dwell = st.Dwell.Working.Median
		}
		f.Stages = append(f.Stages, row)
	}
	return f
}
