exports.up = (k) => k.schema.createTable('pets', (t) => { t.integer('id'); });
exports.down = (k) => k.schema.dropTable('pets');
