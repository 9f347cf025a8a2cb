/** What the provider does wrong, as shares of what it is asked. Reports come out of order by themselves: the sandbox holds one in four back. */
const SHARES = [
  { channel: 'sms', kind: '429', probability: 0.03 },
  { channel: 'sms', kind: '500-before', probability: 0.01 },
  { channel: 'sms', kind: '500-after', probability: 0.02 },
  { channel: 'sms', kind: 'timeout-after', probability: 0.01 },
  { channel: 'sms', kind: 'undelivered', probability: 0.01, errorCode: 30003 },
  { channel: 'sms', kind: 'undelivered', probability: 0.01, errorCode: 30006 },
  { channel: 'sms', kind: 'undelivered', probability: 0.01, errorCode: 30008 },
  { channel: 'sms', kind: 'list-429', probability: 0.2 },
  { channel: 'callback', kind: 'callback-lost', probability: 0.05 },
  { channel: 'callback', kind: 'callback-twice', probability: 0.1 },
  { channel: 'email', kind: '500-before', probability: 0.05 },
  { channel: 'email', kind: 'timeout-after', probability: 0.02 },
];

/** @param {import('./messages-stack.mjs').MessagesStack} stack @param {() => number} random */
export async function orderFaults(stack, random) {
  for (const share of SHARES) await stack.sandbox('/sandbox/api/faults', { ...share, seed: Math.floor(random() * 2 ** 31) });
}

/** How often each struck. @param {import('./messages-stack.mjs').MessagesStack} stack @returns {Promise<[string, number][]>} */
export async function faultsThatStruck(stack) {
  const { items } = await stack.sandbox('/sandbox/api/faults');
  return items.reverse().map(({ channel, kind, errorCode, hits }) => [`${channel} ${kind}${errorCode ? ` ${errorCode}` : ''}`, hits]);
}
