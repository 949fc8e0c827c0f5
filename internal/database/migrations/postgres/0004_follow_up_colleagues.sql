-- +goose Up
-- Who of us took part in a follow-up, beside whoever wrote it down.
CREATE TABLE follow_up_colleague (
  tenant_id text COLLATE "C" NOT NULL,
  follow_up_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, follow_up_id, member_id),
  FOREIGN KEY (tenant_id, follow_up_id) REFERENCES follow_up (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
