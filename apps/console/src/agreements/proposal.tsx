import type { FormEvent } from 'react';
import { useAct } from '../api/use-act';
import { useAnswer } from '../api/use-answer';
import { Trouble } from '../parts/trouble';
import { permits, useSession } from '../session/session-provider';
import { type AgreementVersion, approve, askVersion, decline } from './agreement-answers';
import { instantShown } from './instant-shown';

/** What a proposed version changes, who has signed, and the two buttons of those whose signature is awaited. */
export function Proposal({ agreement, version, again }: { agreement: string; version: number; again: () => void }) {
  const proposal = useAnswer(`${agreement}/${version}`, (signal) => askVersion(agreement, version, { signal }), 30_000);
  if (proposal.refusal) return <Trouble refusal={proposal.refusal} again={proposal.again} />;
  if (!proposal.answer) return <p className="soft" role="status">Reading the proposal…</p>;
  const { difference, signatures, awaited, effectiveFrom } = proposal.answer;
  return (
    <div className="note">
      <h3>Version {version} waits for signatures</h3>
      <p>It comes into force {instantShown(effectiveFrom)} if everybody has signed by then, and changes:</p>
      <ul>{difference.map(({ path, text }) => <li key={path}>{text}</li>)}</ul>
      <p>Signed: {signatures.map(({ practice, subject }) => `${subject} for ${practice}`).join('; ')}</p>
      <p>Awaited: {awaited.map(({ practice, step }) => `${practice} (${step === 'maker' ? 'two people' : 'a second person'})`).join('; ')}</p>
      <Sign proposal={proposal.answer} again={() => { proposal.again(); again(); }} />
    </div>
  );
}

function Sign({ proposal, again }: { proposal: AgreementVersion; again: () => void }) {
  const { session } = useSession();
  const { refusal, sending, act } = useAct(again);
  if (session?.signedIn !== true || !permits(session, 'agreements:sign')) return null;
  if (!proposal.awaited.some(({ practice }) => practice === session.practice)) return null;
  const refuse = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const reason = new FormData(event.currentTarget).get('reason');
    act(() => decline(proposal, typeof reason === 'string' ? reason : ''));
  };
  return (
    <>
      <p><button type="button" disabled={sending} onClick={() => act(() => approve(proposal))}>Approve version {proposal.version} for {session.practice}</button></p>
      <details>
        <summary>Decline it</summary>
        <form className="search" onSubmit={refuse}>
          <label>Reason, read by all parties<input name="reason" required minLength={5} maxLength={500} /></label>
          <button type="submit" className="quiet" disabled={sending}>Decline</button>
        </form>
      </details>
      {refusal && <Trouble refusal={refusal} />}
    </>
  );
}
