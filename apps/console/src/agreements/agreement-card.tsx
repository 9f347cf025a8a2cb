import { useAnswer } from '../api/use-answer';
import { instantShown } from './instant-shown';
import { type Agreement, type ShareRule, askBalances } from './agreement-answers';
import { Proposal } from './proposal';

const list = new Intl.ListFormat('en');

export function AgreementCard({ agreement, again }: { agreement: Agreement; again: () => void }) {
  const proposed = agreement.versions.find(({ status }) => status === 'proposed');
  const standing = agreement.notices.find(({ endsAt }) => endsAt !== null);
  return (
    <section aria-labelledby={agreement.id}>
      <h2 id={agreement.id}>{agreement.name}</h2>
      <p><span className={agreement.status === 'in-force' ? 'tag good' : 'tag'}>{agreement.status.replace('-', ' ')}</span> Version {agreement.version}, between {list.format(agreement.practices)}, from {instantShown(agreement.effectiveFrom)}{agreement.effectiveTo && ` until ${instantShown(agreement.effectiveTo)}`}</p>
      {standing?.endsAt && <p className="note">{standing.practice} has given notice ({standing.reason}). It ends {instantShown(standing.endsAt)}.</p>}
      {proposed && <Proposal agreement={agreement.id} version={proposed.version} again={again} />}
      <h3>What is shared</h3>
      {agreement.rules.length === 0 ? <p className="empty">Nothing: the version has no share rule.</p> : <ul>{agreement.rules.map((rule) => <li key={rule.id}>{sentenceOf(rule)}</li>)}</ul>}
      <Balances agreement={agreement.id} />
      <details>
        <summary>All versions</summary>
        <table>
          <thead><tr><th scope="col">Version</th><th scope="col">State</th><th scope="col">From</th><th scope="col">Until</th></tr></thead>
          <tbody>
            {agreement.versions.map((version) => (
              <tr key={version.version}><th scope="row">{version.version}</th><td>{version.status.replace('-', ' ')}{version.endedBecause && `, ${version.endedBecause}`}{version.endedNote && `: ${version.endedNote}`}</td><td>{instantShown(version.effectiveFrom)}</td><td>{version.effectiveTo ? instantShown(version.effectiveTo) : 'no end'}</td></tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

function sentenceOf({ host, services, dailyQuota, opensDaysBefore, returnsHoursBefore }: ShareRule): string {
  const limits = [
    opensDaysBefore === null ? null : `opens ${count(opensDaysBefore, 'day')} before`, returnsHoursBefore === null ? null : `returns ${count(returnsHoursBefore, 'hour')} before`, dailyQuota === null ? null : `${count(dailyQuota, 'visit')} a day at most`,
  ].filter((limit) => limit !== null);
  return `${host} shares ${services === null ? 'all its services' : list.format(services)}${limits.length > 0 ? `: ${limits.join(', ')}` : ''}`;
}

/** Hours by the ledger; of partners only whole months, and only where they tell of nobody. */
function Balances({ agreement }: { agreement: string }) {
  const { answer } = useAnswer('balances', (signal) => askBalances({ signal }));
  const mine = (answer ?? []).filter((balance) => balance.agreement === agreement);
  if (mine.length === 0) return null;
  const hours = (amount: { readonly hours: number } | null): string => (amount === null ? 'not shown' : amount.hours.toLocaleString('en', { maximumFractionDigits: 1 }));
  return (
    <>
      <h3>Hours of shared time</h3>
      <table>
        <thead><tr><th scope="col">Practice</th><th scope="col">Offered</th><th scope="col">Used of others</th><th scope="col">Returned</th><th scope="col">Wasted</th></tr></thead>
        <tbody>{mine.map((party) => <tr key={party.practice}><th scope="row">{party.practice}</th><td>{hours(party.offered)}</td><td>{hours(party.used)}</td><td>{hours(party.returned)}</td><td>{hours(party.wasted)}</td></tr>)}</tbody>
      </table>
      <p className="soft">Counts that could reveal a patient are not shown.</p>
    </>
  );
}
