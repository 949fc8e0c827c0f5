-- +goose Up
-- Who knows a product well enough to be asked about it, and since when. A row ends when somebody says so; that a member
-- who has left is no expert any more follows from his leaving. No row is changed but by its end.
CREATE TABLE product_expert (
  tenant_id text NOT NULL,
  product_line_id text NOT NULL,
  member_id text NOT NULL,
  from_on text NOT NULL,
  to_on text,
  PRIMARY KEY (tenant_id, product_line_id, member_id, from_on),
  FOREIGN KEY (tenant_id, product_line_id) REFERENCES product_line (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id)
);
CREATE UNIQUE INDEX product_expert_now ON product_expert (tenant_id, product_line_id, member_id) WHERE to_on IS NULL;
CREATE INDEX product_expert_member ON product_expert (tenant_id, member_id);
