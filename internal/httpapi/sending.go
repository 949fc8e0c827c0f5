package httpapi

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Sent is an answer that is sent piece by piece.
type Sent = huma.StreamResponse

// File sends content as a file to be saved, whole or a part of it (RFC 9110, sections 13 and
// 14), by a tag that is another where the content is another. Whatever it holds, no browser shows
// it as a page of ours: it is saved, under no type it could be taken for another of, and where it
// is opened all the same it may run nothing. What fails on the way cuts the answer short, and its
// reader sees that by the length.
func (a *API) File(name, tag string, content io.ReadSeeker) *Sent {
	return &Sent{Body: func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		h := w.Header()
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", Attachment(name))
		h.Set("ETag", `"`+tag+`"`)
		// Of several parts the whole is sent, which a server may do (RFC 9110, 14.2): a
		// thousand parts of one byte would be read from the database one by one.
		if strings.Contains(r.Header.Get("Range"), ",") {
			r.Header.Del("Range")
		}
		watched := &watched{ReadSeeker: content}
		http.ServeContent(w, r, "", time.Time{}, watched)
		if watched.err != nil {
			a.Log.WarnContext(ctx.Context(), "a file was not sent to its end", "error", watched.err)
		}
	}}
}

// watched remembers what went wrong while it was read.
type watched struct {
	io.ReadSeeker
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadSeeker.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// Attachment is the Content-Disposition of a file to be saved under a name: as it is
// (RFC 8187), and for who does not know that in ASCII (RFC 6266, appendix D).
func Attachment(name string) string {
	var plain, exact strings.Builder
	for _, r := range strings.ToValidUTF8(name, "_") {
		switch {
		case r < ' ' || r == 0x7f: // would end the header
			plain.WriteByte('_')
			exact.WriteByte('_')
			continue
		case r > '~' || strings.ContainsRune(`"\/%`, r):
			plain.WriteByte('_')
		default:
			plain.WriteRune(r)
		}
		for _, b := range []byte(string(r)) {
			if b < 0x80 && (isAlphanumeric(b) || strings.IndexByte("!#$&+-.^_`|~", b) >= 0) {
				exact.WriteByte(b)
			} else {
				exact.WriteString("%" + hex[b>>4:b>>4+1] + hex[b&15:b&15+1])
			}
		}
	}
	header := `attachment; filename="` + plain.String() + `"`
	if plain.String() != exact.String() {
		header += `; filename*=UTF-8''` + exact.String()
	}
	return header
}

const hex = "0123456789ABCDEF"

func isAlphanumeric(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9'
}
