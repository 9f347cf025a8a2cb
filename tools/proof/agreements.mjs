// Proof: what partners agreed is kept by the code that runs, at the size of a network and a year.
import { parseArgs } from 'node:util';
import { ledgerYear } from './agreements/ledger-year.mjs';
import { statementsYearFaults } from './agreements/statements-year.mjs';

/** One after the other; each returns what is not as it should be. */
const steps = [
  { name: 'the capacity ledger of a year', prove: ledgerYear },
  { name: 'the statements of a year', prove: statementsYearFaults },
];

/** @param {string[]} args --seed N --visits N */
export async function prove(args) {
  const { values } = parseArgs({ args, options: { seed: { type: 'string', default: String(Date.now() % 100_000) }, visits: { type: 'string', default: '50000' } } });
  const options = { seed: Number(values.seed), visits: Number(values.visits) };
  let holds = true;
  for (const step of steps) {
    console.log(`${step.name} (again: npm run proof -- agreements --seed ${options.seed})`);
    const faults = await step.prove(options);
    for (const fault of faults.slice(0, 20)) console.log(`  FAULT ${fault}`);
    holds &&= faults.length === 0;
  }
  return holds;
}
