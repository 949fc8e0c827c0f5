package account

import "yunchou/internal/org"

// Replays plays what is said about accounts, people, product lines and competitors.
func (s *Service) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
