package pipeline

import (
	"strings"
	"testing"
)

// stages makes a version of one-letter stages; W is won, L lost.
func stages(number int, path string, mapping map[string]string) Version {
	v := Version{ID: "v" + string(rune('0'+number)), Number: number, Mapping: mapping}
	for _, id := range strings.Split(path, " ") {
		kind := Open
		switch id {
		case "W":
			kind = Won
		case "L":
			kind = Lost
		}
		v.Stages = append(v.Stages, Stage{ID: id, Name: id, Kind: kind})
	}
	return v
}

func rungs(p Path, bits uint64) string {
	out := ""
	for k, s := range p.Rungs {
		if bits>>k&1 == 1 {
			out += s.ID
		}
	}
	return out
}

func TestAStageHasItsRankInEachVersion(t *testing.T) {
	first := stages(1, "A B C D E W L", nil)
	for _, tt := range []struct {
		name                             string
		report                           Version
		stage, image, reaches, past, has string
	}{
		{"within one version what lies below was reached", first, "C", "C", "ABC", "AB", "ABCDEW"},
		{"the win reached everything", first, "W", "W", "ABCDEW", "ABCDE", "ABCDEW"},
		{"a loss reached nothing by itself", first, "L", "L", "", "", "ABCDEW"},
		{"a shorter version: what is left was not reached by being left over", stages(2, "A E W L", map[string]string{"B": "A", "C": "A", "D": "A"}), "C", "A", "A", "A", "AEW"},
		{"the last open stage dropped: nothing was won by that", stages(2, "A B C D W L", map[string]string{"E": "D"}), "E", "D", "ABCD", "ABCD", "ABCDW"},
		{"a longer version: the new stage did not exist", stages(2, "A X B C D E W L", nil), "B", "B", "AB", "A", "ABCDEW"},
		{"a re-ordered version: the rank is that of the time", stages(2, "B A C D E W L", nil), "A", "A", "A", "", "BACDEW"},
		{"a stage replaced by a new one counts for it", stages(2, "A Y C D E W L", map[string]string{"B": "Y"}), "B", "Y", "AY", "A", "AYCDEW"},
		{"dropped without a word it counts for none", stages(2, "A C D E W L", nil), "B", "", "A", "A", "ACDEW"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := NewPath(tt.report, []Version{first, tt.report})
			at, ok := p.Of("v1", tt.stage)
			image := ""
			if at.Image >= 0 {
				image = tt.report.Stages[at.Image].ID
			}
			if !ok || image != tt.image || rungs(p, at.Reaches) != tt.reaches || rungs(p, at.Past) != tt.past || rungs(p, at.Exists) != tt.has {
				t.Errorf("image %q reaches %q past %q exists %q, want %q %q %q %q", image, rungs(p, at.Reaches), rungs(p, at.Past), rungs(p, at.Exists), tt.image, tt.reaches, tt.past, tt.has)
			}
		})
	}
	t.Run("mappings follow one another", func(t *testing.T) {
		second, third := stages(2, "A C D E W L", map[string]string{"B": "C"}), stages(3, "A D E W L", map[string]string{"C": "D"})
		p := NewPath(third, []Version{first, second, third})
		if at, _ := p.Of("v1", "B"); third.Stages[at.Image].ID != "D" || rungs(p, at.Reaches) != "A" {
			t.Errorf("B counts for %v and reaches %q", third.Stages[at.Image].ID, rungs(p, at.Reaches))
		}
	})
	t.Run("an earlier version is asked about a later stay", func(t *testing.T) {
		p := NewPath(first, []Version{first, stages(2, "A X C W L", map[string]string{"B": "A", "D": "C", "E": "C"})})
		if at, _ := p.Of("v2", "C"); rungs(p, at.Reaches) != "AC" || rungs(p, at.Exists) != "ACW" {
			t.Errorf("reaches %q of %q", rungs(p, at.Reaches), rungs(p, at.Exists))
		}
	})
}
