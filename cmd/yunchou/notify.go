package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"
)

// notify tells systemd how the service stands (sd_notify(3)); where no systemd asks, nobody.
func notify(log *slog.Logger, state string) {
	path := os.Getenv("NOTIFY_SOCKET")
	if path == "" {
		return
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err == nil {
		_, err = conn.Write([]byte(state))
		conn.Close()
	}
	if err != nil {
		log.Warn("systemd was not told", "state", state, "error", err)
	}
}

// watchdog tells systemd that the program runs, twice as often as it asks for
// (sd_watchdog_enabled(3)); a database that is away is no reason to be started anew.
func watchdog(ctx context.Context, log *slog.Logger) {
	micros, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || micros <= 0 {
		return
	}
	t := time.NewTicker(time.Duration(micros) * time.Microsecond / 2)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			notify(log, "WATCHDOG=1")
		}
	}
}
