package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"
)

// TestWhatAPageAsksByItselfKeepsNoSession: left open it ends when it was left alone long enough, however often it
// asks; what somebody does keeps it.
func TestWhatAPageAsksByItselfKeepsNoSession(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		alone, used := signIn(t, w, h, "小李", "li"), signIn(t, w, h, "陈露", "chen")
		asks := func(c client, itself string) int {
			r := httptest.NewRequest(http.MethodGet, "/api/guidance-waiting", nil)
			r.AddCookie(&http.Cookie{Name: "yunchou_session", Value: c.token})
			r.Header.Set("Yunchou-Unattended", itself)
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			return rec.Code
		}
		for hour := 0; hour < 24; hour += 3 {
			if a, b := asks(alone, "1"), asks(used, ""); a != http.StatusOK || b != http.StatusOK {
				t.Fatalf("after %d hours: %d by itself, %d by somebody", hour, a, b)
			}
			w.Clock.Move(3 * time.Hour)
		}
		w.Clock.Move(time.Hour)
		if a, b := asks(alone, "1"), asks(used, ""); a != http.StatusUnauthorized || b != http.StatusOK {
			t.Errorf("after a day: %d by itself, %d by somebody", a, b)
		}
	})
}
