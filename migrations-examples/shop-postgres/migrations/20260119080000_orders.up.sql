CREATE TYPE order_state AS ENUM ('open', 'paid', 'sent');

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    state order_state NOT NULL DEFAULT 'open',
    total integer NOT NULL DEFAULT 0
);

CREATE TABLE order_lines (
    order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products,
    quantity integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, product_id)
);

-- A body with semicolons of its own.
CREATE FUNCTION add_to_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders
    SET total = total + NEW.quantity * (SELECT price FROM products WHERE id = NEW.product_id)
    WHERE id = NEW.order_id;
    RETURN NEW;
END;
$$;

CREATE TRIGGER order_total AFTER INSERT ON order_lines FOR EACH ROW EXECUTE FUNCTION add_to_total();
