package funnel

import (
	"yunchou/internal/org"
	"yunchou/internal/replay"
)

// Replays plays what is said about reports: nothing changes with them.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{"report.exported": replay.Nothing}
}
