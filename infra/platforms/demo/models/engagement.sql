-- How close each customer is to the shop; the third level, which segments read.
SELECT
  customer_key,
  any_value(orders) AS orders,
  any_value(revenue) AS revenue,
  count(activities.activity) AS activities,
  max(happened_at) AS last_active_at,
  CASE
    WHEN any_value(orders) >= 3 AND count(activities.activity) >= 6 THEN 'close'
    WHEN any_value(orders) >= 1 THEN 'customer'
    ELSE 'visitor'
  END AS relation
FROM customer_value LEFT JOIN activities USING (customer_key)
GROUP BY customer_key
