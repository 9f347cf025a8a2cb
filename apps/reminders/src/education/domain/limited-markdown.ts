import { Html, html } from '@slotmesh/platform';

/** Paragraphs, `# headings`, `- lists`, `**bold**` and `[links](https://..)`: a part of CommonMark that needs no parser of others. All else stays text. */
export function limitedMarkdown(text: string): Html {
  return html`${text.replaceAll('\r\n', '\n').split(/\n{2,}/).map((block) => block.trim()).filter((block) => block.length > 0).map(blockOf)}`;
}

function blockOf(block: string): Html {
  const lines = block.split('\n').map((line) => line.trim());
  const [, marks, heading] = /^(#{1,3}) +(.+)$/.exec(lines[0] ?? '') ?? [];
  if (marks !== undefined && heading !== undefined && lines.length === 1) return marks.length === 1 ? html`<h2>${inline(heading)}</h2>` : html`<h3>${inline(heading)}</h3>`;
  if (lines.every((line) => line.startsWith('- '))) return html`<ul>${lines.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`;
  return html`<p>${inline(lines.join(' '))}</p>`;
}

const INLINE = /\*\*([^*]+)\*\*|\[([^\]]+)\]\((https:\/\/[^\s)]+)\)/g;

function inline(text: string): Html[] {
  const parts: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, label, url] = match;
    parts.push(html`${text.slice(end, match.index)}`, bold !== undefined ? html`<strong>${bold}</strong>` : html`<a href="${url ?? ''}" rel="noreferrer">${label ?? ''}</a>`);
    end = match.index + whole.length;
  }
  return [...parts, html`${text.slice(end)}`];
}
