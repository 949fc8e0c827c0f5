package guidance_test

import (
	"bufio"
	"cmp"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/fault"
	"yunchou/internal/guidance"
	"yunchou/internal/worktime"
)

var shanghai, _ = time.LoadLocation("Asia/Shanghai")

// told is one case: the note, and what the last line was refused with.
type told struct {
	t     *testing.T
	works worktime.Schedule
	china calendar.Calendar
	line  string
	note  guidance.Note
	err   error
}

func TestCases(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	china := calendar.New(calendar.ShippedYears()...)
	c := &told{t: t, china: china, works: worktime.Rule{Hours: worktime.Usual, Zone: shanghai}.Of(china)}
	said := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); line != "" && line[0] != '#' {
			c.read(line)
			said++
		}
	}
	c.read("case none")
	if said < 90 {
		t.Errorf("only %d lines", said)
	}
}

// read takes one line in. A refusal that the next line does not name is an error.
func (c *told) read(line string) {
	word, rest, _ := strings.Cut(line, " ")
	if word == "refused" {
		var f *fault.Fault
		if !errors.As(c.err, &f) || f.Code != rest {
			c.t.Errorf("%s: refused with %v, not %s", c.line, c.err, rest)
		}
		c.err = nil
		return
	}
	if c.err != nil {
		c.t.Errorf("%s: %v", c.line, c.err)
	}
	c.line, c.err = line, nil
	switch word {
	case "case":
		c.note = guidance.Note{}
	case "ask":
		c.ask(strings.Fields(rest))
	case "lapses":
		at, to, _ := strings.Cut(strings.TrimPrefix(rest, "at "), " to ")
		c.note.Lapse(c.instant(at), c.works, guidance.Turn{MemberID: to, Limit: guidance.Usual}, c.works)
	case "moves":
		at, to, _ := strings.Cut(strings.TrimPrefix(rest, "at "), " to ")
		c.note.Move(c.instant(at), c.works, guidance.Turn{MemberID: to, Limit: guidance.Usual}, c.works)
	case "due":
		c.same(c.note.Open().Due.In(shanghai).Format(form), rest)
	case "has":
		c.same(c.note.Open().MemberID, rest)
	case "at":
		lamp, left := c.note.Lamp(c.instant(rest[:len(form)]), c.works)
		c.same(cmp.Or(string(lamp), "none")+" "+hours(left), rest[len(form)+1:])
	case "turns":
		c.same(c.turns(), rest)
	default:
		c.act(c.instant(line[:len(form)]), strings.Fields(line[len(form):]))
	}
}

// ask reads "question of jiang at DAY TIME [meets DAY TIME]".
func (c *told) ask(w []string) {
	var meets *time.Time
	if len(w) > 6 {
		at := c.instant(w[7] + " " + w[8])
		meets = &at
	}
	first := guidance.Turn{MemberID: w[2], Why: guidance.Asked, From: c.instant(w[4] + " " + w[5]), Limit: guidance.Usual}
	c.note = guidance.Ask(guidance.Kind(w[0]), "lin", first, c.works, meets)
}

func (c *told) act(at time.Time, w []string) {
	who := w[0]
	switch strings.Join(w[1:min(4, len(w))], " ") {
	case "receives":
		c.err = c.note.Receive(who, at)
	case "answers":
		c.err = c.note.Answer(who, at, c.works)
	case "asks the customer":
		furthest := c.workingDays(at, guidance.CustomerIn)
		c.err = c.note.AskCustomer(who, at, calendar.Date(w[5]).Add(1).In(shanghai), furthest, c.works)
	case "says that is":
		ended := at
		if n := len(c.note.Turns); n > 0 && c.note.Turns[n-1].EndedAt != nil {
			ended = *c.note.Turns[n-1].EndedAt
		}
		c.err = c.note.Reject(who, at, c.workingDays(ended, guidance.UnsaidIn), c.works)
	case "takes it back":
		c.err = c.note.Recall(who, at, c.works)
	default:
		c.t.Fatalf("not understood: %s", c.line)
	}
}

// workingDays is the end of the n-th working day after an instant.
func (c *told) workingDays(at time.Time, n int) time.Time {
	d := calendar.DateOf(at, shanghai)
	for n > 0 {
		if d = d.Add(1); c.china.IsWorkingDay(d) {
			n--
		}
	}
	return d.Add(1).In(shanghai)
}

func (c *told) turns() string {
	var said []string
	for _, t := range c.note.Turns {
		one := t.MemberID + " " + string(t.Why)
		if t.EndedAt != nil {
			one += " " + hours(t.Used) + "/" + hours(t.Limit) + " " + string(t.End)
		}
		said = append(said, one)
	}
	return strings.Join(said, ", ")
}

func (c *told) same(got, want string) {
	c.t.Helper()
	if got != want {
		c.t.Errorf("%s: got %s", c.line, got)
	}
}

const form = "2006-01-02 15:04"

func (c *told) instant(said string) time.Time {
	at, err := time.ParseInLocation(form, said, shanghai)
	if err != nil {
		c.t.Fatalf("%s: %v", c.line, err)
	}
	return at
}

// hours says minutes as people do: 6h20m, 8h, 20m, 0h.
func hours(minutes int) string {
	if minutes == 0 {
		return "0h"
	}
	said := (time.Duration(minutes) * time.Minute).String()
	return strings.TrimSuffix(strings.TrimSuffix(said, "0s"), "h0m") + map[bool]string{true: "h"}[minutes%60 == 0]
}
