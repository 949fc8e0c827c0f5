package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/entrance"
	"yunchou/internal/httpapi"
	"yunchou/internal/intake"
	"yunchou/internal/server"
)

const (
	// stopsWithin is the longest a stop takes in all; what has not ended then is cut off, which
	// the database survives like a power cut.
	stopsWithin = 10 * time.Second
	// requestsWithin is how long requests that run may still take.
	requestsWithin = 6 * time.Second
)

// interrupted is a context that ends with the first signal to stop. The second ends the program
// at once: an init process (a container's first) would not even be ended by the system.
func interrupted() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		s := <-signals
		os.Stderr.WriteString("yunchou: a second signal, ended at once\n") //nolint:errcheck // nobody is left to tell
		code := 130
		if s == syscall.SIGTERM {
			code = 143
		}
		os.Exit(code)
	}()
	return ctx
}

// prepare does what must be done before anybody is served.
func prepare(ctx context.Context, a *app.App) error {
	if err := a.Prepare(ctx); err != nil {
		return err
	}
	if err := a.Intake.Recover(ctx); err != nil {
		return err
	}
	return a.EraseListed(ctx)
}

// run serves until the context ends, then lets what is running finish or hand on what it does.
func run(ctx context.Context, a *app.App, e *entrance.Entrance, front httpapi.Front, ready func(at []string)) error {
	a.Intake.Load = intake.NewLoad(intake.MostRows, intake.RowsTogether)
	if os.Getenv("GOGC") == "" { // what a password's check or a file took is given back sooner
		debug.SetGCPercent(50)
	}
	if err := prepare(ctx, a); err != nil {
		return err
	}
	working, rest := context.WithCancel(ctx)
	defer rest()
	done := make(chan error, 1)
	handler, operators := server.Watched(a, version, front)
	unwatch, err := listenForOperators(a, operators)
	if err != nil {
		return err
	}
	defer unwatch()
	go func() { done <- e.Serve(working, handler) }()
	a.Serving = true
	console(working, a)
	ready(e.Addresses())
	notify(a.Log, "READY=1")
	var busy sync.WaitGroup
	busy.Go(func() { a.Work(working) })
	busy.Go(func() { a.Follow(working) })
	busy.Go(func() { lookThrough(working, a) })
	busy.Go(func() { a.Audit.Run(working) })
	busy.Go(func() { watchdog(working, a.Log) })
	busy.Go(func() { finishing(working, a) })
	busy.Go(func() { a.Warm(working) })
	if a.Backups != nil {
		busy.Go(func() { a.Backups.Run(working) })
	}
	broken := tend(ctx, a, e, done)
	notify(a.Log, "STOPPING=1")
	a.Log.Info("stopping", "within", stopsWithin.String())
	limit := time.AfterFunc(stopsWithin, func() {
		a.Log.Error("what was running did not end in time and is cut off; the next start goes on from what is written")
		os.Exit(1)
	})
	defer limit.Stop()
	rest() // jobs hand on what they do while requests are finished
	requests, cancel := context.WithTimeout(context.Background(), requestsWithin)
	defer cancel()
	if err := e.Shutdown(requests); err != nil {
		a.Log.Warn("requests that took too long were cut off", "error", err)
	}
	busy.Wait() // before the database is closed
	if err := a.Engine.Keep(); err != nil {
		a.Log.Warn("funnel columns not kept", "error", err)
	}
	return broken
}

// keepEvery is how often the funnel's columns are written to their files, where they changed.
const keepEvery = 5 * time.Minute

// tend does what falls due while others are served, until the context ends or serving does.
func tend(ctx context.Context, a *app.App, e *entrance.Entrance, done <-chan error) error {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	keep := time.NewTicker(keepEvery)
	defer keep.Stop()
	hangups := make(chan os.Signal, 1)
	if e.Reloads() || os.Getenv("NOTIFY_SOCKET") != "" { // in a terminal that is closed it ends the program, as everywhere
		signal.Notify(hangups, syscall.SIGHUP)
		defer signal.Stop(hangups)
	}
	for {
		select {
		case err := <-done:
			return err
		case <-hangups:
			e.Reload()
		case <-hourly.C:
			if err := a.DB.Optimize(ctx); err != nil {
				a.Log.Warn("statistics not renewed", "error", err)
			}
			if n, err := a.Engine.Evict(time.Hour); n > 0 || err != nil {
				a.Log.Info("funnel columns let go", "companies", n, "error", err)
			}
		case <-keep.C: // so that after a kill there is little to catch up
			if err := a.Engine.Keep(); err != nil {
				a.Log.Warn("funnel columns not kept", "error", err)
			}
		case <-ctx.Done():
			return nil
		}
	}
}
