-- What is sold. Prices are in cents.
CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price >= 0)
) STRICT;

INSERT INTO products (name, price) VALUES ('Teapot', 2950), ('Cup', 690), ('Oolong; 100 g', 1280);

-- syncline: down
DROP TABLE products;
