package app

import (
	"context"

	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/savedview"
)

// naming is what names a company's own fields.
type naming struct {
	views   *savedview.Service
	imports *intake.Service
}

// Naming implements field.Named.
func (n naming) Naming(ctx context.Context, tx database.Tx, tenant string, f field.Field) (out field.Names, err error) {
	if out.Views, out.Groupings, err = n.views.Naming(ctx, tx, tenant, f.Record, f.Key); err != nil {
		return out, err
	}
	out.ImportedBy, err = n.imports.Naming(ctx, tx, tenant, f.Record, f.Key)
	return out, err
}
