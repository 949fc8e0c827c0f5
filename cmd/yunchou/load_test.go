package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yunchou/internal/database/databasetest"
)

// loadFor is how long the mixed load lasts: seconds here, an hour in make soak, or as
// many minutes as YUNCHOU_SOAK_MINUTES says.
func loadFor(t *testing.T) time.Duration {
	if text := os.Getenv("YUNCHOU_SOAK_MINUTES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return time.Duration(n) * time.Minute
	}
	if soaking() {
		return time.Hour
	}
	return 6 * time.Second
}

// TestMixedLoadStaysFlat lets eight people work on the demo company's data — lists,
// records, moves, follow-ups, new deals, every report — and looks at every answer and
// at the memory of the process.
func TestMixedLoadStaysFlat(t *testing.T) {
	for name, args := range map[string]func(t *testing.T) []string{
		"sqlite":     func(*testing.T) []string { return nil },
		"postgresql": func(t *testing.T) []string { return []string{"--database-url", databasetest.PostgreSQLURL(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"--data", t.TempDir()}, args(t)...)
			mixedLoad(t, args)
		})
	}
}

func mixedLoad(t *testing.T, args []string) {
	v := atWork(t, args)
	defer func() { _ = v.cmd.Process.Kill() }()
	l := &load{v: v, counts: map[string]*atomic.Int64{}}
	l.prepare(t)
	lasts := loadFor(t)
	end := time.Now().Add(lasts)
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(n), 1))
			for time.Now().Before(end) {
				l.act(rng)
			}
		})
	}
	memory := l.watch(end, lasts/40)
	wait.Wait()
	for _, s := range l.strange {
		t.Errorf("answered %s", s)
	}
	var text []string
	for kind, n := range l.counts {
		text = append(text, fmt.Sprint(kind, " ", n.Load()))
	}
	second, last := mean(memory[len(memory)/4:len(memory)/2]), mean(memory[3*len(memory)/4:])
	t.Logf("%s of mixed load: %s; resident %d MB in the second quarter, %d MB in the last", lasts, strings.Join(text, ", "), second>>10, last>>10)
	if lasts > time.Minute && last > second*115/100+20<<10 {
		t.Errorf("memory grew from %d to %d MB", second>>10, last>>10)
	}
	if l.counts["move"].Load() == 0 || l.counts["report"].Load() == 0 {
		t.Error("nothing was moved or reported")
	}
}

// atWork starts a server on the demo company, as its administrator. The short run makes
// do with an empty one: the demo takes a minute on PostgreSQL.
func atWork(t *testing.T, args []string) *victim {
	t.Helper()
	if !soaking() {
		v := start(t, built(t), args)
		v.signIn(t, "/api/setup", setUp)
		newMovers(t, v, 30)
		return v
	}
	if out, err := exec.Command(built(t), append([]string{"demo", "--prepare"}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	raw, err := os.ReadFile(filepath.Join(args[1], "sign-ins.json"))
	if err != nil {
		t.Fatal(err)
	}
	var people []struct{ Role, Login, Password string }
	if err := json.Unmarshal(raw, &people); err != nil {
		t.Fatal(err)
	}
	v := start(t, built(t), args)
	for _, p := range people {
		if p.Role == "admin" {
			v.signIn(t, "/api/session", fmt.Sprintf(`{"login":%q,"password":%q}`, p.Login, p.Password))
		}
	}
	return v
}

// load is people at work on one server.
type load struct {
	v        *victim
	pipeline string
	stages   []string
	mu       sync.Mutex
	opps     []string
	counts   map[string]*atomic.Int64
	strange  []string
}

func (l *load) prepare(t *testing.T) {
	t.Helper()
	o := l.v.deal(t, "负载")
	l.pipeline, l.opps = o.Pipeline.PipelineID, []string{o.ID}
	for _, s := range o.Pipeline.Stages[:4] {
		l.stages = append(l.stages, s.ID)
	}
	for _, kind := range []string{"list", "record", "move", "follow-up", "create", "report", "analysis", "board"} {
		l.counts[kind] = &atomic.Int64{}
	}
}

// act does one thing a person does, by chance.
func (l *load) act(rng *rand.Rand) {
	l.mu.Lock()
	id := l.opps[rng.IntN(len(l.opps))]
	l.mu.Unlock()
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	one := func(kind, method, path, body string, good ...int) {
		a, err := l.v.ask(method, path, body, nil)
		l.counts[kind].Add(1)
		for _, g := range good {
			if err == nil && a.status == g {
				return
			}
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if len(l.strange) < 10 {
			l.strange = append(l.strange, fmt.Sprint(kind, " ", path, " ", a, " ", err))
		}
	}
	report := "/api/reports/funnel?pipeline=" + l.pipeline
	switch n := rng.IntN(100); {
	case n < 25:
		one("list", "GET", "/api/opportunities?"+pick("state=open", "state=won&sort=amount", "q=改造", "stalled=true", "sort=expected", "noNextStep=true"), "", 200)
	case n < 45:
		one("record", "GET", "/api/opportunities/"+id, "", 200)
	case n < 65: // somebody else may have moved it meanwhile, or it stands there already
		one("move", "POST", "/api/opportunities/"+id+"/move", `{"to":"`+pick(l.stages...)+`","reason":"r","exception":"e"}`, 200, 409, 412, 422)
	case n < 75:
		one("follow-up", "POST", "/api/opportunities/"+id+"/follow-ups", `{"channel":"phone","words":"约了下周","twoWay":false}`, 201, 200)
	case n < 80:
		var o dealt
		a, err := l.v.ask("POST", "/api/opportunities", fmt.Sprintf(`{"name":"负载 %d","amountMinor":%d}`, rng.IntN(1000), rng.IntN(1_000_000)), &o)
		l.counts["create"].Add(1)
		l.mu.Lock()
		if err != nil || a.status != 201 {
			l.strange = append(l.strange, fmt.Sprint("create ", a, err))
		} else if l.opps = append(l.opps, o.ID); len(l.opps) > 400 { // work goes on with the newest
			l.opps = l.opps[len(l.opps)-400:]
		}
		l.mu.Unlock()
	case n < 90:
		one("report", "GET", report+pick("", "&groupBy=owner", "&groupBy=team&from=2026-01-01", "&from=2026-01-01&compare=year", "&asOf=2026-06-30"), "", 200)
	case n < 95:
		one("analysis", "GET", pick("/api/reports/forecast?pipeline="+l.pipeline, "/api/reports/trend?periods=6&pipeline="+l.pipeline, "/api/reports/cohorts?pipeline="+l.pipeline, "/api/reports/rivals?pipeline="+l.pipeline,
			"/api/reports/funnel/records?measure=open&pipeline="+l.pipeline), "", 200)
	default:
		one("board", "GET", "/api/board?pipeline="+l.pipeline, "", 200)
	}
}

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// watch samples the process's resident memory, in KiB.
func (l *load) watch(end time.Time, every time.Duration) (samples []int64) {
	for time.Now().Before(end) {
		time.Sleep(every)
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.v.cmd.Process.Pid))
		if err != nil {
			continue // no /proc: the answers are looked at all the same
		}
		if m := resident.FindSubmatch(raw); m != nil {
			n, _ := strconv.ParseInt(string(m[1]), 10, 64)
			samples = append(samples, n)
		}
	}
	for len(samples) < 4 {
		samples = append(samples, 0)
	}
	return samples
}

func mean(list []int64) (out int64) {
	for _, v := range list {
		out += v
	}
	return out / int64(max(1, len(list)))
}
