INSERT INTO people VALUES (${one});
