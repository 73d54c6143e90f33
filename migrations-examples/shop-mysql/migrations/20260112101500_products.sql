CREATE TABLE products (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    name varchar(100) NOT NULL,
    price integer NOT NULL CHECK (price >= 0)
);

INSERT INTO products (name, price) VALUES ('Teapot', 2950), ('Cup', 690), ('Oolong; 100 g', 1280);

-- syncline: down
DROP TABLE products;
