package safekeep

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// closed is a store that refuses everything until an hour.
type closed struct {
	until time.Time
	tries []time.Duration
	begun time.Time
}

func (c *closed) refuse() error {
	if time.Now().Before(c.until) {
		return errors.New("closed")
	}
	return nil
}
func (c *closed) Put(context.Context, string, *os.File) error { return c.refuse() }
func (c *closed) Read(context.Context, string) (io.ReadCloser, error) {
	c.tries = append(c.tries, time.Since(c.begun).Round(time.Minute))
	return nil, errors.Join(c.refuse(), os.ErrNotExist)
}
func (c *closed) List(context.Context) ([]Stored, error) { return nil, c.refuse() }
func (c *closed) Remove(context.Context, string) error   { return c.refuse() }

// TestAStoreThatRefusesIsLeftAloneLongerEachTime: a minute, two, four, six hours at most.
func TestAStoreThatRefusesIsLeftAloneLongerEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &closed{begun: time.Now(), until: time.Now().Add(1000 * time.Hour)}
		o := &Offsite{Store: c, Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now}
		if err := AddToList(o.Dir+"/"+ListName, nil); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		go o.Run(ctx)
		time.Sleep(40 * time.Hour)
		synctest.Wait()
		stop()
		synctest.Wait()
		want := []time.Duration{0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 871, 1231, 1591, 1951, 2311}
		for i, w := range want {
			if i >= len(c.tries) || c.tries[i] != w*time.Minute {
				t.Fatalf("tried after %v, want minutes %v", c.tries, want)
			}
		}
		if len(c.tries) != len(want) || o.Last().Failed != len(want) {
			t.Errorf("%d tries, %d counted", len(c.tries), o.Last().Failed)
		}
	})
}
