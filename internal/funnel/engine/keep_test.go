package engine

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// TestColumnsAreReadFromAFileAsTheyWere walks everything a row holds, and what the
// snapshots of a load have in common.
func TestColumnsAreReadFromAFileAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := newIndex(newNumbering())
		x.texts.of("CNY")
		x.sorted, x.accounts.sorted = 3*chunkSize, 3*chunkSize // chunks are not full here, as they would be
		x.formerly["another account"] = []uuid.UUID{uuid.MustParse(anID)}
		s := &snapshot{index: x, seq: 7, entryID: "e"}
		for range rapid.IntRange(0, 3).Draw(t, "chunks") {
			var rows []row
			for range rapid.IntRange(1, 5).Draw(t, "rows") {
				r := row{id: uuid.New(), amount: rapid.Int64().Draw(t, "amount"), owner: rapid.Int32Range(0, 9).Draw(t, "owner"), account: rapid.Int32Range(-1, 9).Draw(t, "account"),
					lines: []line{{5, 1}}, crew: []symbol{3}, rivals: []symbol{4}, name: []byte("商机"),
					own: []ownValue{{6, rapid.Int64Min(-9).Draw(t, "own")}, {8, 1}}[:rapid.IntRange(0, 2).Draw(t, "held")]}
				r.assemble(drawFacts(t), allKnown)
				rows = append(rows, r)
			}
			s.chunks = append(s.chunks, newChunk(rows))
			s.accounts = append(s.accounts, newAccountChunk([]accountRow{{id: uuid.New(), owner: 1, region: 2, industry: 3, class: 4,
				parent: uuid.New(), created: rapid.Int64().Draw(t, "made"), deleted: true, owned: true, name: []byte("客户"), own: []ownValue{{6, 2}}}}))
		}
		(&tenant{}).publish(s)
		var file bytes.Buffer
		k := newWriter(&file)
		k.columns("t", s)
		if k.err = errors.Join(k.err, k.w.Flush()); k.err != nil {
			t.Fatal(k.err)
		}
		again := &snapshot{index: newIndex(newNumbering())}
		k = newReader(&file, int64(file.Len()))
		if k.columns("t", again); k.err != nil {
			t.Fatal(k.err)
		}
		if len(again.chunks) != len(s.chunks) || len(again.accounts) != len(s.accounts) || fmt.Sprint(again.index.formerly) != fmt.Sprint(x.formerly) {
			t.Fatalf("%d chunks of %d, accounts %v", len(again.chunks), len(s.chunks), again.index.formerly)
		}
		for n, c := range s.accounts {
			if got, want := fmt.Sprint(again.accounts[n].row(0)), fmt.Sprint(c.row(0)); got != want {
				t.Fatalf("%s\nwant %s", got, want)
			}
		}
		for n, c := range s.chunks {
			o := again.chunks[n]
			if o.last != c.last || o.ahead != c.ahead {
				t.Fatalf("last %d %v, want %d %v", o.last, o.ahead, c.last, c.ahead)
			}
			for i := range c.id {
				if got, want := fmt.Sprint(o.row(i)), fmt.Sprint(c.row(i)); got != want {
					t.Fatalf("%s\nwant %s", got, want)
				}
			}
		}
	})
}
