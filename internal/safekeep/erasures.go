package safekeep

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// ListName is the list of erasures in a data directory and in a folder of backups. A backup
// made before a person was erased still holds the person: the list says whom to erase again
// when it is put back. It holds ids alone.
const ListName = "erasures.jsonl"

// Erasure is a person who was erased, or without a person a company that was deleted.
type Erasure struct {
	Company string `json:"company"`
	Contact string `json:"contact"`
	At      string `json:"at"`
	// Texts are those the person was taken out of: their kind, a blank, and an id.
	Texts []string `json:"texts,omitempty"`
}

// WholeCompany tells whether it is a company that was deleted.
func (e Erasure) WholeCompany() bool { return e.Contact == "" }

// ErrNoList: nobody can say whom a backup must not bring back.
var ErrNoList = errors.New("restore.erasures_unknown: no list of erasures lies beside the backup or in the data directory; " +
	"say where one is (--erasures FILE), or that nobody was ever erased (--no-erasures)")

// ReadList reads a list. Where there is none the error is os.ErrNotExist.
func ReadList(path string) (list []Erasure, err error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var e Erasure
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		list = append(list, e)
	}
	return list, lines.Err()
}

// lists is held while a list is read and written: jobs and the schedule write to the same.
var lists sync.Mutex

// AddToList adds to a list what is not in it yet, and makes it where there is none.
func AddToList(path string, more []Erasure) error {
	lists.Lock()
	defer lists.Unlock()
	there, err := ReadList(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	all := Union(there, more)
	if err == nil && len(all) == len(there) {
		return nil
	}
	var out bytes.Buffer
	for _, e := range all {
		raw, err := json.Marshal(e)
		if err != nil {
			return err
		}
		out.Write(append(raw, '\n'))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return writeWhole(path, out.Bytes())
}

// Union is both lists as one, each person once.
func Union(lists ...[]Erasure) (all []Erasure) {
	seen := map[[2]string]bool{}
	for _, list := range lists {
		for _, e := range list {
			key := [2]string{e.Company, e.Contact}
			if !seen[key] {
				seen[key] = true
				all = append(all, e)
			}
		}
	}
	slices.SortFunc(all, func(a, b Erasure) int { return strings.Compare(a.At+a.Contact, b.At+b.Contact) })
	return all
}

// FindList reads the lists that may say whom a backup must not bring back: the one that was
// named, the one beside the backup and the directory's own. Fault: ErrNoList.
func FindList(named, backup, dir string) (list []Erasure, err error) {
	if named != "" {
		return ReadList(named)
	}
	found := false
	for _, folder := range []string{filepath.Dir(filepath.Clean(backup)), dir} {
		part, err := ReadList(filepath.Join(folder, ListName))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found, list = true, Union(list, part)
	}
	if !found {
		return nil, ErrNoList
	}
	return list, nil
}

// PurgeKept lets copies go that restores and schema changes kept in a directory, when they are
// older than they need be.
func PurgeKept(dir string, before time.Time) (gone []string, err error) {
	for _, pattern := range []string{filepath.Join(dir, keptPrefix+"*"), filepath.Join(dir, "backups", "before-schema-*")} {
		paths, _ := filepath.Glob(pattern) // the pattern is ours
		for _, path := range paths {
			about, errStat := os.Stat(path)
			if errStat != nil || !about.ModTime().Before(before) {
				err = errors.Join(err, errStat)
				continue
			}
			err = errors.Join(err, os.RemoveAll(path))
			gone = append(gone, filepath.Base(path))
		}
	}
	return gone, err
}
