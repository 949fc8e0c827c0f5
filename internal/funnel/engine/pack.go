package engine

import (
	"encoding/binary"
)

// packer writes numbers in as few bytes as they need, or reads them: one walk over the
// facts serves both.
type packer struct {
	bytes   []byte
	reading bool
}

type integer interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32
}

// number walks some numbers.
func number[T integer](p *packer, values ...*T) {
	for _, v := range values {
		if !p.reading {
			p.bytes = binary.AppendVarint(p.bytes, int64(*v))
			continue
		}
		n, size := binary.Varint(p.bytes)
		*v, p.bytes = T(n), p.bytes[size:]
	}
}

// minor walks an amount; one nobody stated needs a byte.
func (p *packer) minor(v *int64) {
	stated := bit8(*v != nothing)
	number(p, &stated)
	if stated == 0 {
		*v = nothing
	} else {
		number(p, v)
	}
}

func bit8(b bool) uint8 { return uint8(bit(b)) }

// items walks a list.
func items[T any](p *packer, list *[]T, each func(x *T)) {
	n := int32(len(*list))
	if number(p, &n); p.reading && n > 0 {
		*list = make([]T, n)
	}
	for i := range *list {
		each(&(*list)[i])
	}
}

func (p *packer) known(x *known) { number(p, &x.seq, &x.ended) }

// facts walks the facts of an opportunity.
func (p *packer) facts(f *facts) {
	items(p, &f.stays, p.stay)
	items(p, &f.owners, func(o *ownerFact) {
		number(p, &o.from)
		number(p, &o.member, &o.team)
		p.known(&o.known)
	})
	items(p, &f.values, func(v *valueFact) {
		number(p, &v.field)
		number(p, &v.day)
		number(p, &v.key, &v.text)
		p.minor(&v.number)
		p.known(&v.known)
	})
	items(p, &f.credits, func(c *creditFact) {
		p.minor(&c.minor)
		number(p, &c.member, &c.team, &c.product, &c.share)
		number(p, &c.stay, &c.from)
		number(p, &c.seq)
	})
	items(p, &f.accounts, func(a *accountFact) { number(p, &a.industry, &a.class) })
}

func (p *packer) stay(s *stayFact) {
	number(p, &s.pair, &s.since, &s.bits)
	p.known(&s.known)
	told := bit8(s.told)
	if number(p, &told); told == 0 {
		return
	}
	s.told = true
	p.minor(&s.amount)
	p.minor(&s.contract)
	number(p, &s.currency, &s.kind, &s.competitor)
}

// pack appends the facts in bytes.
func (f *facts) pack(to []byte) []byte {
	p := &packer{bytes: to}
	p.facts(f)
	return p.bytes
}

func unpack(bytes []byte) *facts {
	f := &facts{}
	(&packer{bytes: bytes, reading: true}).facts(f)
	return f
}

// last is the last entry that changed any fact.
func (f *facts) last() (seq int64) {
	for i := range f.stays {
		seq = max(seq, f.stays[i].seq, f.stays[i].ended)
	}
	for i := range f.owners {
		seq = max(seq, f.owners[i].seq, f.owners[i].ended)
	}
	for i := range f.values {
		seq = max(seq, f.values[i].seq, f.values[i].ended)
	}
	for i := range f.credits {
		seq = max(seq, f.credits[i].seq)
	}
	return seq
}
