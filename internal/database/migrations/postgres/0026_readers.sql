-- +goose Up
-- How far whatever follows the journal is in a company's: the last entry applied, by number and id,
-- moved in the transaction of its effects. turn rises with each change of the row: whoever knows
-- another turn has lost the reader to somebody, and no clock is asked.
CREATE TABLE reader (
  tenant_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  entry_id text COLLATE "C" NOT NULL DEFAULT '',
  holder text COLLATE "C" NOT NULL DEFAULT '',
  turn bigint NOT NULL DEFAULT 0,
  attempts bigint NOT NULL DEFAULT 0,
  failing_seq bigint NOT NULL DEFAULT 0,
  failing_since text COLLATE "C",
  error text COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
