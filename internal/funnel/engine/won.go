package engine

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/funnel"

	"github.com/google/uuid"
)

// wons counts spans of days of opportunities that are won today. Limits are made of them, for the
// whole company and ahead of who will want to know: one processor is enough, the others are for
// requests.
type wons struct {
	*snapshot
	stages []string // by number; versions share them
	of     []int    // by pair: the number of its stage
	n      map[during]int64
}

// during is days in a stage, by its number.
type during struct {
	stage    int
	from, to day
}

func newWons(s *snapshot) *wons {
	w := &wons{snapshot: s, of: make([]int, len(s.pairs)), n: map[during]int64{}}
	for n, text := range s.pairs {
		_, stage, _ := strings.Cut(text, pairMark)
		w.of[n] = w.number(stage)
	}
	return w
}

func (w *wons) number(stage string) int {
	n := slices.Index(w.stages, stage)
	if n < 0 {
		n = len(w.stages)
		w.stages = append(w.stages, stage)
	}
	return n
}

func (w *wons) list() []funnel.WonSpan {
	out := make([]funnel.WonSpan, 0, len(w.n))
	for x, n := range w.n {
		out = append(out, funnel.WonSpan{StageID: w.stages[x.stage], From: dateOf(x.from), To: dateOf(x.to), N: n})
	}
	return out
}

// won are the stays of an opportunity that is won today, and not deleted; nil of any other.
func (c *chunk) won(i int) []stay {
	stays := c.stays.at(i)
	if n := len(stays); n == 0 || stays[n-1].state() != won || c.deleted.at(i) {
		return nil
	}
	return stays
}

// WonStays implements funnel.Source.
func (e *Engine) WonStays(ctx context.Context, tx database.Tx, tenantID string) ([]funnel.WonSpan, error) {
	s, err := e.upTo(ctx, tx, tenantID, e.tenant(tenantID))
	if err != nil {
		return nil, err
	}
	w := newWons(s)
	for _, c := range s.chunks {
		for i := range c.id {
			w.stayed(c.won(i))
		}
	}
	return w.list(), nil
}

// stayed counts the stays of one.
func (w *wons) stayed(stays []stay) {
	for k := range len(stays) - 1 {
		x, left := &stays[k], stays[k+1].entered()
		if entered := x.entered(); x.state() == open && entered != unknown && left >= entered {
			w.n[during{w.of[x.pair], entered, left}]++
		}
	}
}

// WonGaps implements funnel.Source. Which evidence was accepted is in no column: it is read beside
// them, in the order of opportunities.
func (e *Engine) WonGaps(ctx context.Context, tx database.Tx, tenantID string) ([]funnel.WonSpan, error) {
	t := e.tenant(tenantID)
	s, err := e.upTo(ctx, tx, tenantID, t)
	if err != nil {
		return nil, err
	}
	g := &ground{wons: newWons(s), told: make([]bool, s.size())}
	positions, err := e.Rows.Positions(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	g.ranks(positions)
	find := func(id uuid.UUID) (int, bool) {
		t.mu.Lock() // the index may grow
		defer t.mu.Unlock()
		return s.find(id)
	}
	if err := g.accepted(ctx, tx, e.Rows, tenantID, find); err != nil {
		return nil, err
	}
	for n := range g.told {
		if !g.told[n] {
			g.deal(n, nil)
		}
	}
	return g.list(), nil
}

// ground finds the days on which won opportunities broke new ground: funneldb.WonGround says when
// they do.
type ground struct {
	*wons
	rank []map[int]int // by pair: where stages stand in its version, by their numbers
	told []bool        // by place: the opportunity is in
	now  []broke
}

// broke is a day on which one broke new ground in a stage.
type broke struct {
	on    day
	stage int
}

// milestone is what evidence is of.
type milestone struct {
	stage int
	key   string
}

// ranks notes where stages stand in each version.
func (g *ground) ranks(positions []Position) {
	versions := map[string]map[int]int{}
	for _, p := range positions {
		if versions[p.VersionID] == nil {
			versions[p.VersionID] = map[int]int{}
		}
		versions[p.VersionID][g.number(p.StageID)] = p.Position
	}
	g.rank = make([]map[int]int, len(g.pairs))
	for n, text := range g.pairs {
		version, _, _ := strings.Cut(text, pairMark)
		g.rank[n] = versions[version]
	}
}

// accepted counts those that have accepted evidence, with the first day of each milestone.
func (g *ground) accepted(
	ctx context.Context, tx database.Tx, rows Rows, tenantID string, find func(id uuid.UUID) (int, bool),
) error {
	of, first := "", map[milestone]day{}
	end := func() error {
		id, err := uuid.Parse(of)
		if err != nil {
			return err
		}
		if n, there := find(id); there && n < len(g.told) {
			g.told[n] = true
			g.deal(n, first)
		}
		clear(first)
		return nil
	}
	err := rows.Accepted(ctx, tx, tenantID, func(opportunity, stage, key string, on calendar.Date) error {
		if of != "" && of != opportunity {
			if err := end(); err != nil {
				return err
			}
		}
		of = opportunity
		m, d := milestone{g.number(stage), key}, dayOf(on)
		if was, there := first[m]; !there || d < was {
			first[m] = d
		}
		return nil
	})
	if err != nil || of == "" {
		return err
	}
	return end()
}

// deal counts the gaps between the days on which one broke new ground.
func (g *ground) deal(n int, first map[milestone]day) {
	stays := g.chunks[n/chunkSize].won(n % chunkSize)
	if stays == nil {
		return
	}
	g.now = g.now[:0]
	for k := range stays {
		if entered := stays[k].entered(); entered != unknown && g.breaks(stays, k) {
			g.now = append(g.now, broke{entered, g.of[stays[k].pair]})
		}
	}
	for m, on := range first {
		g.now = append(g.now, broke{on, m.stage})
	}
	slices.SortFunc(g.now, func(a, b broke) int {
		return cmp.Or(cmp.Compare(a.on, b.on), strings.Compare(g.stages[a.stage], g.stages[b.stage]))
	})
	for k := 1; k < len(g.now); k++ {
		g.n[during{g.now[k-1].stage, g.now[k-1].on, g.now[k].on}]++
	}
}

// breaks tells whether a stay broke new ground: it reaches its stage, no remapping began it, and none
// before had reached that stage, or one beyond it in its version.
func (g *ground) breaks(stays []stay, k int) bool {
	x := &stays[k]
	rank := g.rank[x.pair]
	at, stands := rank[g.of[x.pair]]
	if !stands || !x.reaches() {
		return false
	}
	for b := range k {
		before := &stays[b]
		stage := g.of[before.pair]
		if _, stood := g.rank[before.pair][stage]; !stood || before.state() > won {
			continue
		}
		if was, there := rank[stage]; there && was >= at {
			return false
		}
	}
	return true
}
