-- Frozen when the campaign began.
SELECT customer_key, emails[1] AS email, city
FROM engagement JOIN customers USING (customer_key)
WHERE orders >= 2
