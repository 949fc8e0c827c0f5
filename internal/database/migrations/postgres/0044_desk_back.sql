-- +goose Up
-- A decision on a line that was taken back: back_of is the one it takes back.
ALTER TABLE desk_mark ADD COLUMN back_of text COLLATE "C";
CREATE UNIQUE INDEX desk_mark_back ON desk_mark (tenant_id, back_of);
