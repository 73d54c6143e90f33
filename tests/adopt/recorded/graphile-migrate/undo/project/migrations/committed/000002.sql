--! Previous: sha1:2bebbbed6eb2e5a2e86b1866e8b65b8fdb6f5cc6
--! Hash: sha1:5f1ce599fb92d1180f3e2338f54a7a24be24ab73

CREATE TABLE pets (id integer);
