-- +goose Up
-- Whoever writes down a person is told of one who looks the same: found by number, without what people
-- put between digits, and by e-mail. Names are found among the people of their account.
CREATE INDEX contact_mobile ON contact (tenant_id, replace(replace(replace(replace(replace(mobile, ' ', ''), '-', ''), '(', ''), ')', ''), '+', ''))
  WHERE mobile <> '';
CREATE INDEX contact_phone ON contact (tenant_id, replace(replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', ''), '+', ''))
  WHERE phone <> '';
CREATE INDEX contact_email ON contact (tenant_id, lower(email)) WHERE email <> '';
