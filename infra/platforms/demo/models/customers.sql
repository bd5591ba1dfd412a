-- Unify, second half: one row a person, with what the best source knows.
WITH known AS (
  SELECT
    customer_key,
    list_sort(list(DISTINCT value) FILTER (type = 'customer_id')) AS customer_ids,
    list_sort(list(DISTINCT value) FILTER (type = 'loyalty_id')) AS loyalty_ids,
    list_sort(list(DISTINCT value) FILTER (type = 'email')) AS emails,
    list_sort(list(DISTINCT value) FILTER (type = 'phone')) AS phones,
    list_sort(list(DISTINCT source)) AS sources
  FROM matched JOIN identities USING (source, _row)
  GROUP BY customer_key
),
named AS (
  SELECT
    customer_key,
    arg_min(first_name, customer_id) AS first_name,
    arg_min(last_name, customer_id) AS last_name,
    arg_min(birthday, customer_id) AS birthday,
    arg_min(city, customer_id) AS city
  FROM matched JOIN crm USING (_row)
  WHERE source = 'crm'
  GROUP BY customer_key
),
collecting AS (
  SELECT customer_key, sum(points) AS points, arg_max(tier, points) AS tier
  FROM matched JOIN loyalty USING (_row)
  WHERE source = 'loyalty'
  GROUP BY customer_key
)
SELECT known.*, first_name, last_name, birthday, city, tier, coalesce(points, 0) AS points
FROM known
LEFT JOIN named USING (customer_key)
LEFT JOIN collecting USING (customer_key)
