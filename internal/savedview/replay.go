package savedview

import "yunchou/internal/org"

// Replays plays what is said about saved views.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
