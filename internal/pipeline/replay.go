package pipeline

import "yunchou/internal/org"

// Replays plays what is said about pipelines and their versions.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
