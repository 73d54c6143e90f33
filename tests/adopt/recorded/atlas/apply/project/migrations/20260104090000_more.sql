-- atlas:delimiter -- end

INSERT INTO toys VALUES (2);
-- end
INSERT INTO people VALUES (1);
-- end
