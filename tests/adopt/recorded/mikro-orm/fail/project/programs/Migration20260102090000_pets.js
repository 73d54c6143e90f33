import { Migration } from '@mikro-orm/migrations';
export class Migration20260102090000_pets extends Migration {
  up() { this.addSql('create table "pets" ("id" int primary key);'); this.addSql('insert into nowhere values (1);'); }
  down() { this.addSql('drop table "pets";'); }
}
