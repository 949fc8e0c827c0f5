package funnel

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
)

type endsWith struct {
	Source
	err error
}

func (e endsWith) Ready(context.Context, string) error { return e.err }

// TestWhatAShutdownCutsIsNoError: a load that the end of the program cuts is gone on with at the next
// start; an operator is told of what failed.
func TestWhatAShutdownCutsIsNoError(t *testing.T) {
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(was)
	for _, x := range []struct {
		err  error
		told bool
	}{{context.Canceled, false}, {errors.New("the disk is away"), true}} {
		log.Reset()
		key, done := keptKey{"company", "limits", ""}, make(chan struct{})
		k := &kept[int]{by: map[string]*keptValue[int]{key.place(): {renewing: done}}}
		k.renew(t.Context(), &Service{Source: endsWith{err: x.err}}, key, done, nil)
		if told := log.Len() > 0; told != x.told {
			t.Errorf("%v: %s", x.err, log.String())
		}
	}
}
