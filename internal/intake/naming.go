package intake

import (
	"context"

	"yunchou/internal/database"
)

// Naming counts the imports that were written, and the kept mappings, that fill an own field of a record kind.
func (s *Service) Naming(ctx context.Context, tx database.Tx, tenant, record, key string) (n int, err error) {
	list, err := s.Rows.MappingsWith(ctx, tx, tenant, "custom."+key)
	kinds := s.kinds()
	for _, body := range list {
		m, err := ParseMapping([]byte(body))
		if err != nil {
			continue // of a version that wrote otherwise
		}
		for _, f := range m.Files {
			k, ok := kindNamed(kinds, f.Kind)
			if _, fills := f.Columns["custom."+key]; fills && ok && k.record() == record {
				n++
				break
			}
		}
	}
	return n, err
}
