package upgrade_test

import (
	"database/sql"
	"encoding/json"
	"testing"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
)

// state is an opportunity as the waterfall of schema 5 saw it: the row of today, taken back
// entry by entry. before is that program's own reading, word for word.
type state struct {
	Exists, Deleted bool
	State           string
	Owner           string
	Expected        string
	Amount          int64
	Currency        string
}

func (s state) before(kind string, payload []byte) (state, error) {
	switch kind {
	case "opportunity.created", "opportunity.recorded":
		return state{}, nil
	case "opportunity.deleted":
		s.Deleted = false
		return s, nil
	case "opportunity.restored":
		s.Deleted = true
		return s, nil
	}
	var p struct {
		Amount   []*int64 `json:"amountMinor"`
		Currency []string `json:"currency"`
		Expected []string `json:"expectedOn"`
		Owner    []string `json:"ownerId"`
		Move     string   `json:"move"`
		Was      string   `json:"was"`
	}
	if kind == "opportunity.moved" {
		err := json.Unmarshal(payload, &struct {
			Move *string `json:"move"`
			Was  *string `json:"was"`
		}{&p.Move, &p.Was})
		s.State = p.Was
		return s, err
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		return s, err
	}
	if len(p.Amount) == 2 {
		s.Amount = 0
		if p.Amount[0] != nil {
			s.Amount = *p.Amount[0]
		}
	}
	if len(p.Currency) == 2 {
		s.Currency = p.Currency[0]
	}
	if len(p.Expected) == 2 {
		s.Expected = p.Expected[0]
	}
	if len(p.Owner) == 2 {
		s.Owner = p.Owner[0]
	}
	return s, nil
}

// chain answers what the old program would: a record's state at the end of a day.
type chain struct {
	now     map[string]state
	entries map[string][]entry // newest first
}

type entry struct {
	at      time.Time
	seq     int64
	kind    string
	payload string
}

func (c chain) at(t *testing.T, id string, end time.Time) state {
	t.Helper()
	s := c.now[id]
	for _, e := range c.entries[id] {
		if e.at.Before(end) {
			break
		}
		var err error
		if s, err = s.before(e.kind, []byte(e.payload)); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func readChain(t *testing.T, db *database.DB) chain {
	t.Helper()
	c := chain{map[string]state{}, map[string][]entry{}}
	err := db.Read(t.Context(), func(tx database.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT id, deleted_at IS NOT NULL, state, owner_id, expected_on, COALESCE(amount_minor, 0), currency FROM opportunity`)
		_, err = database.All(rows, err, func(r *sql.Rows) (id string, err error) {
			s := state{Exists: true}
			err = r.Scan(&id, &s.Deleted, &s.State, database.Into(&s.Owner), database.Into(&s.Expected), &s.Amount, &s.Currency)
			c.now[id] = s
			return id, err
		})
		if err != nil {
			return err
		}
		rows, err = tx.Query(t.Context(), `SELECT subject_id, recorded_at, seq, kind, payload FROM journal WHERE kind IN
			('opportunity.created', 'opportunity.recorded', 'opportunity.changed', 'opportunity.moved', 'opportunity.handed_over', 'opportunity.deleted', 'opportunity.restored')
			ORDER BY seq DESC`)
		_, err = database.All(rows, err, func(r *sql.Rows) (id string, err error) {
			var e entry
			var at database.Instant
			err = r.Scan(&id, &at, &e.seq, &e.kind, &e.payload)
			e.at = at.Time
			c.entries[id] = append(c.entries[id], e)
			return id, err
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// known answers the same from the facts: as of a day, as known at an entry.
func known(t *testing.T, db *database.DB, id string, day calendar.Date, k int64) state {
	t.Helper()
	var s state
	err := db.Read(t.Context(), func(tx database.Tx) error {
		stay := `SELECT state FROM stay WHERE opportunity_id = $1 AND COALESCE(entered_on, recorded_on) <= $2 AND seq <= $3
			AND (ended_seq IS NULL OR ended_seq > $3) ORDER BY ord DESC LIMIT 1`
		err := tx.QueryRow(t.Context(), stay, id, string(day), k).Scan(&s.State)
		if err == sql.ErrNoRows {
			return nil
		}
		if err != nil {
			return err
		}
		s.Exists = true
		value := func(field string) (n sql.NullInt64, text string, err error) {
			err = tx.QueryRow(t.Context(), `SELECT number_value, text_value FROM dated_value WHERE record_id = $1 AND field = $4 AND day <= $2 AND seq <= $3
				AND (ended_seq IS NULL OR ended_seq > $3) ORDER BY day DESC, seq DESC LIMIT 1`, id, string(day), k, field).Scan(&n, database.Into(&text))
			if err == sql.ErrNoRows {
				err = nil
			}
			return n, text, err
		}
		amount, currency, err := value("amount")
		if err != nil {
			return err
		}
		s.Amount, s.Currency = amount.Int64, currency
		if _, s.Expected, err = value("expected"); err != nil {
			return err
		}
		gone, _, err := value("deleted")
		if err != nil {
			return err
		}
		s.Deleted = gone.Int64 == 1
		err = tx.QueryRow(t.Context(), `SELECT member_id FROM ownership WHERE record_id = $1 AND from_on <= $2 AND seq <= $3
			AND (ended_seq IS NULL OR ended_seq > $3) ORDER BY from_on DESC, seq DESC LIMIT 1`, id, string(day), k).Scan(database.Into(&s.Owner))
		if err == sql.ErrNoRows {
			return nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestEveryDayIsAsTheOldProgramTookItBack compares each record on each day, as known then,
// with what the old waterfall made of it. What differs is named.
func TestEveryDayIsAsTheOldProgramTookItBack(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB) {
		old := readChain(t, db)
		if err := service(db).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		zone := calendar.Date("2026-03-01").Time().Location()
		if z, err := time.LoadLocation("Asia/Shanghai"); err == nil {
			zone = z
		}
		compared := 0
		for id := range old.now {
			for day := calendar.Date("2026-03-01"); day <= "2026-06-04"; day = day.Add(1) {
				end := day.Add(1).In(zone)
				want := old.at(t, id, end)
				got := known(t, db, id, day, lastOf(t, db, end))
				if want.Amount == 0 && got.Amount == 0 {
					want.Currency, got.Currency = "", "" // of nothing
				}
				compared++
				if want != got && explained(want, got) == "" {
					t.Errorf("%s on %s: the old program says %+v, the facts %+v", id, day, want, got)
				}
			}
		}
		if compared != 41*96 {
			t.Errorf("%d compared", compared)
		}
	})
}

// explained says by which corrected definition a state differs from the old one's, "" by
// none.
func explained(want, got state) string {
	if want.Deleted && !got.Exists {
		return "an import that was undone never was: the old program called its records deleted"
	}
	return ""
}

// lastOf is the last entry recorded before an instant.
func lastOf(t *testing.T, db *database.DB, end time.Time) (k int64) {
	t.Helper()
	err := db.Read(t.Context(), func(tx database.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT COALESCE(max(seq), 0) FROM journal WHERE recorded_at < $1`, end).Scan(&k)
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}
