import { describe, expect, it } from '@jest/globals';
import { actorFrom } from '../../cli/actor.ts';
import { findConnection } from '../../cli/connection.ts';
import { functionFault } from '../../cli/function-fault.ts';
import { identitiesFromFlags, identitiesFromText } from '../../cli/identities.ts';
import { parseReceivedAt } from '../../cli/received-at.ts';
import { CLOCK } from './reports.ts';

describe('identities', () => {
  it('takes every flag, as often as it is given', () => {
    const flags = {
      email: ['a@example.com', 'b@example.com'],
      customerId: ['C-1'],
      identity: ['device_id=x=y'],
    };

    expect(identitiesFromFlags(flags)).toEqual([
      { type: 'email', value: 'a@example.com' },
      { type: 'email', value: 'b@example.com' },
      { type: 'customer_id', value: 'C-1' },
      { type: 'device_id', value: 'x=y' },
    ]);
  });

  it.each([
    ['lines', 'email = a@example.com \r\n\n phone=+49 30 1234'],
    [
      'a JSON list',
      '[{"type":"email","value":"a@example.com"},{"type":"phone","value":"+49 30 1234"}]',
    ],
    ['a JSON object', '{"email":["a@example.com"],"phone":"+49 30 1234"}'],
  ])('reads %s from standard input', (_form, text) => {
    expect(identitiesFromText(text)).toEqual([
      { type: 'email', value: 'a@example.com' },
      { type: 'phone', value: '+49 30 1234' },
    ]);
  });

  it.each([
    ['nothing', '', /no identity/],
    ['a line without a type', 'phone=1\nsecret@example.com', /^line 2 of standard input/],
    ['a type that is no name', 'e mail=secret@example.com', /^line 1 of standard input/],
    ['no value', 'email=', /has no value/],
    ['broken JSON', '{"email": secret@example.com', /The JSON/],
  ])('refuses %s, without repeating a value', (_form, text, words) => {
    expect(() => identitiesFromText(text)).toThrow(words);
    expect(() => identitiesFromText(text)).not.toThrow(/secret@/);
  });
});

describe('--received-at', () => {
  it.each([
    ['a day alone is its start where the caller is', '2026-11-02', '2026-11-01T23:00:00Z'],
    ['also on a day that begins in summer time', '2026-10-25', '2026-10-24T22:00:00Z'],
    ['a time without offset is the caller’s', '2026-11-02T09:30', '2026-11-02T08:30:00Z'],
    ['a blank will do', '2026-11-02 09:30', '2026-11-02T08:30:00Z'],
    ['an offset is kept to', '2026-11-02T09:30-05:00', '2026-11-02T14:30:00Z'],
    ['today has begun', '2026-11-23', '2026-11-22T23:00:00Z'],
  ])('%s', (_rule, text, utc) => {
    expect(parseReceivedAt(text, CLOCK)).toBe(utc);
  });

  it.each(['2026-11-24', '2026-11-23T13:01', '2027-01-01T00:00Z'])(
    'refuses %s, which lies in the future',
    (text) => {
      expect(() => parseReceivedAt(text, CLOCK)).toThrow(/lies in the future/);
    },
  );

  it.each(['yesterday', '2026-02-30', '02.11.2026', '2026-11-02T25:00', ''])(
    'refuses %p, which is no time',
    (text) => {
      expect(() => parseReceivedAt(text, CLOCK)).toThrow(/is no day or time/);
    },
  );
});

describe('who acts', () => {
  it.each([
    ['a user', 'arn:aws:iam::000000000000:user/ops/dsr-operator', 'dsr-operator'],
    ['the root', 'arn:aws:iam::000000000000:root', 'root'],
    ['a session', 'arn:aws:sts::000000000000:assumed-role/Admin/ticket bot', 'ticket-bot'],
    [
      'a role, for a session named by an address',
      'arn:aws:sts::000000000000:assumed-role/Admin/someone@example.com',
      'Admin',
    ],
  ])('is %s', (_who, arn, actor) => {
    expect(actorFrom(arn)).toBe(actor);
  });
});

describe('where to connect', () => {
  const localRun = {
    endpoint: 'http://127.0.0.1:4001',
    stackName: 'dsr-here',
    region: 'eu-west-1',
    accessKeyId: 'k',
    secretAccessKey: 's',
  };
  const running = () => localRun;
  const nothing = () => undefined;

  it('is the running local system, with its credentials', () => {
    expect(findConnection({}, {}, running)).toEqual({
      stackName: 'dsr-here',
      endpoint: 'http://127.0.0.1:4001',
      region: 'eu-west-1',
      credentials: { accessKeyId: 'k', secretAccessKey: 's' },
    });
  });

  it('is AWS when nothing else is named', () => {
    expect(findConnection({}, {}, nothing)).toEqual({ stackName: 'dsr-demo' });
  });

  it('is AWS when asked for, whatever runs here', () => {
    expect(findConnection({ aws: true }, {}, running)).toEqual({ stackName: 'dsr-demo' });
  });

  it('prefers the option to the environment, and that to the local run', () => {
    const environment = { AWS_ENDPOINT_URL: 'http://there', DSR_STACK: 'theirs' };

    expect(findConnection({}, environment, running)).toEqual({
      stackName: 'theirs',
      endpoint: 'http://there',
    });
    expect(
      findConnection({ endpointUrl: 'http://mine', stack: 'mine' }, environment, running),
    ).toEqual({ stackName: 'mine', endpoint: 'http://mine' });
  });
});

describe('a function’s failure', () => {
  const faultId = '01KAS3V7N0ZQ4T5M8W2X6Y9B1D';

  it.each([
    ['on AWS', 'EngineError'],
    ['behind an endpoint that loses its name', 'Runtime.HandlerError'],
  ])('gives its class and id %s', (_where, errorType) => {
    const fault = functionFault('PreviewFunction', {
      errorType,
      errorMessage: `EngineError ${faultId}`,
    });

    expect(fault.message).toBe(
      `PreviewFunction failed: EngineError (fault ${faultId}). \`npm run dsr -- show ${faultId}\` has its message.`,
    );
    expect(fault.details).toEqual({ class: 'EngineError', faultId });
  });

  it('never repeats a message, which may quote a value', () => {
    const fault = functionFault('PreviewFunction', {
      errorType: 'Error',
      errorMessage: 'cannot cast secret@example.com',
    });

    expect(fault.message).toBe('PreviewFunction failed: Error. Its log group has more.');
  });

  it('says that it took too long', () => {
    const fault = functionFault('PreviewFunction', {
      errorType: 'Sandbox.Timedout',
      errorMessage: '2026-11-23T12:00:00Z Task timed out after 30.00 seconds',
    });

    expect(fault.message).toMatch(/took longer than 30.00 s/);
  });
});
