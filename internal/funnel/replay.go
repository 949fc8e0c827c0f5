package funnel

import "yunchou/internal/org"

// Replays plays what is said about reports.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
