/**
 * The texts that a TwiML answer asks to send: `<Response><Message to=".." from=".."><Body>..</Body></Message></Response>`.
 * Both the plain and the <Body> form are read; an empty answer sends nothing. https://www.twilio.com/docs/messaging/twiml
 */
export interface Reply {
  readonly body: string;
  readonly to: string | null;
  readonly from: string | null;
}

export class TwimlUnreadable extends Error {}

export function repliesIn(twiml: string): Reply[] {
  const xml = twiml.replace(/<\?xml[^>]*\?>/g, '').replace(/<!--[\s\S]*?-->/g, '').trim();
  if (xml === '') return [];
  if (!/^<Response\b[^>]*(\/>|>[\s\S]*<\/Response>)$/.test(xml)) throw new TwimlUnreadable('The answer is not a TwiML <Response>.');
  return [...xml.matchAll(/<Message\b([^>]*?)(?:\/>|>([\s\S]*?)<\/Message>)/g)]
    .map(([, attributes = '', content = '']) => ({
      body: bodyOf(content),
      to: attribute(attributes, 'to'),
      from: attribute(attributes, 'from'),
    }))
    .filter((reply) => reply.body !== '');
}

function bodyOf(content: string): string {
  const parts = [...content.matchAll(/<Body\b[^>]*>([\s\S]*?)<\/Body>/g)].map(([, text = '']) => text);
  return unescape(parts.length > 0 ? parts.join('') : content.replace(/<Media\b[\s\S]*?<\/Media>/g, '').replace(/<[^>]+>/g, '')).trim();
}

function attribute(attributes: string, name: string): string | null {
  const value = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return value ? unescape(value[1] ?? value[2] ?? '') : null;
}

const NAMED: ReadonlyMap<string, string> = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"]]);

function unescape(text: string): string {
  return text.replace(/<!\[CDATA\[([\s\S]*?)\]\]>|&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, cdata: string | undefined, entity: string | undefined) => {
    if (cdata !== undefined) return cdata;
    if (entity?.startsWith('#x')) return String.fromCodePoint(parseInt(entity.slice(2), 16));
    if (entity?.startsWith('#')) return String.fromCodePoint(parseInt(entity.slice(1), 10));
    return NAMED.get(entity ?? '') ?? whole;
  });
}
