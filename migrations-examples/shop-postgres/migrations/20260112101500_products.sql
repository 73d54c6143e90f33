CREATE TABLE products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    price integer NOT NULL CHECK (price >= 0)
);

-- Inline data of COPY, as pg_dump writes it.
COPY products (name, price) FROM stdin;
Teapot	2950
Cup	690
Oolong; 100 g	1280
\.

-- syncline: down
DROP TABLE products;
