exports.people1767258000000 = class {
  name = 'people1767258000000';
  async up(q) { await q.query('CREATE TABLE people (id integer)'); }
  async down(q) { await q.query('DROP TABLE people'); }
};
