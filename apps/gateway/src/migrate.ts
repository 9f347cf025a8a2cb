// Every service has this program; the gateway keeps nothing in a database (sessions are sealed into the browser's cookie), so there is nothing to migrate.
process.stdout.write('gateway: keeps no data, nothing to migrate\n');
