-- +goose Up
-- Who looks for room lists a company's files by their size.
CREATE INDEX file_by_size ON file (tenant_id, size, id);
