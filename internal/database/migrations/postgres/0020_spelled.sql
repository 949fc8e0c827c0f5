-- +goose Up
-- Names are found by every plausible reading, and without their accents. NULL is a name that an older
-- program wrote down: its readings are looked up once, before anybody is served, and the indexes are of those alone.
ALTER TABLE member ADD COLUMN spelled text COLLATE "C";
ALTER TABLE account ADD COLUMN spelled text COLLATE "C";
ALTER TABLE contact ADD COLUMN spelled text COLLATE "C";
ALTER TABLE opportunity ADD COLUMN spelled text COLLATE "C";
CREATE INDEX member_unspelt ON member (tenant_id, id) WHERE spelled IS NULL;
CREATE INDEX account_unspelt ON account (tenant_id, id) WHERE spelled IS NULL;
CREATE INDEX contact_unspelt ON contact (tenant_id, id) WHERE spelled IS NULL;
CREATE INDEX opportunity_unspelt ON opportunity (tenant_id, id) WHERE spelled IS NULL;
