package pipeline

// Path is the path of one version, the open stages in order and then the won one, as
// stays of every version of the pipeline climb it: a stage's rank is its place in the
// version a stay was entered in, so a later version that is shorter, longer or re-ordered
// changes no past figure. docs/facts.md has the rule in words.
type Path struct {
	Version Version
	Rungs   []Stage // at most 60
	places  map[[2]string]Place
}

// Place is where a stage of some version stands on a path.
type Place struct {
	// Image is the place in the path's version of the stage a stay counts for: its own, or
	// what the mappings make of it; -1 where it counts for none.
	Image int
	// Reaches are the rungs whoever entered the stage has reached, Past those he has gone
	// beyond; a bit per rung, from the lowest.
	Reaches, Past uint64
	// Exists are the rungs that existed in the stage's version.
	Exists uint64
}

// NewPath puts every stage of all versions of a pipeline on the path of one of them.
func NewPath(report Version, all []Version) Path {
	p := Path{Version: report, places: map[[2]string]Place{}}
	won := Stage{}
	for _, s := range report.Stages {
		switch s.Kind {
		case Open:
			p.Rungs = append(p.Rungs, s)
		case Won:
			won = s
		}
	}
	p.Rungs = append(p.Rungs, won)
	for _, v := range all {
		p.add(v, images(v, report, all))
	}
	return p
}

// Of is the place of a stage of a version; false where the pipeline has no such stage.
func (p Path) Of(version, stage string) (Place, bool) {
	at, ok := p.places[[2]string{version, stage}]
	return at, ok
}

// Each calls do with every stage of every version and its place.
func (p Path) Each(do func(version, stage string, at Place)) {
	for k, at := range p.places {
		do(k[0], k[1], at)
	}
}

// Rung is the number of a stage's rung, -1 where it is none.
func (p Path) Rung(stage string) int {
	for k, s := range p.Rungs {
		if s.ID == stage {
			return k
		}
	}
	return -1
}

// images says what each stage of a version counts for in the report's, by id.
func images(v, report Version, all []Version) map[string]string {
	out := map[string]string{}
	for _, s := range v.Stages {
		id := s.ID
		if _, own := report.Stage(id); own < 0 {
			id = follow(s, v, report, all)
		}
		out[s.ID] = id
	}
	return out
}

// follow takes a stage on, version by version, to what the mappings make of it in a later
// one: "" where nothing is said, or the version is not later. Winning and losing need no
// mapping: each version has one stage of either kind.
func follow(s Stage, v, report Version, all []Version) string {
	if s.Kind != Open {
		return report.OfKind(s.Kind).ID
	}
	if v.Number >= report.Number {
		return ""
	}
	id := s.ID
	for _, next := range all {
		if next.Number <= v.Number || next.Number > report.Number || id == "" {
			continue
		}
		if _, kept := next.Stage(id); kept < 0 {
			id = next.Mapping[id]
		}
	}
	if _, there := report.Stage(id); there < 0 {
		return ""
	}
	return id
}

// add places the stages of one version. A rung existed there under its own id, else as
// the first stage the mappings make it of.
func (p Path) add(v Version, image map[string]string) {
	rank := map[string]int{}
	order := []Stage{}
	for _, s := range v.Stages {
		if s.Kind == Open {
			order = append(order, s)
		}
	}
	order = append(order, v.OfKind(Won))
	for i, s := range order {
		rank[s.ID] = i
	}
	existed := make([]int, len(p.Rungs))
	var exists uint64
	for k, rung := range p.Rungs {
		existed[k] = -1
		if at, own := rank[rung.ID]; own {
			existed[k] = at
		} else {
			for i, s := range order {
				if image[s.ID] == rung.ID {
					existed[k] = i
					break
				}
			}
		}
		if existed[k] >= 0 {
			exists |= 1 << k
		}
	}
	for _, s := range v.Stages {
		_, counts := p.Version.Stage(image[s.ID])
		at := Place{Image: counts, Exists: exists}
		if r, climbs := rank[s.ID]; climbs {
			for k := range p.Rungs {
				if existed[k] >= 0 && existed[k] <= r {
					at.Reaches |= 1 << k
				}
				if existed[k] >= 0 && existed[k] < r {
					at.Past |= 1 << k
				}
			}
		}
		p.places[[2]string{v.ID, s.ID}] = at
	}
}
