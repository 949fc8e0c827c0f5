package entrance

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Pair is a certificate and its key, in two PEM files that whoever renews them replaces.
type Pair struct {
	cert, key string
	log       *slog.Logger
	current   atomic.Pointer[tls.Certificate]
	failed    atomic.Int64
	mu        sync.Mutex
	seen      [2]stamp // of the files as they were read last, good or not
}

// stamp tells whether a file was replaced.
type stamp struct {
	changed time.Time
	size    int64
}

// Leaf is the certificate a PEM text begins with, after which its chain may stand.
func Leaf(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("the file does not begin with a certificate (PEM)")
	}
	return x509.ParseCertificate(block.Bytes)
}

// looks is how often the files are looked at: certificates are renewed days before they end.
const looks = 5 * time.Second

// LoadPair reads a certificate with its chain and its key.
func LoadPair(cert, key string, log *slog.Logger) (*Pair, error) {
	p := &Pair{cert: cert, key: key, log: log}
	if err := p.read(); err != nil {
		return nil, err
	}
	p.warn()
	return p, nil
}

// read takes what is in the files, or says what is wrong with them.
func (p *Pair) read() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = p.stamps()
	for _, of := range [][2]string{{"--tls-cert", p.cert}, {"--tls-key", p.key}} {
		flag, file := of[0], of[1]
		if _, err := os.ReadFile(file); errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("%s: this user may not read %s; give it to the user the program runs as", flag, file)
		} else if err != nil {
			return fmt.Errorf("%s: %w", flag, err)
		}
	}
	c, err := tls.LoadX509KeyPair(p.cert, p.key)
	if err != nil {
		return fmt.Errorf("%s and %s are no certificate with its key (PEM, the certificate's chain after it): %w", p.cert, p.key, err)
	}
	if c.Leaf == nil {
		if c.Leaf, err = x509.ParseCertificate(c.Certificate[0]); err != nil {
			return fmt.Errorf("%s: %w", p.cert, err)
		}
	}
	p.current.Store(&c)
	return nil
}

func (p *Pair) stamps() (out [2]stamp) {
	for i, file := range []string{p.cert, p.key} {
		if about, err := os.Stat(file); err == nil {
			out[i] = stamp{about.ModTime(), about.Size()}
		}
	}
	return out
}

// Reload takes new files, or keeps what there is and says so.
func (p *Pair) Reload() {
	if err := p.read(); err != nil {
		p.failed.Add(1)
		p.log.Error("the new certificate is not taken; the one before stays", "error", err, "expires", p.expires())
		return
	}
	p.log.Info("certificate read", "expires", p.expires())
	p.warn()
}

// warn says what browsers will say.
func (p *Pair) warn() {
	leaf, now := p.current.Load().Leaf, time.Now()
	switch {
	case now.After(leaf.NotAfter):
		p.log.Warn("the certificate has expired: browsers refuse it", "expired", leaf.NotAfter)
	case now.Before(leaf.NotBefore):
		p.log.Warn("the certificate is not valid yet: is this machine's clock right?", "from", leaf.NotBefore, "clock", now.UTC())
	}
}

// watch looks at the files until the context ends. Who renews them replaces one after the other:
// between the two they do not fit, and are looked at again once the second has changed.
func (p *Pair) watch(ctx context.Context) {
	t := time.NewTicker(looks)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			p.look()
		}
	}
}

// look reads files that have changed since they were read last.
func (p *Pair) look() {
	p.mu.Lock()
	changed := p.stamps() != p.seen
	p.mu.Unlock()
	if changed {
		p.Reload()
	}
}

func (p *Pair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) { return p.current.Load(), nil }

func (p *Pair) expires() time.Time { return p.current.Load().Leaf.NotAfter }
