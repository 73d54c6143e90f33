import { Migration } from '@mikro-orm/migrations';
export class Migration20260101090000_people extends Migration {
  up() { this.addSql('create table "people" ("id" int primary key);');  }
  down() { this.addSql('drop table "people";'); }
}
