package engine

import (
	"bytes"
	"cmp"
	"slices"
	"unsafe"

	"yunchou/internal/calendar"
	"yunchou/internal/page"
	"yunchou/internal/pinyin"

	"github.com/google/uuid"
)

// order is how a list is sorted: by a number or by the reading of the name, what has none last
// either way, and then by id.
type order struct {
	desc   bool
	named  bool                        // by the reading of the name
	number func(c *chunk, i int) int64 // of an opportunity
	key    func(p *placed) any         // the sort value as cursors tell it
	after  *placed                     // where the page before ended
	size   int
}

// turn is the k-th of n in the direction of the order.
func (o *order) turn(k, n int) int {
	if o.desc {
		return n - 1 - k
	}
	return k
}

// placed is an opportunity in an order.
type placed struct {
	number int64
	name   string // a chunk's own letters, or the reading in a cursor
	id     uuid.UUID
}

// days are the orders by a day.
var days = map[string]func(c *chunk) *column[day]{
	"created":  func(c *chunk) *column[day] { return &c.created },
	"expected": func(c *chunk) *column[day] { return &c.expected },
	"entered":  func(c *chunk) *column[day] { return &c.entered },
	"closed":   func(c *chunk) *column[day] { return &c.closed },
	"progress": func(c *chunk) *column[day] { return &c.clock },
	"contact":  func(c *chunk) *column[day] { return &c.contact },
}

// orderOf reads the order of a page, with one row more than it has; ok is false where memory
// knows no such order. Fault: page.cursor_malformed.
func orderOf(p page.Request, today prices) (o order, ok bool, err error) {
	o = order{desc: p.Desc, size: p.Size() + 1}
	column := page.Column{Nullable: true}
	switch of := days[p.Sort]; {
	case of != nil:
		o.number = func(c *chunk, i int) int64 { return dayNumber(of(c).at(i)) }
		o.key = func(p *placed) any { return string(dateOf(day(p.number))) }
	case p.Sort == "amount":
		column.Number = true
		o.number = today.of
		o.key = func(p *placed) any { return p.number }
	case p.Sort == "name":
		column.Nullable, o.named = false, true
		o.key = nameKey
	default:
		return o, false, nil
	}
	err = o.from(p, column, func(text string) (int64, error) {
		d, err := calendar.Parse(text)
		return dayNumber(dayOf(d)), err
	})
	return o, true, err
}

// nameKey is the reading of a name.
func nameKey(p *placed) any { full, _ := pinyin.Keys(p.name); return full }

// from reads where the page before ended; number is what a text in a cursor stands for, of an
// order that is not by name. Fault: page.cursor_malformed.
func (o *order) from(p page.Request, column page.Column, number func(text string) (int64, error)) error {
	value, id, err := p.After(column)
	if err != nil || id == "" {
		return err
	}
	last := placed{number: nothing}
	if last.id, err = uuid.Parse(id); err != nil {
		return page.ErrCursor
	}
	switch v := value.(type) {
	case int64:
		last.number = v
	case string:
		if o.named {
			last.name = v
		} else if last.number, err = number(v); err != nil {
			return page.ErrCursor
		}
	}
	o.after = &last
	return nil
}

// letters are a name that nobody writes over.
func letters(name []byte) string { return unsafe.String(unsafe.SliceData(name), len(name)) }

func dayNumber(d day) int64 {
	if d == unknown {
		return nothing
	}
	return int64(d)
}

// place offers an opportunity to what is kept.
func (f *first) place(c *chunk, i int) {
	if f.named {
		f.offer(placed{name: letters(c.name.at(i)), id: c.id[i]})
	} else if number := f.number(c, i); !f.beyond(number) {
		f.offer(placed{number: number, id: c.id[i]})
	}
}

// compare is below 0 where a comes before b.
func (o *order) compare(a, b *placed) int {
	by := 0
	switch {
	case o.named:
		by = pinyin.Compare(a.name, b.name)
	case a.number == b.number:
	case a.number == nothing:
		return 1
	case b.number == nothing:
		return -1
	default:
		by = cmp.Compare(a.number, b.number)
	}
	if by == 0 {
		by = bytes.Compare(a.id[:], b.id[:])
	}
	if o.desc {
		return -by
	}
	return by
}

// beyond tells of most rows, by their number alone, that they come after the last that is kept.
func (f *first) beyond(number int64) bool {
	if len(f.rows) < f.size {
		return false
	}
	switch last := f.rows[0].number; {
	case last == nothing:
		return false
	case number == nothing:
		return true
	case f.desc:
		return number < last
	default:
		return number > last
	}
}

// first are the first of an order that were offered, as a heap whose root is the last of them.
type first struct {
	*order
	rows []placed
}

func (f *first) offer(p placed) {
	switch {
	case f.after != nil && f.compare(&p, f.after) <= 0:
	case len(f.rows) < f.size:
		f.rows = append(f.rows, p)
		for k := len(f.rows) - 1; k > 0; {
			up := (k - 1) / 2
			if f.compare(&f.rows[up], &f.rows[k]) > 0 {
				break
			}
			f.rows[up], f.rows[k] = f.rows[k], f.rows[up]
			k = up
		}
	case f.compare(&p, &f.rows[0]) < 0:
		f.rows[0] = p
		f.sink()
	}
}

// sink takes the root down to its place.
func (f *first) sink() {
	for k := 0; ; {
		last := k
		for _, below := range [2]int{2*k + 1, 2*k + 2} {
			if below < len(f.rows) && f.compare(&f.rows[below], &f.rows[last]) > 0 {
				last = below
			}
		}
		if last == k {
			return
		}
		f.rows[k], f.rows[last] = f.rows[last], f.rows[k]
		k = last
	}
}

// listed are the rows in order, as a list names them.
func (f *first) listed() []page.Placed {
	slices.SortFunc(f.rows, func(a, b placed) int { return f.compare(&a, &b) })
	out := make([]page.Placed, len(f.rows))
	for i := range f.rows {
		out[i].ID = f.rows[i].id.String()
		if f.named || f.rows[i].number != nothing {
			out[i].Key = f.key(&f.rows[i])
		}
	}
	return out
}
