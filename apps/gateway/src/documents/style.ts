export const documentStyle = `
:root { color-scheme: light dark; --ink: light-dark(#15212b, #e6edf3); --soft: light-dark(#51616f, #9fb0bf); --line: light-dark(#d6dee5, #2c3a46); --paper: light-dark(#fff, #10181f); --raised: light-dark(#f5f8fa, #17222b); --accent: light-dark(#0b6270, #5cc6d4); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; justify-content: space-between; padding: .9rem 1.25rem; border-bottom: 1px solid var(--line); font-weight: 600; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
a { color: var(--accent); } a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } h3 { font-size: .95rem; margin: 1rem 0 .25rem; }
small, summary span:last-of-type { color: var(--soft); font-weight: 400; } .demand { display: block; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); }
details { border: 1px solid var(--line); border-radius: 8px; background: var(--raised); margin: .4rem 0; padding: 0 .9rem; } details[open] { padding-bottom: .9rem; }
summary { cursor: pointer; padding: .55rem 0; overflow-wrap: anywhere; }
code, td, p { overflow-wrap: anywhere; } code, pre { font: .88em/1.5 ui-monospace, monospace; } pre { overflow: auto; max-height: 24rem; padding: .75rem; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; margin: .25rem 0; }
.method { display: inline-block; min-width: 4.2rem; font: 700 .78em ui-monospace, monospace; color: var(--accent); } .empty { color: var(--soft); }
`;
