-- +goose Up
-- What a company and each of its members have attached is added up before every file that is
-- taken, and when one is removed its bytes stay while another has the same.
CREATE INDEX file_of_member ON file (tenant_id, created_by, size);
CREATE INDEX file_hash ON file (tenant_id, hash);
