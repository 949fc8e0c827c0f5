package engine

import (
	"context"
	"reflect"

	"yunchou/internal/database"
)

// Stats is what the columns take, and what was done for them since the process began.
type Stats struct {
	Companies     int   // whose columns are in memory
	Opportunities int64 // in them
	Bytes         int64 // of the columns of today; what was known earlier is not counted
	Loading       int   // first loads under way
	Behind        int64 // journal entries the columns furthest behind have not taken in
}

// Counts of the engine: "loaded" (read from the tables), "restored" (from a file), "caught_up",
// "entries" taken in, "let_go".
const (
	loaded   = "loaded"
	restored = "restored"
	caughtUp = "caught_up"
	entries  = "entries"
	letGo    = "let_go"
)

// Stats tells how the columns stand. Those behind are brought up by the next question, so a few
// entries are no trouble; many mean that nobody has asked.
func (e *Engine) Stats(ctx context.Context) (out Stats, err error) {
	known := map[string]int64{}
	for id, t := range e.all() {
		s := t.current.Load()
		if s == nil {
			out.Loading++
			continue
		}
		out.Companies++
		out.Opportunities += int64(s.size())
		known[id] = s.seq
		for _, c := range s.chunks {
			out.Bytes += held(reflect.ValueOf(c).Elem()) + c.besides()
		}
	}
	err = e.DB.Read(ctx, func(tx database.Tx) error {
		for id, seq := range known {
			last, _, err := e.Rows.Tail(ctx, tx, id)
			if err != nil {
				return err
			}
			out.Behind = max(out.Behind, last-seq)
		}
		return nil
	})
	return out, err
}

// besides is the bytes of what lies with a chunk for desks.
func (c *chunk) besides() (n int64) {
	if at := c.living.Load(); at != nil {
		n += held(reflect.ValueOf(*at))
	}
	if s := c.asks.Load(); s != nil {
		n += held(reflect.ValueOf(s.Rows)) + held(reflect.ValueOf(s.at))
	}
	if s := c.stands.Load(); s != nil {
		n += held(reflect.ValueOf(s.worth)) + held(reflect.ValueOf(s.among))
	}
	return n
}

// held is the bytes of a struct's slices, whose elements hold no further ones.
func held(v reflect.Value) (n int64) {
	switch v.Kind() {
	case reflect.Slice:
		return int64(v.Cap()) * int64(v.Type().Elem().Size())
	case reflect.Struct:
		for i := range v.NumField() {
			n += held(v.Field(i))
		}
	}
	return n
}
