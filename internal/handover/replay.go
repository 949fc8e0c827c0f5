package handover

import "yunchou/internal/org"

// Replays plays what is said about hand-overs.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
