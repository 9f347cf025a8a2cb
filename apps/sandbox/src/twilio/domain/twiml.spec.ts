import { twiml } from 'twilio';
import { repliesIn, TwimlUnreadable } from './twiml';

describe('TwiML in the answer to a webhook', () => {
  it('reads what the real client writes', () => {
    const answer = new twiml.MessagingResponse();
    answer.message('Confirmed: Mon & Tue <3 "ok"');
    answer.message({ to: '+16175550101', from: '+16175550199' }, 'Sí 👍');
    expect(repliesIn(answer.toString())).toEqual([
      { body: 'Confirmed: Mon & Tue <3 "ok"', to: null, from: null },
      { body: 'Sí 👍', to: '+16175550101', from: '+16175550199' },
    ]);
  });

  it('reads the body element', () => {
    const answer = new twiml.MessagingResponse();
    answer.message('').body('See you &amp; yours');
    expect(repliesIn(answer.toString())).toEqual([{ body: 'See you &amp; yours', to: null, from: null }]);
  });

  it.each(['', '<Response/>', '<?xml version="1.0" encoding="UTF-8"?><Response></Response>', '<Response><Message/></Response>'])('sends nothing for %p', (xml) => {
    expect(repliesIn(xml)).toEqual([]);
  });

  it('refuses what is not TwiML', () => {
    expect(() => repliesIn('{"ok":true}')).toThrow(TwimlUnreadable);
  });
});
