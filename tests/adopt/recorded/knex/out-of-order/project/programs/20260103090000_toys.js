exports.up = (k) => k.schema.createTable('toys', (t) => { t.integer('id'); });
exports.down = (k) => k.schema.dropTable('toys');
