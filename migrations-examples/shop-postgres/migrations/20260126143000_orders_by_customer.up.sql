-- Built without keeping writers out, which PostgreSQL does only outside a transaction.
-- syncline: no-transaction
CREATE INDEX CONCURRENTLY orders_by_customer ON orders (customer_id);
