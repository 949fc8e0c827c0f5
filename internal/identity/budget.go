package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
)

// A guess is paid for before the password is looked at, in a transaction of its own: so many
// guesses at once cannot be more than the budget. Who was right gets it back. Nothing is ever
// locked: what is spent makes the next guess wait, longer each time, and comes back with
// time. Names nobody has are counted like those that are there.

// Budget is what was spent on one name, address or device.
type Budget struct {
	Key    string
	Spent  int
	At     time.Time // when last
	OpenAt time.Time // before it nothing more is spent
}

// limit says how a budget is spent: so many guesses without waiting, then each waits twice as
// long as the one before, up to the most.
type limit struct {
	free int
	most time.Duration
}

var (
	// A quarter of an hour a guess is 96 a day: NIST 800-63B allows 100 in a row.
	ofName    = limit{free: 5, most: 15 * time.Minute}
	ofAddress = limit{free: 20, most: 15 * time.Minute} // an office is one address
	ofDevice  = limit{free: 10, most: 15 * time.Minute}
	ofPresent = limit{free: 5, most: 15 * time.Minute} // who is signed in and says his present password
	// 96 codes a day of a million, of which three are good: one in 3,500 a day, for who has the password.
	ofCode = limit{free: 5, most: 15 * time.Minute}
	// A passkey is not guessed; this bounds what is kept of signs-in that were begun.
	ofPasskeys = limit{free: 60, most: time.Minute}
)

const (
	forgiveOne = 10 * time.Minute // one guess less
	// forgetAfter bounds the rows: what was not touched for so long is gone.
	forgetAfter = 2 * time.Hour
	// perMinute is how many guesses from devices nobody knows are taken over all addresses.
	perMinute = 120
	// beginningsPerMinute is how many signs-in by passkey are begun over all addresses.
	beginningsPerMinute = 600
)

// What all addresses have together: guesses, and signs-in by passkey that are begun.
const (
	everybody  = "everybody"
	beginnings = "beginnings"
)

// shared are the budgets of a minute.
var shared = map[string]int{everybody: perMinute, beginnings: beginningsPerMinute}

func budgetKey(kind, of string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + of))
	return hex.EncodeToString(sum[:])
}

// wait is how long after so many guesses the next one is taken.
func (l limit) wait(spent int) time.Duration {
	if spent < l.free {
		return 0
	}
	return min(l.most, time.Second<<min(spent-l.free+1, 20))
}

// spend takes one guess out of a budget, or says how long to wait.
func (b Budget) spend(l limit, now time.Time) (Budget, time.Duration) {
	if wait := b.OpenAt.Sub(now); wait > 0 {
		return b, wait
	}
	if !b.At.IsZero() {
		b.Spent = max(0, b.Spent-int(now.Sub(b.At)/forgiveOne))
	}
	b.Spent++
	b.At, b.OpenAt = now, now.Add(l.wait(b.Spent))
	return b, 0
}

// spendOfAll takes one guess out of what all addresses have together in a minute.
func (b Budget) spendOfAll(most int, now time.Time) (Budget, time.Duration) {
	if now.Sub(b.At) >= time.Minute || now.Before(b.At) {
		b.Spent, b.At = 0, now
	}
	if b.Spent >= most {
		return b, b.At.Add(time.Minute).Sub(now)
	}
	b.Spent++
	b.OpenAt = now
	return b, 0
}

// cost is one budget a guess is paid from.
type cost struct {
	key string
	of  limit
	// others: guesses of others are paid from it too, so that who was right gets back his own alone.
	others bool
}

// pay takes a guess out of every budget, or out of none; with ofAll of what all addresses have
// together, too. Fault: identity.wait.
func (s *Service) pay(ctx context.Context, costs []cost, ofAll bool) error {
	now := s.Now()
	if ofAll {
		costs = append(costs[:len(costs):len(costs)], cost{key: everybody, others: true})
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		if err := tx.Alone(ctx, "sign-in budgets"); err != nil {
			return err
		}
		longest := time.Duration(0)
		var after []Budget
		for _, c := range costs {
			b, err := s.Rows.Budget(ctx, tx, c.key)
			if err != nil {
				return err
			}
			wait := time.Duration(0)
			if most, together := shared[c.key]; together {
				b, wait = b.spendOfAll(most, now)
			} else {
				b, wait = b.spend(c.of, now)
			}
			longest = max(longest, wait)
			after = append(after, b)
		}
		if longest > 0 {
			return errWait(longest)
		}
		for _, b := range after {
			if err := s.Rows.SaveBudget(ctx, tx, b); err != nil {
				return err
			}
		}
		return s.Rows.ForgetBudgets(ctx, tx, now.Add(-forgetAfter))
	})
}

// giveBack is for who was right: the guess was none. What is kept of a budget that is his own is
// forgotten altogether.
func (s *Service) giveBack(ctx context.Context, tx database.Tx, costs []cost) error {
	for _, c := range costs {
		b, err := s.Rows.Budget(ctx, tx, c.key)
		if err != nil {
			return err
		}
		if b.Spent = max(0, b.Spent-1); !c.others {
			b.Spent = 0
		}
		b.OpenAt = s.Now()
		if err := s.Rows.SaveBudget(ctx, tx, b); err != nil {
			return err
		}
	}
	return nil
}

func errWait(d time.Duration) error {
	seconds := int(math.Ceil(d.Seconds()))
	f := fault.New(fault.Limited, "identity.wait", "too many tries; wait before the next")
	return f.With("seconds", seconds).After(seconds)
}
