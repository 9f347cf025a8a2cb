import { MAIL_LAYOUT } from './mail-layout';

type Place = 'language' | 'title' | 'content' | 'footer';
const isPlace = (text: string): text is Place => /^(?:language|title|content|footer)$/.test(text);
/** The layout cut at its places once, when the service starts; a mail only joins the pieces. */
const pieces = MAIL_LAYOUT.split(/\[\[|\]\]/);

/** The whole page. All four are markup: what is text has to be escaped. */
export const frameOf = (parts: Readonly<Record<Place, string>>): string => pieces.map((piece) => (isPlace(piece) ? parts[piece] : piece)).join('');
