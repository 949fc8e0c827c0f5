// Package page is keyset paging: a list continues after the last row seen, so a
// page never has holes or repeats, however long the list and whoever edits it.
package page

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"yunchou/internal/database"
	"yunchou/internal/fault"
)

// Most is the largest page.
const Most = 200

// Request is the wanted page of a list in a given order.
type Request struct {
	Sort   string // a key of the list's sort table
	Desc   bool
	Cursor string // "" is the first page
	Limit  int    // 1 to Most; 0 means 50
}

// Size returns the limit within bounds.
func (r Request) Size() int {
	if r.Limit <= 0 {
		return 50
	}
	return min(r.Limit, Most)
}

// Result is one page. Next is "" on the last.
type Result[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// Placed is a record in an order: its id, and its sort value as cursors tell it, nil for none.
type Placed struct {
	ID  string
	Key any
}

// Shown are those of size+1 records in an order that are on the page.
func (r Request) Shown(placed []Placed) []Placed { return placed[:min(len(placed), r.Size())] }

// Of turns size+1 records in an order into a page, of what was read by their ids. One that was
// not is left out: whoever placed them may know later ones than were there to be read.
func Of[T any](r Request, placed []Placed, byID map[string]T) Result[T] {
	out := Result[T]{Items: []T{}}
	shown := r.Shown(placed)
	if len(placed) > len(shown) {
		last := shown[len(shown)-1]
		out.Next = r.Next(last.Key, last.ID)
	}
	for _, p := range shown {
		if item, there := byID[p.ID]; there {
			out.Items = append(out.Items, item)
		}
	}
	return out
}

// mark is where a page ended. Value nil means NULL, which sorts last.
type mark struct {
	Sort  string `json:"s"`
	Desc  bool   `json:"d,omitempty"`
	Value any    `json:"v"`
	ID    string `json:"i"`
}

// Column is a sortable column: its SQL expression, whether it may be NULL, and whether it is
// a number; else it is a text.
type Column struct {
	SQL      string
	Nullable bool
	Number   bool
}

// takes tells whether a cursor's value is one the column could have given: a cursor comes back
// from outside, and may have been made there.
func (c Column) takes(value any) (any, bool) {
	switch v := value.(type) {
	case nil:
		return nil, c.Nullable
	case string:
		return v, !c.Number && utf8.ValidString(v) && !strings.Contains(v, "\x00")
	case json.Number:
		n, err := v.Int64()
		return n, c.Number && err == nil
	}
	return nil, false
}

// After is where the page before ended: the value a column had there, nil where it had none,
// and the id; no id is the first page. Fault: page.cursor_malformed.
func (r Request) After(c Column) (value any, id string, err error) {
	if r.Cursor == "" {
		return nil, "", nil
	}
	var m mark
	raw, err := base64.RawURLEncoding.DecodeString(r.Cursor)
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // a float would round large amounts
	if err != nil || d.Decode(&m) != nil || m.Sort != r.Sort || m.Desc != r.Desc {
		return nil, "", ErrCursor
	}
	value, ok := c.takes(m.Value)
	if !ok || m.ID == "" || !utf8.ValidString(m.ID) || strings.Contains(m.ID, "\x00") {
		return nil, "", ErrCursor
	}
	return value, m.ID, nil
}

// Clauses returns the predicate that continues after the cursor and the total
// order, both ending in the id. Faults: page.sort_unknown, page.cursor_malformed.
func (r Request) Clauses(args *database.Args, columns map[string]Column, id string) (where, order string, err error) {
	col, ok := columns[r.Sort]
	if !ok {
		return "", "", fault.Input("/sort", "page.sort_unknown", "this list has no such order")
	}
	dir, op := "ASC", ">"
	if r.Desc {
		dir, op = "DESC", "<"
	}
	order = col.SQL + " " + dir
	if col.Nullable {
		order += " NULLS LAST"
	}
	order += ", " + id + " " + dir
	value, last, err := r.After(col)
	switch {
	case err != nil:
		return "", "", err
	case last == "":
		return "1 = 1", order, nil
	case value == nil:
		return "(" + col.SQL + " IS NULL AND " + id + " " + op + " " + args.Add(last) + ")", order, nil
	}
	v := args.Add(value)
	where = "(" + col.SQL + ", " + id + ") " + op + " (" + v + ", " + args.Add(last) + ")"
	if col.Nullable {
		where = "(" + where + " OR " + col.SQL + " IS NULL)"
	}
	return where, order, nil
}

// ErrCursor tells that a cursor was not given by the list it is shown to.
var ErrCursor = fault.Input("/cursor", "page.cursor_malformed", "the cursor belongs to another list; start from the first page")

// Cut turns size+1 rows into a page; key returns a row's sort value (nil for NULL) and id.
func Cut[T any](r Request, rows []T, key func(T) (any, string)) Result[T] {
	if rows == nil {
		rows = []T{}
	}
	if len(rows) <= r.Size() {
		return Result[T]{Items: rows}
	}
	rows = rows[:r.Size()]
	return Result[T]{Items: rows, Next: r.Next(key(rows[len(rows)-1]))}
}

// Next is the cursor after a row with a sort value, nil for NULL, and an id.
func (r Request) Next(value any, id string) string {
	raw, err := json.Marshal(mark{r.Sort, r.Desc, value, id})
	if err != nil {
		panic(err) // text, integer or nil
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Walk reads a list to its end, page by page, and calls each once per item.
func Walk[T any](r Request, read func(Request) (Result[T], error), each func(T) error) (n int, err error) {
	r.Cursor, r.Limit = "", Most
	for {
		list, err := read(r)
		if err != nil {
			return n, err
		}
		for _, item := range list.Items {
			if err := each(item); err != nil {
				return n, err
			}
			n++
		}
		if r.Cursor = list.Next; list.Next == "" {
			return n, nil
		}
	}
}
