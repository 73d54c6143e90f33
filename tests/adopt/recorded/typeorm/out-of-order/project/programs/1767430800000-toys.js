exports.toys1767430800000 = class {
  name = 'toys1767430800000';
  async up(q) { await q.query('CREATE TABLE toys (id integer)'); }
  async down(q) { await q.query('DROP TABLE toys'); }
};
