import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FLOWS } from '../../infra/constructs/flow-arns.ts';
import { drawFlow, drawingFile } from '../../infra/draw/drawing.ts';
import { flowChart } from '../../infra/draw/flow-chart.ts';

describe.each(FLOWS)('the drawing of %s', (flow) => {
  it('is what the flow gives now; else: npm run draw', async () => {
    expect(readFileSync(drawingFile(flow), 'utf8')).toBe(await drawFlow(flow));
  });
});

describe('the chart of a flow', () => {
  const chart = flowChart({
    StartAt: 'Ask',
    States: {
      Ask: { Type: 'Task', Comment: 'Asks somebody.', Next: 'Answered?' },
      'Answered?': {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $states.input.outcome = 'notYet' %}", Next: 'Ask' },
          { Condition: "{% $states.input.outcome = 'unreachable' %}", Next: 'Ask' },
          { Condition: '{% $states.input.open = 0 %}', Next: 'Done' },
        ],
        Default: 'Unknown outcome',
      },
      Done: { Type: 'Succeed' },
      'Unknown outcome': { Type: 'Fail' },
    },
  });

  it('has a box for each state, with what it promises, and none for an unknown outcome', () => {
    expect(chart.boxes.map(({ name, kind, says }) => [name, kind, says])).toEqual([
      ['start', 'start', ''],
      ['Ask', 'step', 'Asks somebody.'],
      ['Answered?', 'choice', ''],
      ['Done', 'succeeded', ''],
    ]);
  });

  it('has one arrow to each next state, with the answers that lead there', () => {
    expect(chart.arrows).toEqual([
      { from: 'start', to: 'Ask', words: [] },
      { from: 'Ask', to: 'Answered?', words: [] },
      { from: 'Answered?', to: 'Ask', words: ['not yet', 'unreachable'] },
      { from: 'Answered?', to: 'Done', words: ['yes'] },
    ]);
  });

  it('refuses a kind of state that nobody has drawn yet', () => {
    const asl = { StartAt: 'Both', States: { Both: { Type: 'Parallel' } } };
    expect(() => flowChart(asl)).toThrow('Parallel');
  });
});
