// The program: reads its options, runs the exchange at a speed that eyes can follow or as fast as it goes, and says
// what it came to. After `npm run build` in the project: npm start (here), npm start -- --help
import { MarginError } from 'margin-kernel';
import { factsOf } from './src/facts.mjs';
import { UsageError } from './src/files.mjs';
import { Lines } from './src/lines.mjs';
import { commandOf, HELP } from './src/options.mjs';
import { painter, takesColour, wrap } from './src/paint.mjs';
import { Recording, replay, startOf } from './src/recording.mjs';
import { Screen } from './src/screen.mjs';
import { Simulation } from './src/simulation.mjs';
import { summary } from './src/summary.mjs';
import { frame } from './src/view.mjs';
import { count } from './src/words.mjs';

/** Milliseconds between two frames, and between two looks at the keyboard. */
const FRAME = 50;
/** Milliseconds within which two interrupts are one. */
const TWICE = 500;

const { stdout, stderr, env, argv } = process;
const say = (/** @type {string} */ line) => stdout.write(`${line}\n`);

/** @param {import('./src/options.mjs').Run} run */
async function live(run) {
  const simulation = new Simulation(run);
  const recording = run.record === undefined ? undefined : new Recording(simulation.venue.engine, run.record);
  const paint = painter(!run.plain && takesColour(stdout, env));
  const screen = run.plain ? undefined : new Screen(stdout);
  const lines = run.plain ? new Lines(run.steps, say) : undefined;
  const facts = () => factsOf(simulation);
  const interrupted = interruption();
  for (const line of header(run, simulation)) say(line);
  const pace = 1000 / run.speed;
  let due = performance.now();
  let drawn = Number.NEGATIVE_INFINITY;
  let proof;
  try {
    try {
      while (!interrupted() && simulation.advance()) {
        lines?.step(simulation, facts);
        if (screen && performance.now() - drawn >= FRAME) {
          screen.draw(frame(simulation, facts(), { ...screen.size, paint }));
          drawn = performance.now();
        }
        due = Math.max(due + pace, performance.now() - FRAME);
        await pause(due);
      }
    } finally {
      // Before an error is written, too.
      screen?.leave();
    }
    proof = simulation.finish();
  } finally {
    recording?.close();
  }
  for (const line of summary(simulation, proof, { width: stdout.columns ?? 120, paint })) say(line);
  if (recording) say(`  journal  ${recording.file} (${count(recording.bytes)} bytes), from ${startOf(recording.file)}`);
}

/** Whether somebody wants the run to end: it then ends behind a whole step. @returns {() => boolean} */
function interruption() {
  let asked = Number.POSITIVE_INFINITY;
  const ask = () => {
    // npm hands the signal on that the terminal has sent already; a second Ctrl-C ends it at once.
    if (performance.now() - asked > TWICE) process.exit(130);
    asked = Math.min(asked, performance.now());
  };
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  return () => asked < Number.POSITIVE_INFINITY;
}

let looked = performance.now();
/** Waits until a time; or lets signals and the screen have their turn now and then. @param {number} due */
async function pause(due) {
  const wait = due - performance.now();
  if (wait < 1 && performance.now() - looked < FRAME) return;
  await new Promise((resolve) => (wait < 1 ? setImmediate(resolve) : setTimeout(resolve, wait)));
  looked = performance.now();
}

/** @param {import('./src/options.mjs').Run} run @param {Simulation} simulation */
function header({ days, accounts, seed }, { markets, makers, waterfall }) {
  const prices = days.day
    ? `the closes around ${days.day} of ${days.source}`
    : 'made up prices (no table of closes: --closes FILE)';
  const coins = markets.map(({ id }) => id).join(', ');
  return [
    `exchange: ${coins}; ${prices}`,
    `${count(accounts)} traders and ${makers.length} market makers from seed ${seed}; waterfall ${waterfall.name}`,
  ].flatMap((line) => wrap(line, stdout.columns ?? 120));
}

/** @param {string} file @returns {number} exit code */
function prove(file) {
  const { applied, liquidatable, sequence, hash, checkpoints, damage } = replay(file);
  say(
    `replayed ${count(applied)} events of ${file} from ${startOf(file)}: ${count(liquidatable)} times an account became liquidatable`,
  );
  if (damage) say(`damaged: ${damage}`);
  const proven = checkpoints > 0 && !damage;
  say(
    `event ${count(sequence)}, hash ${hash}: ${proven ? 'the state that was recorded' : 'compared with nothing: no whole journal with a checkpoint'}`,
  );
  return proven ? 0 : 1;
}

stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  // A reader that has seen enough (| head) is no failure.
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  const command = commandOf(argv.slice(2), stdout.isTTY === true);
  if (command.kind === 'help') stdout.write(HELP);
  else if (command.kind === 'replay') process.exitCode = prove(command.file);
  else await live(command.run);
} catch (error) {
  if (!(error instanceof MarginError || error instanceof UsageError)) throw error;
  stderr.write(`exchange: ${error.message}\n`);
  process.exitCode = 2;
}
