import { pageStyle } from './style';

const colours = new Map([...pageStyle.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)/g)].map(([, name, light, dark]) => [name!, [light!, dark!] as const]));

/** Relative luminance and contrast of WCAG 2.2 (sRGB). */
function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex;
  const channel = (at: number): number => {
    const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
function contrast(one: string, other: string, scheme: 0 | 1): number {
  const [a, b] = [luminance(colours.get(one)![scheme]), luminance(colours.get(other)![scheme])];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

describe('the colours of the pages', () => {
  it.each([['light', 0], ['dark', 1]] as const)('have the contrast that WCAG 2.2 AA asks for in the %s scheme: 4.5 for text, 3 for edges of controls', (_, scheme) => {
    const texts = [['ink', 'paper'], ['ink', 'raised'], ['soft', 'paper'], ['soft', 'raised'], ['accent', 'paper'], ['accent', 'raised'], ['on-accent', 'accent'], ['alarm', 'paper'], ['alarm', 'raised']] as const;
    for (const [text, ground] of texts) expect({ text, ground, enough: contrast(text, ground, scheme) >= 4.5 }).toEqual({ text, ground, enough: true });
    for (const edge of ['line', 'accent', 'alarm']) expect({ edge, enough: contrast(edge, 'paper', scheme) >= 3 }).toEqual({ edge, enough: true });
  });

  it('come in both schemes, and nothing is drawn in another colour', () => {
    expect(colours.size).toBe(8);
    expect(pageStyle.split('\n').slice(2).join('\n')).not.toMatch(/#[0-9a-f]{3,8}\b|rgb|hsl/);
  });
});
