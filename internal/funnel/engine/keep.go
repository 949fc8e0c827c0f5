package engine

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"time"
	"unsafe"
)

// The file of a company's columns is a copy of what the database holds, written by the
// machine that reads it: the columns as they lie in memory, after a heading with the
// last journal entry they know, before a checksum. It saves the load, and decides
// nothing: the entry is compared with the journal's, what came later is caught up, and
// a file that is broken, of another form or of another history is passed over.

// form changes with what columns hold or how they are loaded.
const form = "yunchou columns 10\n"

// byteOrder tells a file of a machine with the other one.
const byteOrder uint32 = 0x01020304

var errFile = errors.New("engine: not a file of columns")

func (e *Engine) path(tenantID string) string { return filepath.Join(e.Dir, tenantID+".columns") }

// keep writes a company's columns, where they know more than their file; the tenant's
// lock is held.
func (e *Engine) keep(tenantID string, t *tenant) error {
	s := t.current.Load()
	if e.Dir == "" || s == nil || t.kept == s.seq {
		return nil
	}
	if err := os.MkdirAll(e.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(e.Dir, "writing-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone once renamed
	k := newWriter(f)
	k.columns(tenantID, s)
	sum := k.sum.Sum32()
	plain(k, &[]uint32{sum})
	if err := errors.Join(k.err, k.w.Flush(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), e.path(tenantID)); err != nil {
		return err
	}
	t.kept = s.seq
	return nil
}

// restore takes up the file of a company's columns; false where there is none to use.
// The small tables are not in it: they are read when the columns catch up.
func (e *Engine) restore(tenantID string, t *tenant) bool {
	if e.Dir == "" {
		return false
	}
	f, err := os.Open(e.path(tenantID))
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false
	}
	k, s := newReader(f, info.Size()), &snapshot{index: newIndex(newNumbering())}
	k.columns(tenantID, s)
	want, sum := k.sum.Sum32(), []uint32(nil)
	plain(k, &sum)
	if k.err != nil || len(sum) != 1 || sum[0] != want {
		return false
	}
	t.kept = s.seq
	t.publish(s)
	t.advanced = time.Time{} // an asker must see the file's last entry, whenever he began
	return true
}

// codec writes a file or reads it: one walk over the columns serves both.
type codec struct {
	w    *bufio.Writer
	r    *bufio.Reader
	left int64 // bytes of the file not yet read: what a length may at most ask for
	sum  hash.Hash32
	err  error
}

func newWriter(w io.Writer) *codec {
	return &codec{w: bufio.NewWriterSize(w, 1<<20), sum: crc32.New(crc32.MakeTable(crc32.Castagnoli))}
}

func newReader(r io.Reader, size int64) *codec {
	return &codec{r: bufio.NewReaderSize(r, 1<<20), left: size, sum: crc32.New(crc32.MakeTable(crc32.Castagnoli))}
}

// bytes writes or fills b.
func (k *codec) bytes(b []byte) {
	if k.err != nil {
		return
	}
	if k.w != nil {
		_, k.err = k.w.Write(b)
	} else {
		_, k.err = io.ReadFull(k.r, b)
		k.left -= int64(len(b))
	}
	k.sum.Write(b)
}

// plain writes or reads a list of values without pointers, as they lie in memory.
func plain[T any](k *codec, list *[]T) {
	size := int(unsafe.Sizeof(*new(T)))
	head := make([]byte, 4)
	binary.LittleEndian.PutUint32(head, uint32(len(*list)))
	k.bytes(head)
	n := int(binary.LittleEndian.Uint32(head))
	if k.err != nil || n == 0 {
		return
	}
	if k.r != nil {
		if int64(n)*int64(size) > k.left {
			k.err = errFile
			return
		}
		*list = make([]T, n)
	}
	k.bytes(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(*list))), n*size))
}

func (k *codec) text(s *string) {
	b := []byte(*s)
	plain(k, &b)
	*s = string(b)
}

func (k *codec) texts(list *[]string) {
	n := []uint32{uint32(len(*list))}
	plain(k, &n)
	if k.err != nil || len(n) != 1 || k.r != nil && int64(n[0]) > k.left {
		k.err = errors.Join(k.err, errFile)
		return
	}
	if k.r != nil {
		*list = make([]string, n[0])
	}
	for i := range *list {
		k.text(&(*list)[i])
	}
}

// columns walks all that a file holds; a reader fills the snapshot, and its index.
func (k *codec) columns(tenantID string, s *snapshot) {
	head, x := []string{form, tenantID, s.entryID}, s.index
	k.texts(&head)
	numbers := []int64{int64(byteOrder), int64(unsafe.Sizeof(row{})), s.seq, int64(x.sorted), int64(len(s.chunks)),
		int64(x.accounts.sorted), int64(len(s.accounts))}
	order := numbers[1]
	plain(k, &numbers)
	if k.err != nil || len(head) != 3 || head[0] != form || head[1] != tenantID || len(numbers) != 7 ||
		numbers[0] != int64(byteOrder) || numbers[1] != order || numbers[4] > 1<<24 || numbers[6] > 1<<24 {
		k.err = errors.Join(k.err, errFile)
		return
	}
	texts, pairs := s.text, s.pairs
	k.texts(&texts)
	k.texts(&pairs)
	accounts, of := x.accountsWere()
	k.texts(&accounts)
	plain(k, &of)
	if k.r != nil {
		s.entryID, s.seq, x.sorted = head[2], numbers[2], int(numbers[3])
		x.numbering = numbering{newDictionary(texts...), newDictionary(pairs...)}
		for n := range min(len(accounts), len(of)) {
			x.formerly[accounts[n]] = append(x.formerly[accounts[n]], of[n])
		}
		x.accounts.sorted = int(numbers[5])
		s.chunks, s.accounts = empty[chunk](numbers[4]), empty[accountChunk](numbers[6])
	}
	for _, c := range s.chunks {
		k.chunk(c)
	}
	for _, c := range s.accounts {
		k.accounts(c)
	}
	if k.r != nil && k.err == nil {
		found(&x.places, s.chunks)
		found(&x.accounts, s.accounts)
	}
}

// empty makes chunks to read into.
func empty[C any](n int64) []*C {
	out := make([]*C, n)
	for i := range out {
		out[i] = new(C)
	}
	return out
}

func (k *codec) accounts(c *accountChunk) {
	plain(k, &c.id)
	col(k, &c.owner)
	col(k, &c.region)
	col(k, &c.industry)
	col(k, &c.class)
	col(k, &c.parent)
	col(k, &c.created)
	col(k, &c.deleted)
	col(k, &c.owned)
	lists(k, &c.name)
	k.own(&c.own)
}

func (k *codec) chunk(c *chunk) {
	plain(k, &c.id)
	col(k, &c.pipeline)
	col(k, &c.stage)
	col(k, &c.state)
	col(k, &c.tax)
	col(k, &c.deleted)
	col(k, &c.promised)
	col(k, &c.provisional)
	col(k, &c.created)
	col(k, &c.closed)
	col(k, &c.expected)
	col(k, &c.entered)
	col(k, &c.stayed)
	col(k, &c.clock)
	col(k, &c.contact)
	col(k, &c.waiting)
	col(k, &c.amount)
	col(k, &c.contract)
	col(k, &c.confidence)
	col(k, &c.currency)
	col(k, &c.owner)
	col(k, &c.team)
	col(k, &c.region)
	col(k, &c.source)
	col(k, &c.industry)
	col(k, &c.class)
	col(k, &c.lossKind)
	col(k, &c.competitor)
	col(k, &c.account)
	lists(k, &c.stays)
	lists(k, &c.amounts)
	lists(k, &c.values)
	lists(k, &c.closings)
	lists(k, &c.credits)
	lists(k, &c.lines)
	lists(k, &c.earlier)
	lists(k, &c.crew)
	lists(k, &c.rivals)
	lists(k, &c.name)
	k.own(&c.own)
	if k.r != nil {
		c.span()
	}
}

func col[T comparable](k *codec, c *column[T]) {
	plain(k, &c.values)
	plain(k, &c.narrow)
	plain(k, &c.wide)
}

func lists[T any](k *codec, r *ragged[T]) {
	plain(k, &r.ends)
	plain(k, &r.far)
	plain(k, &r.items)
}

// Broken tells whether the file of a company's columns is one that was written whole and is
// so no more. None, and one of another form, are not: they are passed over.
func Broken(dir, tenantID string) (bool, error) {
	f, err := os.Open((&Engine{Dir: dir}).path(tenantID))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	k, s := newReader(f, info.Size()), &snapshot{index: newIndex(newNumbering())}
	var head []string
	k.texts(&head)
	if k.err == nil && len(head) > 0 && head[0] != form {
		return false, nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	k = newReader(f, info.Size())
	k.columns(tenantID, s)
	want, sum := k.sum.Sum32(), []uint32(nil)
	plain(k, &sum)
	return k.err != nil || len(sum) != 1 || sum[0] != want, nil
}
