import { signInPath } from './session-provider';

const messages: Readonly<Record<string, string>> = {
  unavailable: 'The sign-in provider does not answer at the moment. Its state is in the table below; try again in a few seconds.',
  expired: 'The sign-in was left for too long, or was begun in another browser. Please begin again.',
  refused: 'The provider did not sign you in. Please try again.',
};

/** Told once, after the gateway sent the browser back without a session. */
export function SignInFailure() {
  const reason = new URLSearchParams(window.location.search).get('sign-in');
  if (reason === null) return null;
  return (
    <p role="alert" className="note bad">
      {messages[reason] ?? messages['refused']} <a href={signInPath('/console/')}>Sign in</a>
    </p>
  );
}
