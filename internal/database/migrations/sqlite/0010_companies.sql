-- +goose Up
-- Several companies in one installation. A sign-in name is one company's: another company may
-- have the same one, and who signs in says which is meant.
CREATE TABLE login_10 (
  name text NOT NULL,
  tenant_id text NOT NULL,
  member_id text NOT NULL,
  PRIMARY KEY (name, tenant_id)
);
INSERT INTO login_10 (name, tenant_id, member_id) SELECT name, tenant_id, member_id FROM login;
DROP TABLE login;
ALTER TABLE login_10 RENAME TO login;

-- A company that closes: nobody signs in, and its journal takes no entry, so that what is
-- exported, and deleted after, stays what it is.
ALTER TABLE tenant ADD COLUMN closing_at text;
ALTER TABLE journal_counter ADD COLUMN closing_at text;

-- A company that was deleted, by its id alone. Where rows of it are left, deleting was cut short
-- and goes on; where a backup made before comes back, it is deleted again. cleared_at is when what
-- was deleted was gone from the pages of the file too.
CREATE TABLE deleted_company (
  id text NOT NULL PRIMARY KEY,
  deleted_at text NOT NULL,
  cleared_at text
);
