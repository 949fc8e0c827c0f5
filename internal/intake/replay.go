package intake

import (
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// Replays plays what is said about imports, which are jobs: nothing.
func (s *Service) Replays() map[string]org.Replay {
	out := map[string]org.Replay{}
	for _, kind := range []string{"started", "done", "failed", "cancelled", "undo_started", "undone", "undo_cancelled"} {
		out["import."+kind] = replay.Nothing
	}
	return out
}
