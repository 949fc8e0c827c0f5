-- +goose Up
-- The question a line was asked about with: its decision holds until there is an answer.
ALTER TABLE desk_mark ADD COLUMN note_id text COLLATE "C";
