exports.up = (k) => k.schema.createTable('people', (t) => { t.integer('id'); });
exports.down = (k) => k.schema.dropTable('people');
