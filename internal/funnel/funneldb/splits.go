package funneldb

import (
	"context"
	"database/sql"
	"math/big"

	"yunchou/internal/database"
	"yunchou/internal/money"
)

// splits are the records whose amount is more than one's: credited to several members, or
// of several product lines, by id. They are few, and SQL has no largest remainder.
type splits struct {
	// holders are in order: the greatest share first, then by member and team.
	holders map[string][]holder
	// lines are in order: the greatest first, then by product line.
	lines map[string][]productLine
}

// holder is one of those a record is credited to.
type holder struct {
	member, team string
	passes       bool
	share        int64
	credited     []productLine
}

// productLine is an amount of one; "" is of none. Minor nil is not known.
type productLine struct {
	product string
	minor   *int64
}

func (x *question) splits(ctx context.Context, tx database.Tx) (*splits, error) {
	out := &splits{map[string][]holder{}, map[string][]productLine{}}
	if x.attributed() {
		if err := x.readHolders(ctx, tx, out.holders); err != nil {
			return nil, err
		}
	}
	if !x.has["line_of"] { // no answer by product line, whatever the report is split by
		return out, nil
	}
	type row struct {
		id string
		l  productLine
	}
	rows, err := run(ctx, tx, x, `SELECT l.id, l.product_line_id, l.minor FROM line_of l JOIN deal d ON d.id = l.id
		WHERE l.several > 1 ORDER BY l.id, l.minor DESC, l.product_line_id`,
		func(r *sql.Rows) (w row, err error) { return w, r.Scan(&w.id, &w.l.product, &w.l.minor) })
	for _, w := range rows {
		out.lines[w.id] = append(out.lines[w.id], w.l)
	}
	return out, err
}

func (x *question) readHolders(ctx context.Context, tx database.Tx, into map[string][]holder) error {
	type row struct {
		id string
		h  holder
		l  productLine
	}
	rows, err := run(ctx, tx, x, `SELECT h.id, h.member_id, h.team_id, h.passes, h.share_bp, COALESCE(c.product_line_id,
		''), c.minor
		FROM kept h JOIN counted k ON k.id = h.id AND k.parts > 1
		LEFT JOIN credit c ON c.id = h.id AND c.member_id = h.member_id AND c.team_id = h.team_id
		ORDER BY h.id, h.share_bp DESC, h.member_id, h.team_id`, func(r *sql.Rows) (w row, err error) {
		return w, r.Scan(&w.id, &w.h.member, &w.h.team, &w.h.passes, &w.h.share, &w.l.product, &w.l.minor)
	})
	for _, w := range rows {
		list := into[w.id]
		if n := len(list); n == 0 || list[n-1].member != w.h.member || list[n-1].team != w.h.team {
			list = append(list, w.h)
		}
		last := &list[len(list)-1]
		last.credited = append(last.credited, w.l)
		into[w.id] = list
	}
	return err
}

// part is what of a record's amount an answer is about: first of the product line, then of
// those who pass, each by largest remainder. What lies beyond 64 bits is not split: it is
// beyond what can be stated either way.
func (s *splits) part(t *tally, whole *big.Int, of some) *big.Int {
	if !whole.IsInt64() {
		return whole
	}
	minor := whole.Int64()
	if lines := s.lines[t.apart]; t.part && of.product != nil && len(lines) > 1 {
		minor = s.ofLine(lines, minor, *of.product)
	}
	list := s.holders[t.apart]
	if len(list) < 2 {
		return big.NewInt(minor)
	}
	var sum int64
	for i, part := range money.Split(minor, weights(list, of.product)) {
		if list[i].passes && (of.holder == nil || of.holder(list[i])) {
			sum += part
		}
	}
	return big.NewInt(sum)
}

// ofLine is one product line's part of an amount; where no line states one the first has
// all.
func (*splits) ofLine(lines []productLine, minor int64, product string) int64 {
	parts, some := make([]int64, len(lines)), false
	for i, l := range lines {
		if l.minor != nil {
			parts[i] = min(max(0, *l.minor), mostMinor)
		}
		some = some || parts[i] > 0
	}
	if !some {
		parts[0] = 1
	}
	for i, part := range money.Split(minor, parts) {
		if lines[i].product == product {
			return part
		}
	}
	return 0
}

// weights are what each is credited with, for one product line where the credit names it,
// so that an amount in the reporting currency is split as it was credited; else the shares.
func weights(list []holder, product *string) []int64 {
	out := make([]int64, len(list))
	named, whole := false, int64(0)
	for _, h := range list {
		for _, l := range h.credited {
			named = named || product != nil && l.product == *product
		}
	}
	for i, h := range list {
		for _, l := range h.credited {
			switch {
			case named && l.product != *product:
			case l.minor == nil || *l.minor < 0 || *l.minor > mostMinor:
				return shares(list)
			default:
				out[i] += *l.minor
				whole += *l.minor
			}
		}
	}
	if whole == 0 {
		return shares(list)
	}
	return out
}

func shares(list []holder) []int64 {
	out := make([]int64, len(list))
	for i, h := range list {
		out[i] = max(1, h.share)
	}
	return out
}
