-- +goose Up
-- From which message on somebody takes part in a thread: who joins just after one was said is not told of that one,
-- however late the reader of notices comes by.
ALTER TABLE thread_mark ADD COLUMN joined_n bigint NOT NULL DEFAULT 0;
