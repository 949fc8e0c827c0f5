package server

import (
	"context"
	"database/sql"
	"runtime"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/httpapi"
	"yunchou/internal/reader"
	"yunchou/internal/safekeep"
)

// standing is a collector of what the program's parts count, and of how things stand in the
// database and on the disk. Names of labels come from the program alone: kinds of work, outcomes,
// classes of trouble.
type standing struct {
	app     *app.App
	version string
	budget  *httpapi.Budget

	mu      sync.Mutex
	at      time.Time
	last    app.Standing
	up      float64
	uploads int64
}

const (
	// standingFor is how long what was read of the database is told again: several tools may
	// ask, every few seconds.
	standingFor    = 10 * time.Second
	standingWithin = 3 * time.Second
)

// Describe implements prometheus.Collector: what there is depends on what is set up, so nothing is
// announced.
func (s *standing) Describe(chan<- *prometheus.Desc) {}

// teller writes measures to a channel.
type teller chan<- prometheus.Metric

func (t teller) tell(kind prometheus.ValueType, name, help string, value float64, labels ...string) {
	names, values := []string{}, []string{}
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	t <- prometheus.MustNewConstMetric(prometheus.NewDesc(name, help, names, nil), kind, value, values...)
}

func (t teller) gauge(name, help string, value float64, labels ...string) {
	t.tell(prometheus.GaugeValue, name, help, value, labels...)
}

func (t teller) counter(name, help string, value int64, labels ...string) {
	t.tell(prometheus.CounterValue, name, help, float64(value), labels...)
}

// counts tells counts by a label, and 0 for those that are known and did not happen yet: an alert
// on an increase needs a value before the first.
func (t teller) counts(name, help, label string, counts map[string]int64, known ...string) {
	for _, k := range known {
		if _, there := counts[k]; !there {
			t.counter(name, help, 0, label, k)
		}
	}
	for k, n := range counts {
		t.counter(name, help, n, label, k)
	}
}

// Collect implements prometheus.Collector.
func (s *standing) Collect(ch chan<- prometheus.Metric) {
	t := teller(ch)
	t.gauge("yunchou_build_info", "1, with the version of the program and of Go, and the database's kind.", 1,
		"version", s.version, "go", runtime.Version(), "database", s.app.DB.Dialect().String())
	now, _ := s.budget.Held()
	t.gauge("yunchou_transfer_bytes", "Bytes held for bodies and files on their way.", float64(now))
	s.ofDatabase(t)
	s.ofWork(t)
	s.ofSignIns(t)
	s.ofBackups(t)
}

// read is how things stand, as of some seconds ago.
func (s *standing) read() (app.Standing, float64, int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at.IsZero() || time.Since(s.at) >= standingFor {
		ctx, cancel := context.WithTimeout(context.Background(), standingWithin)
		defer cancel()
		s.up = 0
		if now, err := s.app.Standing(ctx); err == nil {
			s.last, s.up = now, 1
		}
		s.uploads = s.app.Intake.Kept()
		s.at = time.Now()
	}
	return s.last, s.up, s.uploads
}

func (s *standing) ofDatabase(t teller) {
	_, up, _ := s.read()
	t.gauge("yunchou_database_up", "1 where the database answered within three seconds.", up)
	t.counts("yunchou_database_errors_total", "Reads and writes that met trouble, by class; again: a write that was run once more.", "class",
		s.app.DB.Failed.All(), database.Away.String(), database.Full.String(), database.Damaged.String(), database.ReadOnly.String(), database.Slow.String())
	writes, reads := s.app.DB.Pools()
	for _, p := range []struct {
		name string
		of   sql.DBStats
	}{{"write", writes}, {"read", reads}} {
		t.gauge("yunchou_database_connections", "Open connections, by pool.", float64(p.of.OpenConnections), "pool", p.name)
		t.gauge("yunchou_database_connections_used", "Connections at work, by pool.", float64(p.of.InUse), "pool", p.name)
		t.gauge("yunchou_database_connections_most", "Connections there may be, by pool.", float64(p.of.MaxOpenConnections), "pool", p.name)
		t.counter("yunchou_database_waits_total", "Times a connection was waited for, by pool.", p.of.WaitCount, "pool", p.name)
		t.tell(prometheus.CounterValue, "yunchou_database_wait_seconds_total", "Time connections were waited for, by pool.", p.of.WaitDuration.Seconds(), "pool", p.name)
	}
	t.gauge("yunchou_database_bytes", "Size of the SQLite database; 0 on PostgreSQL.", float64(s.app.DB.Size()))
	if s.app.Dir != "" {
		if free, err := database.DiskFree(s.app.Dir); err == nil {
			t.gauge("yunchou_disk_free_bytes", "Room on the disk of the data directory.", float64(free))
		}
	}
}

func (s *standing) ofWork(t teller) {
	now, up, uploads := s.read()
	if up == 1 { // else nobody knows
		q := now.Queue
		age := 0.0
		if !q.Oldest.IsZero() {
			age = max(0, s.app.Now().Sub(q.Oldest).Seconds())
		}
		t.gauge("yunchou_queue_waiting", "Work of the timetable that is due and nobody's, over all processes.", float64(q.Waiting))
		t.gauge("yunchou_queue_running", "Work of the timetable somebody does, over all processes.", float64(q.Running))
		t.gauge("yunchou_queue_oldest_seconds", "How long the work that waits longest is due.", age)
		age = 0
		if !now.Outgoing.Oldest.IsZero() {
			age = max(0, s.app.Now().Sub(now.Outgoing.Oldest).Seconds())
		}
		t.gauge("yunchou_outgoing_waiting", "Mails and robot messages that are not sent yet, quiet hours among the reasons, over all processes.", float64(now.Outgoing.Waiting))
		t.gauge("yunchou_outgoing_oldest_seconds", "How long the one that waits longest is due.", age)
		t.gauge("yunchou_outgoing_failed", "Mails and robot messages that failed and nobody has sent again or taken back, of 90 days.", float64(now.Outgoing.Failed))
		t.gauge("yunchou_sessions", "Sessions that have not ended.", float64(now.Sessions))
		c := now.Columns
		t.gauge("yunchou_columns_companies", "Companies whose columns are in memory.", float64(c.Companies))
		t.gauge("yunchou_columns_opportunities", "Opportunities in those columns.", float64(c.Opportunities))
		t.gauge("yunchou_columns_bytes", "About what those columns take.", float64(c.Bytes))
		t.gauge("yunchou_columns_loading", "First loads under way.", float64(c.Loading))
		t.gauge("yunchou_columns_behind_entries", "Journal entries the columns furthest behind have not taken in; the next question does.", float64(c.Behind))
	}
	s.ofReaders(t, now.Readers)
	t.counts("yunchou_outgoing_total", "What this process handed over, by way and how that ended: mail sent, robot refused.", "what", s.app.Outgoing.Ended.All(),
		"mail sent", "mail later", "mail refused", "mail unsure", "robot sent", "robot later", "robot refused", "robot unsure", "digest sent")
	t.counts("yunchou_columns_total", "What was done for the columns: loaded, restored from a file, caught_up, entries taken in, let_go.", "what",
		s.app.Engine.Did.All(), "loaded", "restored", "caught_up", "entries", "let_go")
	t.counts("yunchou_jobs_done_total", "Work of the timetable this process did, by kind.", "kind", s.app.Timetable.Done.All())
	t.counts("yunchou_jobs_failed_total", "Tries of work that failed in this process, by kind.", "kind", s.app.Timetable.Failed.All())
	t.gauge("yunchou_imports_running", "Imports and dry runs at work in this process.", float64(s.app.Intake.Running.Load()))
	t.counts("yunchou_imports_total", "Imports that ended in this process, by how.", "outcome", s.app.Intake.Ended.All(), "done", "failed", "cancelled")
	t.counts("yunchou_import_dry_runs_total", "Dry runs that ended in this process, by how.", "outcome", s.app.Intake.Looks.All(), "done", "failed", "cancelled")
	t.counter("yunchou_import_rows_total", "Rows that imports and dry runs of this process read.", s.app.Intake.Read.All()["rows"])
	t.gauge("yunchou_uploads_bytes", "Bytes of uploads on the disk.", float64(uploads))
}

// ofReaders tells how far what follows the journal is behind it, and what this process did of it.
func (s *standing) ofReaders(t teller, lags []reader.Lag) {
	_, up, _ := s.read()
	for _, l := range lags {
		if up == 0 { // nobody knows
			break
		}
		age := 0.0
		if !l.Oldest.IsZero() {
			age = max(0, s.app.Now().Sub(l.Oldest).Seconds())
		}
		t.gauge("yunchou_reader_behind_entries", "Journal entries a reader has not applied, over all companies and processes.", float64(l.Entries), "reader", l.Reader)
		t.gauge("yunchou_reader_behind_seconds", "How long ago the first entry it has not applied was written.", age, "reader", l.Reader)
		t.gauge("yunchou_reader_failing_companies", "Companies in which an entry cannot be applied and is tried again.", float64(l.Failing), "reader", l.Reader)
	}
	t.gauge("yunchou_event_streams", "Open pages that are told live what concerns their readers, in this process.", float64(s.app.Live.Streams()))
	t.counts("yunchou_reader_entries_total", "Entries this process applied, by reader.", "reader", s.app.Readers.Applied.All())
	t.counts("yunchou_reader_failures_total", "Tries of entries that failed in this process, by reader.", "reader", s.app.Readers.Failed.All())
	t.counts("yunchou_feed_total", "Times a journal was seen to have moved: told as it was committed, or found by the poll.", "how", s.app.Feed.Woken.All(), "told", "poll")
	listening := 0.0
	if s.app.DB.Dialect() == database.SQLite || s.app.DB.Listening() {
		listening = 1
	}
	t.gauge("yunchou_feed_listening", "1 where other processes' commits are heard as they happen, or there are no others.", listening)
}

func (s *standing) ofSignIns(t teller) {
	t.counts("yunchou_sign_ins_total", "Steps of signing in: ok, second (the password was right), wrong, wait (too many), busy, refused, error.", "outcome",
		s.app.Identity.Tried.All(), "ok", "second", "wrong", "wait", "busy", "refused", "error")
}

// ofBackups tells how the schedule of backups fares, in the folder and in a store; an operator is
// woken where the last good one is too old.
func (s *standing) ofBackups(t teller) {
	b := s.app.Backups
	if b == nil {
		return
	}
	t.gauge("yunchou_backup_interval_seconds", "How often a backup is made.", b.Every.Seconds())
	tellBackups(t, "yunchou_backup_", "in the folder", b.Last())
	if b.Offsite != nil {
		tellBackups(t, "yunchou_backup_store_", "in the store", b.Offsite.Last())
	}
}

func tellBackups(t teller, prefix, where string, last safekeep.Backups) {
	at := 0.0
	if !last.Good.IsZero() {
		at = float64(last.Good.Unix())
	}
	t.gauge(prefix+"last_good_timestamp_seconds", "When the last good backup "+where+" was made; 0 is never.", at)
	t.gauge(prefix+"last_good_bytes", "Size of the last good backup "+where+".", float64(last.Bytes))
	t.counter(prefix+"failures_total", "Tries of backups "+where+" that failed since the start.", int64(last.Failed))
}
