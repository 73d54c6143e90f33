-- Repeatable: runs again whenever this text changes.
CREATE OR REPLACE VIEW order_totals AS
SELECT customers.name, COUNT(orders.id) AS orders, COALESCE(SUM(orders.total), 0) AS total
FROM customers LEFT JOIN orders ON orders.customer_id = customers.id
GROUP BY customers.id, customers.name;
