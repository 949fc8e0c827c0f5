package truth

import "slices"

// Publish tells of a version in force from a day on, and takes the open records of the
// pipeline over: whose stage is gone begins a stay in what the mapping makes of it.
func (c *Company) Publish(at Act, v Version) {
	v.Seq = at.Seq
	c.versions = append(c.versions, v)
	for _, d := range c.deals {
		if d.now(at).Pipeline == v.Pipeline {
			c.remap(d, at, v)
		}
	}
}

// remap takes a deal that is open in a stage a version does not have over to it.
func (c *Company) remap(d *Deal, at Act, v Version) {
	s := d.now(at)
	if s.State != Open || v.index(s.Stage) >= 0 {
		return
	}
	stage := c.becomes(s.Stage, c.versionByID(s.Version), v)
	d.enter(at, max(at.Day, s.Day), Stay{Pipeline: v.Pipeline, Version: v.ID, Stage: stage, State: Open, Remapped: true})
}

// index is a stage's rank in a version, -1 where it has no such.
func (v Version) index(stage string) int {
	return slices.IndexFunc(v.Stages, func(s Stage) bool { return s.ID == stage })
}

func (c *Company) versionByID(id string) Version {
	for _, v := range c.versions {
		if v.ID == id {
			return v
		}
	}
	panic("truth: no version " + id)
}

// numbered finds a version of a pipeline.
func (c *Company) numbered(pipeline string, number int) (Version, bool) {
	for _, v := range c.versions {
		if v.Pipeline == pipeline && v.Number == number {
			return v, true
		}
	}
	return Version{}, false
}

// InForce is the last version effective and known at a moment; before the first it is
// the first.
func (c *Company) InForce(pipeline string, m Moment) Version {
	var found, first Version
	for _, v := range c.versions {
		if v.Pipeline != pipeline {
			continue
		}
		if first.ID == "" || v.Number < first.Number {
			first = v
		}
		if m.Counts(v.Known) && v.Number > found.Number {
			found = v
		}
	}
	if found.ID == "" {
		return first
	}
	return found
}

// becomes is what the mappings make of a stage of a version in a later one, "" for nothing.
func (c *Company) becomes(stage string, from, to Version) string {
	for n := from.Number + 1; n <= to.Number && stage != ""; n++ {
		v, ok := c.numbered(to.Pipeline, n)
		if !ok {
			return ""
		}
		if v.index(stage) < 0 {
			stage = v.Mapping[stage]
		}
	}
	return stage
}

// existed is the rank a stage of r had in version v: under its own id, or where v is older
// as the first stage that became it; -1 where there was no such stage.
func (c *Company) existed(stage string, r, v Version) int {
	if r.Pipeline != v.Pipeline {
		return -1
	}
	if i := v.index(stage); i >= 0 || v.Number > r.Number {
		return i
	}
	for i, s := range v.Stages {
		if c.becomes(s.ID, v, r) == stage {
			return i
		}
	}
	return -1
}

// countsFor is the stage of r a stay counts for, "" for none.
func (c *Company) countsFor(s Stay, r Version) string {
	if s.Pipeline != r.Pipeline || s.Stage == "" {
		return ""
	}
	if r.index(s.Stage) >= 0 {
		return s.Stage
	}
	v := c.versionByID(s.Version)
	if v.Number > r.Number {
		return ""
	}
	return c.becomes(s.Stage, v, r)
}

// place is a stay against a stage of r: 1 past it, 0 at it or at what it was, -1 before it,
// or it never existed there.
func (c *Company) place(s Stay, stage string, r Version) int {
	if s.Pipeline != r.Pipeline || s.Remapped || s.State != Open && s.State != Won {
		return -1
	}
	v := c.versionByID(s.Version)
	at, own := c.existed(stage, r, v), v.index(s.Stage)
	if c.Faults.RankByNewest {
		newest := c.InForce(r.Pipeline, Moment{forever, always})
		at, own = newest.index(stage), newest.index(s.Stage)
		if own < 0 {
			own = newest.index(c.becomes(s.Stage, v, newest))
		}
	}
	switch {
	case at < 0 || own < at:
		return -1
	case own > at:
		return 1
	}
	return 0
}

// Versions is how many versions a pipeline has.
func (c *Company) Versions(pipeline string) (n int) {
	for _, v := range c.versions {
		if v.Pipeline == pipeline {
			n++
		}
	}
	return n
}
