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
	bp := func(v float64) int { return int(math.Round(10000 * v)) }
	from, to := wilson(part, n, z95)
	return bp(from), bp(to)
}

// wilson is the interval as shares, for a quantile z of the normal distribution.
func wilson(part, n int64, z float64) (low, high float64) {
	size, p := float64(n), float64(part)/float64(n)
	scale := 1 + z*z/size
	centre := (p + z*z/(2*size)) / scale
	half := z * math.Sqrt(p*(1-p)/size+z*z/(4*size*size)) / scale
	return max(0, centre-half), min(1, centre+half)
}

// finish states the rate and its interval from the counts.
func (r *Rate) finish() {
	r.BP, r.LowBP, r.HighBP = rate(r.Won, r.Lost), nil, nil
	if r.BP != nil {
		low, high := Wilson(r.Won, r.Won+r.Lost)
		r.LowBP, r.HighBP = &low, &high
	}
}
