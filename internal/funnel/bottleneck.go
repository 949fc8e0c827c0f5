package funnel

import (
	"math"

	"yunchou/internal/pipeline"
)

// Bottleneck is the stage that loses more of its deals than the others do, or why none is named. Onward is the share that
// went on of those whose fate is settled: advanced ÷ (advanced + lost).
type Bottleneck struct {
	StageID   string `json:"stageId" doc:"empty where no stage is one"`
	N         int64  `json:"n" doc:"deals that advanced from the stage or were lost"`
	OnwardBP  *int   `json:"onwardBp"`
	LowBP     *int   `json:"lowBp" doc:"95 % interval (Wilson)"`
	HighBP    *int   `json:"highBp"`
	OthersN   int64  `json:"othersN"`
	OthersBP  *int   `json:"othersBp" doc:"the share that went on of the other stages together"`
	WorseBP   *int   `json:"worseBp" doc:"by how much the stage is worse"`
	AtLeastBP *int   `json:"atLeastBp" doc:"by how much it is worse at least: the interval's lower end, for as many stages as were compared"`
	Compared  int    `json:"compared" doc:"stages with enough deals"`
	MinN      int64  `json:"minN" doc:"deals a stage needs to be compared"`
	Why       string `json:"why,omitempty" enum:"too_few,none_worse" doc:"why no stage is named"`
}

// MinSettled is the least number of settled deals a stage is compared with.
const MinSettled = 20

// settled is what became of a stage's cohort, without what is still open.
type settled struct {
	stage    string
	on, lost int64
}

func (s settled) n() int64 { return s.on + s.lost }

func (s settled) share() float64 { return float64(s.on) / float64(s.n()) }

// narrowest finds the bottleneck: of the stages with at least MinSettled settled deals the one with the lowest share, if it is worse
// than the others together beyond chance. The difference has Newcombe's interval (Statistics in Medicine 17 (1998), 873,
// method 10: from Wilson's of both shares); as any of k stages could have been the lowest, it holds at 1 − 5 %/k (Bonferroni).
func narrowest(all []settled) Bottleneck {
	b := Bottleneck{MinN: MinSettled, Why: "too_few"}
	var worst, others settled
	for _, s := range all {
		if s.n() < MinSettled {
			continue
		}
		if b.Compared++; worst.stage == "" || s.share() < worst.share() {
			worst = s
		}
		others.on, others.lost = others.on+s.on, others.lost+s.lost
	}
	if b.Compared < 2 {
		return b
	}
	others.on, others.lost = others.on-worst.on, others.lost-worst.lost
	b.N, b.OthersN, b.OnwardBP, b.OthersBP = worst.n(), others.n(), rate(worst.on, worst.lost), rate(others.on, others.lost)
	low, high := Wilson(worst.on, worst.n())
	b.LowBP, b.HighBP = &low, &high
	z := math.Sqrt2 * math.Erfinv(1-0.05/float64(b.Compared))
	_, top := wilson(worst.on, worst.n(), z)
	bottom, _ := wilson(others.on, others.n(), z)
	worse := others.share() - worst.share()
	atLeast := worse - math.Hypot(others.share()-bottom, top-worst.share())
	inBP := func(v float64) *int { bp := int(math.Round(10000 * v)); return &bp }
	b.WorseBP, b.AtLeastBP, b.Why = inBP(worse), inBP(atLeast), "none_worse"
	if *b.AtLeastBP > 0 {
		b.StageID, b.Why = worst.stage, ""
	}
	return b
}

// bottleneck compares the stages of a report. Where deals closed by stages nobody knows, all of them settled in the first
// stage: it is not compared.
func bottleneck(r *Report) Bottleneck {
	var all []settled
	for i, s := range r.Stages {
		if s.Kind == pipeline.Open && s.Cohort != nil && (i > 0 || r.LeftOut.Pathless == 0) {
			all = append(all, settled{s.ID, s.Cohort.Advanced, s.Cohort.Lost})
		}
	}
	return narrowest(all)
}
