-- +goose Up
-- Who looked at an opportunity (已阅), and at what; what was marked with others says nothing of that (bulk). Rows are
-- never changed.
CREATE TABLE guidance_look (
  tenant_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  opportunity_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C" NOT NULL,
  owner_id text COLLATE "C" NOT NULL,
  looked_at text COLLATE "C" NOT NULL,
  facts text COLLATE "C" NOT NULL,
  text text COLLATE "C" NOT NULL,
  bulk boolean NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES member (tenant_id, id)
);
CREATE INDEX guidance_look_on ON guidance_look (tenant_id, opportunity_id, looked_at, id);
CREATE INDEX guidance_look_at ON guidance_look (tenant_id, looked_at, id);
