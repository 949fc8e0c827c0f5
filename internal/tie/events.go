package tie

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// Events are the kinds of entries about who knows whom. They say that something was noted and by whom, and never of
// whom: what is noted in confidence is to be gone once it is taken back.
var Events = []string{"background.noted", "background.given", "background.withdrawn", "background.left", "tie.noted", "tie.changed", "tie.taken_back",
	"introduction.asked", "introduction.agreed", "ask_around.asked", "ask_around.widened", "ask_around.known"}

// Replays plays nothing: rows are not given back (replay.Left).
func (s *Service) Replays() map[string]org.Replay {
	out := map[string]org.Replay{}
	for _, kind := range Events {
		out[kind] = replay.Played(1, func(context.Context, database.Tx, org.Actor, journal.Entry, nothing) error { return nil })
	}
	return out
}
