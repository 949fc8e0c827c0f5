package httpapi_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yunchou/internal/httpapi"
)

// TestAPanicIsToldAndEndsNothingElse: to the operator with where it was, to the sender with
// nothing of the inside; the next request is served.
func TestAPanicIsToldAndEndsNothingElse(t *testing.T) {
	var log bytes.Buffer
	h := httpapi.Recover(slog.New(slog.NewJSONHandler(&log, nil)), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/bad" {
			panic("index out of range in secret place\nlevel=forged")
		}
		_, _ = w.Write([]byte("fine"))
	}))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/api/bad", nil))
	if rec.Code != 500 || !strings.Contains(rec.Body.String(), `"code":"internal"`) || strings.Contains(rec.Body.String(), "secret place") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	var line struct{ Level, Msg, Panic, Stack string }
	if err := json.Unmarshal(log.Bytes(), &line); err != nil || strings.Count(log.String(), "\n") != 1 {
		t.Fatalf("not one line: %v %s", err, log.String())
	}
	if line.Level != "ERROR" || !strings.Contains(line.Panic, "secret place") || !strings.Contains(line.Stack, "recover_test.go") {
		t.Errorf("the operator is told %+v", line)
	}
	rec = httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/api/good", nil))
	if rec.Code != 200 || rec.Body.String() != "fine" {
		t.Errorf("the next request: %d %s", rec.Code, rec.Body)
	}
}
