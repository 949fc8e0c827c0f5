-- +goose Up
-- More words are read as they are said (标的 biaodi, 南京市长江 without a 市长): readings are looked up again.
UPDATE member SET spelled = NULL;
UPDATE account SET spelled = NULL;
UPDATE contact SET spelled = NULL;
UPDATE opportunity SET spelled = NULL;
