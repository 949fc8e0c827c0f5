-- +goose Up
-- Lists are ordered by the business date of creation, which an import keeps, not by
-- the instant a row was written.
DROP INDEX opportunity_created;
CREATE INDEX opportunity_created ON opportunity (tenant_id, created_on, id);
