/** @typedef {{ committed: number, effects: number, lost: number, repeated: number, disordered: number, foreign: number, parked: number, echoes: number, echoesLost: number, echoesDisordered: number, repeatsInKafka: number }} Findings */

/**
 * Compares what was committed with what had effect and what was published on: counts, order per key, repeats.
 * @param {import('./counting-stack.mjs').CountingStack} stack @param {Map<string, number>} lasts the last tick of each key
 * @returns {Promise<Findings>}
 */
export async function verify(stack, lasts) {
  const committed = [...lasts.values()].reduce((sum, last) => sum + last, 0);
  const effects = await stack.publisher.effects();
  const handled = compare(lasts, effects);
  const [{ parked }] = await stack.publisher.database.query('SELECT count(*)::int AS parked FROM parked_event');
  const [ticks, echoes] = [await readTopic(stack, 'counting.tick.v1'), await readTopic(stack, 'counting.echo.v1')];
  const echoed = compare(lasts, firsts(echoes));
  return {
    committed, effects: [...effects.values()].flat().length, lost: handled.lost, repeated: handled.repeated, disordered: handled.disordered, foreign: handled.foreign, parked,
    echoes: [...firsts(echoes).values()].flat().length, echoesLost: echoed.lost, echoesDisordered: echoed.disordered,
    repeatsInKafka: repeats(ticks) + repeats(echoes),
  };
}

/** @param {Map<string, number>} lasts @param {Map<string, number[]>} found */
function compare(lasts, found) {
  let [lost, repeated, disordered] = [0, 0, 0];
  for (const [key, last] of lasts) {
    const numbers = found.get(key) ?? [];
    const distinct = new Set(numbers);
    lost += last - [...distinct].filter((n) => n >= 1 && n <= last).length;
    repeated += numbers.length - distinct.size;
    disordered += numbers.filter((n, index) => index > 0 && n <= /** @type {number} */ (numbers[index - 1])).length;
  }
  const foreign = [...found].reduce((sum, [key, numbers]) => sum + numbers.filter((n) => n > (lasts.get(key) ?? 0)).length, 0);
  return { lost, repeated, disordered, foreign };
}

/** What remains when repeats are dropped, in order of first coming. @param {Map<string, number[]>} found */
const firsts = (found) => new Map([...found].map(([key, numbers]) => [key, [...new Set(numbers)]]));
/** @param {Map<string, number[]>} found */
const repeats = (found) => [...found.values()].reduce((sum, numbers) => sum + numbers.length - new Set(numbers).size, 0);

/** Every record of a topic as it stands in Kafka, by key in order of offset: the tick's number, which must be its sequence too.
 * @param {import('./counting-stack.mjs').CountingStack} stack @param {string} name @returns {Promise<Map<string, number[]>>} */
async function readTopic(stack, name) {
  const { Kafka, logLevel } = (await import('kafkajs')).default;
  const kafka = new Kafka({ brokers: stack.topics.brokers, logLevel: logLevel.NOTHING });
  const topic = stack.topics.prefix + name;
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]));
  await admin.disconnect();
  /** @type {Map<string, number[]>} */
  const found = new Map();
  const open = new Set([...ends].filter(([, end]) => end > 0).map(([partition]) => partition));
  const consumer = kafka.consumer({ groupId: `${topic}-audit`, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((done, fail) => {
    if (open.size === 0) done(undefined);
    consumer.run({
      eachBatch: async ({ batch }) => {
        for (const message of batch.messages) {
          const key = String(message.key);
          const { n } = JSON.parse(String(message.value));
          if (String(message.headers?.ce_sequence) !== String(n)) fail(new Error(`${key}: tick ${n} bears sequence ${message.headers?.ce_sequence}`));
          found.set(key, [...(found.get(key) ?? []), n]);
        }
        if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition) ?? 0)) open.delete(batch.partition);
        if (open.size === 0) done(undefined);
      },
    }).catch(fail);
  });
  await consumer.disconnect();
  return found;
}
