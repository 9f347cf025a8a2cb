import type { Refusal } from '../api/ask';

/** What was refused and what to do, in the words of the problem document. */
export function Trouble({ refusal, again }: { refusal: Refusal; again?: () => void }) {
  return (
    <div role="alert" className="note bad">
      <p>{refusal.message}</p>
      <p className="soft">{refusal.code}{refusal.status > 0 && ` · ${refusal.status}`}{again && <> · <button type="button" className="link" onClick={again}>Try again</button></>}</p>
    </div>
  );
}
