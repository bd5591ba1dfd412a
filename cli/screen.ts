/** Messages beside the answer, on standard error: standard output holds the answer alone. */
export interface Screen {
  /** A line that stays. */
  say(words: string): void;
  /** The state of things: one line that moves on a terminal, a line at each change elsewhere. */
  progress(words: string): void;
  clear(): void;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

export const screenOn = (stream: NodeJS.WriteStream): Screen =>
  stream.isTTY ? movingScreen(stream) : plainScreen(stream);

function movingScreen(stream: NodeJS.WriteStream): Screen {
  let words = '';
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  const wipe = () => stream.write('\r\u001b[K');
  const draw = () => {
    frame = (frame + 1) % SPINNER.length;
    stream.write(`\r\u001b[K${SPINNER[frame]} ${words.slice(0, (stream.columns || 80) - 3)}`);
  };
  return {
    say(line) {
      wipe();
      stream.write(`${line}\n`);
      if (timer !== undefined) draw();
    },
    progress(line) {
      words = line;
      timer ??= setInterval(draw, 120).unref();
    },
    clear() {
      clearInterval(timer);
      timer = undefined;
      wipe();
    },
  };
}

function plainScreen(stream: NodeJS.WriteStream): Screen {
  let last = '';
  // How long it lasts grows with every look, and is no change.
  const withoutTimes = (words: string) => words.replace(/since \d+ \S+ /, '');
  return {
    say: (line) => void stream.write(`${line}\n`),
    progress(words) {
      if (withoutTimes(words) === last) return;
      last = withoutTimes(words);
      stream.write(`${words}\n`);
    },
    clear() {},
  };
}
