-- +goose Up
-- What failed or was refused is a company's that is there, and goes with it; rows of companies that
-- are gone go now. It says at which route, too. Each way the trail is asked has its order.
CREATE TABLE failed_act_12 (
  tenant_id text NOT NULL,
  id text NOT NULL,
  hour text NOT NULL,
  kind text NOT NULL,
  member_id text NOT NULL,
  route text NOT NULL,
  address text NOT NULL,
  times bigint NOT NULL,
  first_at text NOT NULL,
  last_at text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
INSERT INTO failed_act_12 (tenant_id, id, hour, kind, member_id, route, address, times, first_at, last_at)
  SELECT tenant_id, id, hour, kind, member_id, '', address, times, first_at, last_at FROM failed_act
  WHERE tenant_id IN (SELECT id FROM tenant);

-- What concerns no company: names nobody has, and who is refused before anybody knows who he is.
CREATE TABLE stranger_act (
  id text NOT NULL PRIMARY KEY,
  hour text NOT NULL,
  kind text NOT NULL,
  route text NOT NULL,
  address text NOT NULL,
  times bigint NOT NULL,
  first_at text NOT NULL,
  last_at text NOT NULL
);
INSERT INTO stranger_act (id, hour, kind, route, address, times, first_at, last_at)
  SELECT id, hour, kind, '', address, times, first_at, last_at FROM failed_act WHERE tenant_id = '';

DROP TABLE failed_act;
ALTER TABLE failed_act_12 RENAME TO failed_act;
CREATE UNIQUE INDEX failed_act_counted ON failed_act (tenant_id, hour, kind, member_id, route, address);
CREATE INDEX failed_act_time ON failed_act (tenant_id, first_at, id);
CREATE INDEX failed_act_kind ON failed_act (tenant_id, kind, first_at, id);
CREATE INDEX failed_act_member ON failed_act (tenant_id, member_id, first_at, id);
CREATE INDEX failed_act_address ON failed_act (tenant_id, address, first_at, id);
CREATE UNIQUE INDEX stranger_act_counted ON stranger_act (hour, kind, route, address);
CREATE INDEX stranger_act_time ON stranger_act (first_at, id);
CREATE INDEX stranger_act_kind ON stranger_act (kind, first_at, id);
CREATE INDEX stranger_act_address ON stranger_act (address, first_at, id);

-- From where a session was opened, and by what.
ALTER TABLE session ADD COLUMN address text NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN way text NOT NULL DEFAULT '';
