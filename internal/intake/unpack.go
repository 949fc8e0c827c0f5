package intake

import (
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxUnpacked bounds what a .gz may become: 4 GiB.
const maxUnpacked = 4 << 30

// Unpack returns the path of a file's plain content: itself, or, for a .gz, a copy
// in dir.
func Unpack(path, dir string) (string, error) {
	if !strings.HasSuffix(path, ".gz") {
		_, err := os.Stat(path)
		return path, err
	}
	in, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		return "", err
	}
	out, err := os.CreateTemp(dir, "*-"+strings.TrimSuffix(filepath.Base(path), ".gz"))
	if err != nil {
		return "", err
	}
	n, err := io.Copy(out, io.LimitReader(z, maxUnpacked+1))
	if err == nil && n > maxUnpacked {
		err = errors.New("the unpacked file is larger than 4 GiB")
	}
	return out.Name(), errors.Join(err, out.Close())
}
