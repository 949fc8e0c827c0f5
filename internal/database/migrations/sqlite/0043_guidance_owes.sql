-- +goose Up
-- Advice that was given to whoever had the record goes along with it: its owner of today says what became of it.
ALTER TABLE guidance ADD COLUMN owner_owes boolean NOT NULL DEFAULT false;
