package guidance

import (
	"time"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// stands is the payload of each entry about a note: how it stands after it. What was said is in the thread's
// messages. Turns that ended do not change; they are repeated, few as they are, so that an entry says by itself
// where the note has been.
type stands struct {
	Kind      Kind       `json:"kind"`
	On        record.Ref `json:"on"`
	AskerID   string     `json:"askerId"`
	ToID      string     `json:"toId"`
	AskedAt   time.Time  `json:"askedAt"`
	State     State      `json:"state"`
	ContactAt *time.Time `json:"contactAt,omitempty"`
	Turns     []Turn     `json:"turns,omitempty"`
	Reply     *Reply     `json:"reply,omitempty"`
	Outcome   *Outcome   `json:"outcome,omitempty"`
	Check     *Check     `json:"check,omitempty"`
	SettledAt *time.Time `json:"settledAt,omitempty"`
}

// Events are the kinds of entries about a note.
var Events = []string{"guidance.asked", "guidance.received", "guidance.answered", "guidance.customer_first", "guidance.rejected",
	"guidance.recalled", "guidance.settled", "guidance.used", "guidance.resulted", "guidance.checked",
	"guidance.put_off", "guidance.climbed", "guidance.returned", "guidance.moved", "guidance.gone"}

func (k Kept) tell(tx database.Tx, a org.Actor, event string) {
	journal.Append(tx, a.By(), journal.Event{Subject: k.Ref(), Kind: event, On: a.Today, Payload: stands{k.Kind, k.On, k.AskerID, k.ToID, k.AskedAt,
		k.State(), k.Contact, k.Turns, k.Reply, k.Outcome, k.Check, k.SettledAt}})
}

func (p stands) kept(id string, version int) Kept {
	return Kept{Note: Note{Kind: p.Kind, AskerID: p.AskerID, Turns: p.Turns, Contact: p.ContactAt}, ID: id, On: p.On, ToID: p.ToID, AskedAt: p.AskedAt,
		Reply: p.Reply, Outcome: p.Outcome, Check: p.Check, SettledAt: p.SettledAt, Version: version}
}

// pieced is the payload of the entries about what may be said again.
type pieced struct {
	TeamID string `json:"teamId,omitempty"`
}

func (p Piece) tell(tx database.Tx, a org.Actor, event string) {
	journal.Append(tx, a.By(), journal.Event{Subject: record.Ref{Kind: "guidance_piece", ID: p.ID}, Kind: event, On: a.Today, Payload: pieced{p.TeamID}})
}
