package engine

// pick is an opportunity of a chunk as of a day: what every measure asks of it.
type pick struct {
	place            uint16 // in the chunk
	stage            stageNumber
	stateOn, startOn day
	state            uint8
}

// picks are a chunk's opportunities in one pipeline, by state, so that a measure of
// what is open reads only what is open.
type picks [out + 1][]pick

// population is the opportunities of the question at the report's date, chunk by chunk:
// made once, read by every measure.
func (s *session) population() []*picks {
	s.once.Do(func() {
		s.picked = make([]*picks, len(s.chunks))
		s.chunkwise(func() (func(n int), func()) {
			return func(n int) { s.picked[n] = s.pick(s.chunks[n]) }, func() {}
		})
	})
	return s.picked
}

// pick takes what scope and filter keep of a chunk to the report's date.
func (s *session) pick(c *chunk) *picks {
	if s.asOf < s.today {
		return s.sorted(c, s.keep, s.before)
	}
	all := s.now(c)
	if s.keep == nil {
		return all
	}
	var kept picks
	for state, list := range all {
		for _, p := range list {
			if s.keep(c, int(p.place)) {
				kept[state] = append(kept[state], p)
			}
		}
	}
	return &kept
}

// now is all of a chunk as it is now, kept with the chunk for the next question of the
// same pipeline.
func (s *session) now(c *chunk) *picks {
	all, known := c.now.Load(s.pipeline)
	if !known {
		all, _ = c.now.LoadOrStore(s.pipeline, s.sorted(c, nil, s.current))
	}
	return all.(*picks)
}

// sorted sorts a chunk's opportunities that a test keeps by their state.
func (s *session) sorted(c *chunk, keep test, at func(c *chunk, i int) (p pick, where symbol, ok bool)) *picks {
	list, count := make([]pick, 0, len(c.id)), [out + 1]int{}
	for i := range c.id {
		if keep != nil && !keep(c, i) {
			continue
		}
		p, where, ok := at(c, i)
		if !ok || where != s.pipeline && !s.moved(c, i) {
			continue
		}
		if c.deleted.at(i) || where != s.pipeline {
			p.state = out
		}
		p.place, p.startOn = uint16(i), began(c, i)
		list = append(list, p)
		count[p.state]++
	}
	var by picks
	room := make([]pick, len(list))
	for state, n := range count {
		by[state], room = room[:0:n], room[n:]
	}
	for _, p := range list {
		by[p.state] = append(by[p.state], p)
	}
	return &by
}

// current is an opportunity as its own columns tell it.
func (s *session) current(c *chunk, i int) (p pick, where symbol, ok bool) {
	p.state, p.stage, p.stateOn = c.state.at(i), c.stage.at(i), c.closed.at(i)
	if p.state == open {
		p.stateOn = c.entered.at(i)
	}
	return p, c.pipeline.at(i), true
}

// before is an opportunity as its stays tell it for the report's date; not ok where it
// was not there yet.
func (s *session) before(c *chunk, i int) (p pick, where symbol, ok bool) {
	stays := c.stays.at(i)
	last := -1
	for k := range stays {
		if stays[k].since <= s.asOf {
			last = k
		}
	}
	if last < 0 {
		return p, 0, false
	}
	x := &stays[last]
	p.state, p.stage, p.stateOn = x.state(), x.stage, x.entered()
	return p, s.pipelineOf(c, i, stays[:last+1]), true
}

// pipelineOf is where the last of some stays is: its stage's, or of a withdrawn one
// that of the stay before.
func (s *session) pipelineOf(c *chunk, i int, stays []stay) symbol {
	for k := len(stays) - 1; k >= 0; k-- {
		if n := stays[k].stage; n != 0 {
			return s.around.stageOf(n).pipeline
		}
	}
	return c.pipeline.at(i)
}

// moved tells whether an opportunity was moved from the question's pipeline to another.
func (s *session) moved(c *chunk, i int) bool {
	stays := c.stays.at(i)
	for k := range stays {
		if stays[k].leftMove() == change && s.around.stageOf(stays[k].stage).pipeline == s.pipeline {
			return true
		}
	}
	return false
}

// began is the day an opportunity was created, or first entered a stage.
func began(c *chunk, i int) day {
	on := c.created.at(i)
	if on == unknown {
		stays := c.stays.at(i)
		for k := range stays {
			if e := stays[k].entered(); e != unknown && (on == unknown || e < on) {
				on = e
			}
		}
	}
	return on
}

// deal is a pick in its chunk.
type deal struct {
	pick
	c *chunk
	i int
}

func (d *deal) stays() []stay { return d.c.stays.at(d.i) }

// groupOn is the day whose owner, team and exchange rate count: of closing, or of the
// report for what is open.
func (s *session) groupOn(d *deal) day {
	if d.state == open || d.stateOn == unknown {
		return s.asOf
	}
	return d.stateOn
}
