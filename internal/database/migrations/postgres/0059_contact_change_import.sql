-- +goose Up
-- What an import of a list of people proposed is listed with that import and goes with it: batch_id names it. It is no
-- reference, because imports are deleted after a while and what they proposed stays.
ALTER TABLE contact_change ADD COLUMN batch_id text COLLATE "C";
CREATE INDEX contact_change_batch ON contact_change (tenant_id, batch_id, id) WHERE batch_id IS NOT NULL;
