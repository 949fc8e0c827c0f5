package funnel

import (
	"context"
	"math"

	"yunchou/internal/database"
	"yunchou/internal/pipeline"
)

func (s *Service) velocity(ctx context.Context, tx database.Tx, q Query, r *Report) error {
	from := q.Pipeline.Stages[q.Pipeline.QualifiedFrom()]
	v := &r.Velocity
	v.QualifiedStage = from.Name
	rows, err := q.source.Qualified(ctx, tx, q, from.ID)
	if err != nil {
		return err
	}
	quiet := newAdder()
	var sumDays, wonMinor, wonWithAmount int64
	tooLarge := false
	for _, x := range rows {
		switch {
		case x.State == "open":
			v.Open += x.N
		case x.State == "lost" && x.InWindow:
			v.Rate.Lost += x.N
		case x.State == "won" && x.InWindow:
			v.Rate.Won += x.N
			minor := quiet.take(x.Sum, x.N)
			tooLarge = tooLarge || x.tooLarge()
			if x.NoRate == "" {
				wonMinor += minor
				wonWithAmount += x.N - x.NoAmount
			}
			if x.Known {
				v.N += x.N
				sumDays += int64(x.Days) * x.N
			}
		}
	}
	if v.N > 0 {
		mean := float64(sumDays) / float64(v.N)
		v.MeanDays = &mean
	}
	if bound(&wonMinor, &tooLarge); wonWithAmount > 0 && !tooLarge {
		mean := (2*wonMinor + wonWithAmount) / (2 * wonWithAmount)
		v.MeanWonMinor = &mean
	}
	if v.finish(); tooLarge {
		v.Why = "too_large"
	}
	s.newGround(q, r)
	return nil
}

// newGround states moves to new ground per open opportunity and month: first reaches
// beyond the first stage in the window over what is open at its end.
func (s *Service) newGround(q Query, r *Report) {
	for i, st := range r.Stages {
		if i > 0 && st.Kind != pipeline.Lost {
			r.Flow.NewGround += st.Reached
		}
	}
	if q.From == "" || r.Population.Open == 0 {
		return
	}
	to := q.To
	if to == "" || to > q.AsOf {
		to = q.AsOf.Add(1)
	}
	months := float64(to.Sub(q.From)) / 30.44
	if months > 0 {
		var open int64
		for _, st := range r.Stages {
			open += st.Open
		}
		if open > 0 {
			v := math.Round(float64(r.Flow.NewGround)/float64(open)/months*100) / 100
			r.Flow.PerOpenMonth = &v
		}
	}
}
