package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// guarded gives the metrics to who says the token, where there is one, and to nobody else: behind
// a proxy on the same machine a stranger comes from loopback too, with or without headers that say
// so, so an address proves nothing here.
func guarded(token string, metrics http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token == "" {
			http.Error(w, "The metrics are not served here: see --metrics-listen and --metrics-token-file.", http.StatusNotFound)
			return
		}
		said, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		want, got := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(said))
		if !bearer || subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="metrics"`)
			http.Error(w, "The metrics need their token.", http.StatusUnauthorized)
			return
		}
		metrics.ServeHTTP(w, r)
	})
}
