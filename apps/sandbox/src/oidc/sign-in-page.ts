import { people } from './people';

interface PageState {
  readonly email: string;
  readonly wrong: boolean;
  /** The sign-in was finished or has expired. */
  readonly over?: boolean;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#16242c;--paper:#f4f7f8;--card:#fff;--line:#c9d5da;--accent:#0b6b74;--bad:#a02020}
@media (prefers-color-scheme:dark){:root{--ink:#e7eef1;--paper:#10191e;--card:#18252c;--line:#3a4d57;--accent:#4fc1cb;--bad:#ff9d94}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;padding:1rem}
main{width:min(26rem,100%);background:var(--card);border:1px solid var(--line);border-radius:12px;padding:2rem}
h1{font-size:1.4rem;margin:0 0 .25rem}p{margin:.25rem 0 1rem}label{display:block;font-weight:600;margin:1rem 0 .3rem}
input{width:100%;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:8px;padding:.6rem .7rem}
button{width:100%;margin-top:1.4rem;font:inherit;font-weight:600;border:0;border-radius:8px;padding:.7rem;background:var(--accent);color:var(--card);cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}.bad{color:var(--bad);font-weight:600}.note{font-size:.9rem;opacity:.85;margin:1.4rem 0 0}code{font-size:1em}`;

/** A plain page: who, password, one button. */
export function signInPage(state: PageState): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Sign in to Slotmesh</title><style>${STYLE}</style></head>
<body><main><h1>Sign in to Slotmesh</h1>${state.over ? OVER : form(state)}</main></body></html>`;
}

const OVER = '<p role="alert">This sign-in has ended or belongs to another browser.</p><p><a href="/">Start again</a></p>';

function form(state: PageState): string {
  return `<p>Sandbox: invented people only.</p>
<form method="post">${state.wrong ? '<p class="bad" role="alert">This e-mail and password do not belong together.</p>' : ''}
<label for="email">E-mail</label><input id="email" name="email" type="email" autocomplete="username" required list="people" value="${escape(state.email)}"${state.wrong ? '' : ' autofocus'}>
<datalist id="people">${people.map((person) => `<option value="${escape(person.email)}">${escape(person.name)}</option>`).join('')}</datalist>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required${state.wrong ? ' autofocus' : ''}>
<button>Sign in</button></form>
<p class="note">For example <code>frontdesk@harbor.example</code>. Everybody's password is <code>slotmesh</code>.</p>`;
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
