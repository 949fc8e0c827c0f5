package file

import "yunchou/internal/org"

// Replays plays what is said about files.
func (s *Store) Replays() map[string]org.Replay {
	return map[string]org.Replay{}
}
