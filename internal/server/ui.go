package server

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"yunchou/internal/httpapi"
)

// ui serves the built files, precompressed, and the page itself for every other path: the
// browser's router knows what they mean. A path that names a file (it has a dot, or lies with the
// built ones) and is none is not there: nobody shall keep a page under its name. base is the
// path people reach the program under.
func ui(files fs.FS, base string) http.Handler {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // embedded
	}
	page := pageUnder(dist, base)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if name != indexName && served(dist, name) {
			if strings.HasPrefix(name, "assets/") {
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable") // the name holds the hash
			} else {
				w.Header().Set("Cache-Control", "no-cache")
			}
			sendBuilt(w, r, name, func(packed string) []byte { return read(dist, name+packed) })
			return
		}
		if name != indexName && (strings.HasPrefix(name+"/", "assets/") || strings.Contains(name, ".")) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		httpapi.Page(w.Header())
		if page == nil {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = w.Write([]byte("The web interface is not in this build. Run `make build`.\n"))
			return
		}
		sendBuilt(w, r, indexName, func(packed string) []byte { return page[packed] })
	})
}

const indexName = "index.html"

// pageUnder is the page as it is sent, plain ("") and packed (".gz"). The build is one for every
// address: what the page names is written relative to it (./assets/…), and becomes absolute here,
// because a browser may open the page at any depth. The script reads the path from the page.
func pageUnder(dist fs.FS, base string) map[string][]byte {
	raw := read(dist, indexName)
	if raw == nil {
		return nil
	}
	raw = bytes.ReplaceAll(raw, []byte(`="./`), []byte(`="`+base+`/`))
	raw = bytes.Replace(raw, []byte(`name="base" content="/"`), []byte(`name="base" content="`+base+`/"`), 1)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(raw); err != nil {
		panic(err) // memory takes what is written to it
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return map[string][]byte{"": raw, ".gz": packed.Bytes()}
}

// read is a built file, nil where it is not in this build.
func read(dist fs.FS, name string) []byte {
	raw, err := fs.ReadFile(dist, name)
	if err != nil {
		return nil
	}
	return raw
}

// sendBuilt sends a file in the best packing there is that the browser takes.
func sendBuilt(w http.ResponseWriter, r *http.Request, name string, version func(packed string) []byte) {
	w.Header().Set("Vary", "Accept-Encoding")
	w.Header().Set("Content-Type", types[path.Ext(name)])
	for _, enc := range []struct{ suffix, name string }{{".br", "br"}, {".gz", "gzip"}} {
		if raw := version(enc.suffix); raw != nil && strings.Contains(r.Header.Get("Accept-Encoding"), enc.name) {
			w.Header().Set("Content-Encoding", enc.name)
			_, _ = w.Write(raw)
			return
		}
	}
	_, _ = w.Write(version(""))
}

// types are the kinds of files that are served; no other is.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml; charset=utf-8", ".png": "image/png", ".json": "application/json",
	".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
}

// served tells a file of the build that may be asked for by its name.
func served(dist fs.FS, name string) bool {
	info, err := fs.Stat(dist, name)
	return err == nil && info.Mode().IsRegular() && types[path.Ext(name)] != ""
}
