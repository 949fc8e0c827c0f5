package task

import "yunchou/internal/org"

// Replays plays what is said about tasks.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
