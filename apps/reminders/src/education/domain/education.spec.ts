import { type Instant, parseInstant } from '@slotmesh/kernel';
import { practiceId, serviceCode, visitTypeId } from '@slotmesh/contracts';
import { type EducationContent, contentFor, isInForce } from './education';
import { limitedMarkdown } from './limited-markdown';

const type = visitTypeId.parse('0193580e-0000-7000-8000-000000000001');
const [harbor, summit] = [practiceId.parse('harbor'), practiceId.parse('summit')];
const content = (id: string, over: Partial<EducationContent> = {}): EducationContent => ({
  id, practice: harbor, practices: [harbor], service: serviceCode.parse('echo'), visitType: null, texts: { en: { title: 't', body: 'b' } }, sourceUrl: null, daysBefore: 3, version: 1, previous: null, madeAt: parseInstant('2027-01-01T00:00:00Z'), madeBy: 'm',
  retiredAt: null, approvals: (over.practices ?? [harbor]).map((practice) => ({ practice, by: 'c', at: '' })), ...over,
});
const visit = { host: 'harbor', service: 'echo', visitType: type };

describe('what is read before a visit', () => {
  it('is used only where every practice that is to use it approved it, and until it is retired', () => {
    const shared = content('a', { practices: [harbor, summit] });
    expect(isInForce(shared)).toBe(true);
    expect(isInForce({ ...shared, approvals: shared.approvals.slice(1) })).toBe(false);
    expect(isInForce({ ...shared, retiredAt: 1 as Instant })).toBe(false);
    expect(contentFor([{ ...shared, approvals: [] }], visit)).toBeNull();
    expect(contentFor([shared], { ...visit, host: 'lakeside' })).toBeNull();
  });

  it('is the own before the shared, that of the visit type before that of the service, the newer before the older', () => {
    const all = [content('shared', { practices: [harbor, summit] }), content('own'), content('newer', { madeAt: parseInstant('2027-02-01T00:00:00Z') }), content('typed', { visitType: type, service: null }), content('other', { service: serviceCode.parse('skin-check') })];
    expect(contentFor(all, visit)?.id).toBe('typed');
    expect(contentFor(all, { ...visit, visitType: null })?.id).toBe('newer');
    expect(contentFor(all, { ...visit, host: 'summit' })?.id).toBe('shared');
  });

  it('shows headings, lists, bold words and links, and nothing else of what was written is markup', () => {
    expect(limitedMarkdown('# Before\n\nEat **nothing** for\nsix hours.\n\n- bring <b>pills</b>\n- [more](https://example.org/a?b=1&c=2)\n\n[no](javascript:alert(1))').text)
      .toBe('<h2>Before</h2><p>Eat <strong>nothing</strong> for six hours.</p><ul><li>bring &#60;b&#62;pills&#60;/b&#62;</li><li><a href="https://example.org/a?b=1&#38;c=2" rel="noreferrer">more</a></li></ul><p>[no](javascript:alert(1))</p>');
  });
});
