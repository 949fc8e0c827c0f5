package demo

import (
	"context"
	"yunchou/internal/app"
)

type SignIn struct{ Role, Login, Password, Name string }

func Make(ctx context.Context, a *app.App, seed uint64, locale string) ([]SignIn, error) {
	return nil, nil
}
