package intake

import "yunchou/internal/org"

// Replays plays what is said about imports, which are jobs.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
