package server_test

import (
	"compress/gzip"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/server"
	"yunchou/web"
)

// below is the program people find at https://example.com/yunchou.
func below(t *testing.T, db *database.DB) http.Handler {
	t.Helper()
	site, err := httpapi.ParsePublic("https://example.com/yunchou")
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(db, t.TempDir(), slog.New(slog.DiscardHandler), time.Now)
	return server.Behind(a, "test", httpapi.Front{Public: site})
}

func get(h http.Handler, path, packing string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", packing)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// page is the page at a path, unpacked.
func page(t *testing.T, h http.Handler, path, packing string) string {
	t.Helper()
	rec := get(h, path, packing)
	body := io.Reader(rec.Body)
	if rec.Header().Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(rec.Body)
		if err != nil {
			t.Fatal(err)
		}
		body = z
	}
	raw, err := io.ReadAll(body)
	if err != nil || rec.Code != 200 {
		t.Fatalf("%s: %d %v", path, rec.Code, err)
	}
	return string(raw)
}

// builtUI skips where the interface is not built, and fails where a whole run claims it is.
func builtUI(t *testing.T) {
	t.Helper()
	if _, err := fs.Stat(web.Dist, "dist/index.html"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the interface is not built")
		}
		t.Skip("the interface is not built; run `make web`")
	}
}

var named = regexp.MustCompile(`(?:src|href)="([^"]+)"`)

func TestEveryFileOfTheInterfaceLiesBelowThePublicPath(t *testing.T) {
	builtUI(t)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		h := below(t, db)
		want := page(t, h, "/yunchou/", "")
		// At any depth, reloaded, behind a proxy that takes the path away, packed or not.
		for _, deep := range []string{"/yunchou/opportunities/01J/x", "/opportunities/01J", "/", "/yunchou/settings?tab=people"} {
			for _, packing := range []string{"", "gzip", "gzip, br"} {
				if got := page(t, h, deep, packing); got != want {
					t.Errorf("%s (%s) is another page:\n%s", deep, packing, got)
				}
			}
		}
		if !strings.Contains(want, `name="base" content="/yunchou/"`) {
			t.Errorf("the page does not say where it is:\n%s", want)
		}
		found := named.FindAllStringSubmatch(want, -1)
		for _, m := range found {
			inside, ok := strings.CutPrefix(m[1], "/yunchou/")
			if !ok {
				t.Errorf("the page names %s, which is outside", m[1])
			}
			for _, at := range []string{m[1], "/" + inside} {
				if rec := get(h, at, "gzip, br"); rec.Code != 200 || strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
					t.Errorf("%s answers %d, %s", at, rec.Code, rec.Header().Get("Content-Type"))
				}
			}
		}
		if len(found) < 3 {
			t.Errorf("the page names %d files: the test reads it wrongly", len(found))
		}
	})
}

var (
	// imported is a part of the build named in another, from its folder or from the build's root.
	imported = regexp.MustCompile("[\"'`](\\.?/?(?:assets/)?[A-Za-z0-9_.-]+-[A-Za-z0-9_-]{8}\\.(?:js|css|svg|woff2))[\"'`]")
	styled   = regexp.MustCompile(`url\(["']?([^)"']+)`)
)

// TestWhatIsBuiltNamesItsPartsRelatively: one build serves every path.
func TestWhatIsBuiltNamesItsPartsRelatively(t *testing.T) {
	builtUI(t)
	parts := 0
	err := fs.WalkDir(web.Dist, "dist/assets", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) != ".js" && path.Ext(file) != ".css" {
			return err
		}
		raw, err := fs.ReadFile(web.Dist, file)
		for _, m := range imported.FindAllStringSubmatch(string(raw), -1) {
			parts++
			_, fromRoot := fs.Stat(web.Dist, path.Join("dist", m[1]))
			_, fromHere := fs.Stat(web.Dist, path.Join("dist/assets", m[1]))
			if strings.HasPrefix(m[1], "/") || fromRoot != nil && fromHere != nil {
				t.Errorf("%s names %s", file, m[1])
			}
		}
		for _, m := range styled.FindAllStringSubmatch(string(raw), -1) {
			if strings.HasPrefix(m[1], "/") {
				t.Errorf("%s takes %s", file, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if parts < 50 {
		t.Errorf("%d parts found: the test reads the build wrongly", parts)
	}
}

func TestCookiesAndPolicyBelowAPath(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		rec := get(below(t, db), "/yunchou/api/session/start", "")
		cookie := rec.Header().Get("Set-Cookie")
		// "__Host-" is taken with Path=/ alone (RFC 6265bis): the path is not the cookie's.
		if !strings.HasPrefix(cookie, "__Host-") || !strings.Contains(cookie, "Path=/;") || !strings.Contains(cookie, "Secure") {
			t.Errorf("the cookie is %s", cookie)
		}
		for header, want := range map[string]string{
			"Content-Security-Policy": "base-uri 'none'", "Strict-Transport-Security": "max-age=31536000", "Cache-Control": "no-store",
		} {
			if got := rec.Header().Get(header); !strings.Contains(got, want) {
				t.Errorf("%s is %q", header, got)
			}
		}
	})
}
