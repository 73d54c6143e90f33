INSERT INTO atlas_schema_revisions VALUES('20260102090000','pets',2,1,1,'2026-12-01 01:38:04.086590587+00:00',213019,'','','2ei0MQKyoW4e5PHwNs7ZWtfZY7DXNGwfeqGtm1yimno=',X'6e756c6c','Atlas CLI - development');
INSERT INTO atlas_schema_revisions VALUES('20260103090000','toys',2,1,1,'2026-12-01 01:38:04.0970157+00:00',265177,'','','+vVYZjvgwyk0B1sjQ75YeMaaBdzJX+rN3XJ5QXBYYUg=',X'6e756c6c','Atlas CLI - development');
CREATE TABLE pets (id integer);
CREATE TABLE toys (id integer);
