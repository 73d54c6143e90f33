exports.up = (k) => k.schema.createTable('pets', (t) => { t.integer('id'); }).then(() => k.raw('INSERT INTO nowhere VALUES (1)'));
exports.down = (k) => k.schema.dropTable('pets');
