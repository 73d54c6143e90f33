// The SQL migrations of a directory, applied by node-pg-migrate: URL, directory.
import { runner } from 'node-pg-migrate';
const [databaseUrl, dir] = process.argv.slice(2);
await runner({ databaseUrl, dir, direction: 'up', migrationsTable: 'pgmigrations', log: () => {} });
