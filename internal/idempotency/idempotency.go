// Package idempotency answers a request that is sent twice, under one Idempotency-Key,
// with the first one's answer: a phone that lost the answer may send again.
package idempotency

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/record"
)

// wait is how long the second waits for the first's answer; seconds is when it may ask again.
const (
	wait    = 10 * time.Second
	seconds = 5
)

// Rows is what the package needs of its table.
type Rows interface {
	Remembered(ctx context.Context, tx database.Tx, by journal.By, key string) (hash, response string, err error)
	Remember(ctx context.Context, tx database.Tx, by journal.By, key, hash, response string) error
	// Forget takes back the answers that name an id, Purge those given before an instant.
	Forget(ctx context.Context, tx database.Tx, tenant, id string) error
	Purge(ctx context.Context, tx database.Tx, tenant string, before time.Time) error
}

// Keys remembers the answers given.
type Keys struct {
	DB   *database.DB
	Rows Rows
	Wait time.Duration // 0 is ten seconds
}

// kept is how long an answer is kept for a second try.
const kept = 48 * time.Hour

// Forget takes back the answers that name an id, in the write that erases what it names.
func (k *Keys) Forget(ctx context.Context, tx database.Tx, tenant, id string) error {
	return k.Rows.Forget(ctx, tx, tenant, id)
}

// Purge takes back a company's answers that nobody asks for any more.
func (k *Keys) Purge(ctx context.Context, tenant string, now time.Time) error {
	return k.DB.Write(ctx, func(tx database.Tx) error { return k.Rows.Purge(ctx, tx, tenant, now.Add(-kept)) })
}

// Hash tells requests apart; body is a struct of ours.
func Hash(id string, body any) string {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err) // our own struct
	}
	sum := sha256.Sum256(append([]byte(id), raw...))
	return hex.EncodeToString(sum[:])
}

// Made is Once for what makes something under an id its sender chose: sent again with the same
// content it is answered with what was made, with other content it is a conflict. said is the
// content, without secrets; records of two kinds may have the same id. Without an id it only
// writes. Fault: record.id_taken.
func Made[T any](ctx context.Context, k *Keys, by journal.By, id string, said any, fn func(database.Tx) (T, error)) (T, error) {
	if id == "" {
		return database.Write(ctx, k.DB, fn)
	}
	out, err := Once(ctx, k, by, fmt.Sprintf("made %T %s", said, id), Hash(id, said), fn)
	if fault.CodeOf(err) == "request.key_reused" {
		err = record.ErrIDTaken
	}
	return out, err
}

// Once writes with fn, once for a member's key, and answers what the first run answered. While
// the first is on its way the second waits, ten seconds at most; where the first failed, the second
// runs. Without a key it only writes. Faults: request.key_reused, request.in_progress.
func Once[T any](ctx context.Context, k *Keys, by journal.By, key, hash string, fn func(database.Tx) (T, error)) (T, error) {
	if key == "" {
		return database.Write(ctx, k.DB, fn)
	}
	limit := k.Wait
	if limit == 0 {
		limit = wait
	}
	// SQLite's writer takes one after another: waiting for the first is waiting for one's turn.
	waiting, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, err := database.Write(waiting, k.DB, func(tx database.Tx) (out T, err error) {
		if err := tx.AloneWithin(ctx, "idempotency "+by.TenantID+" "+by.MemberID+" "+key, limit); err != nil {
			return out, err
		}
		seen, response, err := k.Rows.Remembered(ctx, tx, by, key)
		switch {
		case err != nil:
			return out, err
		case seen != "" && seen != hash:
			return out, fault.New(fault.Conflict, "request.key_reused", "this Idempotency-Key was used for another request")
		case seen != "":
			return out, json.Unmarshal([]byte(response), &out)
		}
		if out, err = fn(tx); err != nil {
			return out, err
		}
		answer, err := json.Marshal(out)
		if err != nil {
			return out, err
		}
		return out, k.Rows.Remember(ctx, tx, by, key, hash, string(answer))
	})
	late := errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, database.ErrTooLong) && ctx.Err() == nil
	if errors.Is(err, database.ErrBusy) || late {
		return out, fault.New(fault.Conflict, "request.in_progress", "the same request is still being worked on; ask again").After(seconds)
	}
	return out, err
}
