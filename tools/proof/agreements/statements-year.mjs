// A simulated year of shared costs in many partnerships: every statement is made, kept as JSON, and rebuilt bit for bit from what was kept.
import { createHash } from 'node:crypto';
import { loadTypeScript } from '../../typescript/load.mjs';
import { seededRandom } from '../events/seeded-random.mjs';

const at = (path) => loadTypeScript(`apps/scheduling/src/statements/${path}`);
const PRACTICES = ['cedar', 'desert', 'harbor', 'mesa', 'north', 'summit'];
const METHODS = ['equal', 'provider-fte', 'contracted-hours', 'fixed'];

/** Returns what is not as it should be. @param {{ seed: number, partnerships?: number }} size @returns {Promise<string[]>} */
export async function statementsYearFaults({ seed, partnerships = 50 }) {
  const random = seededRandom(seed);
  const begun = Date.now();
  const [faults, counted] = [[], { statements: 0, lines: 0, cents: 0 }];
  for (let i = 0; i < partnerships; i += 1) for (const fault of await yearOf(random, counted)) faults.push(`partnership ${i}: ${fault}`);
  console.log(`  statements: ${partnerships} partnerships, ${counted.statements} statements of a year over ${counted.lines} recorded costs, $${(counted.cents / 100).toFixed(2)} shared; each rebuilt bit for bit (JSON, CSV, PDF), nets sum to zero: ${faults.length === 0 ? 'yes' : 'NO'} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  return faults;
}

async function yearOf(random, counted) {
  const { moneyTerms } = at('persistence/money-terms.schema.ts');
  const { periodsOf, agreedOf } = at('domain/money-terms.ts');
  const pick = (all) => all[Math.floor(random() * all.length)];
  const upTo = (most) => Math.floor(random() * (most + 1));
  const uuid = () => `0193580e-0000-7000-8000-${Array.from({ length: 12 }, () => upTo(15).toString(16)).join('')}`;
  const parties = PRACTICES.filter(() => random() < 0.6);
  if (parties.length < 2) parties.splice(0, parties.length, 'harbor', 'summit');
  const money = moneyTerms.parse(JSON.parse(JSON.stringify({
    parties, zone: 'America/New_York', from: '2027-01-01', until: '2028-01-01', period: pick(['month', 'quarter']), costs: Array.from({ length: 1 + upTo(5) }, (_, i) => costOf(`cost-${i}`, pick(METHODS), parties, pick, upTo)),
  })));
  const recorded = money.costs.filter((cost) => agreedOf(cost) === null);
  const faults = [];
  for (const period of periodsOf(money)) {
    const lines = recorded.length === 0 ? [] : Array.from({ length: upTo(20) }, () => ({
      id: uuid(), cost: pick(recorded).id, paidBy: pick(parties), amount: upTo(500_000) - (random() < 0.1 ? 500_000 : 0), fell: period.code, corrects: null, reason: null, document: `Invoice ${upTo(9_999)}`, sha256: 'c'.repeat(64), dated: period.from,
    })).sort((a, b) => (a.id < b.id ? -1 : 1));
    const inputs = { agreement: uuid(), version: 1 + upTo(4), zone: money.zone, period, parties: parties.map((practice) => ({ practice, name: `Practice ${practice}` })), costs: money.costs, lines };
    faults.push(...(await rebuilt(uuid(), inputs)).map((fault) => `${period.code}: ${fault}`));
    counted.statements += 1;
    counted.lines += lines.length;
    counted.cents += at('domain/statement.ts').state(inputs).costs.reduce((sum, { total }) => sum + total, 0);
  }
  return faults;
}

function costOf(id, method, parties, pick, upTo) {
  const evidence = { document: 'FMV opinion', sha256: 'b'.repeat(64), dated: '2026-11-01', expires: '2028-12-31' };
  const named = { id, name: `Cost ${id}`, yearlyBudgetCents: 10_000_000_000, method };
  const each = (part) => parties.map((practice, i) => ({ practice, ...part(i === 0 ? 1 : 0) }));
  switch (method) {
    case 'provider-fte': return { ...named, fte: each((least) => ({ hundredths: least + upTo(1_200) })), evidence };
    case 'contracted-hours': return { ...named, providedBy: pick(parties), hours: each((least) => ({ minutesPerPeriod: least + upTo(9_000), centsPerHour: 1 + upTo(15_000) })), evidence };
    case 'fixed': return { ...named, providedBy: pick(parties), amounts: each((least) => ({ centsPerPeriod: least + upTo(200_000) })), evidence };
    default: return named;
  }
}

/** Made once, kept as JSON, read back by the schemas that read the database, and built again. */
async function rebuilt(id, inputs) {
  const { statementInputs, statementResult } = at('persistence/statement.schema.ts');
  const { state } = at('domain/statement.ts');
  const { hashOf } = at('domain/statement-hash.ts');
  const build = async (given) => {
    const content = { id, madeAt: Date.UTC(2027, 1, 1), inputs: given, inputsHash: hashOf(given), result: state(given) };
    return { ...content, csv: at('documents/statement-csv.ts').statementCsv(content), pdf: sha256(await at('documents/statement-pdf.ts').statementPdf(content)) };
  };
  const first = await build(inputs);
  const kept = JSON.stringify({ inputs: first.inputs, result: first.result });
  const again = await build(statementInputs.parse(JSON.parse(kept).inputs));
  const faults = ['inputsHash', 'csv', 'pdf'].filter((part) => first[part] !== again[part]).map((part) => `${part} differs when it is rebuilt`);
  if (JSON.stringify(statementResult.parse(JSON.parse(kept).result)) !== JSON.stringify(again.result)) faults.push('the result differs when it is rebuilt');
  const turned = state({ parties: [...inputs.parties].reverse(), costs: [...inputs.costs].reverse(), lines: [...inputs.lines].reverse() });
  if (JSON.stringify(turned) !== JSON.stringify(first.result)) faults.push('the result depends on an order');
  if (first.result.parties.reduce((sum, { net }) => sum + net, 0) !== 0) faults.push('nets do not sum to zero');
  for (const { cost, total, shares } of first.result.costs) if (shares.reduce((sum, { amount }) => sum + amount, 0) !== total) faults.push(`the shares of ${cost} do not sum to it`);
  return faults;
}
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
