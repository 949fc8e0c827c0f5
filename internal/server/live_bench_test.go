package server_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/org"
	"yunchou/internal/server"
)

// TestWhatOpenPagesCost prints, with YUNCHOU_BENCH, what 2,000 open pages of 250 members hold and take of a processor
// while nothing happens: both ends of the lines are in this process, so it is more than a server's part.
func TestWhatOpenPagesCost(t *testing.T) {
	if os.Getenv("YUNCHOU_BENCH") == "" {
		t.Skip("measured by make bench")
	}
	for name, open := range map[string]func(testing.TB) *database.DB{"sqlite": databasetest.SQLite, "postgresql": databasetest.PostgreSQL} {
		t.Run(name, func(t *testing.T) { openPages(t, open(t)) })
	}
}

func openPages(t *testing.T, db *database.DB) {
	const members, each = 250, 8
	w := apptest.New(t, db)
	defer w.Follows(w.App)()
	w.Feed.Poll = 0
	h := server.New(w.App, "test", false)
	at := httptest.NewServer(h)
	t.Cleanup(at.Close)
	var tokens []string
	for i := range members {
		name := fmt.Sprint("员工", i)
		w.Clock.Move(time.Minute) // so many signs-in from one address wait for each other
		w.AddMember(name, w.ID["一组"], false, org.Rep)
		tokens = append(tokens, signIn(t, w, h, name, fmt.Sprint("person", i)).token)
	}
	before := inUse()
	for _, token := range tokens {
		for range each {
			dial(t, at, token)
		}
	}
	if n := w.Live.Streams(); n != members*each {
		t.Fatalf("%d pages are open", n)
	}
	held := inUse() - before
	const while = 60 * time.Second
	was := processorTime()
	time.Sleep(while)
	took := processorTime() - was
	t.Logf("%d open pages: %d MB, %.2f %% of a core while nothing happens", members*each, held>>20, 100*took.Seconds()/while.Seconds())
}

// dial opens a line and hears its first event; nothing of it is held but the connection.
func dial(t *testing.T, at *httptest.Server, token string) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(at.URL, "http://"))
	noError(t, err)
	t.Cleanup(func() { c.Close() })
	_, err = fmt.Fprintf(c, "GET /api/events HTTP/1.1\r\nHost: %s\r\nCookie: yunchou_session=%s\r\n\r\n", c.RemoteAddr(), token)
	noError(t, err)
	noError(t, c.SetReadDeadline(time.Now().Add(20*time.Second)))
	answer, err := http.ReadResponse(bufio.NewReaderSize(c, 1024), nil)
	noError(t, err)
	if answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
}

// inUse is what the heap and the stacks hold, in bytes.
func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

func processorTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u) //nolint:errcheck // of ourselves
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
