-- atlas:delimiter \n\n\n

CREATE TABLE pets (id integer, n integer);


CREATE TRIGGER count_pets AFTER INSERT ON people BEGIN
  INSERT INTO pets VALUES (new.id, 1);
  INSERT INTO pets VALUES (new.id, 2);
END;
