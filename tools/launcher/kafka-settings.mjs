/** The settings of a single broker that is its own controller (KRaft).
 * @param {{ folder: string, port: number, controllerPort: number, bind?: string }} options
 * @returns {Record<string, string | number | boolean>} */
export const kafkaSettings = ({ folder, port, controllerPort, bind = '127.0.0.1' }) => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
  'listeners': `PLAINTEXT://${bind}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'log.dirs': folder,
  // Topics are code (infra/kafka/topics.json); a misspelt name must not make one.
  'auto.create.topics.enable': false,
  // Domain topics keep everything: a rebuild is a promise.
  'log.retention.ms': -1,
  'log.retention.bytes': -1,
  'log.segment.bytes': 128 * 1024 * 1024,
  'log.index.size.max.bytes': 1024 * 1024,
  // One node, quick to start, small.
  'group.initial.rebalance.delay.ms': 0,
  // After kill -9 the controller refuses the broker until its old session is over.
  'broker.session.timeout.ms': 6000,
  'broker.heartbeat.interval.ms': 1000,
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
  'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
});

/** As a server.properties file. @param {Record<string, string | number | boolean>} settings */
export const asProperties = (settings) => `${Object.entries(settings).map(([name, value]) => `${name}=${value}`).join('\n')}\n`;
