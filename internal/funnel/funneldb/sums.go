package funneldb

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/funnel"
	"yunchou/internal/money"
)

// column is a name in an answer and the expression it is.
type column struct{ name, sql string }

// summed writes a query that adds up by some columns. Each record is converted alone, as
// money.Convert does, so that parts add up to the whole. Sums run in two parts, so that no
// total can overflow; what SQL cannot convert within 64 bits, and what must be split over
// whom it is credited to, comes row by row (apart) and is Go's work.
func (x *question) summed(by []column, g grouping, from string) string {
	names, exprs := make([]string, len(by)), make([]string, len(by))
	for i, c := range by {
		names[i], exprs[i] = c.name, c.sql+" AS "+c.name
	}
	keys := strings.Join(names, ", ")
	x.add("raw_", `SELECT `+strings.Join(exprs, ", ")+`, d.id AS id_, d.currency AS currency_, d.rate AS rate_,
			d.partial AS partial_, `+truth(g.part)+` AS part_, `+g.minor+` AS raw
		`+from)
	safe, worth, _ := x.conversion()
	x.add("safe_", `SELECT r.*, `+truth("raw IS NULL OR rate_ IS NULL OR "+safe)+` AS safe_ FROM raw_ r`)
	x.add("row_", `SELECT `+keys+`, currency_, rate_, part_, raw, CASE WHEN safe_ = 1 THEN `+worth+` END AS worth,
			CASE WHEN rate_ IS NULL AND raw IS NOT NULL THEN currency_ ELSE '' END AS no_rate,
			CASE WHEN safe_ = 0 OR partial_ = 1 OR part_ = 1 THEN id_ ELSE '' END AS apart
		FROM safe_`)
	wide := func(v string) string {
		part := "CAST(COALESCE(sum(" + v + " %s " + strconv.Itoa(low) + "), 0) AS bigint)"
		return fmt.Sprintf(part, "/") + ", " + fmt.Sprintf(part, "%")
	}
	return `SELECT ` + keys + `, count(*), no_rate, apart, max(currency_), COALESCE(max(rate_), 0),
		` + wide("worth") + `, ` + wide("raw") + `, count(*) - count(raw), max(part_), COALESCE(max(raw), 0)
		FROM row_ GROUP BY ` + keys + `, no_rate, apart`
}

// mostMinor is the largest amount that can be stated: the largest a browser counts exactly.
const mostMinor = money.MaxTotal

// most and least bound what SQL adds up as one number.
var most, least = strconv.Itoa(mostMinor), strconv.Itoa(-mostMinor)

// low is where the two parts of a sum meet.
const low = 1_000_000_000

// conversion is whether raw can be converted within 64 bits, what it is worth then, and
// about what otherwise.
func (x *question) conversion() (safe, worth, rough string) {
	reporting := money.Digits(x.Currency)
	factors := func(digits int) (times, by int) {
		times, by = 1, money.RateScale
		for d := digits; d < reporting; d++ {
			times *= 10
		}
		for d := reporting; d < digits; d++ {
			by *= 10
		}
		return times, by
	}
	within := func(digits int) string {
		times, by := factors(digits)
		return fmt.Sprintf(`CASE WHEN raw NOT BETWEEN 0 AND 1000000000000000 OR rate_ NOT BETWEEN 1 AND %[3]d / %[2]d - 1
			THEN 0
			WHEN raw * %[1]d / %[2]d <= %[3]d / rate_ - 1 THEN 1 ELSE 0 END`, times, by, int64(math.MaxInt64))
	}
	formula := func(digits int) string {
		times, by := factors(digits)
		return fmt.Sprintf("(raw * %[1]d / %[2]d) * rate_ + (raw * %[1]d %% %[2]d * rate_ + %[3]d) / %[2]d", times, by, by/2)
	}
	choose := func(same string, of func(int) string) string {
		out := "CASE WHEN currency_ = " + x.reporting + " THEN " + same
		for _, digits := range []int{0, 3} {
			out += " WHEN currency_ IN ('" + strings.Join(money.WithDigits(digits), "', '") + "') THEN " + of(digits)
		}
		return out + " ELSE " + of(2) + " END"
	}
	about := func(digits int) string {
		times, by := factors(digits)
		return fmt.Sprintf("CAST(raw AS double precision) * rate_ * %d / %d", times, by)
	}
	return choose("1", within) + " = 1", choose("raw", formula), choose("CAST(raw AS double precision)", about)
}

// tally is what a row of summed says after its columns.
type tally struct {
	n, rate                      int64
	noRate, apart, currency      string
	worth, worthLow, raw, rawLow int64
	noAmount, one                int64
	part                         bool // one is the whole, of which the answer is about a product line
}

func (t *tally) into() []any {
	return []any{&t.n, &t.noRate, &t.apart, &t.currency, &t.rate, &t.worth, &t.worthLow, &t.raw, &t.rawLow, &t.noAmount,
		&t.part, &t.one}
}

// total is a sum while it is being added up.
type total struct {
	n, noAmount int64
	minor, raw  big.Int
}

// sum is the total as it is stated.
func (t *total) sum(noRate string) funnel.Sum {
	s := funnel.Sum{NoRate: noRate, NoAmount: t.noAmount}
	if limit := big.NewInt(mostMinor); t.minor.CmpAbs(limit) > 0 || noRate != "" && t.raw.CmpAbs(limit) > 0 {
		s.Overflow = true
		return s
	}
	s.Minor = t.minor.Int64()
	if t.raw.IsInt64() {
		s.Raw = t.raw.Int64()
	}
	return s
}

// summing says how the answers of one measure are read and filled.
type summing[T comparable] struct {
	scan func(r *sql.Rows, v *T, tail ...any) error
	// place is where number and sum of an answer stand.
	place func(v *T) (*int64, *funnel.Sum)
	// of says what an answer is about of a record that is split; nil is the whole.
	of func(v T) some
}

// some is whom of those credited, and which product line, an answer is about.
type some struct {
	holder  func(holder) bool // nil is all
	product *string           // nil is all
}

// totals runs a query of summed and adds up what came apart, one answer for each value of
// the columns and currency without a rate.
func totals[T comparable](ctx context.Context, tx database.Tx, x *question, body string, s summing[T]) ([]T, error) {
	type row struct {
		v T
		t tally
	}
	rows, err := run(ctx, tx, x, body, func(r *sql.Rows) (w row, err error) { return w, s.scan(r, &w.v, w.t.into()...) })
	if err != nil {
		return nil, err
	}
	var split *splits
	order, by := []T{}, map[T]*total{}
	for i := range rows {
		w := &rows[i]
		_, sum := s.place(&w.v)
		sum.NoRate = w.t.noRate
		t := by[w.v]
		if t == nil {
			t = &total{}
			order, by[w.v] = append(order, w.v), t
		}
		t.n += w.t.n
		t.noAmount += w.t.noAmount
		if w.t.apart == "" || w.t.noAmount > 0 {
			t.minor.Add(&t.minor, joined(w.t.worth, w.t.worthLow))
			t.raw.Add(&t.raw, joined(w.t.raw, w.t.rawLow))
			continue
		}
		if split == nil {
			if split, err = x.splits(ctx, tx); err != nil {
				return nil, err
			}
		}
		of := some{}
		if s.of != nil {
			of = s.of(w.v)
		}
		if w.t.noRate == "" {
			t.minor.Add(&t.minor, split.part(&w.t, money.ConvertWide(w.t.one, w.t.currency, x.Currency, w.t.rate), of))
		}
		t.raw.Add(&t.raw, split.part(&w.t, big.NewInt(w.t.one), of))
	}
	for i := range order {
		key := order[i]
		n, sum := s.place(&order[i])
		*n, *sum = by[key].n, by[key].sum(sum.NoRate)
	}
	return order, nil
}

// joined puts the two parts of a sum together.
func joined(high, rest int64) *big.Int {
	v := new(big.Int).Mul(big.NewInt(high), big.NewInt(low))
	return v.Add(v, big.NewInt(rest))
}
