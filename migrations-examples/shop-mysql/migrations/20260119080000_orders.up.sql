CREATE TABLE orders (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    customer_id bigint NOT NULL,
    state enum ('open', 'paid', 'sent') NOT NULL DEFAULT 'open',
    total integer NOT NULL DEFAULT 0,
    FOREIGN KEY (customer_id) REFERENCES customers (id)
);

CREATE TABLE order_lines (
    order_id bigint NOT NULL,
    product_id bigint NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, product_id),
    FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    FOREIGN KEY (product_id) REFERENCES products (id)
);

-- A body with semicolons of its own. The client mysql would need DELIMITER here, and syncline understands that, too.
CREATE TRIGGER order_total AFTER INSERT ON order_lines FOR EACH ROW
BEGIN
    DECLARE price integer;
    SELECT products.price INTO price FROM products WHERE id = NEW.product_id;
    UPDATE orders SET total = total + NEW.quantity * price WHERE id = NEW.order_id;
END;
