-- Switched off; its table is still there.
SELECT customer_key, emails, first_name
FROM customers
WHERE len(emails) > 0 AND tier IS NOT NULL
