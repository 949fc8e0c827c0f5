-- +goose Up
-- The orders lists are asked for. SQLite reads an index either way; PostgreSQL, where
-- what is unknown must come last, needs it in the direction that is asked.
CREATE INDEX opportunity_entered ON opportunity (tenant_id, entered_on, id);
CREATE INDEX opportunity_progress ON opportunity (tenant_id, progress_on, id);
CREATE INDEX opportunity_contact_on ON opportunity (tenant_id, contact_on, id);
CREATE INDEX opportunity_closed ON opportunity (tenant_id, closed_on, id);
DROP INDEX opportunity_closed;
CREATE INDEX opportunity_closed ON opportunity (tenant_id, closed_on DESC NULLS LAST, id DESC);
DROP INDEX opportunity_created;
CREATE INDEX opportunity_created ON opportunity (tenant_id, created_on DESC NULLS LAST, id DESC);
DROP INDEX opportunity_amount;
CREATE INDEX opportunity_amount ON opportunity (tenant_id, amount_minor DESC NULLS LAST, id DESC);
CREATE INDEX opportunity_expected_desc ON opportunity (tenant_id, expected_on DESC NULLS LAST, id DESC);
