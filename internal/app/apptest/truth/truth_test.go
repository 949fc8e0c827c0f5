package truth

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestCases plays the cases in testdata: each is what happened, day by day, and what is
// expected to be said of it. Amounts are whole; a day without a year is of 2026.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range strings.Split(string(body), "\ncase ")[1:] {
			name, lines, _ := strings.Cut(one, "\n")
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				play(t, lines)
			})
		}
	}
}

// TestNothingIsShared: the reference knows the days of a calendar and no more of the
// program.
func TestNothingIsShared(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if strings.HasPrefix(i.Path.Value, `"yunchou/`) && i.Path.Value != `"yunchou/internal/calendar"` {
				t.Errorf("%s imports %s", file, i.Path.Value)
			}
		}
	}
}

// script is a scripted world: one pipeline, two teams under one root.
type script struct {
	t   *testing.T
	c   *Company
	seq int64
	now Version
}

func play(t *testing.T, lines string) {
	s := &script{t: t, c: New("CNY")}
	s.seq = 1
	start := Act{Day: "2026-03-02", Seq: 1}
	s.c.Wrote(start)
	s.now = version(1, nil, "机会", "入围", "报价", "中标", "丢单")
	s.now.Day, s.now.ID = "2026-03-02", "v1"
	s.c.Publish(start, s.now)
	for _, team := range []string{"公司", "一组", "二组"} {
		s.c.AddTeam(start, team, map[string]string{"一组": "公司", "二组": "公司"}[team], "")
	}
	for member, team := range map[string]string{"陈露": "一组", "小李": "一组", "周涛": "二组"} {
		s.c.Sit(start, member, team, "")
	}
	for i, line := range strings.Split(lines, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if of, ok := strings.CutPrefix(line, "as of "); ok {
			s.expect(i+1, of)
			continue
		}
		s.act(i+1, strings.Fields(line))
	}
}

func version(number int, mapping map[string]string, names ...string) Version {
	v := Version{Pipeline: "P", Number: number, Mapping: mapping}
	for i, n := range names {
		st := Stage{ID: n, Name: n, Kind: Open, ExpectedBP: 1000 * (i + 1), CapBP: 10000}
		switch n {
		case "入围":
			st.Qualified = true
		case "中标":
			st.Kind, st.ExpectedBP = Won, 10000
		case "丢单":
			st.Kind = Lost
		}
		v.Stages = append(v.Stages, st)
	}
	return v
}

func day(text string) Date {
	if text == "?" {
		return ""
	}
	return Date("2026-" + text)
}

func minor(text string) *int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// after takes what follows a word out of a sentence.
func after(words *[]string, word string) string {
	for i, w := range *words {
		if w == word && i+1 < len(*words) {
			found := (*words)[i+1]
			*words = append(append([]string{}, (*words)[:i]...), (*words)[i+2:]...)
			return found
		}
	}
	return ""
}

// act reads "03-05 A to 报价 on 03-03".
func (s *script) act(at int, words []string) {
	s.seq++
	a := Act{Day: day(words[0]), Seq: s.seq}
	s.c.Wrote(a)
	on := a.Day
	if o := after(&words, "on"); o != "" {
		on = day(o)
	}
	who, verb := words[1], words[2]
	rest := strings.Join(words[3:], " ")
	mv := Move{On: on, Pipeline: "P", Version: s.now.ID, Stage: rest, State: Open}
	switch verb {
	case "created", "imported":
		s.begin(a, who, verb, words[3:])
	case "to":
		s.c.Move(a, who, mv)
	case "won":
		mv.Stage, mv.State, mv.Contract = "中标", Won, minor(rest)
		s.c.Move(a, who, mv)
	case "lost", "withdrawn":
		mv.Stage, mv.State, mv.LossKind = "丢单", Lost, "no_decision"
		if verb == "withdrawn" {
			mv.Stage, mv.State, mv.LossKind = "", Withdrawn, "invalid"
		}
		s.c.Move(a, who, mv)
	case "reopened":
		mv.Reopened, mv.Stage = true, strings.TrimPrefix(rest, "in ")
		s.c.Move(a, who, mv)
	case "taken-back":
		s.c.TakeBack(a, who, s.place(who, rest))
	case "corrected":
		s.c.Correct(a, who, s.place(who, rest), on)
	case "amount":
		n := minor(rest)
		s.c.Edit(a, who, Edit{Amount: &n})
	case "expected":
		d := day(rest)
		s.c.Edit(a, who, Edit{Expected: &d})
	case "shared":
		s.c.SetShares(a, who, shares(rest))
	case "lines":
		var list []Line
		for product, part := range pairs(rest) {
			list = append(list, Line{product, part})
		}
		s.c.Edit(a, who, Edit{Lines: &list})
	case "handed-to":
		s.c.HandOver(a, who, rest)
	case "transferred-to":
		s.c.Transfer(a, who, rest, on)
	case "hangs-under":
		s.c.MoveTeam(a, who, rest, on)
	case "deleted", "restored":
		s.c.Delete(a, who, verb == "restored")
	case "undone":
		s.c.ImportUndone(a, []string{who})
	case "rate":
		s.c.SetRate(a, who, on, *minor(rest))
	case "published":
		s.publish(a, words[3:])
	default:
		s.t.Fatalf("line %d: what is %q?", at, verb)
	}
}

// place is which stay is meant: the n-th, or the last.
func (s *script) place(id, text string) int {
	if n := minor(text); n != nil {
		return int(*n) - 1
	}
	return len(s.c.deal(id).counting(Act{Seq: s.seq})) - 1
}

// begin reads "created by 陈露 100 USD", "imported by 陈露 100 机会:02-10 中标:03-01".
func (s *script) begin(a Act, id, verb string, words []string) {
	r := Record{ID: id, Name: id, Pipeline: "P", Version: s.now.ID, Stage: s.now.Stages[0].ID,
		Owner: after(&words, "by"), Currency: "CNY"}
	var visits []Visit
	for _, w := range words {
		stage, on, isVisit := strings.Cut(w, ":")
		switch {
		case isVisit:
			visits = append(visits, Visit{stage, map[string]string{"中标": Won, "丢单": Lost}[stage], day(on)})
			if v := &visits[len(visits)-1]; v.State == "" {
				v.State = Open
			}
		case minor(w) != nil:
			r.Amount = minor(w)
		default:
			r.Currency = w
		}
	}
	if verb == "created" {
		s.c.Create(a, r)
		return
	}
	s.c.Import(a, []Imported{{Record: r, Visits: visits}})
}

// publish reads "published 机会 报价 中标 丢单 入围>机会".
func (s *script) publish(a Act, words []string) {
	var names []string
	mapping := map[string]string{}
	for _, w := range words {
		if from, to, ok := strings.Cut(w, ">"); ok {
			mapping[from] = to
		} else {
			names = append(names, w)
		}
	}
	s.now = version(s.now.Number+1, mapping, names...)
	s.now.ID, s.now.Day = fmt.Sprint("v", s.now.Number), a.Day
	s.c.Publish(a, s.now)
}

func pairs(text string) map[string]int64 {
	out := map[string]int64{}
	for _, w := range strings.Fields(text) {
		name, n, _ := strings.Cut(w, ":")
		out[name] = *minor(n)
	}
	return out
}

func shares(text string) (list []Share) {
	for _, w := range strings.Fields(text) {
		name, n, _ := strings.Cut(w, ":")
		list = append(list, Share{name, "direct", *minor(n)})
	}
	return list
}

// expect reads "03-06 known now, team 一组: 报价 reached 1, open amount 100, won -".
func (s *script) expect(at int, text string) {
	asked, want, _ := strings.Cut(text, ": ")
	q := Question{Pipeline: "P"}
	about, triangle := "report", ""
	for _, part := range strings.Split(asked, ", ") {
		words := strings.Fields(part)
		switch {
		case q.Day == "":
			q.Day, q.Then = day(words[0]), words[2] == "then"
		case words[0] == "team":
			q.Team = words[1]
		case words[0] == "owner":
			q.Owner = words[1]
		case words[0] == "by":
			q.Group = words[1]
		case words[0] == "version":
			q.Version = int(*minor(words[1]))
		case words[0] == "from":
			q.From, q.To = day(words[1]), day(words[3])
		default:
			about, triangle = words[0], strings.Join(words[1:], " ")
		}
	}
	var f Figures
	ok := true
	switch about {
	case "report":
		f, ok = s.c.Report(q)
	case "forecast":
		f, ok = s.c.Forecast(q)
	case "cohorts":
		from, to, _ := strings.Cut(triangle, " to ")
		f, ok = s.c.Cohorts(q, from, to)
	case "end":
		n, minor, known := s.c.End(q, day(triangle))
		f, ok = Figures{}, known
		f.set(n, "open")
		f.set(minor, "open amount")
	}
	if !ok {
		f = Figures{"nothing was": "recorded"}
	}
	for _, w := range strings.Split(want, ", ") {
		i := strings.LastIndex(w, " ")
		name, value := w[:i], w[i+1:]
		got := f[name]
		if got == "" {
			got = "-"
		}
		if got != value {
			told := ""
			for _, id := range s.c.Deals() {
				told += s.c.Tell(id)
			}
			s.t.Errorf("line %d, as of %s: %s is %s, want %s; all: %v\n%s", at, asked, name, got, value, f, told)
		}
	}
}
