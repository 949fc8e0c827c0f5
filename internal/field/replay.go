package field

import "yunchou/internal/org"

// Replays plays what is said about the company's own fields.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
