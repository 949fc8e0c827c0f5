-- +goose Up
-- Who has left an account is read from its end of employment: few of its people are among them.
CREATE INDEX employment_left ON employment (tenant_id, account_id, to_on, id) WHERE to_on IS NOT NULL;
