package followup

import "yunchou/internal/org"

// Replays plays what is said about what was said.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
