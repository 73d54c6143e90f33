-- Repeatable: runs again whenever this text changes.
DROP VIEW IF EXISTS order_totals;
CREATE VIEW order_totals AS
SELECT customers.name, count(orders.id) AS orders, coalesce(sum(orders.total), 0) AS total
FROM customers
LEFT JOIN orders ON orders.customer_id = customers.id
GROUP BY customers.id;
