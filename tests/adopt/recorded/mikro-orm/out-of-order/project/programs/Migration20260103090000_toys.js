import { Migration } from '@mikro-orm/migrations';
export class Migration20260103090000_toys extends Migration {
  up() { this.addSql('create table "toys" ("id" int primary key);');  }
  down() { this.addSql('drop table "toys";'); }
}
