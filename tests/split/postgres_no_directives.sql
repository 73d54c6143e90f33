SELECT '
-- syncline: no-transaction
', $$
-- syncline: nonsense
$$, "
-- syncline: down
"; /*
-- syncline: empty
*/
COPY t FROM STDIN;
-- syncline: nonsense
\.
-- see syncline: the manual
-- syncline runs this file at night
