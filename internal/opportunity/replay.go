package opportunity

import "yunchou/internal/org"

// Replays plays what is said about opportunities and their evidence.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
