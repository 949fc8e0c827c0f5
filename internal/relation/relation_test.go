package relation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yunchou/internal/calendar"
	"yunchou/internal/relation"
)

func person(id, role string, attitude, influence, coverage int64, met calendar.Date) relation.Person {
	return relation.Person{ContactID: id, Role: role, MetOn: met, Judged: relation.Judged{Attitude: &attitude, Influence: &influence, Coverage: &coverage}}
}

// people are those of 方舟电子 on 20 November 2026, after the one who decides was moved, and the one before him.
func people() (now, before []relation.Person) {
	others := []relation.Person{person("邵云峰", "approver", 2, 4, 2, "2026-10-19"), person("孙莉", "coach", 2, 2, 3, "2026-10-16"),
		person("郑楠", "technical", 0, 3, 3, "2026-11-16"), person("季红", "user", 1, 1, 1, "2026-10-12")}
	zhao := person("赵兵", "economic", 0, 5, 0, "")
	zhao.Attitude = nil
	return append([]relation.Person{zhao}, others...), append([]relation.Person{person("王建国", "economic", 2, 5, 4, "2026-11-12")}, others...)
}

func TestCoverFallsWhenWhoDecidesIsMoved(t *testing.T) {
	now, before := people()
	if c := relation.Cover(before); c.BP != 7727 || !c.Known {
		t.Errorf("before: %+v", c)
	}
	want := relation.Covered{BP: 3182, Known: true, Parts: []relation.Part{{"赵兵", 5, 0}, {"邵云峰", 4, 200}, {"孙莉", 2, 150}}}
	if diff := cmp.Diff(want, relation.Cover(now)); diff != "" {
		t.Error(diff)
	}
	if c := relation.Cover([]relation.Person{{ContactID: "x", Role: "economic"}}); c.Known || c.Unjudged != 1 {
		t.Errorf("without an influence: %+v", c)
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	now, before := people()
	cal := calendar.New()
	days := 24
	want := []relation.Gap{{Kind: relation.Unmet, ContactID: "赵兵"}, {Kind: relation.SingleThread, ContactID: "郑楠"},
		{Kind: relation.SupporterSilent, ContactID: "邵云峰", Days: &days}}
	if diff := cmp.Diff(want, relation.Gaps(now, "2026-11-20", cal, true)); diff != "" {
		t.Error(diff)
	}
	for _, g := range relation.Gaps(before[1:], "2026-11-20", cal, true) {
		if g.Kind == relation.NoEconomic {
			return
		}
	}
	t.Error("nobody who decides, and nothing is said")
}

func TestWhoIsKey(t *testing.T) {
	now, _ := people()
	for _, c := range []struct {
		name string
		of   []relation.Person
		want []string
	}{
		{"by role", now, []string{"赵兵", "邵云峰", "孙莉"}},
		{"by influence", []relation.Person{person("a", "user", 0, 4, 0, ""), person("b", "user", 0, 3, 0, "2026-01-01")}, []string{"a"}},
		{"none recorded: who was met last", []relation.Person{{ContactID: "a", MetOn: "2026-01-02"}, {ContactID: "b", MetOn: "2026-01-03"}, {ContactID: "c"}}, []string{"b"}},
		{"nobody", []relation.Person{{ContactID: "a"}}, nil},
	} {
		if diff := cmp.Diff(c.want, relation.Key(c.of)); diff != "" {
			t.Error(c.name, diff)
		}
	}
}
