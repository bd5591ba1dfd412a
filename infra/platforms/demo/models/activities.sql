-- Activities: what each customer did, and when.
SELECT customer_key, 'ordered' AS activity, ordered_at AS happened_at, order_id AS detail
FROM matched JOIN orders USING (_row)
WHERE source = 'orders'
UNION ALL
SELECT customer_key, kind, occurred_at, page
FROM matched JOIN web_events USING (_row)
WHERE source = 'web_events'
UNION ALL
SELECT customer_key, 'joinedLoyalty', joined_on, tier
FROM matched JOIN loyalty USING (_row)
WHERE source = 'loyalty'
