package replay

import (
	"context"
	"encoding/json"
	"fmt"

	"yunchou/internal/database"
	"yunchou/internal/journal"
	"yunchou/internal/org"
)

// Played plays entries of one version whose payload is a T. Those of older versions lie
// before a company's baseline.
func Played[T any](version int, play func(ctx context.Context, tx database.Tx, a org.Actor,
	e journal.Entry, payload T) error) org.Replay {
	return func(ctx context.Context, tx database.Tx, a org.Actor, e journal.Entry) error {
		if e.Version != version {
			return fmt.Errorf("version %d is played, this is version %d", version, e.Version)
		}
		var payload T
		if err := json.Unmarshal(e.Payload, &payload); err != nil {
			return err
		}
		return play(ctx, tx, a, e, payload)
	}
}
