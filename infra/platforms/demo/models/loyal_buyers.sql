SELECT customer_key, emails[1] AS email, revenue
FROM engagement JOIN customers USING (customer_key)
WHERE relation = 'close'
