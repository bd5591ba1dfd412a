-- Measure: what each customer has bought. A sum beyond what the column holds is an error.
SELECT
  customers.customer_key,
  count(orders.order_id) AS orders,
  coalesce(sum(orders.amount), 0)::DECIMAL(12,2) AS revenue,
  min(orders.ordered_at) AS first_ordered_at,
  max(orders.ordered_at) AS last_ordered_at
FROM customers
LEFT JOIN matched ON matched.customer_key = customers.customer_key AND matched.source = 'orders'
LEFT JOIN orders ON orders._row = matched._row
GROUP BY customers.customer_key
