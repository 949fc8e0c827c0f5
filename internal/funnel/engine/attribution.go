package engine

import (
	"cmp"
	"math"
	"slices"

	"yunchou/internal/funnel"
	"yunchou/internal/money"
)

// share is a part of a deal that one member has, in one team, with what it was credited as.
type share struct {
	member, team symbol
	weight       int64
	lines        []credit
}

// shares are whose a deal is: of what is closed as it was credited, of what is open or was
// taken out owner and team of the day. Plain is one whose owner and team say it all, as
// most are.
func (s *session) shares(d *deal) (shares []share, plain bool) {
	if !d.isClosed() {
		return nil, true
	}
	list := d.c.credits.at(d.i)
	if len(list) == 0 {
		return nil, true
	}
	shares = s.standing(list, uint16(s.lastStay(d)))
	return shares, len(shares) == 0
}

// whole is the share of a plain deal.
func (d *deal) whole(on day) share {
	return share{member: d.c.ownerOn(d.i, on), team: d.c.teamOn(d.i, on)}
}

// standing are the shares of a closing that were not taken back by the report's date, in
// the order in which a remainder is given out.
func (s *session) standing(list []credit, stay uint16) []share {
	var lines []credit
	for _, c := range list {
		if c.stay != stay || c.from > s.asOf {
			continue
		}
		if at := slices.IndexFunc(lines, func(o credit) bool { return o.alike(&c) }); at < 0 {
			lines = append(lines, c)
		} else {
			lines[at].share += c.share
			if c.minor != nothing {
				lines[at].minor += c.minor
			}
		}
	}
	var out []share
	for _, c := range lines {
		if c.share <= 0 {
			continue
		}
		at := slices.IndexFunc(out, func(x share) bool { return x.member == c.member && x.team == c.team })
		if at < 0 {
			at = len(out)
			out = append(out, share{member: c.member, team: c.team})
		}
		out[at].weight = max(out[at].weight, int64(c.share))
		out[at].lines = append(out[at].lines, c)
	}
	slices.SortFunc(out, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(s.text[a.member], s.text[b.member]),
			cmp.Compare(s.text[a.team], s.text[b.team]))
	})
	return out
}

// ofAll stands for all product lines of a credit.
const ofAll symbol = -1

// split divides an amount over shares as they were credited, those of one product line
// where they name it, so that the parts add up to it.
func split(shares []share, product symbol, minor int64) []int64 {
	if len(shares) == 1 || minor == nothing {
		return slices.Repeat([]int64{minor}, len(shares))
	}
	return money.Split(minor, weights(shares, product))
}

// weights are the amounts that were credited, or the shares where those do not tell.
func weights(shares []share, product symbol) []int64 {
	named, whole, out := false, int64(0), make([]int64, len(shares))
	for k := range shares {
		named = named || slices.ContainsFunc(shares[k].lines, func(c credit) bool { return c.product == product })
	}
	for k := range shares {
		for _, c := range shares[k].lines {
			switch {
			case named && c.product != product:
			case c.minor < 0 || c.minor > most: // nothing is below 0
				whole = math.MinInt64
			default:
				out[k] += c.minor
				whole += c.minor
			}
		}
	}
	if whole <= 0 {
		for k := range shares {
			out[k] = shares[k].weight
		}
	}
	return out
}

// credited is whose deals a question is about: nil is everybody's.
type credited struct {
	all                               bool // as far as the scope goes
	members, teams, products, regions set
	byProduct, byRegion               bool // the scope names any
	owner                             symbol
	spans                             []span // nil is any team
}

// span is the teams under the one asked for, over some days.
type span struct {
	from, to day // to unknown is without end
	teams    set
}

// whose compiles the scope of figures, and the owner or team asked for.
func whose(n numbering, q funnel.Query) *credited {
	if q.Figures.All && q.Filter.Owner == "" && q.Filter.Team == "" {
		return nil
	}
	f := q.Figures
	c := &credited{all: f.All, members: n.set(f.Members), teams: n.set(f.Teams), products: n.set(f.ProductLines),
		regions: n.set(f.Regions), byProduct: len(f.ProductLines) > 0, byRegion: len(f.Regions) > 0, owner: anybody}
	if q.Filter.Owner != "" {
		if c.owner = n.texts.find(q.Filter.Owner); c.owner < 0 {
			c.owner = absent
		}
	}
	if q.Filter.Team != "" {
		c.spans = []span{}
		for _, x := range q.Spans {
			c.spans = append(c.spans, span{dayOf(x.From), dayOf(x.To), n.set(x.Teams)})
		}
	}
	return c
}

// anybody is no owner asked for, absent one who is in no row.
const anybody, absent symbol = -1, -2

// mine tells whether a share counts, on the day whose facts do; whole is that the deal as
// a whole is in the scope.
func (c *credited) mine(x *share, on day, whole bool) bool {
	if !whole && !c.members.has(x.member) && !c.teams.has(x.team) {
		return false
	}
	if c.owner != anybody && x.member != c.owner {
		return false
	}
	if c.spans == nil {
		return true
	}
	for k := range c.spans {
		if p := &c.spans[k]; p.from <= on && (p.to == unknown || on < p.to) {
			return p.teams.has(x.team)
		}
	}
	return false
}

// whole tells whether a deal is in the scope by its region or a product line.
func (c *credited) whole(s *session, d *deal, on day) bool {
	if c.all || c.byRegion && c.regions.has(d.c.regionOn(d.i, s.asOf)) {
		return true
	}
	if !c.byProduct {
		return false
	}
	in := false
	d.c.linesOn(d.i, on, func(l line) { in = in || c.products.has(l.product) })
	return in
}

// to tells whether any share of a deal counts.
func (c *credited) to(s *session, d *deal) bool {
	on := s.on(d)
	whole := c.whole(s, d, on)
	shares, plain := s.shares(d)
	if plain {
		x := d.whole(on)
		return c.mine(&x, on, whole)
	}
	return slices.ContainsFunc(shares, func(x share) bool { return c.mine(&x, on, whole) })
}

// mine are the shares of a deal that is not plain, with their parts of an amount, that count.
func (s *session) mine(d *deal, shares []share, product symbol, minor int64) (mine []share, parts []int64) {
	parts = split(shares, product, minor)
	c := s.credited
	if c == nil {
		return shares, parts
	}
	on := s.on(d)
	whole, n := c.whole(s, d, on), 0
	for k := range shares {
		if c.mine(&shares[k], on, whole) {
			mine, parts[n] = append(mine, shares[k]), parts[k]
			n++
		}
	}
	return mine, parts[:n]
}

// part is what of an amount of a deal, or of one of its product lines, counts.
func (s *session) part(d *deal, product symbol, minor int64) int64 {
	if s.credited == nil || minor == nothing {
		return minor
	}
	shares, plain := s.shares(d)
	if plain {
		return minor
	}
	var sum int64
	_, parts := s.mine(d, shares, product, minor)
	for _, part := range parts {
		sum += part
	}
	return sum
}

// credit calls add with each member, or team, that a deal counts for, and its part.
func (s *session) credit(by funnel.GroupBy, d *deal, add func(key symbol, month month, v value)) {
	shares, plain := s.shares(d)
	v := s.value(d)
	if plain {
		if on := s.on(d); by == funnel.ByTeam {
			add(d.c.teamOn(d.i, on), 0, v)
		} else {
			add(d.c.ownerOn(d.i, on), 0, v)
		}
		return
	}
	key := func(x *share) symbol {
		if by == funnel.ByTeam {
			return x.team
		}
		return x.member
	}
	shares, parts := s.mine(d, shares, ofAll, v.minor)
	for k := range shares {
		of, sum := key(&shares[k]), parts[k]
		if slices.ContainsFunc(shares[:k], func(x share) bool { return key(&x) == of }) {
			continue // counted with it
		}
		for j := k + 1; j < len(shares) && sum != nothing; j++ {
			if key(&shares[j]) == of {
				sum += parts[j]
			}
		}
		add(of, 0, value{sum, v.noRate})
	}
}
