const { Migration } = require('@mikro-orm/migrations');
exports.Migration20260101090000 = class Migration20260101090000 extends Migration {
  async up() { this.addSql('create table "people" ("id" int primary key);'); }
  async down() { this.addSql('drop table "people";'); }
}
