package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// MaxUpload bounds one uploaded file.
const MaxUpload = 256 << 20

// room is what uploads may take of the disk, until they are swept away.
type room struct {
	company, member int64
	atOnce          int // of a member
	days            int
}

var usualRoom = room{company: 4 << 30, member: 2 << 30, atOnce: 4, days: 7}

// KeptDays is how many days an upload is held at most.
func (s *Service) KeptDays() int { return s.room().days }

// room is the usual one, with the days the operator set.
func (s *Service) room() room {
	r := usualRoom
	if s.UploadDays > 0 {
		r.days = s.UploadDays
	}
	return r
}

// checkEvery is how often a file that comes in is held against the room there is.
const checkEvery = 16 << 20

var uploadID = regexp.MustCompile(`^[0-9a-f-]{36}$`)

// uploads is the folder of a company's uploads. A file is called by its id and its sender's.
func (s *Service) uploads(tenant string) (string, error) {
	if s.Dir == "" {
		return "", errors.New("no data directory to keep uploads in")
	}
	return filepath.Join(s.Dir, "uploads", tenant), nil
}

// uploadPath names an upload; one that is not there has a name too.
func (s *Service) uploadPath(tenant, id string) (string, error) {
	if !uploadID.MatchString(id) {
		return "", fault.New(fault.NotFound, "import.upload_unknown", "no such upload")
	}
	dir, err := s.uploads(tenant)
	if err != nil {
		return "", err
	}
	list, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	for _, f := range list {
		if strings.HasPrefix(f.Name(), id) {
			return filepath.Join(dir, f.Name()), nil
		}
	}
	return filepath.Join(dir, id), nil
}

// Kept is how many bytes of uploads lie on the disk, of every company.
func (s *Service) Kept() (n int64) {
	if s.Dir == "" {
		return 0
	}
	// A file that goes meanwhile is none; what cannot be read is not counted.
	_ = filepath.WalkDir(filepath.Join(s.Dir, "uploads"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if about, err := d.Info(); err == nil {
				n += about.Size()
			}
		}
		return nil
	})
	return n
}

// receiving counts the files members are sending, so that one of them leaves the others room.
type receiving struct {
	mu sync.Mutex
	by map[string]int
}

func (r *receiving) begin(member string, most int) (end func(), err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by[member] >= most {
		return nil, fault.New(fault.Busy, "import.uploads_at_once", "at most %d files at the same time", most).With("max", most).After(5)
	}
	if r.by == nil {
		r.by = map[string]int{}
	}
	r.by[member]++
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.by[member]--; r.by[member] == 0 {
			delete(r.by, member)
		}
	}, nil
}

// Upload keeps a file for a preview and an import, under an id its sender may choose; it goes to
// disk as it comes. Sent again with the same content it is there once. Faults: import.too_large,
// import.uploads_full, import.uploads_at_once, record.id_taken.
func (s *Service) Upload(ctx context.Context, a org.Actor, id string, body io.Reader) (string, error) {
	if err := errors.Join(a.Need(org.ImportRun), record.UseID(&id, a.Now)); err != nil {
		return "", err
	}
	end, err := s.receiving.begin(a.MemberID, usualRoom.atOnce)
	if err != nil {
		return "", err
	}
	defer end()
	dir, err := s.uploads(a.TenantID)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, "arriving-*~"+a.MemberID)
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it lies under its own name by then, or not at all
	err = errors.Join(receive(f, body, func() error { return s.room().left(dir, a.MemberID) }), f.Close())
	if err != nil {
		return "", err
	}
	return id, s.arrived(a, dir, id, f.Name())
}

// arrived gives a file that came in whole its name: of two at once the first has it, and the
// other is to hold the same. Fault: record.id_taken.
func (s *Service) arrived(a org.Actor, dir, id, file string) error {
	path, err := s.uploadPath(a.TenantID, id)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		path = filepath.Join(dir, id+"~"+a.MemberID)
		if err := os.Link(file, path); err == nil {
			return nil
		} else if !errors.Is(err, fs.ErrExist) { // a disk without links
			return os.Rename(file, path)
		}
	}
	same, err := sameContent(file, path)
	if err == nil && !same {
		err = record.ErrIDTaken
	}
	return err
}

// sameContent tells whether two files hold the same.
func sameContent(a, b string) (bool, error) {
	var sums [2][]byte
	for i, path := range []string{a, b} {
		f, err := os.Open(path)
		if err != nil {
			return false, err
		}
		h := sha256.New()
		_, err = io.Copy(h, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return false, err
		}
		sums[i] = h.Sum(nil)
	}
	return bytes.Equal(sums[0], sums[1]), nil
}

// receive copies a body to a file and asks on the way whether there is room for it.
func receive(f *os.File, body io.Reader, left func() error) error {
	for size := int64(0); ; {
		if err := left(); err != nil {
			return err
		}
		n, err := io.CopyN(f, body, checkEvery)
		size += n
		switch {
		case size > MaxUpload:
			return fault.New(fault.TooLarge, "import.too_large", "at most %d MiB; use yunchou import for larger files", MaxUpload>>20).
				With("maxMiB", MaxUpload>>20)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// left tells whether a company, and one member of it, have room for more. Fault:
// import.uploads_full.
func (r room) left(dir, member string) error {
	company, mine := int64(0), int64(0)
	err := eachUpload(dir, func(f fs.FileInfo) error {
		company += f.Size()
		if strings.HasSuffix(f.Name(), "~"+member) {
			mine += f.Size()
		}
		return nil
	})
	if err != nil {
		return err
	}
	if company >= r.company || mine >= r.member {
		return fault.New(fault.Full, "import.uploads_full", "uploaded files take all the room there is for them; they are kept for %d days", r.days).
			With("days", r.days)
	}
	return nil
}

// sweep removes a company's uploads after some days: what was imported of them is in the
// tables.
func (s *Service) sweep(tenant string, now time.Time) error {
	dir, err := s.uploads(tenant)
	if err != nil {
		return nil // nowhere to keep any
	}
	return eachUpload(dir, func(f fs.FileInfo) error {
		if now.Sub(f.ModTime()) < time.Duration(s.room().days)*24*time.Hour {
			return nil
		}
		return os.Remove(filepath.Join(dir, f.Name()))
	})
}

// ForgetUploads removes the uploads of a company that is no more.
func (s *Service) ForgetUploads(tenant string) error {
	dir, err := s.uploads(tenant)
	if err != nil {
		return nil // nowhere to keep any
	}
	return os.RemoveAll(dir)
}

func eachUpload(dir string, each func(fs.FileInfo) error) error {
	list, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range list {
		f, e := entry.Info()
		if errors.Is(e, fs.ErrNotExist) || e == nil && !f.Mode().IsRegular() {
			continue // gone meanwhile
		}
		if err = errors.Join(err, e); err == nil {
			err = each(f)
		}
	}
	return err
}
