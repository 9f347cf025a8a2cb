/** Read on a phone first. Colours: every text has at least 4.5:1 on its ground in both schemes, every control 44 px. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: light-dark(#15212b, #e6edf3); --soft: light-dark(#475663, #a9b8c6); --line: light-dark(#75828d, #8494a2); --paper: light-dark(#fff, #10181f); --raised: light-dark(#f2f6f8, #17222b); --accent: light-dark(#0b5966, #6fd0dd); --on-accent: light-dark(#fff, #0b1a1f); --alarm: light-dark(#9f1d1d, #ff9d94); }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
header, main, footer { max-width: 34rem; margin: 0 auto; padding: .75rem 1rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; align-items: center; }
header p { margin: 0; font-weight: 600; }
footer { color: var(--soft); border-top: 1px solid var(--line); margin-top: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem; } h3 { font-size: 1.05rem; margin: 0; }
a { color: var(--accent); text-underline-offset: .2em; }
nav a, .links a, .phone { display: inline-block; min-height: 44px; padding: .6rem 0; }
a:focus-visible, button:focus-visible, input:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
dl { margin: 1rem 0; } dt { color: var(--soft); font-size: .95rem; margin-top: .75rem; } dd { margin: 0; } dd strong { display: block; }
.box { border: 1px solid var(--line); border-left-width: 6px; border-radius: 4px; background: var(--raised); padding: .75rem 1rem; margin: 1rem 0; }
.box > :first-child { margin-top: 0; } .box > :last-child { margin-bottom: 0; }
.error { border-color: var(--alarm); } .error h2, .wrong { color: var(--alarm); font-weight: 600; }
fieldset { border: 0; padding: 0; margin: 1rem 0; } legend { font-weight: 600; padding: 0; }
.hint { color: var(--soft); margin: .25rem 0 .75rem; }
.date { display: flex; flex-wrap: wrap; gap: .75rem; } .date label { display: block; margin-bottom: .25rem; }
input { font: inherit; color: inherit; background: var(--paper); border: 2px solid var(--line); border-radius: 4px; padding: .5rem; min-height: 44px; width: 4.5rem; } input[name=year] { width: 6.5rem; } input[type=date] { width: 100%; } input[aria-invalid=true] { border-color: var(--alarm); }
button, .button { display: block; width: 100%; min-height: 48px; margin: .75rem 0; padding: .7rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border: 2px solid var(--accent); border-radius: 6px; background: var(--paper); color: var(--accent); cursor: pointer; }
button.main { background: var(--accent); color: var(--on-accent); }
button.off { border-color: var(--alarm); color: var(--alarm); }
ul.times { list-style: none; margin: 0; padding: 0; } ul.times a { display: block; min-height: 48px; padding: .6rem .9rem; margin: .5rem 0; border: 1px solid var(--line); border-radius: 6px; } ul.times span { color: var(--soft); display: inline-block; width: 100%; font-size: .95rem; }
`;
