COPY t FROM '/srv/stdin.csv';
COPY t FROM PROGRAM 'cat stdin';
COPY t TO '/srv/t.csv' WITH (FORMAT csv);
COPY (SELECT a FROM stdin) TO STDOUT;
COPY t TO stdout;
COPY t FROM STDIN
