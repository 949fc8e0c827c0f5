package funnel

import "math"

// z95 is the normal quantile of a two-sided 95 % interval.
const z95 = 1.959964

// Wilson is the 95 % score interval of a share, in basis points: where the true rate
// lies with samples like these, and so how much a comparison of two is worth.
// Source: E. B. Wilson, "Probable inference", JASA 22 (1927).
func Wilson(part, n int64) (low, high int) {
	if n <= 0 {
		return 0, 10000
	}
	size, p := float64(n), float64(part)/float64(n)
	scale := 1 + z95*z95/size
	centre := (p + z95*z95/(2*size)) / scale
	half := z95 * math.Sqrt(p*(1-p)/size+z95*z95/(4*size*size)) / scale
	bp := func(v float64) int { return int(math.Round(10000 * math.Max(0, math.Min(1, v)))) }
	return bp(centre - half), bp(centre + half)
}

// finish states the rate and its interval from the counts.
func (r *Rate) finish() {
	r.BP, r.LowBP, r.HighBP = rate(r.Won, r.Lost), nil, nil
	if r.BP != nil {
		low, high := Wilson(r.Won, r.Won+r.Lost)
		r.LowBP, r.HighBP = &low, &high
	}
}
