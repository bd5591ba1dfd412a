-- Unify, first half: which rows of all sources are about one person.
-- Rows belong together when they share an identity that points at one person; the smallest
-- identity of such a group gives its key.
WITH RECURSIVE
person_keys AS (
  SELECT source, _row, value AS person_key
  FROM identities
  WHERE (source IN ('crm', 'orders') AND type = 'customer_id')
     OR (source = 'loyalty' AND type = 'loyalty_id')
),
-- Stands beside two people of one source: an address for two, or a placeholder.
of_several AS (
  SELECT type, value
  FROM identities JOIN person_keys USING (source, _row)
  GROUP BY source, type, value
  HAVING count(DISTINCT person_key) > 1
),
pointing AS (
  SELECT DISTINCT source, _row, type || ':' || value AS node
  FROM identities ANTI JOIN of_several USING (type, value)
  WHERE type IN ('customer_id', 'loyalty_id', 'email')
),
-- Each identity beside the smallest one of its row, both ways.
beside AS (
  SELECT DISTINCT node, first_value(node) OVER (PARTITION BY source, _row ORDER BY node) AS other
  FROM pointing
),
neighbours AS (
  SELECT node, other FROM beside WHERE node <> other
  UNION
  SELECT other, node FROM beside WHERE node <> other
),
grouped(node, smallest) USING KEY (node) AS (
  SELECT DISTINCT node, node FROM pointing
  UNION
  SELECT neighbours.other, min(grouped.smallest)
  FROM grouped
  JOIN neighbours ON neighbours.node = grouped.node
  JOIN recurring.grouped AS reached ON reached.node = neighbours.other
  WHERE grouped.smallest < reached.smallest
  GROUP BY neighbours.other
)
SELECT DISTINCT source, _row, md5(smallest) AS customer_key
FROM pointing JOIN grouped USING (node)
