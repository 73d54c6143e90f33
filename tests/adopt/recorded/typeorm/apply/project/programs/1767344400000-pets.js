exports.pets1767344400000 = class {
  name = 'pets1767344400000';
  async up(q) { await q.query('CREATE TABLE pets (id integer)'); }
  async down(q) { await q.query('DROP TABLE pets'); }
};
