/** What a person sees when the stack is ready.
 * @param {{ publicUrl: string, mode: string, seconds: number, logs: string }} facts */
export function welcome({ publicUrl, mode, seconds, logs }) {
  const sandbox = [
    `  sandbox   ${publicUrl}/sandbox      every patient's phone and mailbox, the clock`,
    `  sign in   frontdesk@harbor.example, manager@summit.example, operator@network.example, ... password: slotmesh`,
    `  try       npm run -s demo           the main job, step by step`,
  ];
  return [
    '',
    `Slotmesh is ready after ${seconds.toFixed(1)} s.`,
    `  console   ${publicUrl}/console`,
    `  API       ${publicUrl}/docs`,
    ...(mode === 'sandbox' ? sandbox : []),
    `  logs      ${logs}`,
    'Ctrl-C stops everything; data is kept until "npm run reset".',
    '',
  ].join('\n');
}
