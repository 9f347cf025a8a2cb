/** Markup that is known to be safe. */
export class Html {
  constructor(readonly text: string) {}
}

type Piece = string | number | Html | readonly (string | number | Html)[];

/** Builds markup; everything that is put in is escaped unless it is Html itself. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  return new Html(strings.reduce((text, part, index) => text + render(pieces[index - 1] ?? '') + part));
}

function render(piece: Piece): string {
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'string' || typeof piece === 'number') return String(piece).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return piece.map(render).join('');
}
