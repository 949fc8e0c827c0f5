package httpapi

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Given is a query parameter of which 0 asks something else than nothing does.
type Given[T any] struct {
	Value T
	Is    bool // it stands in the address
}

// Schema is that of the value.
func (g Given[T]) Schema(r huma.Registry) *huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeFor[T]())
}

// Receiver is where the value is put.
func (g *Given[T]) Receiver() reflect.Value { return reflect.ValueOf(g).Elem().Field(0) }

// OnParamSet keeps whether there was one.
func (g *Given[T]) OnParamSet(set bool, _ any) { g.Is = set }

// Pointer is nil where nothing was asked.
func (g Given[T]) Pointer() *T {
	if !g.Is {
		return nil
	}
	return &g.Value
}
