import { tellingLines } from './last-words.mjs';

const info = (msg: string) => JSON.stringify({ level: 30, msg, context: 'Router' });

describe('the last words of a log', () => {
  it('are its errors, as sentences', () => {
    const text = [info('one'), JSON.stringify({ level: 50, msg: 'the port is taken', context: 'Http' }), 'TypeError: x is not a function', '    at call (file.js:1:1)', info('two')].join('\n');
    expect(tellingLines(text, 5)).toEqual(['Http: the port is taken', 'TypeError: x is not a function']);
  });

  it('are its last lines where nothing went wrong', () => {
    expect(tellingLines([info('one'), info('two'), info('three')].join('\n'), 2)).toEqual(['Router: two', 'Router: three']);
  });

  it('are the warnings of a server among its routine', () => {
    expect(tellingLines('2026-11-23 18:00:00 UTC LOG:  ready\n2026-11-23 18:00:01 UTC FATAL:  disk full\n', 5)).toEqual(['2026-11-23 18:00:01 UTC FATAL:  disk full']);
  });
});
