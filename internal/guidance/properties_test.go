package guidance_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"yunchou/internal/calendar"
	"yunchou/internal/guidance"
	"yunchou/internal/worktime"
)

// Whatever is done with a note and in whatever order: one turn runs at most, it climbs once at most, the
// customer is asked first once at most, no turn begins before the one before it has ended, only an answer
// or a return ends it for good, and what each turn took adds up to no more than what was worked meanwhile.
func TestTurnsFollowEachOther(t *testing.T) {
	works := worktime.Rule{Hours: worktime.Usual, Zone: shanghai}.Of(calendar.New(calendar.ShippedYears()...))
	rapid.Check(t, func(t *rapid.T) {
		at := time.Date(2026, 9, 25, 3, 0, 0, 0, time.UTC)
		who := rapid.SampledFrom([]string{"lin", "jiang", "shen", "chen"})
		kind := rapid.SampledFrom([]guidance.Kind{guidance.Question, guidance.Help, guidance.Correction, guidance.Resource}).Draw(t, "kind")
		n := guidance.Ask(kind, "lin", guidance.Turn{MemberID: "jiang", Why: guidance.Asked, From: at, Limit: guidance.Usual}, works, nil)
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "minutes")) * time.Minute)
			member := who.Draw(t, "who")
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				_ = n.Receive(member, at)
			case 1:
				_ = n.Answer(member, at, works)
			case 2:
				last := at.Add(time.Duration(rapid.IntRange(0, 96).Draw(t, "hours")) * time.Hour)
				_ = n.AskCustomer(member, at, last, at.Add(72*time.Hour), works)
			case 3:
				_ = n.Reject(member, at, at, works)
			case 4:
				for n.Lapse(at, works, guidance.Turn{MemberID: member, Limit: guidance.Usual}, works) {
				}
			case 5:
				n.Move(at, works, guidance.Turn{MemberID: member, Limit: guidance.Usual}, works)
			case 6:
				_ = n.Recall(member, at, works)
			}
			hold(t, n, at, works)
		}
	})
}

func hold(t *rapid.T, n guidance.Note, now time.Time, works worktime.Schedule) {
	climbed, customer, used := 0, 0, 0
	for i, x := range n.Turns {
		if x.EndedAt == nil && i < len(n.Turns)-1 {
			t.Fatalf("turn %d runs, and another began: %+v", i, n.Turns)
		}
		if i > 0 && x.From.Before(*n.Turns[i-1].EndedAt) {
			t.Fatalf("turn %d began before the one before it ended: %+v", i, n.Turns)
		}
		if i > 0 && n.Turns[i-1].End == guidance.Answered != (x.Why == guidance.Unsaid) {
			t.Fatalf("turn %d goes on after an answer: %+v", i, n.Turns)
		}
		if x.Why == guidance.Climbed {
			climbed++
		}
		if x.CustomerAt != nil {
			customer++
		}
		if x.Due.Before(x.From) || x.Used < 0 {
			t.Fatalf("turn %d runs backwards: %+v", i, x)
		}
		used += x.Used
	}
	if climbed > 1 || customer > 1 {
		t.Fatalf("climbed %d times, asked the customer %d times", climbed, customer)
	}
	if all := works.Minutes(n.Turns[0].From, now); used > all {
		t.Fatalf("%d minutes used of %d", used, all)
	}
}
