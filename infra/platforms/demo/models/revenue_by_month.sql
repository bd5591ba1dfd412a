SELECT date_trunc('month', ordered_at) AS month, currency, count(*) AS orders, sum(amount) AS revenue
FROM orders
GROUP BY ALL
