/*
 * Loaded into every function of the emulator before its own code. It writes down each AWS call that
 * a step makes, and makes the world bad as `plan.json` says: the process dies at a point of its
 * work, AWS answers badly, or the clock is wrong. The product knows nothing of it.
 */
const { appendFileSync, existsSync, mkdirSync, readFileSync } = require('node:fs');
const http = require('node:http');
const { syncBuiltinESMExports } = require('node:module');
const { join } = require('node:path');
const { EventEmitter } = require('node:events');
const readline = require('node:readline');
const { Readable } = require('node:stream');

const directory = process.env.DSR_TEST_FAULTS;
/** The export's name, as `plan.json` and the journal have it. */
let step;
if (directory) haunt();

/** Of the world as it was when this invocation began. */
let place;

/** By how much this function's clock is wrong. */
let clockMs = 0;

/** What the time is, and nothing else: timers and durations go on as ever. */
function bendTime() {
  globalThis.Date = new Proxy(Date, {
    construct: (real, given, made) =>
      Reflect.construct(real, given.length > 0 ? given : [real.now() + clockMs], made),
    get: (real, name) => (name === 'now' ? () => real.now() + clockMs : Reflect.get(real, name)),
  });
}

/**
 * Each invocation, of whatever step, has the next of the clocks. But not the one by which people ask
 * how it stands: AWS refuses what is signed by a wrong clock, and nobody makes that call again.
 */
const setClock = ({ clocks = [0] }) => {
  const isRight = step === 'readDesk';
  clockMs = isRight ? 0 : clocks[clocks.length > 1 ? claim('clock') % clocks.length : 0] * 1000;
};

function readPlan() {
  const plan = JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8'));
  place = plan.place;
  return plan;
}

function haunt() {
  bendTime();
  /** What this invocation has done; absent between two invocations. */
  let invocation;

  const begin = (line) => {
    const plan = readPlan();
    setClock(plan);
    const dies = plan.dies?.includes(step) && !existsSync(join(place, 'done', step));
    const { requestId, cycleId, passId, gatheringId, runId } = JSON.parse(line).event ?? {};
    const ofWhat = requestId ?? cycleId ?? passId ?? gatheringId ?? runId;
    invocation = { plan, ofWhat, effects: 0, dies };
  };

  // The runtime reads a line that names the handler, and then a line for each invocation.
  const createInterface = readline.createInterface;
  readline.createInterface = (...given) =>
    createInterface(...given).on('line', (line) => {
      if (step) return begin(line);
      step = JSON.parse(line).handler;
    });

  const send = http.request;
  http.request = (options, onResponse) => {
    if (!invocation) return send(options, onResponse);
    if (invocation.plan.holds?.includes(step)) hold(invocation.ofWhat);
    const { operation, changes } = callOf(options);
    if (changes) {
      invocation.effects += 1;
      // At the first effect, so that each has its death, however often the step had nothing to do.
      if (invocation.dies) invocation.diesAt ??= claim(`deaths/${step}`);
      if (invocation.effects === invocation.diesAt) die(`before effect ${invocation.effects}`);
    }
    const bad = badAnswer(invocation.plan, operation);
    note({ call: operation, changes, bad });
    if (!bad) return send(options, onResponse);
    return bad === 'lost' ? losesAnswer(send(options)) : answered(bad, options, onResponse);
  };
  syncBuiltinESMExports();

  // By this the function answers, one line an invocation.
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk, ...rest) => {
    if (invocation && String(chunk).startsWith('{"status":"ok"')) {
      if (invocation.diesAt !== undefined) {
        mkdirSync(join(place, 'done', step), { recursive: true });
        die('before its answer');
      }
      if (invocation.dies && isFirst(`effectless/${step}`)) die('before its answer');
    }
    invocation = undefined;
    return write(chunk, ...rest);
  };
}

/** The first that comes to this step waits before it does anything, until it is let go. */
function hold(held) {
  if (!isFirst(`held/${step}`)) return;
  note({ held });
  const letGo = join(place, 'done', step);
  while (!existsSync(letGo)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
}

function die(when) {
  note({ died: when });
  process.kill(process.pid, 'SIGKILL');
  // The signal is not delivered at once, and nothing must leave meanwhile.
  for (;;);
}

const note = (what) =>
  appendFileSync(join(place, 'journal.jsonl'), `${JSON.stringify({ step, ...what })}\n`);

/** Whether no process has come by before. */
function isFirst(name) {
  try {
    mkdirSync(join(place, name, '..'), { recursive: true });
    mkdirSync(join(place, name));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The next number under this name, of all processes. */
function claim(name) {
  for (let number = 1; ; number += 1) if (isFirst(`${name}/${number}`)) return number;
}

/** @returns the operation, and whether it changes anything */
function callOf({ method = 'GET', path = '/', headers = {} }) {
  const header = (name) =>
    Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
  const target = String(header('x-amz-target')).split('.').at(-1);
  if (target)
    return { operation: target, changes: !/^(Get|Query|Describe|List|Decrypt)/.test(target) };
  // S3 speaks by method, and mail is sent by POST to the root.
  const key = path.split('?')[0];
  const operation = `${method} ${key === '/' ? 'mail' : 'object'}`;
  return { operation, changes: method !== 'GET' && method !== 'HEAD' };
}

/** In how many tries a call is answered badly: as many as the SDK makes, so that the step fails. */
const TRIES = 5;
/** But one answer is lost, so that the SDK's next try meets what the first has come to. */
const triesOf = (kind) => (kind === 'lost' ? 1 : TRIES);

function badAnswer({ bad }, operation) {
  if (!bad || (bad.step && bad.step !== step)) return undefined;
  if (bad.operations && !bad.operations.includes(operation)) return undefined;
  const tries = claim(`bad/${step}/${operation.replace(/\W/g, '-')}`);
  if (!bad.always && tries > triesOf(bad.kind)) return undefined;
  return bad.kind;
}

const JSON_ANSWERS = {
  throttled: [400, '{"__type":"ThrottlingException","message":"Rate exceeded"}'],
  failed: [500, '{"__type":"InternalServerError","message":"We encountered an internal error"}'],
};
const XML_ANSWERS = {
  throttled: [
    503,
    '<Error><Code>SlowDown</Code><Message>Please reduce your rate</Message></Error>',
  ],
  failed: [500, '<Error><Code>InternalError</Code><Message>We failed</Message></Error>'],
};

/** A request that takes effect, and of which the connection breaks before anybody has heard so. */
function losesAnswer(request) {
  request.once('response', (response) => {
    response.resume();
    response.once('end', () => request.emit('error', reset()));
  });
  return request;
}

/** A request that never leaves, and the answer that it gets. */
function answered(kind, options, onResponse) {
  const request = new EventEmitter();
  Object.assign(request, {
    write: () => true,
    end: () => request,
    destroy: (error) => void setImmediate(() => request.emit('error', error ?? reset())),
    setTimeout: () => request,
    setNoDelay: () => request,
    setSocketKeepAlive: () => request,
    setHeader: () => request,
  });
  setImmediate(() => {
    if (kind === 'silent') return request.emit('error', reset());
    const speaksJson = Object.keys(options.headers ?? {}).some((name) =>
      /x-amz-target/i.test(name),
    );
    const [statusCode, body] = (speaksJson ? JSON_ANSWERS : XML_ANSWERS)[kind];
    const headers = { 'content-type': speaksJson ? 'application/x-amz-json-1.0' : 'text/xml' };
    const response = Readable.from([Buffer.from(body)]);
    Object.assign(response, { statusCode, statusMessage: '', headers });
    onResponse?.(response);
    request.emit('response', response);
  });
  return request;
}

const reset = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
