DROP TABLE order_lines;
DROP TABLE orders;
DROP FUNCTION add_to_total;
DROP TYPE order_state;
