// The migrations of a directory, applied by Drizzle: URL, directory.
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
const [connectionString, migrationsFolder] = process.argv.slice(2);
const client = new pg.Client({ connectionString });
await client.connect();
await migrate(drizzle(client), { migrationsFolder });
await client.end();
