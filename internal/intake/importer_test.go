package intake

import (
	"slices"
	"testing"
)

// kindsOnly is an importer that only has kinds.
type kindsOnly []Kind

func (k kindsOnly) Kinds() []Kind          { return k }
func (kindsOnly) Begin(*Run) (Part, error) { return nil, nil }

// TestKindsAreReadAfterThoseTheyName: whatever the order they are wired in, which decides where
// they do not name one another.
func TestKindsAreReadAfterThoseTheyName(t *testing.T) {
	s := &Service{Importers: []Importer{
		kindsOnly{{Name: "visit", After: []string{"site", "person"}, Undo: &Undo{}}},
		kindsOnly{{Name: "person", After: []string{"site"}}, {Name: "site", Undo: &Undo{}}},
		kindsOnly{},
	}}
	var got []string
	for _, k := range s.inOrder() {
		got = append(got, k.Name)
	}
	if want := []string{"site", "person", "visit"}; !slices.Equal(got, want) {
		t.Errorf("read as %v, want %v", got, want)
	}
	if got, want := s.recordKinds(), []string{"site", "visit"}; !slices.Equal(got, want) {
		t.Errorf("an undo takes back %v, want %v", got, want)
	}
	for name, i := range map[string]kindsOnly{"each other": {{Name: "a", After: []string{"b"}}, {Name: "b", After: []string{"a"}}},
		"nobody": {{Name: "a", After: []string{"b"}}}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("kinds that wait for %s are taken for an order", name)
				}
			}()
			(&Service{Importers: []Importer{i}}).inOrder()
		}()
	}
}
