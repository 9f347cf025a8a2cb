// Proof: what partners agreed is kept by the code that runs, at the size of a network and a year.
// Options: --seed N  --pairs 100000 (rule sets and requests)  --visits 50000 (of the year)  --only sharing|ledger|statements
import { parseArgs } from 'node:util';
import { Trouble } from '../launcher/trouble.mjs';
import { ledgerYear } from './agreements/ledger-year.mjs';
import { sharingFaults } from './agreements/sharing.mjs';
import { statementsYearFaults } from './agreements/statements-year.mjs';

/** One after the other; each returns what is not as it should be. */
const steps = [
  { key: 'sharing', name: 'share rules read from the tables decide as they were meant', prove: sharingFaults },
  { key: 'ledger', name: 'the capacity ledger of a year', prove: ledgerYear },
  { key: 'statements', name: 'the statements of a year', prove: statementsYearFaults },
];

/** @param {string[]} args */
export async function prove(args) {
  const { values } = parseArgs({ args, options: { seed: { type: 'string', default: String(Date.now() % 100_000) }, pairs: { type: 'string', default: '100000' }, visits: { type: 'string', default: '50000' }, only: { type: 'string' } } });
  const options = { seed: Number(values.seed), pairs: Number(values.pairs), visits: Number(values.visits) };
  if (!Object.values(options).every((n) => Number.isInteger(n) && n >= 0) || options.pairs === 0 || options.visits === 0) throw new Trouble('--seed, --pairs and --visits are whole numbers.');
  const chosen = steps.filter(({ key }) => values.only === undefined || key === values.only);
  if (chosen.length === 0) throw new Trouble(`--only is one of ${steps.map(({ key }) => key).join(', ')}.`);
  let holds = true;
  for (const step of chosen) {
    console.log(`${step.name} (again: npm run proof -- agreements --seed ${options.seed} --pairs ${options.pairs} --visits ${options.visits} --only ${step.key})`);
    const faults = await step.prove(options);
    for (const fault of faults.slice(0, 20)) console.log(`  FAULT ${fault}`);
    holds &&= faults.length === 0;
  }
  return holds;
}
