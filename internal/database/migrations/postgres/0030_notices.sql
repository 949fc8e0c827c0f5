-- +goose Up
-- What somebody is told: one row for an entry of the journal and a member, written by the reader of notices, so
-- that the same entry tells nobody twice. It holds no words: what it says is read with the reader's scope.
CREATE TABLE notice (
  tenant_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  about_kind text COLLATE "C" NOT NULL,
  about_id text COLLATE "C" NOT NULL,
  actor_id text COLLATE "C",
  told_at text COLLATE "C" NOT NULL,
  read_at text COLLATE "C",
  PRIMARY KEY (tenant_id, member_id, seq),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX notice_told ON notice (tenant_id, seq);
CREATE INDEX notice_unread ON notice (tenant_id, member_id, seq) WHERE read_at IS NULL;
