package engine

import (
	"math/bits"
	"strings"

	"yunchou/internal/pipeline"
)

// path is the path of a question by the numbers of stages: pipeline.Path says where every
// stage of every version stands on it.
type path struct {
	rungs  []string // their ids, the open ones in order and then won
	stages []string // of the version that is shown
	places []place  // by number of a stage in a version
	// ladder tells that whoever reached a rung reached all below: then one walk down hands
	// on the first days.
	ladder bool
}

// place is where a stage of some version stands.
type place struct {
	reaches, past, exists uint64
	image                 int16 // the stage it counts for, by its place in the version shown; -1 is none
	rung                  int8  // of that stage, -1 where it is none
	top                   int8  // how many rungs it reaches
	here                  bool  // in the question's pipeline
}

var nowhere = place{image: -1, rung: -1}

func newPath(s *snapshot, of symbol, p pipeline.Path) path {
	out := path{places: make([]place, len(s.pairs)), ladder: true}
	for _, r := range p.Rungs {
		out.rungs = append(out.rungs, r.ID)
	}
	for _, st := range p.Version.Stages {
		out.stages = append(out.stages, st.ID)
	}
	for n, text := range s.pairs {
		version, stage, _ := strings.Cut(text, pairMark)
		at := nowhere
		if pipeline, known := s.around.pipelines[version]; known {
			at.here = pipeline == of
		}
		if x, ok := p.Of(version, stage); ok {
			at.reaches, at.past, at.exists, at.image = x.Reaches, x.Past, x.Exists, int16(x.Image)
			at.top = int8(bits.OnesCount64(x.Reaches))
			if x.Image >= 0 {
				at.rung = int8(p.Rung(out.stages[x.Image]))
			}
			out.ladder = out.ladder && x.Reaches == 1<<at.top-1
		}
		out.places[n] = at
	}
	return out
}

// place is where a stay's stage stands.
func (s *session) place(n pair) *place {
	if int(n) >= len(s.path.places) {
		return &nowhere
	}
	return &s.path.places[n]
}

// imageOf is the place of a stage in the version shown, -2 where it is not in it.
func (s *session) imageOf(stage string) int16 {
	for k, id := range s.path.stages {
		if id == stage {
			return int16(k)
		}
	}
	return -2
}

// rung is the number of a stage's rung, -1 where it is none.
func (s *session) rung(stage string) int {
	for k, id := range s.path.rungs {
		if id == stage {
			return k
		}
	}
	return -1
}
