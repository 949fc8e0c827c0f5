package main

import (
	"context"
	"io"
)

func serve(context.Context, []string, io.Writer) error   { return nil }
func runDemo(context.Context, []string, io.Writer) error { return nil }
