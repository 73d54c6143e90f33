const { Migration } = require('@mikro-orm/migrations');
exports.Migration20260102090000 = class Migration20260102090000 extends Migration {
  async up() { this.addSql('create table "pets" ("id" int primary key);'); }
  async down() { this.addSql('drop table "pets";'); }
}
