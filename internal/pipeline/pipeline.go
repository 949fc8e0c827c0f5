// Package pipeline is the sales process: versioned, ordered stages that are
// defined by milestones with evidence, and the rules of moving through them. It
// decides whether a move is allowed; it does not know opportunities or storage.
package pipeline

import (
	"fmt"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/text"
)

// Kind of a stage. Won and lost are kinds, never names or rates.
type Kind string

const (
	Open Kind = "open"
	Won  Kind = "won"
	Lost Kind = "lost"
)

// Phase groups open stages for diagnosis.
type Phase string

const (
	Early  Phase = "early"  // 前期
	Middle Phase = "middle" // 中期
	Late   Phase = "late"   // 后期
)

// Evidence is what a milestone is shown by.
type Evidence string

const (
	File    Evidence = "file"
	Text    Evidence = "text"
	Contact Evidence = "contact"
	Date    Evidence = "date"
	Number  Evidence = "number"
	Link    Evidence = "link"
)

// Category is the default forecast category of a stage.
type Category string

const (
	Omitted  Category = "omitted"
	InPipe   Category = "pipeline"
	BestCase Category = "best_case"
	Commit   Category = "commit"
	Closed   Category = "closed"
)

// Milestone (里程碑) is a deliverable that completes a stage.
type Milestone struct {
	Key          string   `json:"key" maxLength:"60"`
	Name         string   `json:"name" minLength:"1" maxLength:"100"`
	Evidence     Evidence `json:"evidence" enum:"file,text,contact,date,number,link"`
	Required     bool     `json:"required"`
	Acceptance   bool     `json:"acceptance" doc:"a manager must accept the evidence"`
	OwnerRole    string   `json:"ownerRole" maxLength:"30"`
	StandardDays int      `json:"standardDays" minimum:"0" maximum:"999" doc:"working days"`
}

// Stage is one stage in one version. ID is its identity across versions.
type Stage struct {
	ID              string      `json:"id" maxLength:"60"`
	Name            string      `json:"name" minLength:"1" maxLength:"60"`
	Kind            Kind        `json:"kind" enum:"open,won,lost"`
	Phase           Phase       `json:"phase" enum:"early,middle,late"`
	SuccessBP       int         `json:"successBp" minimum:"0" maximum:"10000" doc:"expected success rate, basis points"`
	ConfidenceCapBP int         `json:"confidenceCapBp" minimum:"0" maximum:"10000" doc:"the most a rep may state here"`
	StandardDays    int         `json:"standardDays" minimum:"0" maximum:"999" doc:"working days"`
	MaxDays         int         `json:"maxDays" minimum:"0" maximum:"9999" doc:"working days"`
	NextStepDays    int         `json:"nextStepDays" minimum:"0" maximum:"999" doc:"working days within which a next step is expected"`
	BuyerStep       string      `json:"buyerStep" maxLength:"100"`
	Qualified       bool        `json:"qualified" doc:"qualified from here on"`
	AllowSkip       bool        `json:"allowSkip"`
	AllowReturn     bool        `json:"allowReturn" doc:"records may be returned to this stage"`
	Category        Category    `json:"forecastCategory" enum:"omitted,pipeline,best_case,commit,closed"`
	Milestones      []Milestone `json:"milestones" maxItems:"30"`
}

// Version is one published version of a pipeline: its stages in order, the open
// ones first, then won and lost.
type Version struct {
	ID         string        `json:"id"`
	PipelineID string        `json:"pipelineId"`
	Name       string        `json:"name"`
	Number     int           `json:"number"`
	Effective  calendar.Date `json:"effectiveOn"`
	Business   string        `json:"businessType"`
	Stages     []Stage       `json:"stages"`
	// Mapping sends each stage of the version before that is gone here to one that is
	// there; Seq is the entry that published the version, 0 before entries were kept so.
	Mapping map[string]string `json:"-"`
	Seq     int64             `json:"-"`
}

// Stage returns a stage by id and its place, or -1.
func (v Version) Stage(id string) (Stage, int) {
	for i, s := range v.Stages {
		if s.ID == id {
			return s, i
		}
	}
	return Stage{}, -1
}

// StageNamed finds a stage by name, ignoring width, case and blanks.
func (v Version) StageNamed(name string) (Stage, bool) {
	key := text.Match(name)
	for _, s := range v.Stages {
		if text.Match(s.Name) == key && key != "" {
			return s, true
		}
	}
	return Stage{}, false
}

// First returns the first open stage.
func (v Version) First() Stage { return v.Stages[0] }

// OfKind returns the first stage of a kind.
func (v Version) OfKind(k Kind) Stage {
	for _, s := range v.Stages {
		if s.Kind == k {
			return s
		}
	}
	return Stage{}
}

// QualifiedFrom returns the place of the first qualified stage, 0 where none is marked.
func (v Version) QualifiedFrom() int {
	for i, s := range v.Stages {
		if s.Qualified {
			return i
		}
	}
	return 0
}

// Check refuses a version that cannot work: too few stages, names twice, no way to
// win or lose, success rates that fall along the path, limits below standards.
func (v Version) Check() error {
	if text.Blank(v.Name) {
		return fault.Missing("/name")
	}
	const maxStages = 60 // the engine's reached mask has 60 bits
	open, won, lost := 0, 0, 0
	names, last := map[string]bool{}, -1
	if len(v.Stages) > maxStages {
		return fault.Input("/stages", "pipeline.too_many_stages", "at most %d stages", maxStages).With("max", maxStages)
	}
	for i, s := range v.Stages {
		at := fmt.Sprintf("/stages/%d", i)
		key := text.Match(s.Name)
		switch {
		case key == "":
			return fault.Missing(at + "/name")
		case names[key]:
			return fault.Input(at+"/name", "pipeline.stage_name_twice", "two stages have this name").With("name", s.Name)
		case s.Kind == Open && won+lost > 0:
			return fault.Input(at+"/kind", "pipeline.open_after_closed", "open stages come before won and lost")
		case s.SuccessBP < 0 || s.SuccessBP > 10000:
			return fault.Input(at+"/successBp", "input.out_of_range", "0 to 10000 basis points").With("min", 0).With("max", 10000)
		case s.Kind == Open && s.SuccessBP < last:
			return fault.Input(at+"/successBp", "pipeline.success_rate_falls", "success rates must not fall along the path").With("stage", s.Name)
		case s.Kind == Open && s.MaxDays > 0 && s.MaxDays < s.StandardDays:
			return fault.Input(at+"/maxDays", "pipeline.max_below_standard", "the maximum is below the standard").With("stage", s.Name)
		}
		names[key] = true
		switch s.Kind {
		case Open:
			open, last = open+1, s.SuccessBP
		case Won:
			won++
		case Lost:
			lost++
		default:
			return fault.Input(at+"/kind", "pipeline.kind_unknown", "open, won or lost")
		}
		if err := checkMilestones(at, s); err != nil {
			return err
		}
	}
	if open == 0 || won != 1 || lost != 1 {
		return fault.Input("/stages", "pipeline.ends_missing", "at least one open stage, exactly one won and one lost")
	}
	return nil
}

func checkMilestones(at string, s Stage) error {
	keys := map[string]bool{}
	for j, m := range s.Milestones {
		ptr := fmt.Sprintf("%s/milestones/%d", at, j)
		switch m.Evidence {
		case File, Text, Contact, Date, Number, Link:
		default:
			return fault.Input(ptr+"/evidence", "pipeline.evidence_unknown", "file, text, contact, date, number or link")
		}
		if text.Fold(m.Name) == "" {
			return fault.Missing(ptr + "/name")
		}
		if keys[m.Key] || m.Key == "" {
			return fault.Input(ptr+"/key", "pipeline.milestone_key_twice", "each milestone needs a key of its own").With("name", m.Name)
		}
		keys[m.Key] = true
	}
	return nil
}

// Move is what a change of stage amounts to.
type Move string

const (
	Create   Move = "create"
	Advance  Move = "advance"
	Skip     Move = "skip"
	Return   Move = "return"
	Win      Move = "win"
	Lose     Move = "lose"
	Withdraw Move = "withdraw"
	Reopen   Move = "reopen"
	Remap    Move = "remap"
	Change   Move = "change_pipeline"
)

// Gap is a required milestone that stands between a record and the next stage.
type Gap struct {
	StageID string `json:"stageId"`
	Stage   string `json:"stage"`
	Key     string `json:"key"`
	Name    string `json:"name"`
	// Why is missing, waiting (for acceptance) or rejected.
	Why string `json:"why" enum:"missing,waiting,rejected"`
}

// Done says how far the evidence for a milestone is: "", submitted, accepted or rejected.
type Done func(stageID, key string) string

// Gaps lists the required milestones of a stage that are not met.
func (s Stage) Gaps(done Done) []Gap {
	var out []Gap
	for _, m := range s.Milestones {
		if !m.Required {
			continue
		}
		g := Gap{StageID: s.ID, Stage: s.Name, Key: m.Key, Name: m.Name}
		switch st := done(s.ID, m.Key); {
		case st == "accepted" || st == "submitted" && !m.Acceptance:
			continue
		case st == "submitted":
			g.Why = "waiting"
		case st == "rejected":
			g.Why = "rejected"
		default:
			g.Why = "missing"
		}
		out = append(out, g)
	}
	return out
}

// Request is a wish to move from one stage to another of the same version.
type Request struct {
	To        string
	Reason    string
	Exception string // why the gate should open all the same
	Recorded  bool   // it happened elsewhere: nobody can be asked why it went back
}

// Gate decides a move from an open stage to another stage of the version, forward,
// back or closing. It is the one place that knows the rule; every path goes
// through it. Faults: pipeline.stage_unknown, pipeline.same_stage,
// pipeline.return_not_allowed, pipeline.reason_required, pipeline.skip_not_allowed,
// pipeline.milestones_missing (params gaps).
func (v Version) Gate(from string, r Request, done Done) (Move, error) {
	cur, i := v.Stage(from)
	next, j := v.Stage(r.To)
	if i < 0 || j < 0 {
		return "", fault.New(fault.Rule, "pipeline.stage_unknown", "the stage is not part of this pipeline version")
	}
	switch {
	case i == j:
		return "", fault.New(fault.Conflict, "pipeline.same_stage", "already in this stage").With("stage", cur.Name)
	case next.Kind == Lost:
		return Lose, nil
	case j < i:
		if !next.AllowReturn {
			return "", fault.New(fault.Rule, "pipeline.return_not_allowed", "records are not returned to this stage").With("stage", next.Name)
		}
		if text.Blank(r.Reason) && !r.Recorded {
			return "", fault.Input("/reason", "pipeline.reason_required", "say why it goes back")
		}
		return Return, nil
	}
	w := v.way(i, j, done)
	if !text.Blank(r.Exception) {
		return w.Move, nil
	}
	if len(w.Passed) > 0 {
		f := fault.New(fault.Rule, "pipeline.skip_not_allowed", "these stages may not be skipped: %s", strings.Join(w.Passed, ", "))
		return "", f.With("stages", w.Passed).With("gaps", w.Gaps).With("exceptionPossible", true)
	}
	if len(w.Gaps) > 0 {
		f := fault.New(fault.Rule, "pipeline.milestones_missing", "%d required milestones of %s are not met", len(w.Gaps), cur.Name)
		return "", f.With("stage", cur.Name).With("gaps", w.Gaps).With("exceptionPossible", true)
	}
	return w.Move, nil
}

// Way is what stands between a record and a later stage: required milestones that are not met,
// and stages that may not be skipped.
type Way struct {
	StageID string   `json:"stageId"`
	Move    Move     `json:"move" enum:"advance,skip,win"`
	Gaps    []Gap    `json:"gaps"`
	Passed  []string `json:"passed" doc:"names of stages that may not be skipped"`
}

// way is the way from the stage at one place to the one at a later place.
func (v Version) way(i, j int, done Done) Way {
	w := Way{StageID: v.Stages[j].ID, Move: Advance, Gaps: append([]Gap{}, v.Stages[i].Gaps(done)...), Passed: []string{}}
	if v.Stages[j].Kind == Won {
		w.Move = Win
	}
	for k := i + 1; k < j && v.Stages[k].Kind == Open; k++ {
		if w.Move == Advance {
			w.Move = Skip
		}
		if !v.Stages[k].AllowSkip {
			w.Passed = append(w.Passed, v.Stages[k].Name)
		}
	}
	return w
}

// Ways are the ways forward from an open stage, as the gate will see them.
func (v Version) Ways(from string, done Done) []Way {
	out := []Way{}
	_, i := v.Stage(from)
	if i < 0 {
		return out
	}
	for j := i + 1; j < len(v.Stages); j++ {
		if v.Stages[j].Kind != Lost {
			out = append(out, v.way(i, j, done))
		}
	}
	return out
}

// StageChange tells what becomes of a stage in a new version.
type StageChange struct {
	StageID string `json:"stageId"`
	Name    string `json:"name"`
	// Fate is same, merged, split or gone.
	Fate     string `json:"fate" enum:"same,merged,split,gone"`
	ToID     string `json:"toId"`
	To       string `json:"to"`
	Open     int64  `json:"openOpportunities"`
	Required bool   `json:"needsMapping"`
}

// Compare says what a draft does to each open stage of the version in force.
// mapping gives a target for the stages the draft no longer has.
func Compare(old, draft Version, mapping map[string]string, open map[string]int64) []StageChange {
	targets := map[string]int{}
	for _, s := range old.Stages {
		if to, ok := mapping[s.ID]; ok {
			targets[to]++
		}
	}
	var out []StageChange
	for _, s := range old.Stages {
		if s.Kind != Open {
			continue
		}
		c := StageChange{StageID: s.ID, Name: s.Name, Open: open[s.ID]}
		if kept, i := draft.Stage(s.ID); i >= 0 {
			c.Fate, c.ToID, c.To = "same", kept.ID, kept.Name
			if targets[s.ID] > 0 {
				c.Fate = "merged" // others come in
			}
		} else {
			to, i := draft.Stage(mapping[s.ID])
			c.Fate, c.Required = "gone", true
			if i >= 0 && to.Kind == Open { // publishing closes nothing: that is a move, with its gate
				c.Fate, c.ToID, c.To = "merged", to.ID, to.Name
				if targets[to.ID] == 1 && draftIsNew(old, to.ID) {
					c.Fate = "split"
				}
			}
		}
		out = append(out, c)
	}
	return out
}

// draftIsNew reports whether a stage exists only in the draft: then what maps to
// it alone was split or replaced.
func draftIsNew(old Version, id string) bool {
	_, i := old.Stage(id)
	return i < 0
}
