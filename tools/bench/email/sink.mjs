// A real SMTP server in a process of its own that reads every mail and keeps none; tells its port, and how many it took, to its parent.
import { SMTPServer } from 'smtp-server';

let taken = 0;
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  logger: false,
  onData: (stream, _session, done) => {
    stream.resume();
    stream.once('end', () => {
      taken += 1;
      done();
    });
  },
});
server.on('error', () => undefined);
server.listen(0, '127.0.0.1', () => {
  const address = server.server.address();
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port });
});
process.on('message', (word) => {
  if (word === 'count') process.send?.({ taken });
});
process.on('disconnect', () => process.exit(0));
