DROP TRIGGER order_total;
DROP TABLE order_lines;
DROP TABLE orders;
