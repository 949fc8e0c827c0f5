// Package safekeeps3 keeps backups in an S3-compatible store, by github.com/minio/minio-go. It
// knows names and bytes alone: what is kept, and whether it is encrypted, is safekeep's.
package safekeeps3

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
)

// Place is a bucket, and where in it.
type Place struct {
	Host   string // endpoint, with its port
	Secure bool
	Bucket string
	Prefix string // "" or "a/b/"
	Name   string // of one backup, "" where none was named
}

// Is tells whether a text names a place in a store, not a file.
func Is(text string) bool {
	scheme, _, found := strings.Cut(text, "://")
	return found && (scheme == "s3" || scheme == "http" || scheme == "https")
}

// backupName is a scheduled backup's file name.
var backupName = regexp.MustCompile(`^yunchou-[0-9.-]+\.db(\.age)?$`)

// bucketName is what every store takes for one.
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// Parse reads https://HOST/BUCKET[/PREFIX][/NAME] or s3://BUCKET[/PREFIX][/NAME]; the latter is in
// the store AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL) names, Amazon's without it.
func Parse(text string) (p Place, err error) {
	u, err := url.Parse(text)
	if err != nil || !Is(text) || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return p, fmt.Errorf("%q names no place in a store: https://HOST/BUCKET/PREFIX, or s3://BUCKET/PREFIX", strip(text))
	}
	if u.User != nil {
		return p, errors.New("keys do not belong into an address, where everybody on the machine sees them: " +
			"AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a file of credentials")
	}
	key := strings.Trim(u.Path, "/")
	if u.Scheme == "s3" {
		p.Host, p.Secure, p.Bucket = "s3.amazonaws.com", true, u.Host
		for _, name := range []string{"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"} {
			if at := os.Getenv(name); at != "" {
				e, err := url.Parse(at)
				if err != nil || e.Host == "" || strings.Trim(e.Path, "/") != "" {
					return p, fmt.Errorf("%s is no address of a store: https://HOST", name)
				}
				p.Host, p.Secure = e.Host, e.Scheme != "http"
				break
			}
		}
	} else {
		p.Host, p.Secure = u.Host, u.Scheme == "https"
		p.Bucket, key, _ = strings.Cut(key, "/")
	}
	if !p.Secure && !near(p.Host) {
		return p, fmt.Errorf("%s is on another network: https://, so that nobody on the way reads names or changes what comes back", p.Host)
	}
	if !bucketName.MatchString(p.Bucket) {
		return p, fmt.Errorf("%q names no bucket (3 to 63 small letters, digits, dots and dashes): https://HOST/BUCKET/PREFIX", text)
	}
	if last := path.Base(key); backupName.MatchString(last) {
		p.Name, key = last, strings.TrimSuffix(key, last)
	}
	if key = strings.Trim(key, "/"); key != "" {
		p.Prefix = key + "/"
	}
	return p, nil
}

// near tells a host of this machine or of a network of one's own, which may do without TLS: a
// loopback or private address, or a name without a dot, which no network but one's own knows.
func near(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	if at, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return at.IsLoopback() || at.IsPrivate() || at.IsLinkLocalUnicast()
	}
	return !strings.Contains(name, ".")
}

// strip takes what may be a password out of an address that is told.
func strip(text string) string {
	if at := strings.LastIndex(text, "@"); at >= 0 {
		return "…" + text[at:]
	}
	return text
}

func (p Place) String() string {
	scheme := "http"
	if p.Secure {
		scheme = "https"
	}
	return scheme + "://" + p.Host + "/" + p.Bucket + "/" + p.Prefix + p.Name
}
