import { listeningInodes } from './port-holder.mjs';
import { neededPorts, stackPorts } from './ports.mjs';

describe('ports of a stack', () => {
  it('are all different, also after a move', () => {
    for (const offset of [0, 1, 100, 1000]) {
      const numbers = Object.values(stackPorts(offset));
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  it('are not asked for what somebody else runs', () => {
    const names = (choice: Parameters<typeof neededPorts>[1]) => neededPorts(stackPorts(), choice).map(([name]) => name);
    expect(names({ mode: 'sandbox', ownDatabase: true, ownKafka: true })).toHaveLength(15);
    expect(names({ mode: 'production', ownDatabase: false, ownKafka: false })).toHaveLength(10);
  });
});

describe('listeningInodes', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0`;

  it('finds the listener on a port, not its connections and not its neighbours', () => {
    expect(listeningInodes(table, 8080)).toEqual(['4711']);
    expect(listeningInodes(table, 8082)).toEqual([]);
  });
});
