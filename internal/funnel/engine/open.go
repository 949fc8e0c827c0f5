package engine

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
)

type openKey struct {
	stage      int16
	month      month
	overdue    bool
	noRate     symbol
	confidence int16
}

func (k openKey) hash() uint64 {
	return uint64(k.stage)<<48 ^ uint64(k.month)<<32 ^ uint64(k.noRate)<<18 ^ bit(k.overdue)<<17 ^
		uint64(uint16(k.confidence))
}

// openSums are what is open by stage and month of expected close. Those with a rate and without a
// confidence of their own, which are most, need no hash.
type openSums struct {
	now     month // of the report's date
	byStage []openMonths
	rest    *table[openKey]
}

// openMonths are one stage's: of what is expected in no month, before the day by how many months ago,
// and from then on by in how many months.
type openMonths struct {
	never       total
	past, ahead []total
}

func (s *session) newOpenSums() *openSums {
	return &openSums{now: monthOf(s.asOf), byStage: make([]openMonths, len(s.path.stages)), rest: newTable[openKey]()}
}

// at is the counter of a key.
func (o *openSums) at(k openKey) *total {
	if k.noRate != 0 || k.confidence >= 0 {
		return o.rest.at(k)
	}
	of := &o.byStage[k.stage]
	switch {
	case k.month == 0:
		return &of.never
	case k.overdue:
		return totalAt(&of.past, int(o.now)-int(k.month))
	}
	return totalAt(&of.ahead, int(k.month)-int(o.now))
}

func totalAt(list *[]total, n int) *total {
	for n >= len(*list) {
		*list = append(*list, total{})
	}
	return &(*list)[n]
}

// all calls do with every key that counts anything, and its counter.
func (o *openSums) all(do func(k openKey, t *total)) {
	some := func(k openKey, t *total) {
		if k.confidence = -1; t.n != 0 {
			do(k, t)
		}
	}
	for stage := range o.byStage {
		of := &o.byStage[stage]
		some(openKey{stage: int16(stage)}, &of.never)
		for n := range of.past {
			some(openKey{stage: int16(stage), month: o.now - month(n), overdue: true}, &of.past[n])
		}
		for n := range of.ahead {
			some(openKey{stage: int16(stage), month: o.now + month(n)}, &of.ahead[n])
		}
	}
	o.rest.all(do)
}

func (o *openSums) add(x *openSums)  { x.all(func(k openKey, t *total) { o.at(k).merge(t) }) }
func (o *openSums) take(x *openSums) { x.all(func(k openKey, t *total) { o.at(k).less(t) }) }

// used is how many keys count anything, at most.
func (o *openSums) used() int {
	n := o.rest.used
	for k := range o.byStage {
		n += 1 + len(o.byStage[k].past) + len(o.byStage[k].ahead)
	}
	return n
}

func (o *openSums) size() int {
	n := o.rest.size()
	for k := range o.byStage {
		n += totalBytes * (1 + cap(o.byStage[k].past) + cap(o.byStage[k].ahead))
	}
	return n
}

// Open implements funnel.Source.
func (s *session) Open(ctx context.Context, _ database.Tx, q funnel.Query) (list []funnel.OpenSum, err error) {
	if q.Left {
		return s.openNow(ctx)
	}
	f := figure[*openSums]{name: "open", counted: counted{states: ongoing}, empty: s.newOpenSums, each: func(d *deal, sums *openSums) {
		stage := s.place(d.pair).image
		if stage < 0 {
			return
		}
		v, expected := s.worth(d), d.c.expectedOn(d.i, s.asOf)
		overdue := expected != unknown && expected < s.asOf
		sums.at(openKey{stage, monthOf(expected), overdue, v.noRate, d.c.confidenceOn(d.i, s.asOf)}).add(v.minor)
	}}
	err = summed(ctx, s, f, func(of *openSums) {
		list = make([]funnel.OpenSum, 0, of.used())
		of.all(func(k openKey, t *total) {
			o := funnel.OpenSum{StageID: s.path.stages[k.stage], Month: k.month.text(), Overdue: k.overdue, N: t.n,
				Sum: s.sum(t, k.noRate)}
			if k.confidence >= 0 {
				bp := int64(k.confidence)
				o.ConfidenceBP = &bp
			}
			list = append(list, o)
		})
	})
	return list, err
}

// openNow counts what is open in each stage, which is all a trend shows of it.
func (s *session) openNow(ctx context.Context) (list []funnel.OpenSum, err error) {
	f := figure[counts]{name: "open now", counted: counted{states: ongoing},
		empty: func() counts { return make(counts, len(s.path.stages)) },
		each: func(d *deal, to counts) {
			if stage := s.place(d.pair).image; stage >= 0 {
				to[stage]++
			}
		}}
	err = summed(ctx, s, f, func(of counts) {
		for k, n := range of {
			if n != 0 {
				list = append(list, funnel.OpenSum{StageID: s.path.stages[k], N: n})
			}
		}
	})
	return list, err
}
