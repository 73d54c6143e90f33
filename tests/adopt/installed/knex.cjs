// Two migrations of knex, applied: URL, directory.
const [url, home] = process.argv.slice(2);
const fs = require('fs');
fs.mkdirSync(home, { recursive: true });
const text = (sql) => `exports.up = (knex) => knex.raw("${sql}");\nexports.down = () => {};\n`;
fs.writeFileSync(home + '/20260101090000_people.js', text('CREATE TABLE people (id integer)'));
fs.writeFileSync(home + '/20260102090000_add_pets.js', text('CREATE TABLE pets (id integer)'));
const knex = require('knex')({ client: 'pg', connection: url });
knex.migrate.latest({ directory: home }).then(() => knex.destroy());
