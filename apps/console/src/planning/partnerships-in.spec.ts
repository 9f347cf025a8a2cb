import { partnershipsIn } from './partnerships-in';

const item = (practice: string, partnership?: string, service = 'echo') => ({ practice, ...(partnership === undefined ? {} : { partnership }), service, month: '2026-05', value: 1, hidden: false, opens: false });

describe('whom an operator compares', () => {
  it('P18: each partnership within itself, of the practices that have the service', () => {
    const items = [item('summit', 'one'), item('alpine', 'two'), item('desert', 'one'), item('summit', 'one'), item('coast', 'two', 'skin-check')];
    expect(partnershipsIn({ items }, 'echo')).toEqual([{ partnership: 'two', practices: ['alpine'] }, { partnership: 'one', practices: ['desert', 'summit'] }]);
  });

  it('a practice has its own partnership alone, which answers do not name', () => {
    expect(partnershipsIn({ items: [item('summit'), item('harbor')] }, 'echo')).toEqual([{ partnership: undefined, practices: ['harbor', 'summit'] }]);
    expect(partnershipsIn({ items: [] }, undefined)).toEqual([]);
  });
});
