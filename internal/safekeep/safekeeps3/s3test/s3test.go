// Package s3test is an S3-compatible store in memory, for tests: one that refuses keys, goes
// away in the middle of an upload and loses the end of what it keeps.
package s3test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Bucket is the one there is, Key the one access key it knows.
const Bucket, Key = "backups", "OPERATOR"

// Store is a store, and what is wrong with it.
type Store struct {
	URL string // http://HOST/BUCKET/there
	// CutAfter breaks the connection of the upload of a part or file after so many more of
	// them; below zero it never does.
	CutAfter atomic.Int64
	Away     atomic.Bool // answers nobody
	Loses    atomic.Bool // an answer's last kilobyte
	Puts     atomic.Int64
}

// New starts a store and puts its key into the environment.
func New(t *testing.T) *Store {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(Bucket); err != nil {
		t.Fatal(err)
	}
	s := &Store{}
	s.CutAfter.Store(-1)
	fake := gofakes3.New(backend).Server()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case s.Away.Load():
			panic(http.ErrAbortHandler)
		case !strings.Contains(r.Header.Get("Authorization"), "Credential="+Key+"/"):
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `<Error><Code>InvalidAccessKeyId</Code><Message>no such key</Message></Error>`)
			return
		case r.Method == http.MethodPut:
			s.Puts.Add(1)
			if s.CutAfter.Load() == 0 {
				s.Away.Store(true)
				_, _ = io.CopyN(io.Discard, r.Body, 1<<20)
				panic(http.ErrAbortHandler)
			}
			s.CutAfter.Add(-1)
			if r.URL.Query().Has("partNumber") {
				unchunk(r)
			}
		case r.Method == http.MethodGet && s.Loses.Load() && strings.HasSuffix(r.URL.Path, ".age"):
			w = short{w}
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", Key)
	t.Setenv("AWS_SECRET_ACCESS_KEY", "a secret that is told nobody")
	t.Setenv("AWS_REGION", "us-east-1")
	s.URL = srv.URL + "/" + Bucket + "/there"
	return s
}

// unchunk takes the signatures between the pieces out of a body ("aws-chunked"), which gofakes3
// does for whole files and not for parts.
func unchunk(r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return
	}
	var whole bytes.Buffer
	for in := bufio.NewReader(r.Body); ; {
		line, err := in.ReadString('\n')
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, errSize := strconv.ParseInt(size, 16, 64)
		if err != nil || errSize != nil || n == 0 {
			break
		}
		if _, err := io.CopyN(&whole, in, n); err != nil {
			break
		}
		_, _ = in.Discard(2)
	}
	r.ContentLength = int64(whole.Len())
	r.Header.Set("Content-Length", strconv.Itoa(whole.Len()))
	r.Body = io.NopCloser(&whole)
}

// short writes zeros in the place of what is lost, as a disk does.
type short struct{ http.ResponseWriter }

func (s short) Write(p []byte) (int, error) {
	damaged := append([]byte{}, p...)
	clear(damaged[max(0, len(damaged)-1024):])
	return s.ResponseWriter.Write(damaged)
}
